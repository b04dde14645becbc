/**
 * Byte strings. Keys, fields, members and arguments are JS strings whose char codes are the bytes (latin1): hashable,
 * comparable as memcmp, one byte a character in V8. UTF-8 exists only at the edge of the JavaScript API.
 */
import { Buffer } from 'node:buffer'

/** A byte string: every char code is a byte, 0 to 255. */
export type Bytes = string

/** Text that may grow without end is handed over in parts of about so many bytes: V8 makes none of four times as many. */
export const PART_MAX = 128 * 1024 * 1024

/** Node has these methods on every Buffer and does not declare them; they skip toString's look-up of the encoding. */
interface SlicingBuffer extends Buffer {
  latin1Slice(start: number, end: number): string
  latin1Write(text: string, start: number): number
}

/** Looked up once: Buffer has so many methods that V8 searches for one at every call. */
const { latin1Slice, latin1Write } = Buffer.prototype as SlicingBuffer

/** The bytes from `start` up to `end` of a buffer. */
export function bytesIn(buffer: Buffer, start = 0, end = buffer.length): Bytes {
  return latin1Slice.call(buffer, start, end)
}

/** Writes bytes into a buffer, from `start` on. */
export function copyBytes(bytes: Bytes, buffer: Buffer, start: number): void {
  latin1Write.call(buffer, bytes, start)
}

/** A number below 2^32 in four bytes, the most significant first. */
export function uint32Bytes(number: number): Bytes {
  const [first, second, third] = [number >>> 24, (number >> 16) & 0xff, (number >> 8) & 0xff]
  return String.fromCharCode(first, second, third, number & 0xff)
}

/** The number in the four bytes from `at` on. */
export function uint32At(bytes: Bytes, at: number): number {
  const high = (bytes.charCodeAt(at) << 8) | bytes.charCodeAt(at + 1)
  const low = (bytes.charCodeAt(at + 2) << 8) | bytes.charCodeAt(at + 3)
  return high * 0x10000 + low
}

/** The UTF-8 bytes of a text. */
export function bytesOf(text: string): Bytes {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 127) return Buffer.from(text, 'utf8').toString('latin1')
  }
  return text
}

/** The text whose UTF-8 bytes these are; invalid sequences become U+FFFD. */
export function textOf(bytes: Bytes): string {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes.charCodeAt(i) > 127) return Buffer.from(bytes, 'latin1').toString('utf8')
  }
  return bytes
}

/** As much of it as a C string holds: what Redis prints of a word, and compares of some. */
export function upToNul(bytes: Bytes): Bytes {
  const nul = bytes.indexOf('\0')
  return nul < 0 ? bytes : bytes.slice(0, nul)
}

/** The bytes of a byte string in a Buffer of their own. */
export function bufferOf(bytes: Bytes): Buffer {
  return Buffer.from(bytes, 'latin1')
}
