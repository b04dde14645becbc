/**
 * Numbers as Redis reads and writes them: `string2ll`, `string2d` and "%.17g". Integers are 64-bit: a JS number where that
 * is exact, else a bigint; the two never mix for one value, so `===` compares them.
 * Invariant: a text that Redis refuses is refused here, and what is written reads back equal.
 */
import type { Bytes } from './bytes.ts'
import { doubleOfHex } from './long-double.ts'

/** A signed 64-bit integer: a number within ±(2^53 - 1), a bigint outside. */
export type Integer = number | bigint

export const INT64_MIN = -(2n ** 63n)
export const INT64_MAX = 2n ** 63n - 1n

const MINUS = 0x2d
const ZERO = 0x30
const NINE = 0x39

/** Digits that a number holds exactly, whatever they are. */
const SAFE_DIGITS = 15

/** The integer, or undefined unless the text is its canonical form (no `+`, no leading zero, no `-0`) and it fits 64 bits. */
export function parseInteger(text: Bytes): Integer | undefined {
  const negative = text.charCodeAt(0) === MINUS
  const start = negative ? 1 : 0
  const digits = text.length - start
  if (digits === 0 || digits > 19) return undefined
  const first = text.charCodeAt(start)
  if (first === ZERO) return text.length === 1 ? 0 : undefined
  let value = 0
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < ZERO || code > NINE) return undefined
    value = value * 10 + (code - ZERO)
  }
  if (digits <= SAFE_DIGITS) return negative ? -value : value
  return integerOf(BigInt(text))
}

/** {@link parseInteger} of an integer that must lie between two numbers, both included. */
export function parseIntegerIn(text: Bytes, min: number, max: number): number | undefined {
  const value = parseInteger(text)
  return typeof value === 'number' && value >= min && value <= max ? value : undefined
}

/** The canonical form of an exact integer, or undefined if it does not fit 64 bits. */
export function integerOf(value: bigint): Integer | undefined {
  if (value < INT64_MIN || value > INT64_MAX) return undefined
  const near = Number(value)
  return Number.isSafeInteger(near) ? near : value
}

/** The sum, or undefined if it does not fit 64 bits. */
export function addIntegers(a: Integer, b: Integer): Integer | undefined {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  return integerOf(BigInt(a) + BigInt(b))
}

const DECIMAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/
const INFINITE = /^([+-]?)inf(?:inity)?$/i
const LEADING_SPACE = /^[ \t-\r]+/

/** Ends of ranges that are open, as nearly everybody writes them. */
const INFINITE_ENDS: ReadonlyMap<Bytes, number> = new Map([
  ['-inf', Number.NEGATIVE_INFINITY],
  ['+inf', Number.POSITIVE_INFINITY],
])

/** A zero that is meant: no digit but 0 before the exponent. */
const PLAIN_ZERO = /^[+-]?(?:0[xX])?[0.]+(?:[eEpP].*)?$/

/**
 * A score or another double argument, or undefined if Redis says "not a valid float". Taken are decimals, C's
 * hexadecimal floats, `inf` and `infinity`; refused are NaN, white space, and what overflows or vanishes to zero.
 */
export function parseDouble(text: Bytes): number | undefined {
  const small = smallInteger(text)
  if (small !== undefined) return small
  const value = doubleOf(text)
  if (value === undefined) return undefined
  if (value === 0 && !PLAIN_ZERO.test(text)) return undefined
  if (!Number.isFinite(value) && !INFINITE.test(text)) return undefined
  return value
}

/**
 * The bound of a score range, after its `(` if it has one. More is taken than by {@link parseDouble}, as Redis calls `strtod`
 * here: an empty text is 0, leading white space is skipped, a NUL ends the number, overflow is infinite.
 */
export function parseRangeDouble(text: Bytes): number | undefined {
  const usual = smallInteger(text) ?? INFINITE_ENDS.get(text)
  if (usual !== undefined) return usual
  const nul = text.indexOf('\0')
  const upToNul = nul < 0 ? text : text.slice(0, nul)
  return upToNul === '' ? 0 : doubleOf(upToNul.replace(LEADING_SPACE, ''))
}

/** An element to sort by numbers: read as {@link parseRangeDouble} does, but what overflows or vanishes is none. */
export function parseSortDouble(text: Bytes): number | undefined {
  const value = parseRangeDouble(text)
  if (value === undefined || (value !== 0 && Number.isFinite(value))) return value
  const nul = text.indexOf('\0')
  const number = (nul < 0 ? text : text.slice(0, nul)).replace(LEADING_SPACE, '')
  return number === '' ? value : parseDouble(number)
}

function doubleOf(text: Bytes): number | undefined {
  if (DECIMAL.test(text)) return Number(text)
  const infinite = INFINITE.exec(text)
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return doubleOfHex(text)
}

