/**
 * Intsets: ascending integers of one width in a block of bytes (intset.c), the form of small sets of integers. Width in
 * bytes (u32), number of integers (u32), then the integers, all little-endian.
 * Invariant: reading never leaves the block, and takes nothing that is not strictly ascending.
 */
import { Buffer } from 'node:buffer'
import type { Bytes } from '../base/bytes.ts'
import { RdbError } from './format.ts'

const HEAD_BYTES = 8
const LIMITS: readonly (readonly [width: 2 | 4 | 8, max: bigint])[] = [
  [2, 0x7fffn],
  [4, 0x7fff_ffffn],
  [8, 0x7fff_ffff_ffff_ffffn],
]

/** The intset of canonical 64-bit integers, given in ascending order. */
export function encodeIntset(members: readonly Bytes[]): Buffer {
  const values = members.map(BigInt)
  const [first = 0n, last = 0n] = [values[0], values.at(-1)]
  const [width] = LIMITS.find(([, max]) => first >= -max - 1n && last <= max) ?? [8]
  const buffer = Buffer.allocUnsafe(HEAD_BYTES + width * values.length)
  buffer.writeUInt32LE(width, 0)
  buffer.writeUInt32LE(values.length, 4)
  let at = HEAD_BYTES
  for (const value of values) {
    at =
      width === 8 ? buffer.writeBigInt64LE(value, at) : buffer.writeIntLE(Number(value), at, width)
  }
  return buffer
}

/** The integers as strings. Throws {@link RdbError} on a broken intset. */
export function decodeIntset(block: Buffer): Bytes[] {
  const width = block.length < HEAD_BYTES ? 0 : block.readUInt32LE(0)
  if (width !== 2 && width !== 4 && width !== 8)
    throw new RdbError('Intset integrity check failed: width')
  const count = block.readUInt32LE(4)
  if (block.length !== HEAD_BYTES + width * count)
    throw new RdbError('Intset integrity check failed: size')
  const members: Bytes[] = []
  let before: bigint | undefined
  for (let at = HEAD_BYTES; at < block.length; at += width) {
    const value = width === 8 ? block.readBigInt64LE(at) : BigInt(block.readIntLE(at, width))
    if (before !== undefined && value <= before)
      throw new RdbError('Intset integrity check failed: order')
    before = value
    members.push(String(value))
  }
  return members
}
