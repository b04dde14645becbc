/**
 * Streams as RDB bytes: a listpack per node, what the stream knows of itself, and its groups with all that pends
 * (rdbSaveObject and rdbLoadObject of OBJ_STREAM, streamAppendItem for the listpacks). Written as by 7.0, read as written
 * from 5.0 to 7.2. Invariant: entries that were deleted keep their places, so what is read is written again to the byte.
 */
import type { Bytes } from '../base/bytes.ts'
import { type Integer, parseInteger } from '../base/numbers.ts'
import {
  MIN_STREAM_ID,
  type StreamId,
  streamIdAfter,
  streamIdDistance,
  streamIdOf,
} from '../base/stream-id.ts'
import type { RdbCursor } from './cursor.ts'
import type { RdbEncoder } from './encoder.ts'
import { Kind, RdbError } from './format.ts'
import { decodeListpack, encodeListpack } from './listpack.ts'
import type {
  ConsumerRecord,
  GroupRecord,
  PendingRecord,
  StreamEntryRecord,
  StreamNodeRecord,
  StreamRecord,
} from './record.ts'

/** Flags of an entry. */
const Flag = { deleted: 1, sameFields: 2 } as const

const ID_BYTES = 16
const BLOCK_NAME = 'Stream listpack'
const NOT_KNOWN = 2n ** 64n - 1n

/** Writes a stream without its kind. */
export function encodeStream(encoder: RdbEncoder, stream: StreamRecord, kind: number): void {
  encoder.length(stream.nodes.length)
  for (const node of stream.nodes) {
    encoder.string(node.masterId)
    encoder.stringBlob(encodeListpack(elementsOf(node)))
  }
  encoder.length(stream.size)
  encodeId(encoder, stream.lastId)
  encodeId(encoder, stream.firstId)
  encodeId(encoder, stream.maxDeletedId)
  encodeInteger(encoder, stream.entriesAdded)
  encoder.length(stream.groups.length)
  for (const group of stream.groups) encodeGroup(encoder, group, kind)
}

function elementsOf({ masterId, fields, entries }: StreamNodeRecord): Bytes[] {
  const live = entries.filter(({ isDeleted }) => !isDeleted).length
  const deleted = entries.length - live
  const elements = [String(live), String(deleted), String(fields.length), ...fields, '0']
  for (const entry of entries) {
    const isSame = entry.fields === fields
    const flags = (entry.isDeleted ? Flag.deleted : 0) | (isSame ? Flag.sameFields : 0)
    const start = elements.length
    elements.push(String(flags), ...streamIdDistance(entry.id, masterId).map(String))
    if (isSame) elements.push(...entry.values)
    else {
      elements.push(String(entry.fields.length))
      for (const [i, field] of entry.fields.entries()) {
        elements.push(field, entry.values[i] as Bytes)
      }
    }
    elements.push(String(elements.length - start))
  }
  return elements
}

function encodeGroup(encoder: RdbEncoder, group: GroupRecord, kind: number): void {
  encoder.string(group.name)
  encodeId(encoder, group.lastId)
  encodeInteger(encoder, group.entriesRead ?? -1)
  encoder.length(group.pending.length)
  for (const { id, deliveredAtMs, deliveries } of group.pending) {
    encoder.text(id)
    encoder.int64(deliveredAtMs)
    encodeInteger(encoder, deliveries)
  }
  encoder.length(group.consumers.length)
  for (const { name, seenAtMs, activeAtMs, pending } of group.consumers) {
    encoder.string(name)
    encoder.int64(seenAtMs)
    if (kind === Kind.streamListpacks3) encoder.int64(activeAtMs ?? -1)
    encoder.length(pending.length)
    for (const id of pending) encoder.text(id)
  }
}

function encodeId(encoder: RdbEncoder, id: StreamId): void {
  const [milliseconds, sequence] = halvesOf(id)
  encoder.wideLength(milliseconds)
  encoder.wideLength(sequence)
}

