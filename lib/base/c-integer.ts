/**
 * Doubles as C makes 64-bit integers of them on x86-64: cut off, and what does not fit becomes what the processor says
 * (cvttsd2si). Lua's C libraries depend on it.
 */

const INT64_INDEFINITE = -(2n ** 63n)
const TWO_63 = 2 ** 63

/** `(int64_t)value`. */
export function toInt64(value: number): bigint {
  return value >= -TWO_63 && value < TWO_63 ? BigInt(Math.trunc(value)) : INT64_INDEFINITE
}

/** `(uint64_t)value` of what is not negative, `(uint64_t)(int64_t)value` of what is; as 64 bits, 0 to 2^64 - 1. */
export function toUint64(value: number): bigint {
  if (!(value >= TWO_63)) return BigInt.asUintN(64, toInt64(value))
  return BigInt.asUintN(64, toInt64(value - TWO_63) ^ INT64_INDEFINITE)
}
