/**
 * Reads the commands of an append-only file (loadSingleAppendOnlyFile). It is stricter than Redis: a line ends with CR LF and
 * a length is a plain number, as in everything a server writes.
 * Invariant: `position` is where the last whole command ends, and a file is either read to its end or refused with the place.
 */
import type { Buffer } from 'node:buffer'
import { type Bytes, bytesIn } from '../base/bytes.ts'

/** The file cannot be read on at this place. */
export class AofError extends Error {
  override readonly name: string = 'AofError'
  /** Where the command begins that is wrong. */
  readonly offset: number

  constructor(reason: string, offset: number) {
    super(`${reason} at offset ${offset}`)
    this.offset = offset
  }
}

/** The file ends within a command: a writer was stopped there. */
export class AofTruncatedError extends AofError {
  override readonly name = 'AofTruncatedError'

  constructor(offset: number) {
    super('the file ends within a command', offset)
  }
}

const CR = 13
const LF = 10
const HASH = 35
const DOLLAR = 36
const ASTERISK = 42
const ZERO = 48
const NINE = 57

/** No count and no length is longer than this. */
const DIGITS_MAX = 10
/** Room is made at once for so many words. */
const PRESIZED_MAX = 1024

/** Walks through one file. */
export class AofReader {
  /** Where the last whole command, or note, ends. */
  position: number
  /** Where the command begins that `next` returned last. */
  lastStart = 0
  readonly #file: Buffer
  readonly #maxBulkLength: number
  #at = 0

  /** `from`: where the commands begin; `maxBulkLength`: no word is longer. */
  constructor(file: Buffer, options: { readonly from?: number; readonly maxBulkLength: number }) {
    this.#file = file
    this.position = options.from ?? 0
    this.#maxBulkLength = options.maxBulkLength
  }

  /** The next command, argv[0] first; undefined at the end of the file. Throws {@link AofError}. */
  next(): Bytes[] | undefined {
    this.#skipNotes()
    if (this.position === this.#file.length) return undefined
    this.#at = this.position
    const count = this.#number(ASTERISK)
    if (count === 0) throw this.#wrong('a command without a name')
    const argv = new Array<Bytes>(Math.min(count, PRESIZED_MAX))
    for (let i = 0; i < count; i++) argv[i] = this.#word()
    this.lastStart = this.position
    this.position = this.#at
    return argv
  }

  #skipNotes(): void {
    while (this.#file[this.position] === HASH) {
      const end = this.#file.indexOf(LF, this.position)
      if (end === -1) throw new AofTruncatedError(this.position)
      this.position = end + 1
    }
  }

  #word(): Bytes {
    const length = this.#number(DOLLAR)
    if (length > this.#maxBulkLength) throw this.#wrong(`a word of ${length} bytes`)
    const start = this.#at
    const end = start + length
    if (end + 2 > this.#file.length) {
      // All that is there must be what a stopped writer would have left.
      if (end < this.#file.length && this.#file[end] !== CR) throw this.#wrong('no CR LF')
      throw new AofTruncatedError(this.position)
    }
    if (this.#file[end] !== CR || this.#file[end + 1] !== LF) throw this.#wrong('no CR LF')
    this.#at = end + 2
    return bytesIn(this.#file, start, end)
  }

  /** The number of a line that begins with this character. */
  #number(mark: number): number {
    const file = this.#file
    let at = this.#at
    if (at >= file.length) throw new AofTruncatedError(this.position)
    if (file[at] !== mark) {
      throw this.#wrong(`expected '${String.fromCharCode(mark)}', got byte ${file[at]}`)
    }
    let value = 0
    const first = ++at
    for (; at < file.length; at++) {
      const byte = file[at] as number
      if (byte < ZERO || byte > NINE || at - first >= DIGITS_MAX) break
      value = value * 10 + byte - ZERO
    }
    if (at === file.length) throw new AofTruncatedError(this.position)
    if (at === first || file[at] !== CR) throw this.#wrong('no number')
    if (at + 1 === file.length) throw new AofTruncatedError(this.position)
    if (file[at + 1] !== LF) throw this.#wrong('no CR LF')
    this.#at = at + 2
    return value
  }

  #wrong(reason: string): AofError {
    return new AofError(`bad format (${reason} at ${this.#at})`, this.position)
  }
}
