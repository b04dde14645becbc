/**
 * A node of a stream: entries next to each other that Redis keeps in one listpack, led by the fields of the first, which
 * others that have the same fields share (streamAppendItem). A deleted entry stays, marked, until its node goes.
 * Invariant: `bytes` is the size of that listpack, since it decides when a node is full.
 */
import type { Bytes } from '../base/bytes.ts'
import { EMPTY_LISTPACK_BYTES, listpackBytes, listpackIntegerBytes } from '../base/listpack-size.ts'
import { type StreamId, streamIdDistance } from '../base/stream-id.ts'
import type { EncodingLimits } from './encoding-limit.ts'

/** Redis never lets a node grow beyond this. */
const BYTES_MAX = 2 ** 30
/** An integer below 128: flags, counters at first. */
const SMALL_BYTES = 2
/** Elements of an entry besides fields and values. */
const OWN_ELEMENTS = 3

/** An entry; `fields` are the node's own when they are the same. */
export interface StreamEntry {
  readonly id: StreamId
  readonly fields: readonly Bytes[]
  readonly values: readonly Bytes[]
  readonly isDeleted: boolean
}

/** A run of entries. */
export class StreamNode {
  /** Of the entry that began it. */
  readonly masterId: StreamId
  /** Of that entry. */
  readonly fields: readonly Bytes[]
  readonly #entries: StreamEntry[] = []
  #live = 0
  #fixedBytes: number

  constructor(masterId: StreamId, fields: readonly Bytes[]) {
    this.masterId = masterId
    this.fields = fields
    this.#fixedBytes =
      EMPTY_LISTPACK_BYTES + listpackIntegerBytes(fields.length) + bytesOfAll(fields) + SMALL_BYTES
  }

  /** All entries, deleted ones included, ascending. */
  get entries(): readonly StreamEntry[] {
    return this.#entries
  }

  /** Entries that are not deleted. */
  get live(): number {
    return this.#live
  }

  get lastId(): StreamId {
    return this.#entries.at(-1)?.id ?? this.masterId
  }

  /** Bytes of its listpack. */
  get bytes(): number {
    const deleted = this.#entries.length - this.#live
    return this.#fixedBytes + listpackIntegerBytes(this.#live) + listpackIntegerBytes(deleted)
  }

  /** Whether an entry with so many bytes of fields and values goes into this node. */
  hasRoomFor(contentBytes: number, limits: EncodingLimits): boolean {
    const { streamNodeMaxBytes: max, streamNodeMaxEntries } = limits
    const maxBytes = max === 0 || max > BYTES_MAX ? BYTES_MAX : max
    if (this.bytes + contentBytes >= maxBytes) return false
    return streamNodeMaxEntries === 0 || this.#entries.length < streamNodeMaxEntries
  }

  /** Adds an entry behind all others. */
  append(
    id: StreamId,
    fields: readonly Bytes[],
    values: readonly Bytes[],
    isDeleted = false,
  ): void {
    const isSame = fields === this.fields || isEqual(fields, this.fields)
    const [milliseconds, sequence] = streamIdDistance(id, this.masterId)
    const elements = OWN_ELEMENTS + values.length + (isSame ? 0 : 1 + fields.length)
    this.#fixedBytes +=
      SMALL_BYTES +
      listpackIntegerBytes(milliseconds) +
      listpackIntegerBytes(sequence) +
      bytesOfAll(values) +
      listpackIntegerBytes(elements)
    if (!isSame) this.#fixedBytes += listpackIntegerBytes(fields.length) + bytesOfAll(fields)
    this.#entries.push({ id, fields: isSame ? this.fields : fields, values, isDeleted })
    if (!isDeleted) this.#live++
  }

  /** Where the first entry stands whose id is not before `id`. */
  indexFrom(id: StreamId): number {
    let low = 0
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#entries[middle] as StreamEntry).id < id) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The entry of an id, if it is there and not deleted. */
  find(id: StreamId): StreamEntry | undefined {
    const entry = this.#entries[this.indexFrom(id)]
    return entry !== undefined && entry.id === id && !entry.isDeleted ? entry : undefined
  }

  /** Marks an entry as deleted; false when there is none that is not. */
  delete(index: number): boolean {
    const entry = this.#entries[index]
    if (entry === undefined || entry.isDeleted) return false
    this.#entries[index] = { ...entry, isDeleted: true }
    this.#live--
    return true
  }

  copy(): StreamNode {
    const copy = new StreamNode(this.masterId, this.fields)
    copy.#entries.push(...this.#entries)
    copy.#live = this.#live
    copy.#fixedBytes = this.#fixedBytes
    return copy
  }
}

function bytesOfAll(elements: readonly Bytes[]): number {
  let bytes = 0
  for (const element of elements) bytes += listpackBytes(element)
  return bytes
}

function isEqual(a: readonly Bytes[], b: readonly Bytes[]): boolean {
  return a.length === b.length && a.every((element, i) => element === b[i])
}