function smallInteger(text: Bytes): number | undefined {
  const start = text.charCodeAt(0) === MINUS ? 1 : 0
  if (text.length === start || text.length - start > SAFE_DIGITS) return undefined
  let value = 0
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < ZERO || code > NINE) return undefined
    value = value * 10 + (code - ZERO)
  }
  return start === 1 ? -value : value
}

/** Digits that tell every double from its neighbours. */
const EXACT_DIGITS = 17

/**
 * A double as C's "%.17g" writes it, or with other digits: so Redis 7.0 replies and stores it, and 0.1 is
 * `0.10000000000000001`; `inf`, `-inf`, `-0`.
 */
export function formatDouble(value: number, digits = EXACT_DIGITS): Bytes {
  const size = Math.abs(value)
  if (Number.isSafeInteger(value) && (digits === EXACT_DIGITS || size < 10 ** digits)) {
    return Object.is(value, -0) ? '-0' : String(value)
  }
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
  const { significand, exponent } = roundedTo(digits, size)
  const sign = value < 0 ? '-' : ''
  const shown = significand.replace(/0+$/, '')
  if (exponent < -4 || exponent >= digits) {
    const fraction = shown.length > 1 ? `.${shown.slice(1)}` : ''
    const power = String(Math.abs(exponent)).padStart(2, '0')
    return `${sign}${shown[0]}${fraction}e${exponent < 0 ? '-' : '+'}${power}`
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${shown}`
  if (shown.length <= exponent + 1) return sign + shown.padEnd(exponent + 1, '0')
  return `${sign}${shown.slice(0, exponent + 1)}.${shown.slice(exponent + 1)}`
}

/** The greatest double that `double2ll` takes for an integer. */
const INTEGER_DOUBLE_MAX = 2 ** 62

/** A double as a listpack holds it (`d2string`): integers in full, however large, others as {@link formatDouble}. */
export function formatPackedDouble(value: number): Bytes {
  const isInteger = Number.isInteger(value) && Math.abs(value) <= INTEGER_DOUBLE_MAX
  return isInteger && !Number.isSafeInteger(value) ? String(BigInt(value)) : formatDouble(value)
}

/** Zeros that are written out behind the digits, and before them, rather than an exponent. */
const TRAILING_ZEROS_MAX = 7
const LEADING_ZEROS_MAX = 6

/**
 * A double as Redis 7.2 and later reply it: with no more digits than tell it from its neighbours (`d2string` over
 * `fpconv_dtoa`), integers in full, 0.00001 and 1e-7 as such.
 */
export function formatShortestDouble(value: number): Bytes {
  if (Number.isInteger(value) && Math.abs(value) <= INTEGER_DOUBLE_MAX) {
    return formatPackedDouble(value)
  }
  if (!Number.isFinite(value)) return formatDouble(value)
  const [mantissa = '', power = ''] = Math.abs(value).toExponential().split('e')
  const digits = mantissa.replace('.', '')
  const exponent = Number(power)
  const sign = value < 0 ? '-' : ''
  // The place of the last digit.
  const last = exponent - digits.length + 1
  if (last >= 0 && last < TRAILING_ZEROS_MAX) return sign + digits + '0'.repeat(last)
  if (last < 0 && (last > -TRAILING_ZEROS_MAX || Math.abs(exponent) < LEADING_ZEROS_MAX - 2)) {
    if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
    return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`
  }
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
  return `${sign}${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`
}

/** So many digits of a positive double, a half rounded to the even digit as in C: JS rounds it up. */
function roundedTo(digits: number, value: number): { significand: string; exponent: number } {
  const text = value.toExponential(digits - 1)
  const end = text.indexOf('e')
  const exponent = Number(text.slice(end + 1))
  const significand = digits === 1 ? text.slice(0, end) : text[0] + text.slice(2, end)
  const last = significand.charCodeAt(digits - 1)
  // Half the unit of the last digit is odd: nothing to the even digit, else JS has gone past it.
  if (last % 2 === 0 || !isHalf(value, exponent - digits)) return { significand, exponent }
  return { significand: significand.slice(0, -1) + String.fromCharCode(last - 1), exponent }
}

/** Whether a positive double is an odd multiple of 5 * 10^power. */
function isHalf(value: number, power: number): boolean {
  // An odd integer once 2^power is taken out, in which 5^(power + 1) must be found, too. No double holds more than 5^22.
  const odd = value * 2 ** -power
  if (odd % 2 !== 1) return false
  return power < 0 || (power < 22 && odd % 5 ** (power + 1) === 0)
}

/** The integer of 32 bits that a text begins with, as C's `atoi` reads it: 0 when it begins with none. */
export function leadingInteger(text: Bytes): number {
  const digits = /^[\t-\r ]*([-+]?\d+)/.exec(text)?.[1]
  if (digits === undefined) return 0
  const value = BigInt(digits)
  const max = 2n ** 63n
  const long = value >= max ? max - 1n : value < -max ? -max : value
  return Number(BigInt.asIntN(32, long))
}
