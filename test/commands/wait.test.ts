/** WAIT where nobody waits; waiting is test/node/blocked-clients.test.ts. */
import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('who may not wait hears how many there are', async (t) => {
  const runner = new CommandRunner({ ports: { replication: { role: 'master' } as never } })
  expectReplies(t, runner, [
    ['WAIT 0 0', ':0|'],
    ['WAIT 3 100', ':0|'],
    ['WAIT x 0', '-ERR value is not an integer or out of range|'],
    ['WAIT 1 x', '-ERR timeout is not an integer or out of range|'],
    ['WAIT 1 -1', '-ERR timeout is negative|'],
  ])
})

t.test('a replica refuses before it looks at anything', async (t) => {
  const runner = new CommandRunner({ ports: { replication: { role: 'replica' } as never } })
  t.match(runner.run('WAIT x y'), /^-ERR WAIT cannot be used with replica instances\. /)
})
