/**
 * Consumer groups of a stream: what was delivered to whom and not acknowledged yet (streamCG, streamConsumer, streamNACK).
 * Invariant: an entry pends in a group exactly when it pends for one of its consumers, as the same object.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Integer } from '../base/numbers.ts'
import type { StreamId } from '../base/stream-id.ts'
import { OrderedMap } from './ordered-map.ts'
import { radixTreeBytes } from './radix-size.ts'

/** A group, a consumer and a delivery, each by itself. */
const GROUP_BYTES = 40
const CONSUMER_BYTES = 24
const DELIVERY_BYTES = 24

/** A delivery that waits for its acknowledgement. */
export interface PendingEntry {
  consumer: Consumer
  /** Unix ms. */
  deliveredAtMs: number
  deliveries: Integer
}

/** A member of a group. */
export class Consumer {
  readonly name: Bytes
  /** When it last asked for something, Unix ms. */
  seenAtMs: number
  /** When it was last given something, Unix ms; undefined: never. */
  activeAtMs: number | undefined
  readonly pending = new OrderedMap<PendingEntry>()

  constructor(name: Bytes, seenAtMs: number, activeAtMs?: number) {
    this.name = name
    this.seenAtMs = seenAtMs
    this.activeAtMs = activeAtMs
  }
}

/** A group. */
export class ConsumerGroup {
  /** Delivered last: consumers are given what comes after it. */
  lastId: StreamId
  /** How many entries of the stream, from its very first, were read up to `lastId`; undefined: that cannot be told. */
  entriesRead: Integer | undefined
  readonly pending = new OrderedMap<PendingEntry>()
  readonly consumers = new OrderedMap<Consumer>()

  constructor(lastId: StreamId, entriesRead: Integer | undefined) {
    this.lastId = lastId
    this.entriesRead = entriesRead
  }

  /** Adds a consumer whose name is not taken. */
  addConsumer(name: Bytes, seenAtMs: number, activeAtMs?: number): Consumer {
    const consumer = new Consumer(name, seenAtMs, activeAtMs)
    this.consumers.set(name, consumer)
    return consumer
  }

  /** Removes a consumer with all that pends for it. */
  deleteConsumer(consumer: Consumer): void {
    for (const [id] of consumer.pending.entries()) this.pending.delete(id)
    this.consumers.delete(consumer.name)
  }

  /** An entry pends for this consumer now, whoever had it before; it has to be new or another one's otherwise. */
  assign(id: StreamId, entry: PendingEntry, consumer: Consumer): void {
    entry.consumer.pending.delete(id)
    entry.consumer = consumer
    consumer.pending.set(id, entry)
    this.pending.set(id, entry)
  }

  /** An entry pends no longer; false when it did not. */
  release(id: StreamId): boolean {
    const entry = this.pending.get(id)
    if (entry === undefined) return false
    this.pending.delete(id)
    entry.consumer.pending.delete(id)
    return true
  }

  /** Bytes that the group takes in a Redis. */
  memoryBytes(): number {
    let bytes = GROUP_BYTES
    bytes += radixTreeBytes(this.pending.size) + this.pending.size * DELIVERY_BYTES
    for (const consumer of this.consumers.values()) {
      bytes += CONSUMER_BYTES + consumer.name.length
      bytes += radixTreeBytes(consumer.pending.size)
    }
    return bytes
  }

  copy(): ConsumerGroup {
    const copy = new ConsumerGroup(this.lastId, this.entriesRead)
    for (const { name, seenAtMs, activeAtMs } of this.consumers.values()) {
      copy.addConsumer(name, seenAtMs, activeAtMs)
    }
    for (const [id, entry] of this.pending.entries()) {
      const consumer = copy.consumers.get(entry.consumer.name) as Consumer
      copy.assign(id, { ...entry, consumer }, consumer)
    }
    return copy
  }
}
