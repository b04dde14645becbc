/**
 * Pending entries taken over by another consumer: XCLAIM those that are named, XAUTOCLAIM those that wait too long
 * (xclaimCommand, xautoclaimCommand). What is no longer in the stream pends no longer. Replicas hear of each entry.
 */
import { type Bytes, upToNul } from '../base/bytes.ts'
import { addIntegers, INT64_MIN, type Integer, parseInteger } from '../base/numbers.ts'
import { formatStreamId, MIN_STREAM_ID, type StreamId } from '../base/stream-id.ts'
import type { StreamValue } from '../data/stream.ts'
import { Consumer, type PendingEntry } from '../data/stream-group.ts'
import type { StreamEntry } from '../data/stream-node.ts'
import { streamOf } from '../keyspace/typed-value.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import type { ReplySink } from '../resp/reply-sink.ts'
import { integer, key, string, token, unixTime } from './argument.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { idArgument, intervalStart, tryId } from './stream-argument.ts'
import { type NamedGroup, propagateClaim, propagatePosition } from './stream-effect.ts'
import { noKeyOrGroup, seenConsumer } from './stream-group.ts'
import { writeEntry } from './stream-range.ts'

/** A 64-bit integer as a number. Throws the error given. */
function numberOr(text: Bytes, error: string): number {
  return Number(integerOr(text, error))
}

function integerOr(text: Bytes, error: string): Integer {
  const value = parseInteger(text)
  if (value === undefined) throw new ReplyError(`ERR ${error}`)
  return value
}

/** The entries that were claimed, in the shape the client wants. */
function writeClaimed(reply: ReplySink, claimed: readonly StreamEntry[], isIdOnly: boolean): void {
  reply.array(claimed.length)
  for (const entry of claimed) {
    if (isIdOnly) reply.bulk(formatStreamId(entry.id))
    else writeEntry(reply, entry)
  }
}

/** An entry that pends is not in the stream any more. */
function forget(
  { db, propagation }: Context,
  named: NamedGroup,
  [id, text]: readonly [id: StreamId, text: Bytes],
  entry: PendingEntry,
): void {
  propagateClaim(propagation, named, text, entry)
  db.changes.dirty++
  named.group.release(id)
}

/** The options of XCLAIM behind its ids. */
interface ClaimOptions {
  readonly isForced: boolean
  readonly isIdOnly: boolean
  readonly deliveredAtMs: number
  readonly deliveries: Integer | undefined
  readonly lastId: StreamId
}

export const xclaim = command({
  name: 'XCLAIM',
  since: '5.0.0',
  group: 'stream',
  summary: 'Makes a consumer the owner of entries that pend for others.',
  complexity: 'O(log N) with N being the number of messages in the PEL of the consumer group.',
  flags: ['write', 'fast'],
  categories: ['stream'],
  tips: ['nondeterministic_output'],
  args: [
    key('key', ['RW', 'update']),
    string('group'),
    string('consumer'),
    string('min-idle-time'),
    string('id', { multiple: true }),
    integer('ms', { token: 'IDLE', optional: true }),
    unixTime('unix-time-milliseconds', { token: 'TIME', optional: true }),
    integer('count', { token: 'RETRYCOUNT', optional: true }),
    token('force', 'FORCE', { optional: true }),
    token('justid', 'JUSTID', { optional: true }),
    string('lastid', { formerName: 'id', token: 'LASTID', optional: true }),
  ],
  run: (context, argv) => {
    const { db, propagation, reply } = context
    const [, name, groupName, consumerName, idleText] = argv as [Bytes, Bytes, Bytes, Bytes, Bytes]
    const stream = db.readStream(name)
    const group = stream?.groups.get(groupName)
    if (stream === undefined || group === undefined) throw noKeyOrGroup(name, groupName)
    const minIdleMs = numberOr(idleText, 'Invalid min-idle-time argument for XCLAIM')
    let end = 5
    const ids: (readonly [id: StreamId, text: Bytes])[] = []
    for (; end < argv.length; end++) {
      const text = argv[end] as Bytes
      const id = tryId(text)
      if (id === undefined) break
      ids.push([id, text])
    }
    const options = parseClaimOptions(argv, end, db.clock.now)
    propagation.prevent()
    const named = { key: name, name: groupName, group }
    joinAtOnce(context, named, consumerName)
    const movesOn = options.lastId > group.lastId
    if (movesOn) group.lastId = options.lastId
    const before = db.changes.dirty
    const claimed: StreamEntry[] = []
    for (const id of ids) {
      const entry = claimOne(context, { named, stream, consumerName, minIdleMs }, id, options)
      if (entry !== undefined) claimed.push(entry)
    }
    // Whatever was claimed or forgotten told the last id, too.
    if (movesOn && db.changes.dirty === before) {
      propagatePosition(propagation, named)
      db.changes.dirty++
    }
    writeClaimed(reply, claimed, options.isIdOnly)
  },
})

