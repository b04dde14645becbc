/**
 * SLOWLOG: which commands took long (slowlogCommand in slowlog.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { parseInteger } from '../base/numbers.ts'
import { ReplyError, subcommandSyntax, wrongArity } from '../resp/reply-error.ts'
import { integer } from './argument.ts'
import { type CommandDeclaration, command } from './command.ts'
import { writeHelp } from './help.ts'

const FLAGS: CommandDeclaration['flags'] = ['admin', 'loading', 'stale']
const COUNT_BY_DEFAULT = 10

function subcommand(name: string, facts: Omit<CommandDeclaration, 'name' | 'group'>) {
  return command({ name: `SLOWLOG ${name}`, group: 'server', ...facts })
}

export const slowlog = command({
  name: 'SLOWLOG',
  since: '2.2.12',
  group: 'server',
  summary: 'Everything about the log of commands that took long.',
  complexity: 'Depends on subcommand.',
  flags: [],
  arity: -2,
  help: [
    'GET [<count>]',
    '    The latest entries: 10, or as many as asked for, or all for -1. Each is id,',
    '    Unix time, microseconds, the words of the command, address and name of the',
    '    client.',
    'LEN',
    '    How many entries there are.',
    'RESET',
    '    Forget all entries.',
  ],
  run: () => {
    throw wrongArity('slowlog')
  },
})

export const help = subcommand('HELP', {
  since: '6.2.0',
  summary: 'Lists the subcommands of SLOWLOG.',
  complexity: 'O(1)',
  flags: ['loading', 'stale'],
  run: (context) => writeHelp(context, 'SLOWLOG'),
})

export const get = subcommand('GET', {
  since: '2.2.12',
  summary: 'Returns the latest commands that took long.',
  complexity: 'O(N) where N is the number of entries returned',
  flags: FLAGS,
  tips: ['request_policy:all_nodes', 'nondeterministic_output'],
  history: [['4.0.0', 'Tells address and name of the client.']],
  args: [integer('count', { optional: true })],
  run({ reply, slowLog }, argv) {
    if (argv.length > 3) throw subcommandSyntax('SLOWLOG', argv[1] as Bytes)
    const [, , given] = argv
    const count = given === undefined ? COUNT_BY_DEFAULT : Number(parseInteger(given) ?? -2)
    if (count < -1) throw badCount
    const entries = slowLog.latest(count === -1 ? Number.POSITIVE_INFINITY : count)
    reply.array(entries.length)
    for (const { id, timeSeconds, microseconds, words, address, clientName } of entries) {
      reply.array(6)
      reply.integer(id)
      reply.integer(timeSeconds)
      reply.integer(microseconds)
      reply.array(words.length)
      for (const word of words) reply.bulk(word)
      reply.bulk(address)
      reply.bulk(clientName)
    }
  },
})

const badCount = new ReplyError('ERR count should be greater than or equal to -1')

export const len = subcommand('LEN', {
  since: '2.2.12',
  summary: 'Returns how many entries the slow log has.',
  complexity: 'O(1)',
  flags: FLAGS,
  tips: ['request_policy:all_nodes', 'response_policy:agg_sum', 'nondeterministic_output'],
  run: ({ reply, slowLog }) => reply.integer(slowLog.length),
})

export const reset = subcommand('RESET', {
  since: '2.2.12',
  summary: 'Empties the slow log.',
  complexity: 'O(N) where N is the number of entries in the slowlog',
  flags: FLAGS,
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  run({ reply, slowLog }) {
    slowLog.clear()
    reply.ok()
  },
})
