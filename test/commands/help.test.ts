import t from 'tap'
import { command } from '../../lib/commands/command.ts'
import type { Context } from '../../lib/commands/context.ts'
import { writeHelp } from '../../lib/commands/help.ts'
import { WireReply } from '../../lib/resp/wire-reply.ts'

t.test('help is an array of simple strings between a head and a foot', async (t) => {
  const reply = new WireReply()
  const container = command({
    name: 'THING',
    since: '1.0.0',
    group: 'server',
    summary: 'Things.',
    complexity: 'O(1)',
    flags: [],
    arity: -2,
    help: ['DO <it>', '    Do it.'],
    run: () => {},
  })
  const commands = {
    find: (name: string) => (name === 'THING' ? { command: container } : undefined),
  }
  writeHelp({ commands, reply } as unknown as Context, 'THING')
  t.same(reply.take().split('\r\n'), [
    '*5',
    '+THING <subcommand> [<arg> [value] [opt] ...]. Subcommands are:',
    '+DO <it>',
    '+    Do it.',
    '+HELP',
    '+    Prints this help.',
    '',
  ])
})
