/**
 * The master's stream on its way in: bytes are handed out for decoding as they come and counted when they were applied,
 * which may be much later. Invariant: what was applied is passed on once, in order, byte for byte; a chunk is copied only
 * if it outlives its turn.
 */
import { Buffer } from 'node:buffer'
import { assert } from '../base/assert.ts'

const EMPTY = Buffer.alloc(0)

/** The bytes between receipt and application. */
export class IncomingStream {
  /** Received and not passed on, our copies. */
  #kept: Buffer[] = []
  /** The chunk received last, which is not ours. */
  #borrowed: Buffer = EMPTY
  /** Received and not applied. */
  #unappliedBytes = 0
  /** Applied and not passed on. */
  #appliedBytes = 0

  /** Bytes received and not applied. */
  get unappliedBytes(): number {
    return this.#unappliedBytes
  }

  /** Takes a chunk; it may be reused after the next `settle`. */
  add(bytes: Buffer, pass: (bytes: Buffer) => void): void {
    this.settle(pass)
    this.#borrowed = bytes
    this.#unappliedBytes += bytes.length
  }

  /** So many more bytes were applied. */
  applied(count: number): void {
    assert(count <= this.#unappliedBytes, 'no more is applied than was received')
    this.#unappliedBytes -= count
    this.#appliedBytes += count
  }

  /** Passes on what was applied and makes the rest our own. */
  settle(pass: (bytes: Buffer) => void): void {
    let count = this.#appliedBytes
    this.#appliedBytes = 0
    while (count > 0) {
      const first = this.#kept.shift()
      if (first === undefined) break
      if (first.length > count) this.#kept.unshift(first.subarray(count))
      const part = first.subarray(0, count)
      pass(part)
      count -= part.length
    }
    const borrowed = this.#borrowed
    this.#borrowed = EMPTY
    if (count > 0) pass(borrowed.subarray(0, count))
    if (count < borrowed.length) this.#kept.push(Buffer.from(borrowed.subarray(count)))
  }
}
