/**
 * Entries that were delivered and not acknowledged: XACK takes them off, XPENDING shows them (xackCommand,
 * xpendingCommand).
 */
import type { Bytes } from '../base/bytes.ts'
import { formatStreamId, type StreamId } from '../base/stream-id.ts'
import type { ConsumerGroup, PendingEntry } from '../data/stream-group.ts'
import { errors } from '../resp/reply-error.ts'
import type { ReplySink } from '../resp/reply-sink.ts'
import { block, integer, key, string } from './argument.ts'
import { command } from './command.ts'
import { numberArgument } from './number-argument.ts'
import { countArgument, idArgument, intervalEnd, intervalStart } from './stream-argument.ts'
import { noKeyOrGroup } from './stream-group.ts'

export const xack = command({
  name: 'XACK',
  since: '5.0.0',
  group: 'stream',
  summary: 'Acknowledges entries that a group was given; returns how many pended.',
  complexity: 'O(1) for each message ID processed.',
  flags: ['write', 'fast'],
  categories: ['stream'],
  args: [key('key', ['RW', 'update']), string('group'), string('id', { multiple: true })],
  run: ({ db, reply }, argv) => {
    const group = db.readStream(argv[1] as Bytes)?.groups.get(argv[2] as Bytes)
    if (group === undefined) {
      reply.integer(0)
      return
    }
    let acknowledged = 0
    for (const id of argv.slice(3).map(idArgument)) if (group.release(id)) acknowledged++
    db.changes.dirty += acknowledged
    reply.integer(acknowledged)
  },
})

/** Which pending entries are wanted. */
interface PendingFilter {
  readonly start: StreamId
  readonly end: StreamId
  readonly count: number
  /** Delivered at least so long ago. */
  readonly idleMs: number
  readonly consumer: Bytes | undefined
}

export const xpending = command({
  name: 'XPENDING',
  since: '5.0.0',
  group: 'stream',
  summary: 'Tells which entries a group was given and has not acknowledged.',
  complexity:
    'O(N) with N being the number of elements returned, so asking for a small fixed number of entries per call is O(1). O(M), where M is the total number of entries scanned when used with the IDLE filter. When the command returns just the summary and the list of consumers is small, it runs in O(1) time; otherwise, an additional O(N) time for iterating every consumer.',
  flags: ['readonly'],
  categories: ['stream'],
  tips: ['nondeterministic_output'],
  history: [['6.2.0', 'Takes `IDLE`, and intervals without their ends.']],
  args: [
    key('key', ['RO', 'access']),
    string('group'),
    block(
      'filters',
      [
        integer('min-idle-time', { token: 'IDLE', optional: true, since: '6.2.0' }),
        string('start'),
        string('end'),
        integer('count'),
        string('consumer', { optional: true }),
      ],
      { optional: true },
    ),
  ],
  run: ({ db, reply }, argv) => {
    const [, name, groupName] = argv as [Bytes, Bytes, Bytes]
    const filter = parseFilter(argv)
    const group = db.readStream(name)?.groups.get(groupName)
    if (group === undefined) throw noKeyOrGroup(name, groupName)
    if (filter === undefined) writeSummary(reply, group)
    else writePending(reply, group, filter, db.clock.now)
  },
})

function parseFilter(argv: readonly Bytes[]): PendingFilter | undefined {
  if (argv.length === 3) return undefined
  if (argv.length < 6 || argv.length > 9) throw errors.syntax
  let at = 3
  let idleMs = 0
  if ((argv[3] as Bytes).toUpperCase() === 'IDLE') {
    idleMs = numberArgument(argv[4] as Bytes)
    if (argv.length < 8) throw errors.syntax
    at = 5
  }
  const count = countArgument(argv[at + 2] as Bytes)
  const start = intervalStart(argv[at] as Bytes)
  const end = intervalEnd(argv[at + 1] as Bytes)
  return { start, end, count, idleMs, consumer: argv[at + 3] }
}

function writeSummary(reply: ReplySink, { consumers, pending }: ConsumerGroup): void {
  reply.array(4)
  reply.integer(pending.size)
  const [first, last] = [pending.firstKey(), pending.lastKey()]
  if (first === undefined || last === undefined) {
    reply.null()
    reply.null()
    reply.nullArray()
    return
  }
  reply.bulk(formatStreamId(first))
  reply.bulk(formatStreamId(last))
  const busy = [...consumers.values()].filter((consumer) => consumer.pending.size > 0)
  reply.array(busy.length)
  for (const consumer of busy) {
    reply.array(2)
    reply.bulk(consumer.name)
    reply.bulk(String(consumer.pending.size))
  }
}

function writePending(
  reply: ReplySink,
  group: ConsumerGroup,
  filter: PendingFilter,
  nowMs: number,
): void {
  const found: [id: StreamId, entry: PendingEntry][] = []
  const { consumer, count, end, idleMs, start } = filter
  const source = consumer === undefined ? group : group.consumers.get(consumer)
  for (const [id, entry] of source?.pending.from(start) ?? []) {
    if (found.length >= count || id > end) break
    if (idleMs === 0 || nowMs - entry.deliveredAtMs >= idleMs) found.push([id, entry])
  }
  reply.array(found.length)
  for (const [id, entry] of found) {
    reply.array(4)
    reply.bulk(formatStreamId(id))
    reply.bulk(entry.consumer.name)
    reply.integer(Math.max(0, nowMs - entry.deliveredAtMs))
    reply.integer(entry.deliveries)
  }
}
