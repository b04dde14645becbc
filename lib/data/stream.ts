/**
 * A stream: entries in the order of their ids, in nodes as Redis cuts them, and groups that consume them (t_stream.c). The
 * nodes are told apart because `MAXLEN ~` removes whole ones, RDB files hold them, and XINFO counts them.
 * Invariant: `size` counts the entries that are not deleted, `firstId` is the id of the first of them, `0-0` without any.
 */
import { allocationBytes, OBJECT_BYTES } from '../base/allocation.ts'
import type { Bytes } from '../base/bytes.ts'
import { addIntegers, INT64_MIN, type Integer } from '../base/numbers.ts'
import { MAX_STREAM_ID, MIN_STREAM_ID, type StreamId } from '../base/stream-id.ts'
import type { EncodingLimits } from './encoding-limit.ts'
import { OrderedMap } from './ordered-map.ts'
import { radixTreeBytes } from './radix-size.ts'
import type { StoredObject } from './stored-object.ts'
import type { ConsumerGroup } from './stream-group.ts'
import { type StreamEntry, StreamNode } from './stream-node.ts'

/** Fields and values of one entry that are larger are refused (STREAM_LISTPACK_MAX_SIZE). */
const CONTENT_MAX_BYTES = 2 ** 30

/** A stream without its nodes and groups. */
const STREAM_BYTES = 80
/** The listpack that is written to has room for a whole node from the start, if nodes are not larger than this. */
const ROOM_BYTES = 4096

/** What trimming leaves: so many entries, or those from an id on. */
export type TrimGoal = { readonly maxLength: number } | { readonly minId: StreamId }

/** How trimming is done. */
export interface TrimOptions {
  /** Whole nodes only. */
  readonly isApproximate: boolean
  /** Not more entries than this; 0: any number. */
  readonly limit: number
}

/** What a stream knows of itself beside its entries. */
export interface StreamFacts {
  readonly lastId: StreamId
  readonly maxDeletedId: StreamId
  readonly entriesAdded: Integer
}

/** A stream. */
export class StreamValue implements StoredObject {
  readonly type = 'stream'
  readonly #limits: EncodingLimits
  readonly #nodes: StreamNode[]
  readonly groups = new OrderedMap<ConsumerGroup>()
  /** Of the entry that was added last, deleted or not. */
  lastId: StreamId = MIN_STREAM_ID
  /** The greatest id that XDEL took. */
  maxDeletedId: StreamId = MIN_STREAM_ID
  /** Entries ever added. */
  entriesAdded: Integer = 0
  #firstId: StreamId = MIN_STREAM_ID
  #size = 0
  /** Bytes of all nodes; undefined until somebody asks. */
  #nodeBytes: number | undefined

  constructor(limits: EncodingLimits, nodes: StreamNode[] = [], facts?: StreamFacts) {
    this.#limits = limits
    this.#nodes = nodes
    for (const { live } of nodes) this.#size += live
    this.#findFirst()
    if (facts === undefined) return
    this.lastId = facts.lastId
    this.maxDeletedId = facts.maxDeletedId
    this.entriesAdded = facts.entriesAdded
  }

  get size(): number {
    return this.#size
  }

  get firstId(): StreamId {
    return this.#firstId
  }

  get nodes(): readonly StreamNode[] {
    return this.#nodes
  }

  encoding(): 'stream' {
    return 'stream'
  }

