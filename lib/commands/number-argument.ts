/**
 * Numbers among a command's arguments, refused with Redis' words (getLongLongFromObjectOrReply and its kin in object.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { type LongDouble, parseLongDouble } from '../base/long-double.ts'
import { type Integer, parseDouble, parseInteger } from '../base/numbers.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'

const INT_MIN = -2_147_483_648
const INT_MAX = 2_147_483_647

/** A 64-bit integer, exact. Throws `value is not an integer or out of range`. */
export function integerArgument(text: Bytes): Integer {
  const value = parseInteger(text)
  if (value === undefined) throw errors.notInteger
  return value
}

/** A 64-bit integer as a number, rounded where that is not exact: for offsets and counts. Throws as {@link integerArgument}. */
export function numberArgument(text: Bytes): number {
  return Number(integerArgument(text))
}

/** A 64-bit integer within bounds, both included. Throws as {@link integerArgument}, or naming the bounds. */
export function boundedArgument(text: Bytes, min: Integer, max: Integer): Integer {
  const value = integerArgument(text)
  if (value < min || value > max) {
    throw new ReplyError(`ERR value is out of range, value must between ${min} and ${max}`)
  }
  return value
}

/** A 64-bit integer that is not below `min`, as a number as of {@link numberArgument}. Throws `refusal` for all else. */
export function leastArgument(text: Bytes, min: number, refusal: ReplyError): number {
  const value = parseInteger(text)
  if (value === undefined || value < min) throw refusal
  return Number(value)
}

/** A 32-bit integer: a database index, a port. Throws `refusal`, or without one as {@link boundedArgument}. */
export function intArgument(text: Bytes, refusal?: ReplyError): number {
  const value = refusal === undefined ? boundedArgument(text, INT_MIN, INT_MAX) : parseInteger(text)
  if (value === undefined || value < INT_MIN || value > INT_MAX) throw refusal
  return Number(value)
}

/** A floating point number in extended precision. Throws `value is not a valid float`. */
export function longDoubleArgument(text: Bytes): LongDouble {
  const value = parseLongDouble(text)
  if (value === undefined) throw errors.notFloat
  return value
}

/** A double. Throws `value is not a valid float`. */
export function doubleArgument(text: Bytes): number {
  const value = parseDouble(text)
  if (value === undefined) throw errors.notFloat
  return value
}