function halvesOf(id: StreamId): [milliseconds: bigint, sequence: bigint] {
  const [milliseconds, sequence] = streamIdDistance(id, MIN_STREAM_ID)
  return [BigInt.asUintN(64, BigInt(milliseconds)), BigInt.asUintN(64, BigInt(sequence))]
}

/** A signed integer as the unsigned one of the same bits. */
function encodeInteger(encoder: RdbEncoder, value: Integer): void {
  encoder.wideLength(BigInt.asUintN(64, BigInt(value)))
}

/** A reader of streams as versions up to 6.2 (`15`), 7.0 (`19`) or 7.2 (`21`) wrote them. */
export function streamDecoder(kind: 15 | 19 | 21): (cursor: RdbCursor) => StreamRecord {
  return (cursor) => decodeStream(cursor, kind)
}

function decodeStream(cursor: RdbCursor, kind: number): StreamRecord {
  const nodes = distinct(
    repeated(cursor, decodeNode),
    ({ masterId }) => masterId,
    'Listpack re-added with existing key',
  ).sort((one, other) => (one.masterId < other.masterId ? -1 : 1))
  const live = nodes.flatMap(({ entries }) => entries.filter(({ isDeleted }) => !isDeleted))
  const size = cursor.length()
  if (size !== live.length) throw new RdbError('a stream has another number of entries')
  const lastId = decodeId(cursor)
  const firstId = live[0]?.id ?? MIN_STREAM_ID
  let maxDeletedId = MIN_STREAM_ID
  let entriesAdded: Integer = size
  if (kind > 15) {
    decodeId(cursor)
    maxDeletedId = decodeId(cursor)
    entriesAdded = decodeInteger(cursor)
  }
  const groups = distinct(
    repeated(cursor, () => decodeGroup(cursor, kind, { size, firstId, lastId })),
    ({ name }) => name,
    'Duplicated consumer group name',
  )
  return {
    type: 'stream',
    size,
    nodes,
    lastId,
    firstId,
    maxDeletedId,
    entriesAdded,
    groups,
  }
}

function repeated<T>(cursor: RdbCursor, decode: (cursor: RdbCursor) => T): T[] {
  const items: T[] = []
  for (let left = cursor.length(); left > 0; left--) items.push(decode(cursor))
  return items
}

/** Things of which no two may have the same key. */
function distinct<T>(items: T[], keyOf: (item: T) => Bytes, trouble: string): T[] {
  if (new Set(items.map(keyOf)).size !== items.length) throw new RdbError(trouble)
  return items
}

function decodeNode(cursor: RdbCursor): StreamNodeRecord {
  const masterId = cursor.string()
  if (masterId.length !== ID_BYTES) throw new RdbError('a node of a stream has no id')
  const block = cursor.stringBlob()
  const sanitizes = cursor.sanitizesBlock()
  const elements = new ElementReader(decodeListpack(block, { name: BLOCK_NAME, sanitizes }))
  const count = elements.count() + elements.count()
  const fields = elements.take(elements.count())
  const separator = elements.next()
  if (sanitizes && separator !== '0') throw broken('no end of the common fields')
  const entries: StreamEntryRecord[] = []
  for (let i = 0; i < count; i++) entries.push(decodeEntry(elements, masterId, fields, sanitizes))
  if (!elements.atEnd) throw broken('more entries than it says')
  return { masterId, fields, entries }
}

function broken(what: string): RdbError {
  return new RdbError(`${BLOCK_NAME} integrity check failed: ${what}`)
}

function decodeEntry(
  elements: ElementReader,
  masterId: StreamId,
  masterFields: readonly Bytes[],
  sanitizes: boolean,
): StreamEntryRecord {
  const start = elements.position
  const flags = elements.count()
  const id = streamIdAfter(masterId, elements.integer(), elements.integer())
  const isDeleted = (flags & Flag.deleted) !== 0
  let fields = masterFields
  let values: Bytes[]
  if ((flags & Flag.sameFields) !== 0) values = elements.take(masterFields.length)
  else {
    const pairs = elements.take(2 * elements.count())
    fields = pairs.filter((_, i) => i % 2 === 0)
    values = pairs.filter((_, i) => i % 2 === 1)
  }
  const size = elements.position - start
  const backwards = elements.next()
  if (sanitizes && backwards !== String(size)) throw broken('wrong size behind an entry')
  return { id, fields, values, isDeleted }
}

