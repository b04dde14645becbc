/**
 * DEBUG on hash tables: how long the chains of their buckets are (dictGetStats). There are no such tables here: what is told is
 * how the keys, expiries, fields or members would lie in one.
 */
import type { Bytes } from '../base/bytes.ts'
import type { HashValue } from '../data/hash.ts'
import type { SetValue } from '../data/set.ts'
import type { SortedSetValue } from '../data/sorted-set.ts'
import type { Value } from '../data/stored-object.ts'
import { shapeOfTable, type TableShape } from '../data/table-shape.ts'
import { Lookup } from '../keyspace/lookup.ts'
import { errors, ReplyError, subcommandSyntax } from '../resp/reply-error.ts'
import type { Context } from './context.ts'
import type { Run, Subcommands } from './debug-subcommand.ts'
import { intArgument } from './number-argument.ts'

/** Longer chains are counted together. */
const LENGTH_MAX = 49

const HEADING = 'Hash table 0 stats (main hash table):\n'

/** Whether the chains are told, too: from 7.2 on who wants them says `full`. */
function describesChains({ server }: Context, argv: readonly Bytes[]): boolean {
  if (server.version.atLeast('7.2')) return argv[3]?.toLowerCase() === 'full'
  if (argv.length > 3) throw subcommandSyntax('DEBUG', argv[1] as Bytes)
  return true
}

function describe(names: Iterable<Bytes>, count: number, withChains: boolean): string {
  const shape = shapeOfTable(names, count)
  const sizes = ` table size: ${shape.buckets}\n number of elements: ${count}\n`
  return `${HEADING}${sizes}${withChains ? chains(shape) : ''}`
}

function chains({ buckets, elements, bucketsByLength }: TableShape): string {
  const used = buckets - (bucketsByLength[0] ?? 0)
  const average = (elements / used).toFixed(2)
  const lines = [
    ` different slots: ${used}`,
    ` max chain length: ${bucketsByLength.length - 1}`,
    ` avg chain length (counted): ${average}`,
    ` avg chain length (computed): ${average}`,
    ' Chain length distribution:',
  ]
  const long = bucketsByLength.slice(LENGTH_MAX).reduce((sum, count) => sum + count, 0)
  for (const [length, count] of [...bucketsByLength.slice(0, LENGTH_MAX), long].entries()) {
    if (count === 0) continue
    const share = ((count / buckets) * 100).toFixed(2)
    lines.push(`   ${length === LENGTH_MAX ? '>= ' : ''}${length}: ${count} (${share}%)`)
  }
  return `${lines.join('\n')}\n`
}

const describeDatabase: Run = (context, argv) => {
  const { reply, server } = context
  const withChains = describesChains(context, argv)
  const index = intArgument(argv[2] as Bytes)
  const database = server.databases[index]
  if (database === undefined) throw new ReplyError('ERR Out of range database')
  // From 7.4 on nothing is said of a table with nothing in it.
  const nothing = server.version.atLeast('7.4')
    ? ''
    : `${HEADING}No stats available for empty dictionaries\n`
  const expiring = [...database.expiries()].map(([name]) => name)
  const keys = database.size === 0 ? nothing : describe(database.keys(), database.size, withChains)
  const ends = expiring.length === 0 ? nothing : describe(expiring, expiring.length, withChains)
  reply.verbatim('txt', `[Dictionary HT]\n${keys}[Expires HT]\n${ends}`)
}

function isTable(value: Value): value is HashValue | SetValue | SortedSetValue {
  if (typeof value === 'string') return false
  return value.encoding() === 'hashtable' || value.encoding() === 'skiplist'
}

const describeValue: Run = (context, argv) => {
  const { db, reply } = context
  const withChains = describesChains(context, argv)
  const value = db.read(argv[2] as Bytes, Lookup.noTouch | Lookup.noStats | Lookup.noNotify)
  if (value === undefined) throw errors.noSuchKey
  if (!isTable(value)) {
    throw new ReplyError(
      'ERR The value stored at the specified key is not represented using an hash table',
    )
  }
  reply.verbatim('txt', describe(value.names(), value.size, withChains))
}

const taking =
  (run: Run): Subcommands[string] =>
  (argv) =>
    argv.length === 3 || argv.length === 4 ? run : undefined

/** The subcommands of this file. */
export const tableDebugging: Subcommands = {
  HTSTATS: taking(describeDatabase),
  'HTSTATS-KEY': taking(describeValue),
}
