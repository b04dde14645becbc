/**
 * A string that is edited in place: what APPEND, SETRANGE and the bit commands leave behind, and strings whose encoding
 * their bytes do not tell. Short ones are a JS string, long ones a growing Buffer (sds in Redis).
 * Invariant: `#buffer` decides once it exists; `#text` is then only a copy of it, dropped by every edit.
 */
import { Buffer } from 'node:buffer'
import type { Bytes } from '../base/bytes.ts'
import type { StoredObject } from './stored-object.ts'
import { plainStringBytes, rawStringBytes, type StringEncoding } from './string-encoding.ts'

/** Up to this many bytes rebuilding a JS string is cheaper than keeping a Buffer. */
const TEXT_MAX = 1024

/** A string edited in place; `raw` from the first edit on. */
export class EditableString implements StoredObject {
  readonly type = 'string'
  #encoding: StringEncoding
  #text: Bytes | undefined
  #buffer: Buffer | undefined
  #length: number

  constructor(bytes: Bytes, encoding: StringEncoding = 'raw') {
    this.#text = bytes
    this.#length = bytes.length
    this.#encoding = encoding
  }

  get length(): number {
    return this.#length
  }

  encoding(): StringEncoding {
    return this.#encoding
  }

  memoryBytes(): number {
    if (this.#buffer !== undefined) return rawStringBytes(this.#buffer.length)
    return this.#encoding === 'raw' ? rawStringBytes(this.#length) : plainStringBytes(this.bytes())
  }

  freeEffort(): number {
    return 1
  }

  copy(): EditableString {
    return new EditableString(this.bytes(), this.#encoding)
  }

  /** All bytes. */
  bytes(): Bytes {
    this.#text ??= this.#held().toString('latin1', 0, this.#length)
    return this.#text
  }

  /** The bytes from `start` up to, not including, `end`. */
  slice(start: number, end: number): Bytes {
    const stop = Math.min(end, this.#length)
    return this.#text?.slice(start, stop) ?? this.#held().toString('latin1', start, stop)
  }

  append(bytes: Bytes): void {
    if (this.#buffer === undefined && this.#length + bytes.length <= TEXT_MAX) {
      this.#become(this.bytes() + bytes)
    } else {
      const start = this.#length
      this.edit(start + bytes.length).write(bytes, start, 'latin1')
    }
  }

  /** Writes bytes at an offset; what lies between the old end and the offset becomes zero bytes. */
  setRange(offset: number, bytes: Bytes): void {
    const end = offset + bytes.length
    if (this.#buffer === undefined && Math.max(end, this.#length) <= TEXT_MAX) {
      const text = this.bytes()
      this.#become(text.slice(0, offset).padEnd(offset, '\0') + bytes + text.slice(end))
    } else this.edit(end).write(bytes, offset, 'latin1')
  }

  /**
   * The bytes themselves, to be edited before anything else happens to this string: at least `length` of them, new ones
   * zero. The Buffer may be longer than the string.
   */
  edit(length: number): Buffer {
    const buffer = this.#room(length)
    this.#text = undefined
    this.#encoding = 'raw'
    if (length > this.#length) {
      buffer.fill(0, this.#length, length)
      this.#length = length
    }
    return buffer
  }

  #become(text: Bytes): void {
    this.#text = text
    this.#length = text.length
    this.#encoding = 'raw'
  }

  #held(): Buffer {
    this.#buffer ??= this.#room(this.#length)
    return this.#buffer
  }

  #room(length: number): Buffer {
    const old = this.#buffer
    if (old !== undefined && old.length >= length) return old
    // Room for half as much again, so that many small edits copy each byte a bounded number of times.
    const spare = old === undefined ? 0 : length >>> 1
    const buffer = Buffer.allocUnsafeSlow(Math.max(length, this.#length) + spare)
    if (old === undefined) buffer.write(this.#text ?? '', 'latin1')
    else old.copy(buffer, 0, 0, this.#length)
    this.#buffer = buffer
    return buffer
  }
}

/** All bytes of a string in either form. */
export function wholeString(value: Bytes | EditableString): Bytes {
  return typeof value === 'string' ? value : value.bytes()
}