function parseClaimOptions(argv: readonly Bytes[], from: number, nowMs: number): ClaimOptions {
  let isForced = false
  let isIdOnly = false
  let deliveredAtMs = nowMs
  let deliveries: Integer | undefined
  let lastId = MIN_STREAM_ID
  for (let i = from; i < argv.length; i++) {
    const given = argv[i] as Bytes
    const word = given.toUpperCase()
    const next = argv[i + 1]
    if (word === 'FORCE') isForced = true
    else if (word === 'JUSTID') isIdOnly = true
    else if (next === undefined) throw unrecognized(given)
    else {
      if (word === 'IDLE') {
        deliveredAtMs = nowMs - numberOr(next, 'Invalid IDLE option argument for XCLAIM')
      } else if (word === 'TIME') {
        deliveredAtMs = numberOr(next, 'Invalid TIME option argument for XCLAIM')
      } else if (word === 'RETRYCOUNT') {
        deliveries = integerOr(next, 'Invalid RETRYCOUNT option argument for XCLAIM')
      } else if (word === 'LASTID') lastId = idArgument(next)
      else throw unrecognized(given)
      i++
    }
  }
  // A time that cannot be is now: clocks differ.
  if (deliveredAtMs < 0 || deliveredAtMs > nowMs) deliveredAtMs = nowMs
  if (deliveries !== undefined && deliveries < 0) deliveries = undefined
  return { isForced, isIdOnly, deliveredAtMs, deliveries, lastId }
}

function unrecognized(word: Bytes): ReplyError {
  return new ReplyError(`ERR Unrecognized XCLAIM option '${upToNul(word)}'`)
}

/** Who claims what from whom. */
interface Claim {
  readonly named: NamedGroup
  readonly stream: StreamValue
  readonly consumerName: Bytes
  readonly minIdleMs: number
}

/** Claims one entry, if it pends and waits long enough; the entry then. */
function claimOne(
  context: Context,
  claim: Claim,
  [id, text]: readonly [id: StreamId, text: Bytes],
  options: ClaimOptions,
): StreamEntry | undefined {
  const { group } = claim.named
  const nowMs = context.clock.now
  const entry = claim.stream.get(id)
  const known = group.pending.get(id)
  if (entry === undefined) {
    if (known !== undefined) forget(context, claim.named, [id, text], known)
    return undefined
  }
  if (known === undefined && !options.isForced) return undefined
  if (known !== undefined && isFresh(known, claim, nowMs)) return undefined
  const pending = known ?? { consumer: NOBODY, deliveredAtMs: nowMs, deliveries: 1 }
  takeOver(context, claim, [id, text], pending, options)
  return entry
}

/** Owns what pends for nobody yet. */
const NOBODY = new Consumer('', 0)

function isFresh({ deliveredAtMs }: PendingEntry, { minIdleMs }: Claim, nowMs: number): boolean {
  return minIdleMs > 0 && nowMs - deliveredAtMs < minIdleMs
}

function takeOver(
  { db, propagation }: Context,
  { consumerName, named }: Claim,
  [id, text]: readonly [id: StreamId, text: Bytes],
  pending: PendingEntry,
  options: Pick<ClaimOptions, 'isIdOnly' | 'deliveredAtMs' | 'deliveries'>,
): void {
  const { consumer } = seenConsumer(db, named.key, named.group, consumerName)
  pending.deliveredAtMs = options.deliveredAtMs
  if (options.deliveries !== undefined) pending.deliveries = options.deliveries
  else if (!options.isIdOnly) pending.deliveries = addIntegers(pending.deliveries, 1) ?? INT64_MIN
  named.group.assign(id, pending, consumer)
  consumer.activeAtMs = db.clock.now
  propagateClaim(propagation, named, text, pending)
  db.changes.dirty++
}

/** Entries that XAUTOCLAIM looks at for each that is wanted. */
const ATTEMPTS_FACTOR = 10
const ID_BYTES = 16
const COUNT_MAX = (2n ** 63n - 1n) / BigInt(ID_BYTES)
/** So much room for ids no process can have. */
const ADDRESS_SPACE_BYTES = 2 ** 47

