import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('DBSIZE counts what is there, over its time or not', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('MSET a 1 b 2', 'PEXPIRE a 5')
  runner.clock.now += 6
  expectReplies(t, runner, [
    ['DBSIZE', ':2|'],
    ['EXISTS a', ':0|'],
    ['DBSIZE', ':1|'],
  ])
})

t.test('FLUSHDB empties the database, FLUSHALL all of them', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('MSET a 1 b 2', 'COPY a a DB 1', 'EXPIRE b 100')
  expectReplies(t, runner, [
    ['FLUSHDB', '+OK|'],
    ['DBSIZE', ':0|'],
    ['GET a', '$-1|'],
    ['SET a 1', '+OK|'],
  ])
  t.equal(runner.databases[1]?.size, 1)
  t.equal(runner.db.expiring, 0)
  expectReplies(t, runner, [
    ['flushall sync', '+OK|'],
    ['DBSIZE', ':0|'],
  ])
  t.equal(runner.databases[1]?.size, 0)
})

t.test('the mode is checked', async (t) => {
  const runner = new CommandRunner()
  runner.run('SET a 1')
  for (const command of ['FLUSHALL', 'FLUSHDB']) {
    expectReplies(t, runner, [
      [`${command} NOW`, '-ERR syntax error|'],
      [`${command} ""`, '-ERR syntax error|'],
      [`${command} SYNC ASYNC`, '-ERR syntax error|'],
      ['DBSIZE', ':1|'],
    ])
  }
  expectReplies(t, runner, [
    ['FLUSHALL Async', '+OK|'],
    ['FLUSHDB aSYNC', '+OK|'],
  ])
})

t.test('it is propagated as sent, even when nothing was there', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('FLUSHALL', 'flushdb ASYNC', 'DBSIZE')
  t.strictSame(runner.takePropagated(), [['FLUSHALL'], ['flushdb', 'ASYNC']])
})

t.test('watchers hear before the keys are gone; every key counts as a change', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('MSET a 1 b 2')
  runner.takeTouched()
  runner.run('FLUSHALL')
  t.strictSame(runner.takeTouched().toSorted(), ['a', 'b'])
  t.equal(runner.changes.dirty, 4)
})

t.test('SWAPDB exchanges keys and expiries', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('MSET a 1 b 2', 'EXPIRE a 100', 'SELECT 1', 'SET c 3 PX 50')
  const before = runner.changes.dirty
  expectReplies(t, runner, [
    ['SWAPDB 0 1', '+OK|'],
    ['DBSIZE', ':2|'],
    ['GET a', '$1|1|'],
    ['SELECT 0', '+OK|'],
    ['TTL a', ':-2|'],
    ['PTTL c', ':50|'],
    ['SWAPDB 1 1', '+OK|'],
  ])
  t.equal(runner.changes.dirty, before + 2)
  t.equal(runner.db.expiring, 1)
  runner.clock.now += 51
  t.equal(runner.db.expireDue(10), 1, 'the queue of expiries went along')
  expectReplies(t, runner, [
    ['DBSIZE', ':0|'],
    ['SWAPDB a b', '-ERR invalid first DB index|'],
    ['SWAPDB 4294967296 0', '-ERR invalid first DB index|'],
    ['SWAPDB 0 b', '-ERR invalid second DB index|'],
    ['SWAPDB 0 16', '-ERR DB index is out of range|'],
    ['SWAPDB -1 0', '-ERR DB index is out of range|'],
  ])
})
