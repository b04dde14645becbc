/**
 * XREAD and XREADGROUP: what is new in streams, or what pends for a consumer, now or as soon as there is something
 * (xreadCommand, streamReplyWithRange, serveClientsBlockedOnStreamKey). Replicas hear of each delivery.
 */
import { type Bytes, upToNul } from '../base/bytes.ts'
import { addIntegers, INT64_MIN } from '../base/numbers.ts'
import {
  formatStreamId,
  MAX_STREAM_ID,
  MIN_STREAM_ID,
  nextStreamId,
  previousStreamId,
  type StreamId,
} from '../base/stream-id.ts'
import type { StreamValue } from '../data/stream.ts'
import type { Consumer, ConsumerGroup } from '../data/stream-group.ts'
import type { StreamEntry } from '../data/stream-node.ts'
import { streamOf } from '../keyspace/typed-value.ts'
import { ReplyError } from '../resp/reply-error.ts'
import type { ReplySink } from '../resp/reply-sink.ts'
import { block, string, token } from './argument.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { idArgument } from './stream-argument.ts'
import {
  type NamedGroup,
  propagateClaim,
  propagateConsumer,
  propagatePosition,
} from './stream-effect.ts'
import { noKeyOrGroup, seenConsumer } from './stream-group.ts'
import { taken, writeEntry } from './stream-range.ts'
import {
  countAndWait,
  keysBehind,
  type Member,
  parseReadRequest,
  type ReadRequest,
  streamPositions,
  streamsArgument,
} from './stream-request.ts'

/** Entries that one who waited without a COUNT is given at most. */
const COUNT_AFTER_WAIT = 1000

/** Instead of an id behind which to read: what the group was not given yet. The id itself means the same in Redis. */
const NEW: StreamId = MAX_STREAM_ID

/** An entry that is given; without fields: it pends and is not in the stream any more. */
type Given = StreamEntry | { readonly id: StreamId; readonly fields?: undefined }

/** What a key gives. */
interface Reading {
  readonly key: Bytes
  readonly entries: readonly Given[]
}

const lastOfGroup = new ReplyError(
  'ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.',
)
const topOfGroup = new ReplyError(
  'ERR The + ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The + ID would just return an empty result set.',
)
const newWithoutGroup = new ReplyError(
  'ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.',
)

function groupGone(name: Bytes, { group }: Member): ReplyError {
  return noKeyOrGroup(name, group, ' in XREADGROUP with GROUP option')
}

/** Where reading begins in a key. Throws when there is no stream or group to read as a member. */
function positionIn(context: Context, name: Bytes, start: Bytes, member?: Member): StreamId {
  const stream = context.db.readStream(name)
  if (member !== undefined && !stream?.groups.has(member.group)) {
    throw groupGone(name, member)
  }
  switch (upToNul(start)) {
    case '$':
      if (member !== undefined) throw lastOfGroup
      return stream?.lastId ?? MIN_STREAM_ID
    case '>':
      if (member === undefined) throw newWithoutGroup
      return NEW
    case '+':
      if (!context.server.version.atLeast('7.4')) return idArgument(start)
      if (member !== undefined) throw topOfGroup
      return stream === undefined ? MIN_STREAM_ID : beforeTop(stream)
    default:
      return idArgument(start)
  }
}

/** Behind it there is the last entry only. */
function beforeTop(stream: StreamValue): StreamId {
  const [top] = stream.reversed()
  return (top && previousStreamId(top.id)) ?? stream.lastId
}

function read(context: Context, argv: readonly Bytes[], asGroup: boolean): void {
  const { blocking, db, propagation, reply } = context
  const { clock, server } = context
  const request = parseReadRequest(argv, asGroup, clock.now, server.version, blocking.isScript)
  const { keys, member, starts, wait } = request
  if (asGroup) propagation.prevent()
  const positions = keys.map((name, i) => positionIn(context, name, starts[i] as Bytes, member))
  const readings: Reading[] = []
  for (const [i, name] of keys.entries()) {
    const stream = db.readStream(name)
    if (stream === undefined) continue
    const entries = readNow(context, name, stream, positions[i] as StreamId, request)
    if (entries !== undefined) readings.push({ key: name, entries })
  }
  if (readings.length > 0) writeReadings(reply, readings)
  else if (wait === undefined || !blocking.allowed) reply.nullArray()
  else awaitEntries(context, request, positions, wait.untilMs)
}

