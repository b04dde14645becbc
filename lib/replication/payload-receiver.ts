/**
 * The RDB file of a full synchronization as it arrives: empty lines, then `$<length>` or `$EOF:<mark>`, then the file and
 * the mark (readSyncBulkPayload). Invariant: bytes behind a payload of known length are left to the caller; behind a mark
 * none come before we acknowledge.
 */
import { Buffer } from 'node:buffer'
import { type Bytes, bytesIn } from '../base/bytes.ts'
import type { RdbSource } from '../rdb/source.ts'

const LF = 10
const MARK_LENGTH = 40
const BLOCK_BYTES = 64 * 1024
/** The longest first line that makes sense. */
const LINE_MAX = 1024

/** What came of some bytes. */
export type PayloadProgress =
  | { readonly state: 'more' }
  /** The header was read; `length` is undefined when a mark will end the payload. */
  | { readonly state: 'begun'; readonly length: number | undefined; readonly consumed: number }
  | { readonly state: 'done'; readonly payload: RdbSource; readonly consumed: number }
  /** The master refuses, or speaks something else: the line it sent. */
  | { readonly state: 'refused' | 'strange'; readonly line: Bytes }

const MORE: PayloadProgress = { state: 'more' }

/** A whole payload; each block is given up as soon as it was read. */
class Payload implements RdbSource {
  readonly sizeBytes: number
  #blocks: Buffer[]
  #position = 0

  constructor(blocks: Buffer[], sizeBytes: number) {
    this.sizeBytes = sizeBytes
    this.#blocks = blocks.reverse()
  }

  read(target: Buffer, start: number): number {
    let at = start
    while (at < target.length && this.#position < this.sizeBytes) {
      const from = this.#position % BLOCK_BYTES
      const end = Math.min(BLOCK_BYTES, from + this.sizeBytes - this.#position)
      const count = (this.#blocks.at(-1) as Buffer).copy(target, at, from, end)
      at += count
      this.#position += count
      if (from + count === BLOCK_BYTES) this.#blocks.pop()
    }
    return at - start
  }

  close(): void {
    this.#blocks = []
    this.#position = this.sizeBytes
  }
}

/** Gathers one payload. */
export class PayloadReceiver {
  #line: Bytes = ''
  /** Of one size, so that they leave no gaps, and the last one filled in part. */
  #blocks: Buffer[] = []
  /** Of the file, -1 until the header came, 0 when a mark ends it: INFO's numbers. */
  #announced = -1
  #received = 0
  #mark: Buffer | undefined

  /** Bytes announced: -1 before the header, 0 when a mark ends the payload. */
  get announcedBytes(): number {
    return this.#announced
  }

  get receivedBytes(): number {
    return this.#received
  }

  /** The payload ends with a mark, and the stream waits for our acknowledgement. */
  get isMarked(): boolean {
    return this.#mark !== undefined
  }

  /**
   * Takes bytes; at `begun` call again with those not consumed. The buffer is copied where it has to be kept.
   */
  take(bytes: Buffer): PayloadProgress {
    if (this.#announced < 0) return this.#takeHeader(bytes)
    return this.#mark === undefined ? this.#takeCounted(bytes) : this.#takeMarked(bytes, this.#mark)
  }

  #takeHeader(bytes: Buffer): PayloadProgress {
    let start = 0
    for (;;) {
      const end = bytes.indexOf(LF, start)
      if (end < 0) break
      const line = (this.#line + bytesIn(bytes, start, end)).replace(/\r$/, '')
      this.#line = ''
      start = end + 1
      if (line !== '') return this.#begin(line, start)
    }
    this.#line += bytesIn(bytes, start)
    return this.#line.length > LINE_MAX ? { state: 'strange', line: this.#line } : MORE
  }

  #begin(line: Bytes, consumed: number): PayloadProgress {
    if (line.startsWith('-')) return { state: 'refused', line }
    if (line.startsWith('$EOF:') && line.length >= 5 + MARK_LENGTH) {
      this.#announced = 0
      this.#mark = Buffer.from(line.slice(5, 5 + MARK_LENGTH), 'latin1')
      return { state: 'begun', length: undefined, consumed }
    }
    const length = Number(/^\$(\d{1,15})$/.exec(line)?.[1] ?? Number.NaN)
    if (Number.isNaN(length)) return { state: 'strange', line }
    this.#announced = length
    return { state: 'begun', length, consumed }
  }

  #takeCounted(bytes: Buffer): PayloadProgress {
    const consumed = Math.min(bytes.length, this.#announced - this.#received)
    this.#keep(bytes.subarray(0, consumed))
    if (this.#received < this.#announced) return MORE
    return { state: 'done', payload: this.#handOver(this.#received), consumed }
  }

  #takeMarked(bytes: Buffer, mark: Buffer): PayloadProgress {
    this.#keep(bytes)
    if (!this.#endsWith(mark)) return MORE
    const payload = this.#handOver(this.#received - MARK_LENGTH)
    return { state: 'done', payload, consumed: bytes.length }
  }

  #keep(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      const filled = this.#received % BLOCK_BYTES
      if (filled === 0) this.#blocks.push(Buffer.allocUnsafeSlow(BLOCK_BYTES))
      const copied = bytes.copy(this.#blocks.at(-1) as Buffer, filled, at)
      this.#received += copied
      at += copied
    }
  }

  #endsWith(mark: Buffer): boolean {
    if (this.#received < MARK_LENGTH) return false
    return this.#tail(MARK_LENGTH).equals(mark)
  }

  /** The last bytes, which two blocks may share. */
  #tail(count: number): Buffer {
    const end = ((this.#received - 1) % BLOCK_BYTES) + 1
    const last = (this.#blocks.at(-1) as Buffer).subarray(Math.max(0, end - count), end)
    if (last.length === count) return last
    const before = this.#blocks.at(-2) as Buffer
    return Buffer.concat([before.subarray(BLOCK_BYTES - count + last.length), last])
  }

  #handOver(sizeBytes: number): RdbSource {
    const blocks = this.#blocks
    this.#blocks = []
    return new Payload(blocks, sizeBytes)
  }
}
