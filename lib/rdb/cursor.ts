/**
 * Reads the pieces that RDB files are made of: lengths, integers, strings in all their encodings (rdbLoadLen,
 * rdbGenericLoadStringObject). Invariant: a read either succeeds and moves the position, or throws and leaves it, so a
 * reader that gets the bytes piecemeal can try again with more of them.
 */
import { Buffer } from 'node:buffer'
import { type Bytes, bytesIn } from '../base/bytes.ts'
import { lzfDecompressInto, lzfMayExpand } from '../base/lzf.ts'
import { RdbError, RdbTruncatedError } from './format.ts'

const LENGTH_14 = 1
const LENGTH_LARGE = 2
const SPECIAL = 3
const LENGTH_32 = 0x80
const LENGTH_64 = 0x81

/** Strings up to so many bytes are decompressed in a buffer that is there already: to make one costs more than to fill it. */
const WORKSPACE_BYTES = 8 * 1024
const workspace = Buffer.allocUnsafeSlow(WORKSPACE_BYTES)

/** How a cursor begins. */
export interface RdbCursorOptions {
  readonly position?: number
  /** Blocks of many elements are checked in bytes, too, that no reader needs (`sanitize-dump-payload`). */
  readonly sanitizes?: boolean
}

/** A place in a buffer of RDB bytes. */
export class RdbCursor {
  #bytes: Buffer
  position: number
  /** Bytes that came before the buffer. */
  #passedBytes = 0
  readonly #sanitizes: boolean
  #sanitizedBlocks = 0

  constructor(bytes: Buffer, { position = 0, sanitizes = false }: RdbCursorOptions = {}) {
    this.#bytes = bytes
    this.position = position
    this.#sanitizes = sanitizes
  }

  get bytes(): Buffer {
    return this.#bytes
  }

  /** Goes on with another buffer, which begins with the byte at the position. */
  goOnWith(bytes: Buffer): void {
    this.#passedBytes += this.position
    this.#bytes = bytes
    this.position = 0
  }

  /** How far it is from the first byte of all buffers. */
  get offset(): number {
    return this.#passedBytes + this.position
  }

  /** How many blocks were checked to the last byte. */
  get sanitizedBlocks(): number {
    return this.#sanitizedBlocks
  }

  /** Whether the block that was read last is to be checked to the last byte; it counts then. */
  sanitizesBlock(): boolean {
    if (this.#sanitizes) this.#sanitizedBlocks++
    return this.#sanitizes
  }

  get atEnd(): boolean {
    return this.position === this.#bytes.length
  }

  byte(): number {
    return this.#bytes[this.#take(1)] as number
  }

  int32(): number {
    return this.#bytes.readInt32LE(this.#take(4))
  }

  /** A signed 64-bit integer of milliseconds or the like, as near as a number comes to it. */
  int64(): number {
    return Number(this.#bytes.readBigInt64LE(this.#take(8)))
  }

  /** A double, little-endian. */
  double(): number {
    return this.#bytes.readDoubleLE(this.#take(8))
  }

  /** The next `length` bytes, a view. */
  blob(length: number): Buffer {
    const start = this.#take(length)
    return this.#bytes.subarray(start, start + length)
  }

  /** The next `length` bytes as a string. */
  text(length: number): Bytes {
    const start = this.#take(length)
    return bytesIn(this.#bytes, start, start + length)
  }

  /** A length. Throws on a special encoding. */
  length(): number {
    const start = this.position
    const length = this.#lengthOr()
    if (length >= 0) return length
    this.position = start
    throw new RdbError(`a special encoding where a length must be${this.#where()}`)
  }

  /** A length of up to 64 bits. */
  wideLength(): bigint {
    if (this.#bytes[this.position] !== LENGTH_64) return BigInt(this.length())
    return this.#bytes.readBigUInt64BE(this.#take(9) + 1)
  }

  /** A string of any encoding. */
  string(): Bytes {
    const start = this.position
    try {
      const length = this.#lengthOr()
      return length >= 0 ? this.text(length) : this.#special(-1 - length)
    } catch (error) {
      this.position = start
      throw error
    }
  }

  /** A string of any encoding as bytes: a view where it is stored plainly. */
  stringBlob(): Buffer {
    const start = this.position
    try {
      const length = this.#lengthOr()
      if (length >= 0) return this.blob(length)
      if (-1 - length === 3) return this.#decompress()
      throw new RdbError(`an integer where a structure must be${this.#where()}`)
    } catch (error) {
      this.position = start
      throw error
    }
  }

  /** A length, or -1 - n for special encoding n. */
  #lengthOr(): number {
    const start = this.position
    const first = this.byte()
    try {
      switch (first >>> 6) {
        case LENGTH_14:
          return ((first & 63) << 8) | this.byte()
        case LENGTH_LARGE:
          return this.#largeLength(first)
        case SPECIAL:
          return -1 - (first & 63)
        default:
          return first
      }
    } catch (error) {
      this.position = start
      throw error
    }
  }

  #largeLength(first: number): number {
    if (first === LENGTH_32) return this.#bytes.readUInt32BE(this.#take(4))
    if (first !== LENGTH_64) throw new RdbError(`an unknown length encoding${this.#where()}`)
    const length = Number(this.#bytes.readBigUInt64BE(this.#take(8)))
    if (!Number.isSafeInteger(length)) throw new RdbError(`a length out of range${this.#where()}`)
    return length
  }

  #special(encoding: number): Bytes {
    switch (encoding) {
      case 0:
        return String(this.#bytes.readInt8(this.#take(1)))
      case 1:
        return String(this.#bytes.readInt16LE(this.#take(2)))
      case 2:
        return String(this.int32())
      case 3:
        return this.#decompressText()
      default:
        throw new RdbError(`an unknown string encoding ${encoding}${this.#where()}`)
    }
  }

  #decompressText(): Bytes {
    const { start, length } = this.#compressed()
    const target = length > WORKSPACE_BYTES ? Buffer.allocUnsafeSlow(length) : workspace
    this.#decompressInto(target, start, length)
    return bytesIn(target, 0, length)
  }

  #decompress(): Buffer {
    const { start, length } = this.#compressed()
    const target = Buffer.allocUnsafeSlow(length)
    this.#decompressInto(target, start, length)
    return target
  }

  /** Passes over a compressed string: where it starts, and how long it will be. */
  #compressed(): { readonly start: number; readonly length: number } {
    const packedLength = this.length()
    const length = this.length()
    const start = this.#take(packedLength)
    if (!lzfMayExpand(packedLength, length)) this.#isBroken()
    return { start, length }
  }

  #decompressInto(target: Buffer, start: number, length: number): void {
    const isWhole = lzfDecompressInto(target, length, this.#bytes, start, this.position)
    if (!isWhole) this.#isBroken()
  }

  #isBroken(): never {
    throw new RdbError(`a compressed string is broken${this.#where()}`)
  }

  #take(count: number): number {
    const start = this.position
    if (count > this.#bytes.length - start)
      throw new RdbTruncatedError(`the bytes end too early${this.#where()}`)
    this.position = start + count
    return start
  }

  #where(): string {
    return ` at offset ${this.offset}`
  }
}
