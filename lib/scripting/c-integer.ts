/**
 * Doubles as C's 64-bit integers: what a cast makes of them on the machines Redis runs on. Lua scripts see it in replies and
 * in string.format; the Lua here has integers of 32 bits.
 */

/** What a cast makes of a number that does not fit. */
const INDEFINITE = -(2n ** 63n)
const LIMIT = 2 ** 63

/** A double cast to `long`: rounded towards zero; a number where that is exact. */
export function toLong(value: number): number | bigint {
  // The sum has no sign where there is nothing.
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return Math.trunc(value) + 0
  if (!(value >= -LIMIT && value < LIMIT)) return INDEFINITE
  return BigInt(Math.trunc(value))
}

/** A double cast to `unsigned long`. */
export function toUnsignedLong(value: number): bigint {
  if (value >= LIMIT) return value < 2 * LIMIT ? BigInt(value) : 0n
  return BigInt.asUintN(64, BigInt(toLong(value)))
}
