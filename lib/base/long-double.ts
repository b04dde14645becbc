/**
 * x87 extended precision (64 bits of mantissa): what Redis computes INCRBYFLOAT, HINCRBYFLOAT and timeouts in, and so what
 * decides their digits. Done with exact integers: `string2ld`, an addition, and `ld2string` in its human form ("%.17Lf" without
 * trailing zeros).
 * Invariant: a finite value is `mantissa * 2^exponent`, |mantissa| <= 2^64, rounded half to even at every step, as the FPU does.
 */
import { assert } from './assert.ts'
import type { Bytes } from './bytes.ts'

/** A value of C's `long double` on x86-64; an infinite one has exponent Infinity and mantissa 1 or -1. */
export interface LongDouble {
  readonly mantissa: bigint
  readonly exponent: number
}

interface Format {
  /** Bits of the mantissa. */
  readonly bits: number
  /** Exponent of the last bit of the smallest values. */
  readonly least: number
  /** All finite values are below 2 to this power. */
  readonly most: number
}

const EXTENDED: Format = { bits: 64, least: -16445, most: 16384 }
const DOUBLE: Format = { bits: 53, least: -1074, most: 1024 }

/** Longer texts are refused, as they do not fit Redis' buffer. */
const TEXT_MAX = 5119

/** Decimal exponents beyond this are infinite or zero for certain. */
const EXPONENT_MAX = 12_000

const ZERO: LongDouble = { mantissa: 0n, exponent: 0 }

const DECIMAL = /^([+-]?)(?:([0-9]+)\.?([0-9]*)|\.([0-9]+))(?:[eE]([+-]?[0-9]+))?$/
const HEXADECIMAL =
  /^([+-]?)0[xX](?:([0-9a-fA-F]+)\.?([0-9a-fA-F]*)|\.([0-9a-fA-F]+))(?:[pP]([+-]?[0-9]+))?$/
const INFINITE = /^([+-]?)inf(?:inity)?$/i

/** The value, or undefined if Redis says "not a valid float": NaN, white space, overflow, what vanishes to zero. */
export function parseLongDouble(text: Bytes): LongDouble | undefined {
  if (text.length === 0 || text.length > TEXT_MAX) return undefined
  const infinite = INFINITE.exec(text)
  if (infinite) return infinity(infinite[1] === '-')
  const fraction = exactValue(text)
  if (fraction === undefined) return undefined
  const value = round(fraction.negative, fraction.numerator, fraction.denominator, EXTENDED)
  if (isInfinite(value) || (value.mantissa === 0n && fraction.numerator !== 0n)) return undefined
  return value
}

/** A double, exactly. */
export function longDoubleOf(value: number): LongDouble {
  assert(!Number.isNaN(value), 'NaN has no long double here')
  if (!Number.isFinite(value)) return infinity(value < 0)
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const biased = Number((bits >> 52n) & 0x7ffn)
  const low = bits & 0xf_ffff_ffff_ffffn
  const magnitude = biased === 0 ? low : low | 0x10_0000_0000_0000n
  return { mantissa: value < 0 ? -magnitude : magnitude, exponent: Math.max(biased, 1) - 1075 }
}

/** The double nearest to a value. */
export function numberOf(value: LongDouble): number {
  if (isInfinite(value))
    return value.mantissa < 0n ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const { mantissa, exponent } = roundExact(value.mantissa, value.exponent, DOUBLE)
  if (exponent === Number.POSITIVE_INFINITY) return Number(mantissa) * exponent
  // Two steps, as 2 ** -1074 times a mantissa is exact but 2 ** 1023 may need to be reached from below.
  const half = Math.trunc(exponent / 2)
  return Number(mantissa) * 2 ** half * 2 ** (exponent - half)
}

/** Whether a value is infinite. */
export function isInfinite(value: LongDouble): boolean {
  return value.exponent === Number.POSITIVE_INFINITY
}

/** The sum, or undefined if it is infinite or not a number. */
export function addLongDoubles(a: LongDouble, b: LongDouble): LongDouble | undefined {
  if (isInfinite(a) || isInfinite(b)) return undefined
  const exponent = Math.min(a.exponent, b.exponent)
  const sum =
    (a.mantissa << BigInt(a.exponent - exponent)) + (b.mantissa << BigInt(b.exponent - exponent))
  const rounded = roundExact(sum, exponent, EXTENDED)
  return isInfinite(rounded) ? undefined : rounded
}

/** The least integer that is not below `value * factor`, the product rounded as the FPU does (`ceill`); undefined if infinite. */
export function ceilingOfProduct(value: LongDouble, factor: bigint): bigint | undefined {
  if (isInfinite(value)) return undefined
  const { mantissa, exponent } = roundExact(value.mantissa * factor, value.exponent, EXTENDED)
  if (exponent === Number.POSITIVE_INFINITY) return undefined
  if (exponent >= 0) return mantissa << BigInt(exponent)
  return -(-mantissa >> BigInt(-exponent))
}

