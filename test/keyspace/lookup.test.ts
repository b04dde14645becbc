import t from 'tap'
import { Lookup } from '../../lib/keyspace/lookup.ts'
import { CommandRunner } from '../support/command-runner.ts'

t.test('each flag leaves out one effect of reading', async (t) => {
  const table: [flags: number, hits: number, misses: number, events: string[], idle: number][] = [
    [Lookup.plain, 1, 1, ['m keymiss none'], 0],
    [Lookup.noTouch, 1, 1, ['m keymiss none'], 9],
    [Lookup.noStats, 0, 0, ['m keymiss none'], 0],
    [Lookup.noNotify, 1, 1, [], 0],
    [Lookup.noTouch | Lookup.noStats | Lookup.noNotify, 0, 0, [], 9],
  ]
  for (const [flags, hits, misses, events, idle] of table) {
    const runner = new CommandRunner()
    runner.db.set('some', 'v')
    runner.takeEvents()
    runner.clock.now += 9000
    t.equal(runner.db.read('some', flags), 'v')
    t.equal(runner.db.read('none', flags), undefined)
    t.strictSame([runner.stats.hits, runner.stats.misses], [hits, misses], `flags ${flags}`)
    t.strictSame(runner.takeEvents(), events, `flags ${flags}`)
    t.equal(runner.db.idleSecondsOf('some'), idle, `flags ${flags}`)
  }
})
