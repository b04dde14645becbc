import t from 'tap'
import { dropIfEmpty, storeResult } from '../../lib/commands/collection.ts'
import { SetValue } from '../../lib/data/set.ts'
import { NotifyClass } from '../../lib/keyspace/notification.ts'
import { CommandRunner } from '../support/command-runner.ts'

t.test('a collection that is empty is gone', async (t) => {
  const runner = new CommandRunner()
  const { db } = runner
  runner.run('SADD s a')
  runner.takeEvents()
  const set = db.readSet('s') as SetValue
  dropIfEmpty(db, 's', set)
  t.ok(db.exists('s'))
  set.delete('a')
  dropIfEmpty(db, 's', set)
  t.notOk(db.exists('s'))
  t.same(runner.takeEvents(), ['g del s'])
})

t.test(
  'a result takes the place of what was there, with its expiry; an empty one removes it',
  async (t) => {
    const runner = new CommandRunner()
    const { db } = runner
    runner.runAll('SET k text EX 100')
    runner.takeEvents()
    runner.takeTouched()
    const { dirty } = runner.changes
    storeResult(db, 'k', new SetValue(db.limits, new Set(['a'])), [NotifyClass.set, 'sinterstore'])
    t.equal(runner.run('SMEMBERS k'), '*1\r\n$1\r\na\r\n')
    t.equal(runner.run('TTL k'), ':-1\r\n')
    t.same(runner.takeEvents(), ['s sinterstore k'])
    t.same(runner.takeTouched(), ['k'])
    t.equal(runner.changes.dirty - dirty, 1)
    storeResult(db, 'k', new SetValue(db.limits), [NotifyClass.set, 'sinterstore'], 5)
    t.notOk(db.exists('k'))
    t.same(runner.takeEvents(), ['g del k'])
    t.equal(runner.changes.dirty - dirty, 2)
  },
)
