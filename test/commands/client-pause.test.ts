import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('CLIENT PAUSE and UNPAUSE', async (t) => {
  const told: unknown[] = []
  const server = {
    pause: (what: string, untilMs: number) => told.push([what, untilMs]),
    unpause: () => told.push('unpause'),
  }
  const runner = new CommandRunner({ now: 1000, ports: { server: server as never } })
  expectReplies(t, runner, [
    ['CLIENT PAUSE 50', '+OK|'],
    ['CLIENT PAUSE 50 write', '+OK|'],
    ['CLIENT PAUSE 0 ALL', '+OK|'],
    ['CLIENT PAUSE 9223372036854775807', '+OK|'],
    ['CLIENT UNPAUSE', '+OK|'],
    ['CLIENT PAUSE abc', '-ERR timeout is not an integer or out of range|'],
    ['CLIENT PAUSE -1', '-ERR timeout is negative|'],
    ['CLIENT PAUSE abc FOO', '-ERR CLIENT PAUSE mode must be WRITE or ALL|'],
    [
      'CLIENT PAUSE 1 ALL x',
      "-ERR unknown subcommand or wrong number of arguments for 'PAUSE'. Try CLIENT HELP.|",
    ],
  ])
  t.same(told, [['all', 1050], ['writes', 1050], ['all', 1000], ['all', 0], 'unpause'])
})
