/**
 * Requests out of a client's bytes: RESP arrays of bulk strings and inline commands, with Redis' limits and error texts
 * (processInputBuffer, processMultibulkBuffer, processInlineBuffer). The buffer fed is read in place and may be reused
 * once `next` returned undefined. Invariant: however the stream is cut into chunks, the same requests come out.
 */
import { Buffer } from 'node:buffer'
import { type Bytes, bytesIn } from '../base/bytes.ts'
import { splitArguments } from './inline.ts'
import { nameIn, wordIn } from './word.ts'

/** What a client may send; read at each use, so a live object may be given. */
export interface RequestLimits {
  /** Longest bulk string, bytes (proto-max-bulk-len). */
  readonly maxBulkLength: number
  /** A client that has not authenticated yet is allowed little. */
  readonly restricted: boolean
  /** The stream of a master: it holds arrays and line ends, nothing else. */
  readonly isMasterStream?: boolean
}

const INLINE_MAX = 64 * 1024
const MULTIBULK_MAX = 2147483647
/** `*1`, `$0` and what ends their lines and the word. */
const SHORTEST_REQUEST = 10
const SHORTEST_WORD = 6
const RESTRICTED_ARGUMENTS = 10
const RESTRICTED_BULK = 16384
const CR = 13
const LF = 10
const SPACE = 32
const DOLLAR = 36
const ZERO = 48
const DOUBLE_QUOTE = 34
const SINGLE_QUOTE = 39
const ASTERISK = 42
/** A bulk string of this length has its room before it comes (PROTO_MBULK_BIG_ARG). */
const LARGE_BULK = 32 * 1024
/** Room is made at once for so many words. */
const PRESIZED_MAX = 1024
const NOTHING = Buffer.alloc(0)
/** A length line that cannot be read yet. */
const UNFINISHED = -2
/** A length line that is not a length. */
const MALFORMED = -3

/** Splits one client's byte stream into argument vectors. */
export class RequestDecoder {
  readonly #limits: RequestLimits
  #buffer: Buffer = NOTHING
  #position = 0
  #end = 0
  /** Where #buffer begins as Redis would have it: what was read before this chunk is cut off. */
  #base = 0
  #largestBulk = 0
  /** The bytes in #buffer belong to us and survive the turn. */
  #owned = false
  /** Bulk strings still to come of the request begun; 0 between requests. */
  #missing = 0
  /** Bulk strings of that request in all. */
  #count = 0
  /** Those read already, while the rest is not here. */
  #begun: Bytes[] | undefined
  /** How many of them were counted, and their bytes. */
  #begunWords = 0
  #begunBytes = 0
  /** Length of the bulk string begun, -1 between bulk strings. */
  #bulkLength = -1
  /** Where a length line ends, set by #readLength. */
  #lineEnd = 0
  #error: Bytes | undefined
  #fedBytes = 0

  constructor(limits: RequestLimits) {
    this.#limits = limits
  }

  /** Why the stream can not be read on: the text after `ERR Protocol error: `. */
  get error(): Bytes | undefined {
    return this.#error
  }

  /** Bytes received that belong to a request not complete yet. */
  get pendingBytes(): number {
    return this.#end - this.#position
  }

  /** Bytes of the chunk fed last, with what waited before it, as long as requests are read from it; then those that wait. */
  get bufferedBytes(): number {
    return this.#end - this.#base
  }

  /** The length of the bulk string that has begun, if it is one whose room is made before it comes; 0 otherwise. */
  get largeBulkBytes(): number {
    return this.#bulkLength < LARGE_BULK ? 0 : this.#bulkLength + 2
  }

  /** The longest of these since it was asked last. */
  takeLargestBulk(): number {
    const largest = this.#largestBulk
    this.#largestBulk = 0
    return largest
  }

  /** A request has begun whose words are not all here. */
  get hasBegun(): boolean {
    return this.#begun !== undefined
  }

  /** Bytes of the words that were read already of a request not complete yet. */
  get begunBytes(): number {
    const begun = this.#begun
    if (begun === undefined) return 0
    const here = this.#count - this.#missing
    for (; this.#begunWords < here; this.#begunWords++) {
      this.#begunBytes += (begun[this.#begunWords] as Bytes).length
    }
    return this.#begunBytes
  }

  /** Bytes up to the end of the request that `next` returned last; meaningful right after it did. */
  get consumedBytes(): number {
    return this.#fedBytes - this.pendingBytes
  }

  /** No request has begun. */
  get isBetweenRequests(): boolean {
    return this.#missing === 0 && this.pendingBytes === 0
  }

  /** Adds the first `length` bytes of a chunk. */
  feed(chunk: Buffer, length: number): void {
    this.#fedBytes += length
    if (this.#position === this.#end) {
      this.#buffer = chunk
      this.#position = 0
      this.#base = 0
      this.#end = length
      this.#owned = false
      return
    }
    this.#append(chunk, length)
  }