/** What a stream has for the client at once; undefined: nothing, it may wait. */
function readNow(
  context: Context,
  name: Bytes,
  stream: StreamValue,
  position: StreamId,
  { count, member }: ReadRequest,
): readonly Given[] | undefined {
  const group = member && stream.groups.get(member.group)
  if (member === undefined || group === undefined) {
    return hasBehind(stream, position) ? taken(behind(stream, position), count) : undefined
  }
  const named = { key: name, name: member.group, group }
  if (position === NEW && !hasBehind(stream, group.lastId)) {
    // Who asks has joined, whatever there is (7.2).
    if (context.server.version.atLeast('7.2')) joining(context, named, member)
    return undefined
  }
  const consumer = joining(context, named, member)
  context.db.changes.dirty++
  if (position === NEW) return deliver(context, named, stream, consumer, { member, count })
  return history(context, stream, consumer, position, count)
}

function hasBehind(stream: StreamValue, id: StreamId): boolean {
  const [top] = stream.reversed()
  return top !== undefined && top.id > id
}

function behind(stream: StreamValue, id: StreamId): Iterable<StreamEntry> {
  const start = nextStreamId(id)
  return start === undefined ? [] : stream.range(start)
}

function joining(
  { db, propagation }: Context,
  named: NamedGroup,
  { consumer: name, noAck }: Member,
): Consumer {
  const { consumer, isNew } = seenConsumer(db, named.key, named.group, name)
  // Otherwise the deliveries tell.
  if (isNew && noAck) propagateConsumer(propagation, named, name)
  return consumer
}

/** Gives a consumer what its group was not given yet. */
function deliver(
  { clock, propagation, server }: Context,
  named: NamedGroup,
  stream: StreamValue,
  consumer: Consumer,
  { member, count }: { readonly member: Member; readonly count: number },
): readonly StreamEntry[] {
  const { group } = named
  const entries = taken(behind(stream, group.lastId), count)
  const heedsAllDeleted = server.version.atLeast('7.4')
  for (const { id } of entries) {
    moveOn(stream, group, id, heedsAllDeleted)
    if (member.noAck) continue
    const pending = group.pending.get(id) ?? { consumer, deliveredAtMs: 0, deliveries: 1 }
    pending.deliveredAtMs = clock.now
    pending.deliveries = 1
    group.assign(id, pending, consumer)
    consumer.activeAtMs = clock.now
    propagateClaim(propagation, named, formatStreamId(id), pending)
  }
  if (member.noAck && entries.length > 0) propagatePosition(propagation, named)
  return entries
}

/** The group has read up to an entry. */
function moveOn(
  stream: StreamValue,
  group: ConsumerGroup,
  id: StreamId,
  heedsAllDeleted: boolean,
): void {
  const hasGap = heedsAllDeleted
    ? stream.beginsBehind(group.lastId) || stream.hasTombstoneFrom(group.lastId)
    : stream.hasGapFrom(id)
  if (group.entriesRead !== undefined && !hasGap) {
    group.entriesRead = addIntegers(group.entriesRead, 1) ?? INT64_MIN
  } else if (stream.entriesAdded !== 0) {
    group.entriesRead = stream.countUpTo(id)
  }
  group.lastId = id
}

/** What pends for a consumer behind an id. */
function history(
  { clock }: Context,
  stream: StreamValue,
  consumer: Consumer,
  position: StreamId,
  count: number,
): readonly Given[] {
  const start = nextStreamId(position)
  if (start === undefined) return []
  return taken(consumer.pending.from(start), count).map(([id, pending]) => {
    const entry = stream.get(id)
    if (entry === undefined) return { id }
    pending.deliveredAtMs = clock.now
    pending.deliveries = addIntegers(pending.deliveries, 1) ?? INT64_MIN
    return entry
  })
}

