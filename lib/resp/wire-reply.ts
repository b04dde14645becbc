/**
 * Replies as RESP text: one growing byte string per client, handed to the socket once a turn (addReply* in
 * networking.c). Invariant: `take()` leaves the sink empty, so nothing is ever written twice.
 */
import { assert } from '../base/assert.ts'
import { type Bytes, PART_MAX } from '../base/bytes.ts'
import { formatDouble, formatShortestDouble } from '../base/numbers.ts'
import { bulkRun } from './bulk-run.ts'
import type { Protocol, ReplySink } from './reply-sink.ts'

/** `$<length>` lines of short bulk strings, made once: most replies are short. */
const BULK_HEADS = Array.from({ length: 1024 }, (_, length) => `$${length}\r\n`)

/** Shorter texts have few pieces. */
const FLAT_MIN = 256

/** So few are written one by one. */
const FEW = 4

const NONE: readonly Bytes[] = []

function bulkHead(length: number): Bytes {
  return length < BULK_HEADS.length ? (BULK_HEADS[length] as Bytes) : `$${length}\r\n`
}

/** Undefined when it would be too long for one text. */
function runOf(elements: readonly Bytes[]): Bytes | undefined {
  try {
    return bulkRun(elements)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return undefined
  }
}

/** RESP2 or RESP3 text of replies. */
export class WireReply implements ReplySink {
  protocol: Protocol = 2
  readonly #onError: ((text: Bytes) => void) | undefined
  readonly #hasShortDoubles: boolean
  #text: Bytes = ''
  /** What comes before the text where all of it is too much for one. */
  #parts = NONE
  #partBytes = 0

  /** `onError` hears of every error written, before it is; doubles are as long as it takes, or as short as it goes (7.2). */
  constructor(onError?: (text: Bytes) => void, { hasShortDoubles = false } = {}) {
    this.#onError = onError
    this.#hasShortDoubles = hasShortDoubles
  }

  /** What was written since the last call, in bytes. Throws RangeError when that is too long for V8: see {@link takeParts}. */
  take(): Bytes {
    if (this.#parts !== NONE) return this.takeParts().join('') + this.take()
    const text = this.#text
    this.#text = ''
    return text
  }

  /** What comes before all that {@link take} returns then: hardly ever anything. */
  takeParts(): readonly Bytes[] {
    const parts = this.#parts
    this.#parts = NONE
    this.#partBytes = 0
    return parts
  }

  /** Makes one piece of many: each is an object, which the collector moves about as long as the text waits. */
  flatten(): void {
    // V8 does it for whoever asks for a character.
    if (this.#text.length > FLAT_MIN) assert(this.#text.charCodeAt(0) < 256, 'replies are bytes')
  }

  /** Bytes waiting to be taken. */
  get length(): number {
    return this.#partBytes + this.#text.length
  }

  /** Appends text that is RESP already. */
  raw(text: Bytes): void {
    if (this.#text.length + text.length > PART_MAX) this.#beginPart()
    this.#text += text
  }

  #beginPart(): void {
    if (this.#text === '') return
    this.#parts = [...this.#parts, this.#text]
    this.#partBytes += this.#text.length
    this.#text = ''
  }

  ok(): void {
    this.#text += '+OK\r\n'
  }

  simple(text: Bytes): void {
    this.#text += `+${text}\r\n`
  }

  error(text: Bytes): void {
    this.#onError?.(text)
    this.#text += `-${/[\r\n]/.test(text) ? text.replace(/[\r\n]/g, ' ') : text}\r\n`
  }

  integer(value: number | bigint): void {
    this.#text += `:${value}\r\n`
  }

  bulk(bytes: Bytes): void {
    if (this.#text.length + bytes.length > PART_MAX) {
      this.#longBulk(bytes)
      return
    }
    // Piece after piece: a piece made of pieces would be a branch of the tree of its own, and slow to read.
    this.#text = `${this.#text}${bulkHead(bytes.length)}${bytes}\r\n`
  }

  #longBulk(bytes: Bytes): void {
    this.#text += bulkHead(bytes.length)
    this.#beginPart()
    this.#text = bytes
    // The end of its line alone may be too much for it.
    if (bytes.length > PART_MAX) this.#beginPart()
    this.#text += '\r\n'
  }

  bulks(elements: readonly Bytes[]): void {
    const run = elements.length > FEW ? runOf(elements) : undefined
    if (run !== undefined) this.raw(run)
    else for (const element of elements) this.bulk(element)
  }

  bulkOrNull(bytes: Bytes | undefined): void {
    if (bytes === undefined) this.null()
    else this.bulk(bytes)
  }

  null(): void {
    this.#text += this.protocol === 2 ? '$-1\r\n' : '_\r\n'
  }

  nullArray(): void {
    this.#text += this.protocol === 2 ? '*-1\r\n' : '_\r\n'
  }

  array(length: number): void {
    this.#text += `*${length}\r\n`
  }

  map(pairs: number): void {
    this.#text += this.protocol === 2 ? `*${2 * pairs}\r\n` : `%${pairs}\r\n`
  }

  set(length: number): void {
    this.#text += this.protocol === 2 ? `*${length}\r\n` : `~${length}\r\n`
  }

  attribute(pairs: number): void {
    this.#text += `|${pairs}\r\n`
  }

  push(length: number): void {
    this.#text += this.protocol === 2 ? `*${length}\r\n` : `>${length}\r\n`
  }

  double(value: number): void {
    this.doubleText(this.#hasShortDoubles ? formatShortestDouble(value) : formatDouble(value))
  }

  doubleText(digits: Bytes): void {
    if (this.protocol === 2) this.bulk(digits)
    else this.#text += `,${digits}\r\n`
  }

  boolean(value: boolean): void {
    if (this.protocol === 2) this.#text += value ? ':1\r\n' : ':0\r\n'
    else this.#text += value ? '#t\r\n' : '#f\r\n'
  }

  bigNumber(digits: Bytes): void {
    if (this.protocol === 2) this.bulk(digits)
    else this.#text += `(${digits}\r\n`
  }

  verbatim(format: 'txt' | 'mkd', text: Bytes): void {
    if (this.protocol === 2) this.bulk(text)
    else this.#text += `=${text.length + 4}\r\n${format}:${text}\r\n`
  }
}