  #append(chunk: Buffer, length: number): void {
    const pending = this.#end - this.#position
    if (this.#buffer.length - this.#end < length) {
      // Doubling keeps a large bulk string that arrives in small pieces linear.
      const grown = Buffer.allocUnsafeSlow(Math.max(1024, 2 * (pending + length)))
      this.#buffer.copy(grown, 0, this.#position, this.#end)
      this.#buffer = grown
      this.#position = 0
      this.#end = pending
    }
    chunk.copy(this.#buffer, this.#end, 0, length)
    this.#end += length
    this.#base = this.#position
  }

  /** The next complete request, argv[0] first, empty ones too; undefined when more bytes are needed or `error` is set. */
  next(): Bytes[] | undefined {
    if (this.#position < this.#end && this.#error === undefined) {
      const begins = this.#missing === 0
      const usual = begins ? this.#usual() : undefined
      if (usual !== undefined) return usual
      const isInline = begins && this.#buffer[this.#position] !== ASTERISK
      if (isInline || !begins || this.#header()) {
        const argv = isInline ? this.#inline() : this.#bulks()
        if (argv !== undefined) return argv
      }
    }
    this.hold()
    return undefined
  }

  /**
   * A request of less than a hundred words, none of them long, that is all here, read in one go; undefined when it is any
   * other, and nothing has happened then.
   */
  #usual(): Bytes[] | undefined {
    const buffer = this.#buffer
    const end = this.#end
    let at = this.#position
    if (at + SHORTEST_REQUEST > end || buffer[at] !== ASTERISK) return undefined
    let count = (buffer[at + 1] as number) - ZERO
    if (count < 1 || count > 9) return undefined
    at += 2
    if (buffer[at] !== CR) {
      const digit = (buffer[at] as number) - ZERO
      if (digit < 0 || digit > 9 || this.#limits.restricted) return undefined
      count = count * 10 + digit
      at++
      if (buffer[at] !== CR) return undefined
    }
    at += 2
    const argv = new Array<Bytes>(count)
    for (let i = 0; i < count; i++) {
      if (at + SHORTEST_WORD > end || buffer[at] !== DOLLAR) return undefined
      let length = (buffer[at + 1] as number) - ZERO
      if (length < 0 || length > 9) return undefined
      at += 2
      for (; buffer[at] !== CR; at++) {
        const digit = (buffer[at] as number) - ZERO
        if (digit < 0 || digit > 9 || length === 0 || at === end) return undefined
        length = length * 10 + digit
      }
      const start = at + 2
      at = start + length + 2
      if (at > end || length > RESTRICTED_BULK) return undefined
      argv[i] =
        i === 0 ? nameIn(buffer, start, start + length) : wordIn(buffer, start, start + length)
    }
    this.#position = at
    return argv
  }

  /** Moves what is left out of the caller's buffer, for a reader that stops before `next` returned undefined. */
  hold(): void {
    if (this.#position === this.#end) {
      this.#buffer = NOTHING
      this.#position = 0
      this.#end = 0
      this.#owned = false
    } else if (!this.#owned) {
      const left = this.#end - this.#position
      const own = Buffer.allocUnsafeSlow(Math.max(256, left * 2))
      this.#buffer.copy(own, 0, this.#position, this.#end)
      this.#buffer = own
      this.#position = 0
      this.#end = left
      this.#owned = true
    }
    this.#base = this.#position
  }

  /** Reads `*<count>`; false when it is incomplete or wrong. */
  #header(): boolean {
    const count = this.#readLength(this.#position + 1)
    if (count === UNFINISHED) {
      if (this.#end - this.#position > INLINE_MAX) this.#error = 'too big mbulk count string'
      return false
    }
    if (count === MALFORMED || count > MULTIBULK_MAX) {
      this.#error = 'invalid multibulk length'
      return false
    }
    if (count > RESTRICTED_ARGUMENTS && this.#limits.restricted) {
      this.#error = 'unauthenticated multibulk length'
      return false
    }
    this.#position = this.#lineEnd
    this.#count = Math.max(0, count)
    this.#missing = this.#count
    return true
  }

  /** Reads the bulk strings of the request begun; undefined when they are not all there, or wrong. */
  #bulks(): Bytes[] | undefined {
    const buffer = this.#buffer
    const count = this.#count
    // A client may announce more words than it ever sends.
    const argv = this.#begun ?? new Array<Bytes>(Math.min(count, PRESIZED_MAX))
    while (this.#missing > 0) {
      if (!this.#bulkIsHere()) {
        this.#begun = argv
        return undefined
      }
      const start = this.#position
      const stop = start + this.#bulkLength
      argv[count - this.#missing] =
        this.#missing === count ? nameIn(buffer, start, stop) : wordIn(buffer, start, stop)
      this.#position = stop + 2
      this.#bulkLength = -1
      this.#missing--
    }
    if (this.#begun !== undefined) {
      this.#begun = undefined
      this.#begunWords = 0
      this.#begunBytes = 0
    }
    return argv
  }

