/**
 * Writes the pieces that RDB files are made of: lengths, integers, strings (rdbSaveLen, rdbSaveRawString). A string takes
 * the form a real server gives it: an integer where it is one, LZF where that saves space, else its bytes.
 */
import { Buffer } from 'node:buffer'
import { type Bytes, bufferOf, copyBytes } from '../base/bytes.ts'
import { lzfCompressInto } from '../base/lzf.ts'
import { INT64_MAX, parseIntegerIn } from '../base/numbers.ts'

const INITIAL_BYTES = 1024
/** A string this long or shorter may be an integer of 32 bits. */
const INTEGER_TEXT_MAX = 11
/** Strings up to this length are not worth compressing. */
const PLAIN_MAX = 20
/** Compression has to save this much. */
const LEAST_SAVING = 4

/** Strings up to so many bytes are compressed in buffers that are there already: to make some costs more than to fill them. */
const WORKSPACE_BYTES = 8 * 1024
const plain = Buffer.allocUnsafeSlow(WORKSPACE_BYTES)
const packed = Buffer.allocUnsafeSlow(WORKSPACE_BYTES)

/** The bytes of a string; the buffer may be longer, and is good until the next call. */
function bytesToPack(bytes: Bytes): Buffer {
  if (bytes.length > WORKSPACE_BYTES) return bufferOf(bytes)
  copyBytes(bytes, plain, 0)
  return plain
}

/** A growing buffer of RDB bytes. */
export class RdbEncoder {
  readonly #compress: boolean
  #buffer: Buffer
  #length = 0

  constructor(options: { readonly compress?: boolean; readonly capacity?: number } = {}) {
    this.#compress = options.compress ?? true
    this.#buffer = Buffer.allocUnsafeSlow(options.capacity ?? INITIAL_BYTES)
  }

  /** Bytes written and not taken yet. */
  get pendingBytes(): number {
    return this.#length
  }

  /** What was written since the last call, in a buffer of its own. */
  take(): Buffer {
    const taken = Buffer.from(this.#buffer.subarray(0, this.#length))
    this.#length = 0
    return taken
  }

  byte(value: number): void {
    const at = this.#room(1)
    this.#buffer[at] = value
  }

  /** A 64-bit integer, little-endian; the greatest one for a number that was rounded beyond it. */
  int64(value: number): void {
    const at = this.#room(8)
    this.#buffer.writeBigInt64LE(value >= 2 ** 63 ? INT64_MAX : BigInt(value), at)
  }

  /** A double, little-endian. */
  double(value: number): void {
    const at = this.#room(8)
    this.#buffer.writeDoubleLE(value, at)
  }

  /** Bytes as they are. */
  text(bytes: Bytes): void {
    const at = this.#room(bytes.length)
    copyBytes(bytes, this.#buffer, at)
  }

  /** Bytes as they are. */
  blob(bytes: Uint8Array): void {
    const at = this.#room(bytes.length)
    this.#buffer.set(bytes, at)
  }

  length(value: number): void {
    if (value < 1 << 6) this.byte(value)
    else if (value < 1 << 14) {
      this.byte(0x40 | (value >>> 8))
      this.byte(value & 0xff)
    } else if (value <= 0xffff_ffff) {
      const at = this.#tagged(0x80, 4)
      this.#buffer.writeUInt32BE(value, at)
    } else this.wideLength(BigInt(value))
  }

  /** A length of up to 64 bits: what counts more than a number can. */
  wideLength(value: bigint): void {
    if (value <= 0xffff_ffffn) this.length(Number(value))
    else {
      const at = this.#tagged(0x81, 8)
      this.#buffer.writeBigUInt64BE(value, at)
    }
  }

  string(bytes: Bytes): void {
    if (bytes.length <= INTEGER_TEXT_MAX && this.#integer(bytes)) return
    if (this.#compresses(bytes.length) && this.#compressed(bytesToPack(bytes), bytes.length)) return
    this.length(bytes.length)
    this.text(bytes)
  }

  /** A structure of bytes as a string. */
  stringBlob(bytes: Uint8Array): void {
    if (this.#compresses(bytes.length) && this.#compressed(bytes, bytes.length)) return
    this.length(bytes.length)
    this.blob(bytes)
  }

  #integer(bytes: Bytes): boolean {
    const value = parseIntegerIn(bytes, -0x8000_0000, 0x7fff_ffff)
    if (value === undefined) return false
    if (value >= -0x80 && value <= 0x7f) {
      const at = this.#tagged(0xc0, 1)
      this.#buffer.writeInt8(value, at)
    } else if (value >= -0x8000 && value <= 0x7fff) {
      const at = this.#tagged(0xc1, 2)
      this.#buffer.writeInt16LE(value, at)
    } else {
      const at = this.#tagged(0xc2, 4)
      this.#buffer.writeInt32LE(value, at)
    }
    return true
  }

  #compresses(length: number): boolean {
    return this.#compress && length > PLAIN_MAX
  }

  /** Writes the first `length` bytes compressed, if that saves enough. */
  #compressed(bytes: Uint8Array, length: number): boolean {
    const most = length - LEAST_SAVING
    const target = most > WORKSPACE_BYTES ? Buffer.allocUnsafeSlow(most) : packed
    const packedLength = lzfCompressInto(target, most, bytes, length)
    if (packedLength === 0) return false
    this.byte(0xc3)
    this.length(packedLength)
    this.length(length)
    const at = this.#room(packedLength)
    // A copy of a part makes a view of it first, larger than most strings.
    for (let i = 0; i < packedLength; i++) this.#buffer[at + i] = target[i] as number
    return true
  }

  /** Writes a byte and makes room for `count` more behind it. */
  #tagged(tag: number, count: number): number {
    this.byte(tag)
    return this.#room(count)
  }

  /** Where `count` bytes may be written. It may replace the buffer: ask before touching that. */
  #room(count: number): number {
    const start = this.#length
    const end = start + count
    if (end > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(end, 2 * this.#buffer.length))
      this.#buffer.copy(grown, 0, 0, start)
      this.#buffer = grown
    }
    this.#length = end
    return start
  }
}
