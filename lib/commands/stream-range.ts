/**
 * Entries of a stream between two ids, in either direction (xrangeGenericCommand), and how an entry is written.
 */
import type { Bytes } from '../base/bytes.ts'
import { formatStreamId } from '../base/stream-id.ts'
import type { StreamEntry } from '../data/stream-node.ts'
import { errors } from '../resp/reply-error.ts'
import type { ReplySink } from '../resp/reply-sink.ts'
import { integer, key, string } from './argument.ts'
import { type CommandDeclaration, command } from './command.ts'
import type { Context } from './context.ts'
import { countArgument, intervalEnd, intervalStart } from './stream-argument.ts'

/** Writes an entry: its id, and its fields and values. */
export function writeEntry(reply: ReplySink, { id, fields, values }: StreamEntry): void {
  reply.array(2)
  reply.bulk(formatStreamId(id))
  reply.array(2 * fields.length)
  for (let i = 0; i < fields.length; i++) {
    reply.bulk(fields[i] as Bytes)
    reply.bulk(values[i] as Bytes)
  }
}

/** Writes entries as an array. */
export function writeEntries(reply: ReplySink, entries: readonly StreamEntry[]): void {
  reply.array(entries.length)
  for (const entry of entries) writeEntry(reply, entry)
}

/** The first of some items, up to `count`; all when that is 0. */
export function taken<T>(items: Iterable<T>, count: number): T[] {
  if (count === 0) return [...items]
  const found: T[] = []
  for (const item of items) if (found.push(item) === count) break
  return found
}

function ranging(
  facts: Pick<CommandDeclaration, 'name' | 'summary' | 'complexity'>,
  { isReversed }: { readonly isReversed: boolean },
) {
  const bounds = [string('start'), string('end')]
  return command({
    since: '5.0.0',
    group: 'stream',
    flags: ['readonly'],
    categories: ['stream'],
    history: [['6.2.0', 'Intervals without their ends.']],
    args: [
      key('key', ['RO', 'access']),
      ...(isReversed ? bounds.toReversed() : bounds),
      integer('count', { token: 'COUNT', optional: true }),
    ],
    ...facts,
    run: (context, argv) => writeRange(context, argv, isReversed),
  })
}

function writeRange({ db, reply }: Context, argv: readonly Bytes[], isReversed: boolean): void {
  const start = intervalStart(argv[isReversed ? 3 : 2] as Bytes)
  const end = intervalEnd(argv[isReversed ? 2 : 3] as Bytes)
  let count: number | undefined
  for (let i = 4; i < argv.length; i += 2) {
    const value = argv[i + 1]
    if ((argv[i] as Bytes).toUpperCase() !== 'COUNT' || value === undefined) throw errors.syntax
    count = countArgument(value)
  }
  const stream = db.readStream(argv[1] as Bytes)
  if (stream === undefined) reply.array(0)
  else if (count === 0) reply.nullArray()
  else {
    const entries = isReversed ? stream.reversed(end, start) : stream.range(start, end)
    writeEntries(reply, taken(entries, count ?? 0))
  }
}

export const xrange = ranging(
  {
    name: 'XRANGE',
    summary: 'Returns the entries of a stream between two ids, the oldest first.',
    complexity:
      'O(N) with N being the number of elements being returned. If N is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).',
  },
  { isReversed: false },
)

export const xrevrange = ranging(
  {
    name: 'XREVRANGE',
    summary: 'Returns the entries of a stream between two ids, the newest first.',
    complexity:
      'O(N) with N being the number of elements returned. If N is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).',
  },
  { isReversed: true },
)