  /** Whether the next bulk string can be read at #position. */
  #bulkIsHere(): boolean {
    if (this.#bulkLength === -1 && !this.#bulkHeader()) return false
    return this.#position + this.#bulkLength + 2 <= this.#end
  }

  #bulkHeader(): boolean {
    if (this.#position >= this.#end) return false
    const first = this.#buffer[this.#position]
    const length = this.#readLength(this.#position + 1)
    if (length === UNFINISHED) {
      if (this.#end - this.#position > INLINE_MAX) this.#error = 'too big bulk count string'
      return false
    }
    if (first !== DOLLAR) {
      // A NUL hides the end of the line, as in C.
      if (first === 0) return false
      this.#error = `expected '$', got '${printable(first ?? 0)}'`
      return false
    }
    // No limit is lower, so a short one needs no look at them.
    if (length < 0 || length > RESTRICTED_BULK) {
      this.#error = this.#lengthError(length)
      if (this.#error !== undefined) return false
      if (length >= LARGE_BULK) this.#largestBulk = Math.max(this.#largestBulk, length + 2)
    }
    this.#position = this.#lineEnd
    this.#bulkLength = length
    return true
  }

  #lengthError(length: number): Bytes | undefined {
    if (length < 0 || length > this.#limits.maxBulkLength) return 'invalid bulk length'
    return this.#limits.restricted ? 'unauthenticated bulk length' : undefined
  }

  /**
   * The integer of a length line that begins at `from`; {@link UNFINISHED}, {@link MALFORMED}. Negative lengths read as
   * -1. Sets #lineEnd.
   */
  #readLength(from: number): number {
    const buffer = this.#buffer
    const end = this.#end
    let value = 0
    let at = from
    for (; at < end; at++) {
      const digit = (buffer[at] as number) - 48
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    if (buffer[at] === CR && at < end && at > from && (at === from + 1 || buffer[from] !== 48)) {
      if (at + 1 >= end) return UNFINISHED
      this.#lineEnd = at + 2
      return value > Number.MAX_SAFE_INTEGER ? MALFORMED : value
    }
    return this.#readOddLength(from)
  }

  /** Length lines that are not plain digits: signs, garbage, or not there yet. A NUL hides the rest, as in C. */
  #readOddLength(from: number): number {
    let at = from - 1
    while (at < this.#end && this.#buffer[at] !== CR) {
      if (this.#buffer[at] === 0) return UNFINISHED
      at++
    }
    if (at + 1 >= this.#end) return UNFINISHED
    this.#lineEnd = at + 2
    const text = bytesIn(this.#buffer, from, at)
    if (!/^-[1-9]\d{0,18}$/.test(text)) return MALFORMED
    return BigInt(text) < -(2n ** 63n) ? MALFORMED : -1
  }

  /** Reads an inline command; undefined when its line is incomplete or wrong. */
  #inline(): Bytes[] | undefined {
    let at = this.#position
    while (at < this.#end && this.#buffer[at] !== LF && this.#buffer[at] !== 0) at++
    if (at >= this.#end || this.#buffer[at] === 0) {
      if (this.#end - this.#position > INLINE_MAX) this.#error = 'too big inline request'
      return undefined
    }
    const stop = at > this.#position && this.#buffer[at - 1] === CR ? at - 1 : at
    const argv =
      this.#plainWords(stop) ?? splitArguments(bytesIn(this.#buffer, this.#position, stop))
    if (argv === undefined) {
      this.#error = 'unbalanced quotes in request'
      return undefined
    }
    if (argv.length > 0 && this.#limits.isMasterStream === true) {
      this.#error = 'Master using the inline protocol. Desync?'
      return undefined
    }
    this.#position = at + 1
    return argv
  }

  /** The words of a line up to `stop` that spaces alone part; undefined when there is more to it. */
  #plainWords(stop: number): Bytes[] | undefined {
    const buffer = this.#buffer
    let words: Bytes[] | undefined
    let start = this.#position
    for (let at = start; at <= stop; at++) {
      const byte = at < stop ? (buffer[at] as number) : SPACE
      if (byte > SPACE && byte !== DOUBLE_QUOTE && byte !== SINGLE_QUOTE) continue
      if (byte !== SPACE) return undefined
      if (at > start) {
        // An empty array would make room for many with the first word.
        if (words === undefined) words = [nameIn(buffer, start, at)]
        else words.push(wordIn(buffer, start, at))
      }
      start = at + 1
    }
    return words ?? []
  }
}

function printable(byte: number): string {
  // The text is an error line: what would break it out of its line is shown as Redis' reply shows it, as a space.
  return byte === CR || byte === LF ? ' ' : String.fromCharCode(byte)
}