  copy(): StreamValue {
    const nodes = this.#nodes.map((node) => node.copy())
    const copy = new StreamValue(this.#limits, nodes, this)
    for (const [name, group] of this.groups.entries()) copy.groups.set(name, group.copy())
    return copy
  }

  /** Adds an entry, whose id is greater than all before; false when it is too large. */
  append(id: StreamId, fields: readonly Bytes[], values: readonly Bytes[]): boolean {
    const contentBytes = lengthOfAll(fields) + lengthOfAll(values)
    if (contentBytes > CONTENT_MAX_BYTES) return false
    let node = this.#nodes.at(-1)
    if (node === undefined || !node.hasRoomFor(contentBytes, this.#limits)) {
      node = new StreamNode(id, fields)
      this.#nodes.push(node)
      this.#weigh(node.bytes)
    }
    this.#weigh(-node.bytes)
    node.append(id, fields, values)
    this.#weigh(node.bytes)
    this.#size++
    this.entriesAdded = addIntegers(this.entriesAdded, 1) ?? INT64_MIN
    this.lastId = id
    if (this.#size === 1) this.#firstId = id
    return true
  }

  /** The entry of an id. */
  get(id: StreamId): StreamEntry | undefined {
    return this.#nodes[this.#nodeOf(id)]?.find(id)
  }

  /** Entries from `start` to `end`, both included, ascending. They must not change meanwhile. */
  *range(start: StreamId = MIN_STREAM_ID, end: StreamId = MAX_STREAM_ID): Generator<StreamEntry> {
    let index = this.#nodeOf(start)
    let at = this.#nodes[index]?.indexFrom(start) ?? 0
    for (; index < this.#nodes.length; index++, at = 0) {
      const { entries } = this.#nodes[index] as StreamNode
      for (; at < entries.length; at++) {
        const entry = entries[at] as StreamEntry
        if (entry.id > end) return
        if (!entry.isDeleted) yield entry
      }
    }
  }

  /** Entries from `end` down to `start`, both included, descending. They must not change meanwhile. */
  *reversed(
    end: StreamId = MAX_STREAM_ID,
    start: StreamId = MIN_STREAM_ID,
  ): Generator<StreamEntry> {
    for (let index = this.#nodeOf(end); index >= 0; index--) {
      const { entries } = this.#nodes[index] ?? { entries: [] }
      for (let at = entries.length - 1; at >= 0; at--) {
        const entry = entries[at] as StreamEntry
        if (entry.id < start) return
        if (!entry.isDeleted && entry.id <= end) yield entry
      }
    }
  }

  /** Removes an entry; false when there is none. */
  delete(id: StreamId): boolean {
    const index = this.#nodeOf(id)
    const node = this.#nodes[index]
    if (node?.find(id) === undefined) return false
    this.#weigh(-node.bytes)
    if (node.live === 1) this.#nodes.splice(index, 1)
    else {
      node.delete(node.indexFrom(id))
      this.#weigh(node.bytes)
    }
    this.#size--
    if (id > this.maxDeletedId) this.maxDeletedId = id
    if (id === this.#firstId) this.#findFirst()
    return true
  }

  /** Removes entries from the head, oldest first; returns how many (streamTrim). */
  trim(goal: TrimGoal, { isApproximate, limit }: TrimOptions): number {
    const before = this.#size
    let whole = 0
    for (const node of this.#nodes) {
      if ('maxLength' in goal && this.#size <= goal.maxLength) break
      if (limit > 0 && before - this.#size + node.live > limit) break
      const goes =
        'maxLength' in goal ? this.#size - node.live >= goal.maxLength : node.lastId < goal.minId
      if (!goes) {
        if (!isApproximate) this.#trimWithin(node, goal)
        break
      }
      this.#size -= node.live
      this.#weigh(-node.bytes)
      whole++
    }
    this.#nodes.splice(0, whole)
    if (this.#size !== before) this.#findFirst()
    return before - this.#size
  }

  #trimWithin(node: StreamNode, goal: TrimGoal): void {
    this.#weigh(-node.bytes)
    this.#deleteWithin(node, goal)
    this.#weigh(node.bytes)
  }

  #deleteWithin(node: StreamNode, goal: TrimGoal): void {
    for (const [index, { id }] of node.entries.entries()) {
      const isDone = 'maxLength' in goal ? this.#size <= goal.maxLength : id >= goal.minId
      if (isDone) return
      if (node.delete(index)) this.#size--
    }
  }

  memoryBytes(): number {
    let bytes = OBJECT_BYTES + STREAM_BYTES + this.#listpackBytes()
    bytes += radixTreeBytes(this.#nodes.length)
    for (const group of this.groups.values()) bytes += group.memoryBytes()
    return bytes
  }

  #listpackBytes(): number {
    const last = this.#nodes.at(-1)
    if (last === undefined) return 0
    if (this.#nodeBytes === undefined) {
      this.#nodeBytes = 0
      for (const { bytes } of this.#nodes) this.#nodeBytes += bytes
    }
    const closed = this.#nodes.length - 1
    const perNode = closed === 0 ? 0 : (this.#nodeBytes - last.bytes) / closed
    const { streamNodeMaxBytes: max } = this.#limits
    const room = max === 0 ? ROOM_BYTES : Math.min(max, ROOM_BYTES)
    const open = allocationBytes(Math.max(room, last.bytes))
    return closed * allocationBytes(Math.ceil(perNode)) + open
  }

  freeEffort(): number {
    const [group] = this.groups.values()
    // Groups are taken to be like the first one.
    const perGroup = group === undefined ? 0 : 1 + group.pending.size
    return this.#nodes.length + this.groups.size * perGroup
  }

  #weigh(bytes: number): void {
    if (this.#nodeBytes !== undefined) this.#nodeBytes += bytes
  }

  /** Whether an entry from `start` on may have been deleted behind the first one (streamRangeHasTombstones). */
  hasGapFrom(start: StreamId): boolean {
    return this.#hasGap && start <= this.maxDeletedId
  }

  /** {@link hasGapFrom} where entries that were deleted before the first one count, too (7.4). */
  hasTombstoneFrom(start: StreamId): boolean {
    return this.#size > 0 && this.maxDeletedId > MIN_STREAM_ID && start <= this.maxDeletedId
  }

  /** Everything that was deleted, and this id, lie before the first entry: all there are come behind it. */
  isWholeBehind(id: StreamId): boolean {
    return this.#size > 0 && id < this.#firstId && this.maxDeletedId < this.#firstId
  }

  /** Whether the first entry comes behind this id. */
  beginsBehind(id: StreamId): boolean {
    return id < this.#firstId
  }

  get #hasGap(): boolean {
    return this.#size > 0 && this.maxDeletedId >= this.#firstId
  }

  /**
   * How many entries were ever added up to an id; undefined where that cannot be told
   * (streamEstimateDistanceFromFirstEverEntry).
   */
  countUpTo(id: StreamId): Integer | undefined {
    if (this.entriesAdded === 0) return 0
    if (id === this.lastId || (this.#size === 0 && id < this.lastId)) return this.entriesAdded
    if (id > this.lastId || id > this.#firstId) return undefined
    if (this.#hasGap) return undefined
    return addIntegers(this.entriesAdded, (id === this.#firstId ? 1 : 0) - this.#size)
  }

  /** The last node that begins at an id or before it; the first one when none does. */
  #nodeOf(id: StreamId): number {
    const last = this.#nodes.length - 1
    if (last >= 0 && (this.#nodes[last] as StreamNode).masterId <= id) return last
    let low = 0
    let high = Math.max(last, 0)
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if ((this.#nodes[middle] as StreamNode).masterId <= id) low = middle
      else high = middle - 1
    }
    return low
  }

  #findFirst(): void {
    this.#firstId = MIN_STREAM_ID
    for (const { id } of this.range()) {
      this.#firstId = id
      return
    }
  }
}

function lengthOfAll(elements: readonly Bytes[]): number {
  let length = 0
  for (const element of elements) length += element.length
  return length
}
