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

t.test('WAITAOF: arguments come before the role, and the role before the file', async (t) => {
  const runnerOf = (role: string, isEnabled: boolean) =>
    new CommandRunner({
      version: '7.2',
      ports: { replication: { role } as never, appendOnly: { isEnabled } as never },
    })
  expectReplies(t, runnerOf('master', false), [
    ['WAITAOF 0 0 0', '*2|:0|:0|'],
    [
      'WAITAOF 1 0 0',
      '-ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.|',
    ],
    ['WAITAOF 2 x x', '-ERR value is out of range, value must between 0 and 1|'],
    ['WAITAOF x 0 0', '-ERR value is not an integer or out of range|'],
    ['WAITAOF 1 -1 x', '-ERR value is out of range, must be positive|'],
    ['WAITAOF 0 x 0', '-ERR value is out of range, must be positive|'],
    ['WAITAOF 0 0 x', '-ERR timeout is not an integer or out of range|'],
    ['WAITAOF 1 0 -1', '-ERR timeout is negative|'],
  ])
  const replica = runnerOf('replica', false)
  t.match(replica.run('WAITAOF 1 0 0'), /^-ERR WAITAOF cannot be used with replica instances\. /)
  t.equal(runnerOf('master', true).run('WAITAOF 1 5 0'), '*2\r\n:0\r\n:0\r\n', 'who may not wait')
})
