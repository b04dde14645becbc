/**
 * The replication backlog: the last bytes of the stream, so that a replica that was away for a while can go on where it
 * stopped (replBacklog). Every byte of a history has a number, the first one 1.
 * Invariant: it holds the bytes from `firstOffset` up to, not including, `nextOffset`, at most `capacity` of them.
 */
import { Buffer } from 'node:buffer'
import { type Bytes, bytesIn } from '../base/bytes.ts'

/** A ring of the stream's last bytes. */
export class Backlog {
  #ring: Buffer
  #length = 0
  /** Where the next byte goes. */
  #end = 0
  #nextOffset: number

  /** `nextOffset` numbers the first byte it will take. */
  constructor(capacity: number, nextOffset: number) {
    this.#ring = Buffer.allocUnsafeSlow(capacity)
    this.#nextOffset = nextOffset
  }

  get capacity(): number {
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
    const kept = bytes.length > this.capacity ? bytes.slice(-this.capacity) : bytes
    const room = this.capacity - this.#end
    this.#ring.write(kept, this.#end, 'latin1')
    if (kept.length > room) this.#ring.write(kept.slice(room), 0, 'latin1')
    this.#grow(kept.length, bytes.length)
  }

  appendBuffer(bytes: Buffer): void {
    const kept = bytes.length > this.capacity ? bytes.subarray(-this.capacity) : bytes
    const copied = kept.copy(this.#ring, this.#end)
    if (copied < kept.length) kept.copy(this.#ring, 0, copied)
    this.#grow(kept.length, bytes.length)
  }

  #grow(kept: number, count: number): void {
    this.#end = (this.#end + kept) % this.capacity
    this.#length = Math.min(this.capacity, this.#length + kept)
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
    return (
      bytesIn(this.#ring, this.capacity + start, this.capacity) + bytesIn(this.#ring, 0, this.#end)
    )
  }

  /** Changes the capacity; the last bytes that fit stay. */
  resize(capacity: number): void {
    const kept = this.from(Math.max(this.firstOffset, this.#nextOffset - capacity))
    this.#ring = Buffer.allocUnsafeSlow(capacity)
    this.#ring.write(kept, 0, 'latin1')
    this.#length = kept.length
    this.#end = kept.length % capacity
  }
}
