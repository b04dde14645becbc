/**
 * Bits of byte strings: counted and found in a range (redisPopcount and redisBitpos in bitops.c). Bit 0 is the highest of
 * the first byte; ranges include both ends.
 */
import type { Bytes } from '../base/bytes.ts'

/** How many bits a byte has set. */
const COUNTS = Uint8Array.from({ length: 256 }, (_, byte) => {
  let count = 0
  for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1
  return count
})

/** How many bits are set from the first to the last. */
export function countBits(text: Bytes, first: number, last: number): number {
  if (first > last) return 0
  const firstByte = first >>> 3
  const lastByte = Math.floor(last / 8)
  let count = 0
  for (let at = firstByte; at <= lastByte; at++) {
    count += COUNTS[maskedByte(text, at, first, last)] as number
  }
  return count
}

/** The first bit of the range that is as wanted, undefined if there is none. */
export function findBit(
  text: Bytes,
  bit: 0 | 1,
  { first, last }: { readonly first: number; readonly last: number },
): number | undefined {
  const uninteresting = bit === 1 ? 0 : 0xff
  for (let at = Math.floor(first / 8); at * 8 <= last; at++) {
    if (text.charCodeAt(at) === uninteresting) continue
    const from = Math.max(first, at * 8)
    const to = Math.min(last, at * 8 + 7)
    for (let position = from; position <= to; position++) {
      const isSet = (text.charCodeAt(at) & (128 >> (position & 7))) !== 0
      if (isSet === (bit === 1)) return position
    }
  }
  return undefined
}

/** A byte without the bits outside the range. */
function maskedByte(text: Bytes, at: number, first: number, last: number): number {
  let byte = text.charCodeAt(at)
  if (at * 8 < first) byte &= 0xff >> (first & 7)
  if (at * 8 + 7 > last) byte &= 0xff << (7 - (last & 7))
  return byte
}
