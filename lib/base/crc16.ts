/**
 * CRC16 (XMODEM) and the slot of a key: `keyHashSlot` in cluster.c. Invariant: `keySlot` allocates nothing for a short key.
 * The table has eight rows of 256 entries. Row r tells what a byte followed by r zero bytes does to the checksum, so
 * eight bytes cost one step. It may live in shared memory: one thread fills it, every other thread only reads it.
 */
import { Buffer } from 'node:buffer'
import { assert } from './assert.ts'
import type { Bytes } from './bytes.ts'

/** Node has this method on every Buffer and does not declare it. */
interface WritableBuffer extends Buffer {
  latin1Write(text: Bytes, offset: number): number
}

/** Slots of a Redis Cluster. */
export const SLOT_COUNT = 16384

/** Entries (Uint16) of a CRC16 table: eight rows of 256. */
export const CRC16_TABLE_LENGTH = 2048

const POLYNOMIAL = 0x1021
const SLOT_MASK = SLOT_COUNT - 1
const OPEN = 0x7b
const CLOSE = 0x7d
/** Taking a character out of a string costs more than all else; a longer string is copied to where bytes are cheap. */
const SHORT_MAX = 64
/** In a longer buffer it pays to look for a brace first, which a view of its bytes does many at a time. */
const LOOK_AHEAD_MIN = 1024
const scratch = Buffer.allocUnsafeSlow(16 * 1024) as WritableBuffer

let table: Uint16Array = new Uint16Array(CRC16_TABLE_LENGTH)
fillCrc16Table(table)

/** Writes the {@link CRC16_TABLE_LENGTH} entries of the table, for one that other threads shall use. */
export function fillCrc16Table(target: Uint16Array): void {
  assert(target.length === CRC16_TABLE_LENGTH, `a CRC16 table has ${CRC16_TABLE_LENGTH} entries`)
  target[0] = 0
  // The CRC of a sum is the sum of the CRCs: every byte is a power of two and a byte below it.
  for (let power = 1, crc = POLYNOMIAL; power < 256; power *= 2) {
    for (let i = 0; i < power; i++) target[power + i] = crc ^ (target[i] as number)
    crc = crc & 0x8000 ? (crc << 1) ^ POLYNOMIAL : crc << 1
  }
  for (let i = 256; i < CRC16_TABLE_LENGTH; i++) {
    const before = target[i - 256] as number
    target[i] = (before << 8) ^ (target[before >>> 8] as number)
  }
}

/** Makes this thread compute with a table that {@link fillCrc16Table} has filled, usually in shared memory. */
export function useCrc16Table(shared: Uint16Array): void {
  assert(shared.length === CRC16_TABLE_LENGTH, `a CRC16 table has ${CRC16_TABLE_LENGTH} entries`)
  assert(shared[1] === POLYNOMIAL, 'the CRC16 table is not filled')
  table = shared
}

/** The table this thread computes with, for {@link crc16Four} and {@link crc16One}. */
export function crc16Rows(): Uint16Array {
  return table
}

/** CRC16-XMODEM of a byte string: 0x31C3 for `123456789`. */
export function crc16(bytes: Bytes): number {
  return crc16Of(bytes, 0, bytes.length)
}

/** The slot of a key, 0 to 16383: of the part between the first `{` and the next `}` if that is not empty, else of all of it. */
export function keySlot(key: Bytes): number {
  if (key.length > SHORT_MAX) return longKeySlot(key)
  const rows = table
  let crc = 0
  let i = 0
  for (const blocks = key.length - 3; i < blocks; i += 4) {
    const a = key.charCodeAt(i)
    const b = key.charCodeAt(i + 1)
    const c = key.charCodeAt(i + 2)
    const d = key.charCodeAt(i + 3)
    if (a === OPEN || b === OPEN || c === OPEN || d === OPEN) return tagSlot(key)
    crc = crc16Four(rows, crc, a, b, c, d)
  }
  for (; i < key.length; i++) {
    const byte = key.charCodeAt(i)
    if (byte === OPEN) return tagSlot(key)
    crc = crc16One(rows, crc, byte)
  }
  return crc & SLOT_MASK
}

