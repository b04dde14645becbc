/**
 * LATENCY: what held the server up, and how long commands take (latencyCommand in latency.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { ReplyError, wrongArity } from '../resp/reply-error.ts'
import { string } from './argument.ts'
import { type CommandDeclaration, command } from './command.ts'
import type { Context } from './context.ts'
import { writeHelp } from './help.ts'
import { reportOn } from './latency-doctor.ts'
import { graphOf } from './latency-graph.ts'
import type { CommandEntry } from './table.ts'

const QUESTION = {
  since: '2.8.13',
  complexity: 'O(1)',
  flags: ['admin', 'noscript', 'loading', 'stale'],
  tips: ['nondeterministic_output', 'request_policy:all_nodes', 'response_policy:special'],
} as const satisfies Partial<CommandDeclaration>

function subcommand(
  name: string,
  facts: Partial<CommandDeclaration> & Pick<CommandDeclaration, 'summary' | 'run'>,
) {
  return command({ name: `LATENCY ${name}`, group: 'server', ...QUESTION, ...facts })
}

export const latency = command({
  name: 'LATENCY',
  since: '2.8.13',
  group: 'server',
  summary: 'Everything about what holds the server up.',
  complexity: 'Depends on subcommand.',
  flags: [],
  arity: -2,
  help: [
    'DOCTOR',
    '    What was slow, in words, with advice.',
    'GRAPH <event>',
    '    The samples of an event as a graph.',
    'HISTORY <event>',
    '    The samples of an event: Unix time, milliseconds.',
    'LATEST',
    '    The last sample of each event, and its longest.',
    'RESET [<event> ...]',
    '    Forget these events, or all.',
    'HISTOGRAM [<command> ...]',
    '    How many calls of these commands, or of all, took how long.',
  ],
  run: () => {
    throw wrongArity('latency')
  },
})

export const help = subcommand('HELP', {
  summary: 'Lists the subcommands of LATENCY.',
  flags: ['loading', 'stale'],
  tips: [],
  run: (context) => writeHelp(context, 'LATENCY'),
})

function nowSeconds({ clock }: Context): number {
  return Math.floor(clock.now / 1000)
}

export const doctor = subcommand('DOCTOR', {
  summary: 'Describes what was slow in words, with advice.',
  run(context) {
    const { config } = context
    const report = reportOn(context.latency.events(), {
      nowSeconds: nowSeconds(context),
      thresholdMs: config.number('latency-monitor-threshold'),
      slowLogMicroseconds: config.number('slowlog-log-slower-than'),
      hz: config.number('hz'),
    })
    context.reply.verbatim('txt', report)
  },
})

export const graph = subcommand('GRAPH', {
  summary: 'Draws the samples of an event.',
  args: [string('event')],
  run(context, argv) {
    const name = argv[2] as Bytes
    const event = context.latency.event(name)
    if (event === undefined)
      throw new ReplyError(`ERR No samples available for event '${name.slice(0, 128)}'`)
    context.reply.verbatim('txt', graphOf(event, nowSeconds(context)))
  },
})

export const history = subcommand('HISTORY', {
  summary: 'Returns the samples of an event.',
  args: [string('event')],
  run(context, argv) {
    const samples = context.latency.event(argv[2] as Bytes)?.samples ?? []
    context.reply.array(samples.length)
    for (const { timeSeconds, milliseconds } of samples) {
      context.reply.array(2)
      context.reply.integer(timeSeconds)
      context.reply.integer(milliseconds)
    }
  },
})

export const latest = subcommand('LATEST', {
  summary: 'Returns the last sample of each event, and its longest.',
  run(context) {
    const events = context.latency.events()
    context.reply.array(events.length)
    for (const { name, samples, longest } of events) {
      const last = samples.at(-1)
      context.reply.array(4)
      context.reply.bulk(name)
      context.reply.integer(last?.timeSeconds ?? 0)
      context.reply.integer(last?.milliseconds ?? 0)
      context.reply.integer(longest)
    }
  },
})

export const reset = subcommand('RESET', {
  summary: 'Forgets events, or all of them.',
  tips: ['request_policy:all_nodes', 'response_policy:agg_sum'],
  args: [string('event', { optional: true, multiple: true })],
  before: { '7.2.0': { tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'] } },
  run(context, argv) {
    context.reply.integer(context.latency.reset(argv.slice(2)))
  },
})

export const histogram = subcommand('HISTOGRAM', {
  since: '7.0.0',
  summary: 'Returns how many calls of commands took how long.',
  complexity: 'O(N) where N is the number of commands with latency information being retrieved.',
  args: [string('command', { optional: true, multiple: true })],
  run(context, argv) {
    const { commands, reply } = context
    const named = argv.slice(2).flatMap((name) => commands.lookUp(name) ?? [])
    const asked = argv.length === 2 ? [...commands.entries()] : named
    const known = asked
      .flatMap((entry) => [entry, ...(entry.subcommands?.values() ?? [])])
      .flatMap((entry) => described(context, entry))
    reply.map(known.length)
    for (const write of known) write()
  },
})

/** What writes a command's part of the reply; nothing for one whose calls were not followed. */
function described({ durations, reply }: Context, entry: CommandEntry): (() => void)[] {
  const followed = durations.histogramOf(entry)
  if (followed === undefined) return []
  return [
    () => {
      const steps = followed.distribution()
      reply.bulk(entry.command.fullName)
      reply.map(2)
      reply.bulk('calls')
      reply.integer(followed.total)
      reply.bulk('histogram_usec')
      reply.map(steps.length)
      for (const { microseconds, count } of steps) {
        reply.integer(microseconds)
        reply.integer(count)
      }
    },
  ]
}
