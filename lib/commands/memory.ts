/**
 * MEMORY: what keys, clients and the node as a whole take (memoryCommand in object.c). The figures are those of a Redis that
 * holds the same, not of this process: a limit set by them means the same there. Values are always weighed whole, so
 * SAMPLES is checked and has no effect.
 */
import type { Bytes } from '../base/bytes.ts'
import { Lookup } from '../keyspace/lookup.ts'
import { errors, wrongArity } from '../resp/reply-error.ts'
import type { ReplySink } from '../resp/reply-sink.ts'
import { integer, key } from './argument.ts'
import { type Command, type CommandDeclaration, command } from './command.ts'
import type { MemoryFigure } from './context.ts'
import { writeHelp } from './help.ts'
import { integerArgument } from './number-argument.ts'

export const memory = command({
  name: 'MEMORY',
  since: '4.0.0',
  group: 'server',
  summary: 'Tells what takes how much memory.',
  complexity: 'Depends on subcommand.',
  flags: [],
  arity: -2,
  help: [
    'DOCTOR',
    '    What is wrong with how memory is used, in words.',
    'MALLOC-STATS',
    '    What the allocator says of itself.',
    'PURGE',
    '    Gives unused memory back to the system.',
    'STATS',
    '    Figures of the memory of the server.',
    'USAGE <key> [SAMPLES <count>]',
    '    Bytes that <key> and its value take; of large values <count> parts are',
    '    looked at (5 by default, 0: all).',
  ],
  run: () => {
    throw wrongArity('memory')
  },
})

export const memoryUsage = command({
  name: 'MEMORY USAGE',
  since: '4.0.0',
  group: 'server',
  summary: 'Returns the bytes that a key and its value take.',
  complexity: 'O(N) where N is the number of samples.',
  flags: ['readonly'],
  args: [key('key', ['RO']), integer('count', { token: 'SAMPLES', optional: true })],
  run: ({ db, reply }, argv) => {
    const name = argv[2] as Bytes
    checkOptions(argv)
    const value = db.read(name, Lookup.noTouch | Lookup.noStats | Lookup.noNotify)
    if (value === undefined) reply.null()
    else reply.integer(db.memoryOf(name) ?? 0)
  },
})

function checkOptions(argv: readonly Bytes[]): void {
  for (let i = 3; i < argv.length; i += 2) {
    if (argv[i]?.toUpperCase() !== 'SAMPLES' || i + 1 === argv.length) throw errors.syntax
    if (integerArgument(argv[i + 1] as Bytes) < 0) throw errors.syntax
  }
}

/** A subcommand about the whole node, which takes no arguments. */
function question(
  word: string,
  complexity: string,
  rest: Pick<CommandDeclaration, 'summary' | 'run' | 'tips'>,
): Command {
  return command({
    name: `MEMORY ${word}`,
    since: '4.0.0',
    group: 'server',
    complexity,
    flags: [],
    ...rest,
  })
}

const EACH_SHARD = [
  'nondeterministic_output',
  'request_policy:all_shards',
  'response_policy:special',
]

export const memoryDoctor = question('DOCTOR', 'O(1)', {
  summary: 'Says what is wrong with how memory is used.',
  tips: EACH_SHARD,
  run: ({ reply, server }) => reply.verbatim('txt', server.memory.report()),
})

export const memoryMallocStats = question(
  'MALLOC-STATS',
  'Depends on how much memory is allocated, could be slow',
  {
    summary: 'Returns what the allocator says of itself.',
    tips: EACH_SHARD,
    run: ({ reply, server }) => reply.verbatim('txt', server.memory.allocator()),
  },
)

export const memoryPurge = question(
  'PURGE',
  'Depends on how much memory is allocated, could be slow',
  {
    summary: 'Gives unused memory back to the system.',
    tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
    run: ({ reply, server }) => {
      server.memory.purge()
      reply.ok()
    },
  },
)

export const memoryStats = question('STATS', 'O(1)', {
  summary: 'Returns figures of the memory of the server.',
  tips: EACH_SHARD,
  run: ({ reply, server }) => {
    const stats = server.memory.stats()
    reply.map(stats.length)
    for (const [name, figure] of stats) {
      reply.bulk(name)
      writeFigure(reply, figure)
    }
  },
})

function writeFigure(reply: ReplySink, figure: MemoryFigure): void {
  if (typeof figure === 'number') {
    reply.integer(figure)
  } else if ('ratio' in figure) {
    reply.double(figure.ratio)
  } else {
    reply.map(figure.length)
    for (const [name, count] of figure) {
      reply.bulk(name)
      reply.integer(count)
    }
  }
}

export const memoryHelp = command({
  name: 'MEMORY HELP',
  since: '4.0.0',
  group: 'server',
  summary: 'Lists the subcommands.',
  complexity: 'O(1)',
  flags: ['loading', 'stale'],
  run: (context) => writeHelp(context, 'MEMORY'),
})
