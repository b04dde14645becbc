import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'
import { FakeClient } from '../support/fake-client.ts'

const NOTHING = '0'.repeat(40)

t.test('digests are those of a real server', async (t) => {
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    ['DEBUG DIGEST', `+${NOTHING}|`],
    ['SET foo bar', '+OK|'],
    ['DEBUG DIGEST', '+d2ab4820c1be0580ea28efbfe8bfa1dc05bb802a|'],
    ['DEBUG DIGEST-VALUE foo none', `*2|+68467c70ae30376e7ce005bcc8827f5ba7fd67dc|+${NOTHING}|`],
    ['EXPIRE foo 100', ':1|'],
    ['DEBUG DIGEST-VALUE foo', '*1|+8ec3828f7209dd3abdf6ee448de8b0c0bd53265f|'],
    ['HSET h f v g 12', ':2|'],
    ['DEBUG DIGEST-VALUE h', '*1|+8530acc75d5274eb0fc0da86f28ed5533274a6d4|'],
  ])
})

t.test('words it does not know', async (t) => {
  const runner = new CommandRunner()
  const unknown = (word: string) =>
    `-ERR unknown subcommand or wrong number of arguments for '${word}'. Try DEBUG HELP.|`
  expectReplies(t, runner, [
    ['DEBUG nosuch', unknown('nosuch')],
    ['DEBUG Digest x', unknown('Digest')],
    ['DEBUG', "-ERR wrong number of arguments for 'debug' command|"],
  ])
  t.match(runner.run('DEBUG HELP'), /^\*\d+\r\n\+DEBUG <subcommand> /)
})

t.test('it has to be allowed', async (t) => {
  const client = Object.assign(new FakeClient(), { isLocal: false })
  const runner = new CommandRunner({ ports: { client } })
  t.equal(runner.run('DEBUG DIGEST'), `+${NOTHING}\r\n`)
  for (const setting of ['no', 'local']) {
    runner.config.set('enable-debug-command', setting)
    t.match(runner.run('DEBUG DIGEST'), /^-ERR DEBUG command not allowed\. If the /, setting)
  }
  const local = new CommandRunner({ ports: { client: new FakeClient() } })
  local.config.set('enable-debug-command', 'local')
  t.equal(local.run('DEBUG DIGEST'), `+${NOTHING}\r\n`)
})
