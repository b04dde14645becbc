import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'
import { NodeHarness } from '../support/node-harness.ts'

t.test('POPULATE makes keys that replicas hear nothing of', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('SET key:1 mine')
  const dirty = runner.changes.dirty
  expectReplies(t, runner, [
    ['DEBUG POPULATE 3', '+OK|'],
    ['MGET key:0 key:1 key:2 key:3', '*4|$7|value:0|$4|mine|$7|value:2|$-1|'],
    ['DEBUG POPULATE 1 long 9', '+OK|'],
    ['GET long:0', '$9|value:0\0\0|'],
    ['DEBUG POPULATE 1 short 2', '+OK|'],
    ['GET short:0', '$2|va|'],
    ['DEBUG POPULATE -1', '-ERR value is out of range, must be positive|'],
    ['DEBUG POPULATE x', '-ERR value is out of range, must be positive|'],
  ])
  t.equal(runner.changes.dirty, dirty)
})

t.test('what happens by itself can stand still', async (t) => {
  const harness = new NodeHarness({ config: { 'enable-debug-command': 'yes' } })
  const client = harness.connect()
  const left = () => harness.type(client, 'DBSIZE')
  for (const [off, on] of [
    ['SET-ACTIVE-EXPIRE 0', 'SET-ACTIVE-EXPIRE 1'],
    ['PAUSE-CRON 1', 'PAUSE-CRON 0'],
  ] as const) {
    t.equal(harness.type(client, `DEBUG ${off}`, 'SET k v PX 10'), '+OK\r\n+OK\r\n')
    harness.pass(500)
    t.equal(left(), ':1\r\n', off)
    harness.type(client, `DEBUG ${on}`)
    harness.pass(500)
    t.equal(left(), ':0\r\n', on)
  }
})

t.test('a threshold is checked', async (t) => {
  const runner = new CommandRunner()
  const refusal = '-ERR argument must be a memory value bigger than 1 and smaller than 4gb|'
  expectReplies(t, runner, [
    ['DEBUG QUICKLIST-PACKED-THRESHOLD 100b', '+OK|'],
    ['DEBUG QUICKLIST-PACKED-THRESHOLD x', refusal],
    ['DEBUG QUICKLIST-PACKED-THRESHOLD 5gb', refusal],
  ])
})