function awaitEntries(
  context: Context,
  request: ReadRequest,
  positions: readonly StreamId[],
  untilMs: number | undefined,
): void {
  const { blocking, db, reply } = context
  const { keys, member } = request
  const count = request.count || COUNT_AFTER_WAIT
  const positionOf = (name: Bytes) => positions[keys.indexOf(name)] as StreamId
  const serve = (name: Bytes): boolean => {
    const stream = streamOf(db.peek(name))
    if (stream === undefined) return false
    const entries =
      member === undefined
        ? stream.lastId > positionOf(name) && taken(behind(stream, positionOf(name)), count)
        : deliverLater(context, name, stream, { member, count })
    if (!entries) return false
    writeReadings(reply, [{ key: name, entries }])
    return true
  }
  const wait = { keys, type: 'stream', untilMs, serve } as const
  if (member === undefined) blocking.awaitKeys(wait)
  else blocking.awaitKeys({ ...wait, lost: (name) => lostStream(context, name, member) })
}

/** From 7.2 on who waited hears what it would if it asked now. */
function lostStream(context: Context, name: Bytes, member: Member): boolean {
  if (context.server.version.atLeast('7.2')) positionIn(context, name, '>', member)
  throw new ReplyError('UNBLOCKED the stream key no longer exists')
}

/** What a stream has for a member that waited; undefined: nothing yet. */
function deliverLater(
  context: Context,
  name: Bytes,
  stream: StreamValue,
  options: { readonly member: Member; readonly count: number },
): readonly StreamEntry[] | undefined {
  const { member } = options
  const group = stream.groups.get(member.group)
  if (group === undefined) {
    if (context.server.version.atLeast('7.2')) throw groupGone(name, member)
    throw new ReplyError('NOGROUP the consumer group this client was blocked on no longer exists')
  }
  if (stream.lastId <= group.lastId) return undefined
  const named = { key: name, name: member.group, group }
  return deliver(context, named, stream, joining(context, named, member), options)
}

function writeReadings(reply: ReplySink, readings: readonly Reading[]): void {
  if (reply.protocol === 2) reply.array(readings.length)
  else reply.map(readings.length)
  for (const { key: name, entries } of readings) {
    if (reply.protocol === 2) reply.array(2)
    reply.bulk(name)
    reply.array(entries.length)
    for (const entry of entries) writeGiven(reply, entry)
  }
}

function writeGiven(reply: ReplySink, entry: Given): void {
  if (entry.fields !== undefined) {
    writeEntry(reply, entry)
    return
  }
  reply.array(2)
  reply.bulk(formatStreamId(entry.id))
  reply.nullArray()
}

export const xread = command({
  name: 'XREAD',
  since: '5.0.0',
  group: 'stream',
  summary: 'Returns entries of streams that come after ids, or waits for some.',
  complexity: '',
  flags: ['readonly', 'blocking'],
  categories: ['stream'],
  args: [...countAndWait, streamsArgument],
  keySpecs: keysBehind(
    1,
    'Incomplete because a stream key named STREAMS (or options before it) can shift the STREAMS keyword; fall back to xreadGetKeys',
  ),
  keyPositions: streamPositions,
  before: {
    '8.0.0': { keySpecs: keysBehind(1) },
    '7.2.0': {
      complexity:
        'For each stream mentioned: O(N) with N being the number of elements being returned, it means that XREAD-ing with a fixed COUNT is O(1). Note that when the BLOCK option is used, XADD will pay O(M) time in order to serve the M clients blocked on the stream getting new data.',
    },
  },
  run: (context, argv) => read(context, argv, false),
})

export const xreadgroup = command({
  name: 'XREADGROUP',
  since: '5.0.0',
  group: 'stream',
  summary:
    'Returns entries of streams that a consumer group was not given yet, or that pend for a consumer; or waits for some.',
  complexity:
    'For each stream mentioned: O(M) with M being the number of elements returned. If M is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1). On the other side when XREADGROUP blocks, XADD will pay the O(N) time in order to serve the N clients blocked on the stream getting new data.',
  flags: ['write', 'blocking'],
  categories: ['stream'],
  args: [
    block('group-block', [string('group'), string('consumer')], {
      formerName: 'group_consumer',
      token: 'GROUP',
    }),
    ...countAndWait,
    token('noack', 'NOACK', { optional: true }),
    streamsArgument,
  ],
  keySpecs: keysBehind(
    4,
    'Incomplete because a consumer/group named STREAMS (or options before GROUP) can shift the STREAMS keyword; fall back to xreadGetKeys',
  ),
  before: { '8.0.0': { keySpecs: keysBehind(4) } },
  keyPositions: streamPositions,
  run: (context, argv) => read(context, argv, true),
})
