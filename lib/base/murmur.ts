/**
 * MurmurHash64A of a byte string with the seed Redis uses for HyperLogLogs, in 32-bit halves: equal elements must meet
 * in the same register on every server (MurmurHash64A in hyperloglog.c).
 */
import type { Bytes } from './bytes.ts'

/** A 64-bit number in two halves. */
export interface Uint64 {
  readonly high: number
  readonly low: number
}

const SEED = 0xadc83b19
const MULTIPLIER_HIGH = 0xc6a4a793
const MULTIPLIER_LOW = 0x5bd1e995
/** Bits by which the halves are mixed; above 32 of them only the high half counts. */
const SHIFT = 47 - 32

/** The hash, halves as unsigned 32-bit numbers. */
export function murmur64(bytes: Bytes): Uint64 {
  const { length } = bytes
  let high = Math.imul(length, MULTIPLIER_HIGH) + highOfProduct(length, MULTIPLIER_LOW)
  let low = SEED ^ Math.imul(length, MULTIPLIER_LOW)
  const mix = (): void => {
    const product = highOfProduct(low, MULTIPLIER_LOW)
    high = (Math.imul(high, MULTIPLIER_LOW) + Math.imul(low, MULTIPLIER_HIGH) + product) | 0
    low = Math.imul(low, MULTIPLIER_LOW)
  }
  const words = length >>> 3
  for (let word = 0; word < words; word++) {
    const wordLow = uint32At(bytes, word * 8)
    const wordHigh = uint32At(bytes, word * 8 + 4)
    // The word is mixed by itself before it meets the hash.
    const [outerHigh, outerLow] = [high, low]
    high = wordHigh
    low = wordLow
    mix()
    low ^= high >>> SHIFT
    mix()
    high ^= outerHigh
    low ^= outerLow
    mix()
  }
  const rest = length & 7
  if (rest > 0) {
    for (let i = 0; i < rest; i++) {
      const byte = bytes.charCodeAt(words * 8 + i)
      if (i < 4) low ^= byte << (8 * i)
      else high ^= byte << (8 * (i - 4))
    }
    mix()
  }
  low ^= high >>> SHIFT
  mix()
  low ^= high >>> SHIFT
  return { high: high >>> 0, low: low >>> 0 }
}

function uint32At(bytes: Bytes, at: number): number {
  return (
    bytes.charCodeAt(at) |
    (bytes.charCodeAt(at + 1) << 8) |
    (bytes.charCodeAt(at + 2) << 16) |
    (bytes.charCodeAt(at + 3) << 24)
  )
}

/** The upper 32 bits of the product of two unsigned 32-bit numbers, by their halves. */
function highOfProduct(a: number, b: number): number {
  const [aHigh, aLow] = [a >>> 16, a & 0xffff]
  const [bHigh, bLow] = [b >>> 16, b & 0xffff]
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  const carry = Math.floor((aLow * bHigh + (middle & 0xffff)) / 0x10000)
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + carry) >>> 0
}