/** "%.17Lf" without trailing zeros and without the sign of a zero: `3.1`, `-0.5`, `1000`; `inf` and `-inf`. */
export function formatLongDouble(value: LongDouble): Bytes {
  if (isInfinite(value)) return value.mantissa < 0n ? '-inf' : 'inf'
  const trimmed = fixed(value, 17).replace(/\.?0+$/, '')
  return trimmed === '-0' ? '0' : trimmed
}

/** A finite double with so many decimals, C's "%.4f" for 4: exact, a half goes to the even digit. */
export function formatFixed(value: number, decimals: number): Bytes {
  const sign = Object.is(value, -0) ? '-' : ''
  return sign + fixed(longDoubleOf(value), decimals)
}

/** A double in C's hexadecimal notation (`0x1.8p3`), or undefined if the text is none or absurdly long. Overflow is infinite. */
export function doubleOfHex(text: Bytes): number | undefined {
  if (text.length > TEXT_MAX || !HEXADECIMAL.test(text)) return undefined
  const fraction = exactValue(text)
  if (fraction === undefined) return undefined
  const magnitude = numberOf(round(false, fraction.numerator, fraction.denominator, DOUBLE))
  return fraction.negative ? -magnitude : magnitude
}

interface Fraction {
  readonly negative: boolean
  readonly numerator: bigint
  readonly denominator: bigint
}

function exactValue(text: Bytes): Fraction | undefined {
  const decimal = DECIMAL.exec(text)
  const match = decimal ?? HEXADECIMAL.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', decimals = '', bare = ''] = match
  const digits = whole + decimals + bare
  const places = decimals.length + bare.length
  const negative = sign === '-'
  const significand = BigInt(decimal ? digits : `0x${digits}`)
  if (significand === 0n) return { negative, numerator: 0n, denominator: 1n }
  const base = decimal ? 10n : 2n
  const written = Number(match[5] ?? 0)
  const limit = decimal ? EXPONENT_MAX : 4 * EXPONENT_MAX
  const power = Math.min(Math.max(written, -limit), limit) - (decimal ? places : 4 * places)
  return power >= 0
    ? { negative, numerator: significand * base ** BigInt(power), denominator: 1n }
    : { negative, numerator: significand, denominator: base ** BigInt(-power) }
}

function infinity(negative: boolean): LongDouble {
  return { mantissa: negative ? -1n : 1n, exponent: Number.POSITIVE_INFINITY }
}

function roundExact(mantissa: bigint, exponent: number, format: Format): LongDouble {
  const negative = mantissa < 0n
  const magnitude = negative ? -mantissa : mantissa
  return exponent >= 0
    ? round(negative, magnitude << BigInt(exponent), 1n, format)
    : round(negative, magnitude, 1n << BigInt(-exponent), format)
}

/** The value of a format nearest to a fraction, half to even. */
function round(
  negative: boolean,
  numerator: bigint,
  denominator: bigint,
  format: Format,
): LongDouble {
  if (numerator === 0n) return ZERO
  let exponent = bitLength(numerator) - bitLength(denominator) - format.bits
  // The quotient has as many bits as wanted or one more.
  if (quotient(numerator, denominator, exponent) >= 1n << BigInt(format.bits)) exponent++
  exponent = Math.max(exponent, format.least)
  const magnitude = quotient(numerator, denominator, exponent)
  if (bitLength(magnitude) + exponent > format.most) return infinity(negative)
  return { mantissa: negative ? -magnitude : magnitude, exponent }
}

/** `numerator / (denominator * 2^exponent)`, half to even. */
function quotient(numerator: bigint, denominator: bigint, exponent: number): bigint {
  const above = exponent < 0 ? numerator << BigInt(-exponent) : numerator
  const below = exponent > 0 ? denominator << BigInt(exponent) : denominator
  const whole = above / below
  const twice = (above - whole * below) * 2n
  return twice > below || (twice === below && (whole & 1n) === 1n) ? whole + 1n : whole
}

function bitLength(value: bigint): number {
  const hex = value.toString(16)
  return hex.length * 4 - Math.clz32(Number.parseInt(hex[0] as string, 16)) + 28
}

function fixed(value: LongDouble, decimals: number): Bytes {
  const negative = value.mantissa < 0n
  const magnitude = negative ? -value.mantissa : value.mantissa
  const scaled = quotient(magnitude * 10n ** BigInt(decimals), 1n, -value.exponent)
  const digits = scaled.toString().padStart(decimals + 1, '0')
  const point = digits.length - decimals
  const text = decimals === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`
  return negative ? `-${text}` : text
}