/** The elements of a node's listpack, one after the other. */
class ElementReader {
  readonly #elements: readonly Bytes[]
  #at = 0

  constructor(elements: readonly Bytes[]) {
    this.#elements = elements
  }

  get position(): number {
    return this.#at
  }

  get atEnd(): boolean {
    return this.#at === this.#elements.length
  }

  next(): Bytes {
    const element = this.#elements[this.#at++]
    if (element === undefined) throw broken('it ends too early')
    return element
  }

  integer(): bigint {
    const value = parseInteger(this.next())
    if (value === undefined) throw broken('no integer where one is due')
    return BigInt(value)
  }

  count(): number {
    const value = Number(this.integer())
    if (value < 0) throw broken('a negative count')
    return value
  }

  take(count: number): Bytes[] {
    const taken = this.#elements.slice(this.#at, this.#at + count)
    if (taken.length !== count) throw broken('it ends too early')
    this.#at += count
    return taken
  }
}

function decodeGroup(
  cursor: RdbCursor,
  kind: number,
  stream: { readonly size: number; readonly firstId: StreamId; readonly lastId: StreamId },
): GroupRecord {
  const name = cursor.string()
  const lastId = decodeId(cursor)
  const entriesRead = kind > 15 ? decodeEntriesRead(cursor) : estimate(stream, lastId)
  const pending = distinct(
    repeated(cursor, decodePending),
    ({ id }) => id,
    'Duplicated global PEL entry loading stream consumer group',
  )
  const consumers = distinct(
    repeated(cursor, () => decodeConsumer(cursor, kind)),
    (consumer) => consumer.name,
    'Duplicate stream consumer detected',
  )
  const ids = new Set(pending.map(({ id }) => id))
  for (const id of consumers.flatMap((consumer) => consumer.pending)) {
    if (!ids.delete(id)) throw new RdbError('Consumer entry not found in group global PEL')
  }
  if (ids.size > 0) throw new RdbError('Stream CG PEL entry without consumer')
  return { name, lastId, entriesRead, pending, consumers }
}

/** Before 7.0 nobody counted: where it can be told, how many entries there are up to an id. */
function estimate(
  { size, firstId, lastId }: { size: number; firstId: StreamId; lastId: StreamId },
  id: StreamId,
): Integer | undefined {
  if (size === 0) return 0
  if (id === lastId) return size
  if (id > firstId) return undefined
  return id === firstId ? 1 : 0
}

function decodePending(cursor: RdbCursor): PendingRecord {
  return {
    id: cursor.text(ID_BYTES),
    deliveredAtMs: cursor.int64(),
    deliveries: decodeInteger(cursor),
  }
}

function decodeConsumer(cursor: RdbCursor, kind: number): ConsumerRecord {
  const name = cursor.string()
  const seenAtMs = cursor.int64()
  // Before 7.2 nobody told one from the other.
  const activeAtMs = kind > 19 ? cursor.int64() : seenAtMs
  return {
    name,
    seenAtMs,
    activeAtMs: activeAtMs === -1 ? undefined : activeAtMs,
    pending: repeated(cursor, () => cursor.text(ID_BYTES)),
  }
}

function decodeId(cursor: RdbCursor): StreamId {
  return streamIdOf(cursor.wideLength(), cursor.wideLength())
}

function decodeInteger(cursor: RdbCursor): Integer {
  return signed(cursor.wideLength())
}

function decodeEntriesRead(cursor: RdbCursor): Integer | undefined {
  const value = cursor.wideLength()
  return value === NOT_KNOWN ? undefined : signed(value)
}

function signed(value: bigint): Integer {
  const exact = BigInt.asIntN(64, value)
  const near = Number(exact)
  return Number.isSafeInteger(near) ? near : exact
}
