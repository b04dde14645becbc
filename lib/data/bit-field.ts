/**
 * Integers of any width at any bit of a buffer (getSignedBitfield, checkSignedBitfieldOverflow and their kin in bitops.c).
 * The first bit is the highest; what lies beyond the end reads as zeros.
 */

/** How an integer lies in a string. */
export interface FieldType {
  readonly isSigned: boolean
  /** 1 to 63, 64 if signed. */
  readonly bits: number
}

/** What becomes of a value that does not fit. */
export type Overflow = 'wrap' | 'sat' | 'fail'

/** Reads the integer whose first bit is at `offset`. */
export function readField(
  bytes: Uint8Array,
  offset: number,
  { isSigned, bits }: FieldType,
): bigint {
  let value = 0n
  for (let bit = offset; bit < offset + bits; bit++) {
    const byte = bytes[Math.floor(bit / 8)] ?? 0
    value = (value << 1n) | BigInt((byte >> (7 - (bit % 8))) & 1)
  }
  return isSigned ? BigInt.asIntN(bits, value) : value
}

/** Writes an integer; all its bits are inside. */
export function writeField(bytes: Uint8Array, offset: number, bits: number, value: bigint): void {
  let rest = BigInt.asUintN(bits, value)
  for (let bit = offset + bits - 1; bit >= offset; bit--) {
    const at = Math.floor(bit / 8)
    const mask = 128 >> (bit % 8)
    const byte = bytes[at] as number
    bytes[at] = rest & 1n ? byte | mask : byte & ~mask
    rest >>= 1n
  }
}

/**
 * The sum of a value and an increment as it fits, undefined if it does not and shall fail. An unsigned field takes a
 * negative value as its 64 bits. As in Redis the room up to the greatest value is reckoned in 64 bits, so a value far
 * below a narrow signed field counts as above it.
 */
export function fitField(
  value: bigint,
  increment: bigint,
  { type: { isSigned, bits }, overflow }: { readonly type: FieldType; readonly overflow: Overflow },
): bigint | undefined {
  const max = 2n ** BigInt(isSigned ? bits - 1 : bits) - 1n
  const min = isSigned ? -max - 1n : 0n
  const sum = value + increment
  const isNarrow = isSigned && bits < 64
  const isAbove = isNarrow ? increment > BigInt.asIntN(64, max - value) : sum > max
  const isBelow = isNarrow ? increment < BigInt.asIntN(64, min - value) : sum < min
  if (value <= max && value >= min && !isAbove && !isBelow) return sum
  if (overflow === 'fail') return undefined
  if (overflow === 'sat') return value > max || isAbove ? max : min
  return isSigned ? BigInt.asIntN(bits, sum) : BigInt.asUintN(bits, sum)
}
