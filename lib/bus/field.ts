/**
 * The kinds of field that bus messages are made of, at fixed places of a Buffer: 64-bit numbers, node ids, NUL-padded text.
 * All numbers are big-endian. Invariant: what is written fits its field, or an assertion fails.
 */
import type { Buffer } from 'node:buffer'
import { assert } from '../base/assert.ts'
import type { Bytes } from '../base/bytes.ts'
import { type NodeId, SLOT_BITMAP_BYTES } from './message.ts'

/** Bytes of a node id. */
export const NODE_ID_BYTES = 40

/** Bytes of an address as text. */
export const IP_BYTES = 46

const HIGH_UNIT = 0x1_0000_0000

/** Of the upper 32 bits of a 64-bit number, the greatest that a JS number still holds exactly. */
const HIGH_MAX = 0x1f_ffff

/** Writes an integer from 0 to 2^53 - 1 into 8 bytes. */
export function writeUint64(target: Buffer, at: number, value: number): void {
  assert(value >= 0 && Number.isSafeInteger(value), 'a 64-bit number on the bus is a safe integer')
  target.writeUInt32BE(Math.floor(value / HIGH_UNIT), at)
  target.writeUInt32BE(value % HIGH_UNIT, at + 4)
}

/** Reads 8 bytes; undefined for more than 2^53 - 1. */
export function readUint64(source: Buffer, at: number): number | undefined {
  const high = source.readUInt32BE(at)
  return high > HIGH_MAX ? undefined : high * HIGH_UNIT + source.readUInt32BE(at + 4)
}

/** Writes the 40 characters of a node id. */
export function writeNodeId(target: Buffer, at: number, id: NodeId): void {
  assert(id.length === NODE_ID_BYTES, 'a node id has 40 characters')
  target.write(id, at, 'latin1')
}

/** Reads 40 bytes, whatever they are. */
export function readNodeId(source: Buffer, at: number): NodeId {
  return readBytes(source, at, NODE_ID_BYTES)
}

/** Writes text into a field of zeros. */
export function writeText(target: Buffer, at: number, room: number, text: string): void {
  assert(text.length <= room && !text.includes('\0'), 'text on the bus fits its field')
  target.write(text, at, 'latin1')
}

/** Reads text up to its first NUL, or to the end of its field. */
export function readText(source: Buffer, at: number, room: number): string {
  let end = at
  while (end < at + room && source[end] !== 0) end++
  return end === at ? '' : source.toString('latin1', at, end)
}

/** Reads so many bytes as a byte string. */
export function readBytes(source: Buffer, at: number, length: number): Bytes {
  return source.toString('latin1', at, at + length)
}

/** Writes a slot bitmap. */
export function writeSlots(target: Buffer, at: number, slots: Uint8Array): void {
  assert(slots.length === SLOT_BITMAP_BYTES, 'a slot bitmap has 2048 bytes')
  target.set(slots, at)
}

/** Reads a slot bitmap into memory of its own. */
export function readSlots(source: Buffer, at: number): Uint8Array {
  return new Uint8Array(source.subarray(at, at + SLOT_BITMAP_BYTES))
}