/** {@link keySlot} of the bytes from `start` up to `end` of a buffer. */
export function keySlotIn(buffer: Uint8Array, start: number, end: number): number {
  if (end - start > LOOK_AHEAD_MIN) return tagSlotIn(buffer, start, end)
  const rows = table
  let crc = 0
  let i = start
  for (const blocks = end - 3; i < blocks; i += 4) {
    const a = buffer[i] as number
    const b = buffer[i + 1] as number
    const c = buffer[i + 2] as number
    const d = buffer[i + 3] as number
    if (a === OPEN || b === OPEN || c === OPEN || d === OPEN) return tagSlotIn(buffer, start, end)
    crc = crc16Four(rows, crc, a, b, c, d)
  }
  for (; i < end; i++) {
    const byte = buffer[i] as number
    if (byte === OPEN) return tagSlotIn(buffer, start, end)
    crc = crc16One(rows, crc, byte)
  }
  return crc & SLOT_MASK
}

/** The slot of a short key that has a brace. */
function tagSlot(key: Bytes): number {
  const rows = table
  let i = 0
  while (key.charCodeAt(i) !== OPEN) i++
  const start = ++i
  let crc = 0
  for (; i < key.length; i++) {
    const byte = key.charCodeAt(i)
    if (byte === CLOSE) break
    crc = crc16One(rows, crc, byte)
  }
  return (i < key.length && i > start ? crc : crc16Of(key, 0, key.length)) & SLOT_MASK
}

function longKeySlot(key: Bytes): number {
  const open = key.indexOf('{')
  const close = open < 0 ? -1 : key.indexOf('}', open + 1)
  const crc = close > open + 1 ? crc16Of(key, open + 1, close) : crc16Of(key, 0, key.length)
  return crc & SLOT_MASK
}

/** The slot of a key that is long or has a brace. */
function tagSlotIn(buffer: Uint8Array, start: number, end: number): number {
  const key = Buffer.from(buffer.buffer, buffer.byteOffset + start, end - start)
  const open = key.indexOf(OPEN)
  const close = open < 0 ? -1 : key.indexOf(CLOSE, open + 1)
  const hashed = close > open + 1 ? key.subarray(open + 1, close) : key
  return crc16In(hashed, hashed.length) & SLOT_MASK
}

function crc16Of(bytes: Bytes, start: number, end: number): number {
  if (end - start <= SHORT_MAX) return crc16OfShort(bytes, start, end)
  let crc = 0
  for (let at = start; at < end; at += scratch.length) {
    const length = scratch.latin1Write(bytes.slice(at, Math.min(end, at + scratch.length)), 0)
    crc = crc16In(scratch, length, crc)
  }
  return crc
}

function crc16OfShort(bytes: Bytes, start: number, end: number): number {
  const rows = table
  let crc = 0
  let i = start
  for (const blocks = end - 3; i < blocks; i += 4) {
    const a = bytes.charCodeAt(i)
    const b = bytes.charCodeAt(i + 1)
    crc = crc16Four(rows, crc, a, b, bytes.charCodeAt(i + 2), bytes.charCodeAt(i + 3))
  }
  for (; i < end; i++) crc = crc16One(rows, crc, bytes.charCodeAt(i))
  return crc
}

/** Of the first bytes of a buffer: V8 makes less of a loop that begins anywhere. */
function crc16In(buffer: Uint8Array, length: number, before = 0): number {
  const rows = table
  let crc = before
  let i = 0
  for (const blocks = length - 7; i < blocks; i += 8) crc = eightBytes(rows, crc, buffer, i)
  for (; i < length; i++) crc = crc16One(rows, crc, buffer[i] as number)
  return crc
}

function eightBytes(rows: Uint16Array, crc: number, buffer: Uint8Array, i: number): number {
  return (
    (rows[1792 | ((crc >>> 8) ^ (buffer[i] as number))] as number) ^
    (rows[1536 | ((crc & 0xff) ^ (buffer[i + 1] as number))] as number) ^
    (rows[1280 | (buffer[i + 2] as number)] as number) ^
    (rows[1024 | (buffer[i + 3] as number)] as number) ^
    (rows[768 | (buffer[i + 4] as number)] as number) ^
    (rows[512 | (buffer[i + 5] as number)] as number) ^
    (rows[256 | (buffer[i + 6] as number)] as number) ^
    (rows[buffer[i + 7] as number] as number)
  )
}

/** The checksum after four more bytes, with the rows of {@link crc16Rows}. */
export function crc16Four(
  rows: Uint16Array,
  crc: number,
  a: number,
  b: number,
  c: number,
  d: number,
): number {
  return (
    (rows[768 | ((crc >>> 8) ^ a)] as number) ^
    (rows[512 | ((crc & 0xff) ^ b)] as number) ^
    (rows[256 | c] as number) ^
    (rows[d] as number)
  )
}

/** The checksum after one more byte. */
export function crc16One(rows: Uint16Array, crc: number, byte: number): number {
  return ((crc << 8) & 0xff00) ^ (rows[(crc >>> 8) ^ byte] as number)
}
