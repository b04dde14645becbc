/**
 * CONFIG and its subcommands: the directives of redis.conf, read and changed while the server runs (config.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { errors, wrongArity } from '../resp/reply-error.ts'
import { block, string } from './argument.ts'
import { type CommandDeclaration, command } from './command.ts'
import { writeHelp } from './help.ts'

const OPERATOR: CommandDeclaration['flags'] = ['admin', 'noscript', 'loading', 'stale']
const PER_PARAMETER = 'O(N) when N is the number of configuration parameters provided'

function subcommand(name: string, facts: Omit<CommandDeclaration, 'name' | 'group'>) {
  return command({ name: `CONFIG ${name}`, group: 'server', ...facts })
}

export const config = command({
  name: 'CONFIG',
  since: '2.0.0',
  group: 'server',
  summary: 'Everything about the configuration of the server.',
  complexity: 'Depends on subcommand.',
  flags: [],
  arity: -2,
  help: [
    'GET <pattern> [<pattern> ...]',
    '    Show the directives whose names match a pattern.',
    'SET <directive> <value> [<directive> <value> ...]',
    '    Give directives new values, all of them or none.',
    'RESETSTAT',
    '    Let the counters of INFO start from zero.',
    'REWRITE',
    '    Write the present configuration into its file.',
  ],
  run: ({ reply }) => reply.error(wrongArity('config').message),
})

export const help = subcommand('HELP', {
  since: '5.0.0',
  summary: 'Lists the subcommands of CONFIG.',
  complexity: 'O(1)',
  flags: ['loading', 'stale'],
  run: (context) => writeHelp(context, 'CONFIG'),
})

export const get = subcommand('GET', {
  since: '2.0.0',
  summary: 'Returns directives and their values.',
  complexity: PER_PARAMETER,
  flags: OPERATOR,
  history: [['7.0.0', 'Takes several patterns.']],
  args: [string('parameter', { multiple: true })],
  before: { '7.2.0': { args: [block('parameter', [string('parameter')], { multiple: true })] } },
  run({ config: settings, reply }, argv) {
    const found = settings.match(argv.slice(2))
    reply.map(found.length)
    for (const [name, value] of found) {
      reply.bulk(name)
      reply.bulk(value)
    }
  },
})

export const set = subcommand('SET', {
  since: '2.0.0',
  summary: 'Gives directives new values, all of them or none.',
  complexity: PER_PARAMETER,
  flags: OPERATOR,
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  history: [['7.0.0', 'Takes several directives.']],
  args: [
    block('data', [string('parameter'), string('value')], {
      formerName: 'parameter_value',
      multiple: true,
    }),
  ],
  run({ client, config: settings, listening, reply }, argv) {
    if (argv.length % 2 !== 0) throw errors.syntax
    const pairs: [Bytes, Bytes][] = []
    for (let i = 2; i < argv.length; i += 2) pairs.push([argv[i] as Bytes, argv[i + 1] as Bytes])
    const undo = settings.set(pairs, { isLocal: client.isLocal })
    if (listening.isCurrent) reply.ok()
    else listening.change(argv, undo)
  },
})

export const resetstat = subcommand('RESETSTAT', {
  since: '2.0.0',
  summary: 'Lets the counters of INFO start from zero.',
  complexity: 'O(1)',
  flags: OPERATOR,
  before: { '7.2.0': { tips: [] } },
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  run({ reply, server }) {
    server.resetStats()
    reply.ok()
  },
})

export const rewrite = subcommand('REWRITE', {
  since: '2.8.0',
  summary: 'Writes the present configuration into its file.',
  complexity: 'O(1)',
  flags: OPERATOR,
  before: { '7.2.0': { tips: [] } },
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  run({ config: settings, reply }) {
    settings.rewrite()
    reply.ok()
  },
})