export const xautoclaim = command({
  name: 'XAUTOCLAIM',
  since: '6.2.0',
  group: 'stream',
  summary: 'Makes a consumer the owner of entries that pend for too long.',
  complexity: 'O(1) if COUNT is small.',
  flags: ['write', 'fast'],
  categories: ['stream'],
  tips: ['nondeterministic_output'],
  history: [['7.0.0', 'Tells the ids of entries that are gone and pend no longer.']],
  args: [
    key('key', ['RW', 'delete']),
    string('group'),
    string('consumer'),
    string('min-idle-time'),
    string('start'),
    integer('count', { token: 'COUNT', optional: true }),
    token('justid', 'JUSTID', { optional: true }),
  ],
  run: (context, argv) => {
    const { db, propagation, reply } = context
    const [, name, groupName, consumerName] = argv as [Bytes, Bytes, Bytes, Bytes]
    const value = db.read(name)
    const options = parseAutoclaim(argv)
    const stream = streamOf(value)
    const group = stream?.groups.get(groupName)
    if (stream === undefined || group === undefined) throw noKeyOrGroup(name, groupName)
    if (options.count * ID_BYTES > ADDRESS_SPACE_BYTES) {
      throw new ReplyError(
        'ERR Insufficient memory, failed allocating transient memory, COUNT too high.',
      )
    }
    propagation.prevent()
    const named = { key: name, name: groupName, group }
    const { minIdleMs } = options
    db.willEdit(name, stream)
    joinAtOnce(context, named, consumerName)
    const found = claimIdle(context, { named, stream, consumerName, minIdleMs }, options)
    reply.array(3)
    reply.bulk(formatStreamId(found.next))
    writeClaimed(reply, found.claimed, options.isIdOnly)
    reply.array(found.gone.length)
    for (const id of found.gone) reply.bulk(formatStreamId(id))
  },
})

/** Who claims has joined, whatever there is to be claimed (7.2). */
function joinAtOnce(
  { db, server }: Context,
  { key, group }: NamedGroup,
  consumerName: Bytes,
): void {
  if (server.version.atLeast('7.2')) seenConsumer(db, key, group, consumerName)
}

/** What XAUTOCLAIM is asked for. */
interface AutoclaimOptions {
  readonly minIdleMs: number
  readonly start: StreamId
  readonly count: number
  readonly isIdOnly: boolean
}

function parseAutoclaim(argv: readonly Bytes[]): AutoclaimOptions {
  const idleText = argv[4] as Bytes
  const minIdleMs = numberOr(idleText, 'Invalid min-idle-time argument for XAUTOCLAIM')
  const start = intervalStart(argv[5] as Bytes)
  let count = 100
  let isIdOnly = false
  for (let i = 6; i < argv.length; i++) {
    const word = (argv[i] as Bytes).toUpperCase()
    if (word === 'COUNT' && i + 1 < argv.length) {
      const given = parseInteger(argv[++i] as Bytes) ?? 0
      if (given < 1 || given > COUNT_MAX) throw new ReplyError('ERR COUNT must be > 0')
      count = Number(given)
    } else if (word === 'JUSTID') isIdOnly = true
    else throw errors.syntax
  }
  return { minIdleMs, start, count, isIdOnly }
}

/** Claims from `start` on, as many as are wanted or can be looked at; tells where to go on. */
function claimIdle(
  context: Context,
  claim: Claim,
  { count, isIdOnly, start }: AutoclaimOptions,
): { next: StreamId; claimed: StreamEntry[]; gone: StreamId[] } {
  const { pending } = claim.named.group
  const deliveredAtMs = context.clock.now
  const claimed: StreamEntry[] = []
  const gone: StreamId[] = []
  let attempts = count * ATTEMPTS_FACTOR
  let id = pending.keyFrom(start)
  for (; id !== undefined; id = pending.keyAfter(id)) {
    if (attempts-- === 0 || claimed.length + gone.length === count) break
    const known = pending.get(id) as PendingEntry
    const entry = claim.stream.get(id)
    if (entry === undefined) {
      forget(context, claim.named, [id, formatStreamId(id)], known)
      gone.push(id)
    } else if (!isFresh(known, claim, deliveredAtMs)) {
      const options = { isIdOnly, deliveredAtMs, deliveries: undefined }
      takeOver(context, claim, [id, formatStreamId(id)], known, options)
      claimed.push(entry)
    }
  }
  return { next: id ?? MIN_STREAM_ID, claimed, gone }
}
