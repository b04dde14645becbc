/**
 * OBJECT: how a value is kept and used (objectCommand in object.c). Looking is not using.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Value } from '../data/stored-object.ts'
import { encodingOf, referencesOf } from '../data/string-encoding.ts'
import { Lookup } from '../keyspace/lookup.ts'
import { ReplyError, wrongArity } from '../resp/reply-error.ts'
import { key } from './argument.ts'
import { type Command, command } from './command.ts'
import type { Context } from './context.ts'
import { countsFrequency, sharesIntegers } from './eviction-policy.ts'
import { writeHelp } from './help.ts'

export const object = command({
  name: 'OBJECT',
  since: '2.2.3',
  group: 'generic',
  summary: 'Tells how values are kept and used.',
  complexity: 'Depends on subcommand.',
  flags: [],
  arity: -2,
  help: [
    'ENCODING <key>',
    '    How the value of <key> is represented.',
    'FREQ <key>',
    '    The counter of accesses to <key>, which grows with their logarithm and',
    '    decays with time.',
    'IDLETIME <key>',
    '    Seconds since <key> was used last.',
    'REFCOUNT <key>',
    '    How many references to the value of <key> there are.',
  ],
  run: () => {
    throw wrongArity('object')
  },
})

/** A subcommand that asks about the value of a key; null when there is none. */
function question(
  word: string,
  since: string,
  summary: string,
  answer: (context: Context, name: Bytes, value: Value) => void,
): Command {
  return command({
    name: `OBJECT ${word}`,
    since,
    group: 'generic',
    summary,
    complexity: 'O(1)',
    flags: ['readonly'],
    categories: ['keyspace'],
    tips: ['nondeterministic_output'],
    args: [key('key', ['RO'])],
    run: (context, argv) => {
      const name = argv[2] as Bytes
      const value = context.db.read(name, Lookup.noTouch | Lookup.noNotify)
      if (value === undefined) context.reply.null()
      else answer(context, name, value)
    },
  })
}

export const objectEncoding = question(
  'ENCODING',
  '2.2.3',
  'Returns how a value is represented.',
  ({ reply }, _name, value) => {
    reply.bulk(typeof value === 'string' ? encodingOf(value) : value.encoding())
  },
)

export const objectRefcount = question(
  'REFCOUNT',
  '2.2.3',
  'Returns how many references to a value there are.',
  ({ reply, config }, _name, value) => {
    const maybeShared = typeof value === 'string' && sharesIntegers(config)
    reply.integer(maybeShared ? referencesOf(value) : 1)
  },
)

const TAKES_TIME =
  'Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.'

export const objectIdletime = question(
  'IDLETIME',
  '2.2.3',
  'Returns the seconds since a key was used last.',
  ({ db, reply, config }, name) => {
    if (countsFrequency(config)) {
      throw new ReplyError(
        `ERR An LFU maxmemory policy is selected, idle time not tracked. ${TAKES_TIME}`,
      )
    }
    reply.integer(db.idleSecondsOf(name))
  },
)

export const objectFreq = question(
  'FREQ',
  '4.0.0',
  'Returns the counter of accesses to a key.',
  ({ db, reply, config }, name) => {
    if (!countsFrequency(config)) {
      throw new ReplyError(
        `ERR An LFU maxmemory policy is not selected, access frequency not tracked. ${TAKES_TIME}`,
      )
    }
    reply.integer(db.frequencyOf(name))
  },
)

export const objectHelp = command({
  name: 'OBJECT HELP',
  since: '6.2.0',
  group: 'generic',
  summary: 'Lists the subcommands.',
  complexity: 'O(1)',
  flags: ['loading', 'stale'],
  categories: ['keyspace'],
  run: (context) => writeHelp(context, 'OBJECT'),
})
