/**
 * The replication backlog: the last bytes of the stream, so that a replica that was away for a while can go on where it
 * stopped (replBacklog), and that of replicas whose snapshot is under way: what they wait for is here, once for all.
 * Every byte of a history has a number, the first one 1.
 * Invariant: it holds the bytes from `firstOffset` up to, not including, `nextOffset`: at most `capacity` of them, or all
 * from the first that a replica waits for.
 */
import { Buffer } from 'node:buffer'
import { type Bytes, bytesIn } from '../base/bytes.ts'

/** It grows by so much, so that it seldom does. */
const GROWTH = 2

/** What it takes to begin with: most streams of a test are short. */
const FIRST_BYTES = 16 * 1024

/** A ring of the stream's last bytes. */
export class Backlog {
  #ring: Buffer
  #length = 0
  /** Where the next byte goes. */
  #end = 0
  #nextOffset: number
  #capacity: number
  /** The first byte that somebody waits for. */
  #keptFrom = Number.POSITIVE_INFINITY

  /** `nextOffset` numbers the first byte it will take. */
  constructor(capacity: number, nextOffset: number) {
    this.#ring = Buffer.allocUnsafeSlow(Math.min(FIRST_BYTES, capacity))
    this.#capacity = capacity
    this.#nextOffset = nextOffset
  }

  /** How much it holds while nobody waits. */
  get capacity(): number {
    return this.#capacity
  }

  /** How much memory it takes. */
  get bytes(): number {
    return this.#ring.length
  }

  /** Bytes held. */
  get length(): number {
    return this.#length
  }

  get firstOffset(): number {
    return this.#nextOffset - this.#length
  }

  get nextOffset(): number {
    return this.#nextOffset
  }

  append(bytes: Bytes): void {
    this.#makeRoom(bytes.length)
    const size = this.#ring.length
    const kept = bytes.length > size ? bytes.slice(-size) : bytes
    const room = size - this.#end
    this.#ring.write(kept, this.#end, 'latin1')
    if (kept.length > room) this.#ring.write(kept.slice(room), 0, 'latin1')
    this.#grow(kept.length, bytes.length)
  }

  appendBuffer(bytes: Buffer): void {
    this.#makeRoom(bytes.length)
    const size = this.#ring.length
    const kept = bytes.length > size ? bytes.subarray(-size) : bytes
    const copied = kept.copy(this.#ring, this.#end)
    if (copied < kept.length) kept.copy(this.#ring, 0, copied)
    this.#grow(kept.length, bytes.length)
  }

  #grow(kept: number, count: number): void {
    const size = this.#ring.length
    this.#end = (this.#end + kept) % size
    this.#length = Math.min(size, this.#length + kept)
    this.#nextOffset += count
  }

  /** Whether everything from this byte on is held; the byte that comes next is (nothing is missing). */
  reaches(offset: number): boolean {
    return offset >= this.firstOffset && offset <= this.#nextOffset
  }

  /** The bytes from an offset that it reaches to the end. */
  from(offset: number): Bytes {
    const count = this.#nextOffset - offset
    const start = this.#end - count
    if (start >= 0) return bytesIn(this.#ring, start, this.#end)
    const size = this.#ring.length
    return bytesIn(this.#ring, size + start, size) + bytesIn(this.#ring, 0, this.#end)
  }

  /** Changes the capacity; the last bytes that fit, or are waited for, stay. */
  resize(capacity: number): void {
    this.#capacity = capacity
    const needed = this.#needed
    if (this.#ring.length > needed) this.#rebuild(needed)
  }

  /** Keeps all bytes from this one on, which it holds or which comes next; without one as many as it should. */
  keepFrom(offset: number | undefined): void {
    this.#keptFrom = offset ?? Number.POSITIVE_INFINITY
    const needed = this.#needed
    // What a replica waits for becomes less at once or not at all.
    const size = this.#ring.length
    if (size > GROWTH * needed || (size > needed && needed === this.#capacity))
      this.#rebuild(needed)
  }

  /** The most it may have to hold as things are. */
  get #needed(): number {
    return Math.max(this.#capacity, this.#nextOffset - this.#keptFrom)
  }

  #makeRoom(count: number): void {
    const waitedFor = this.#nextOffset - this.#keptFrom + count
    const needed = Math.max(waitedFor, Math.min(this.#capacity, this.#length + count))
    if (needed <= this.#ring.length) return
    const isInCapacity = needed <= this.#capacity
    this.#rebuild(isInCapacity ? Math.min(this.#capacity, GROWTH * needed) : GROWTH * needed)
  }

  #rebuild(size: number): void {
    if (size === this.#ring.length) return
    const length = Math.min(this.#length, size)
    const ring = Buffer.allocUnsafeSlow(size)
    const start = this.#end - length
    // What lies before the begin of the ring is at its end.
    const copied = start >= 0 ? 0 : this.#ring.copy(ring, 0, this.#ring.length + start)
    this.#ring.copy(ring, copied, Math.max(0, start), this.#end)
    this.#ring = ring
    this.#length = length
    this.#end = length % size
  }
}
