/**
 * Places, distances and units among the arguments of the geo commands (extractLongLatOrReply and its kin in geo.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { formatFixed } from '../base/long-double.ts'
import { parseDouble } from '../base/numbers.ts'
import { type Extent, LATITUDES, LONGITUDES, type Place, placeOf } from '../data/geohash.ts'
import type { SortedSetValue } from '../data/sorted-set.ts'
import { ReplyError } from '../resp/reply-error.ts'
import { type Argument, oneOf, token } from './argument.ts'
import { doubleArgument } from './number-argument.ts'

const METERS_PER_UNIT: Readonly<Record<string, number>> = {
  m: 1,
  km: 1000,
  ft: 0.3048,
  mi: 1609.34,
}

const badUnit = new ReplyError('ERR unsupported unit provided. please use M, KM, FT, MI')
const badRadius = new ReplyError('ERR need numeric radius')
const negativeRadius = new ReplyError('ERR radius cannot be negative')
const badWidth = new ReplyError('ERR need numeric width')
const badHeight = new ReplyError('ERR need numeric height')
const negativeSide = new ReplyError('ERR height or width cannot be negative')
const notDecoded = new ReplyError('ERR could not decode requested zset member')

/** A unit, as an argument. */
export function unitArgument(options: { readonly optional?: true } = {}): Argument {
  const units = ['m', 'km', 'ft', 'mi'].map((unit) => token(unit, unit.toUpperCase()))
  return oneOf('unit', units, options)
}

/** Meters per unit. Throws on what is none. */
export function metersPerUnit(word: Bytes): number {
  const meters = METERS_PER_UNIT[word.toLowerCase()]
  if (meters === undefined) throw badUnit
  return meters
}

/** The place two arguments from `at` on say. Throws on what is no number or off the map. */
export function placeArgument(argv: readonly Bytes[], at: number): Place {
  const longitude = doubleArgument(argv[at] as Bytes)
  const latitude = doubleArgument(argv[at + 1] as Bytes)
  if (!isWithin(longitude, LONGITUDES) || !isWithin(latitude, LATITUDES)) {
    throw new ReplyError(
      `ERR invalid longitude,latitude pair ${shown(longitude)},${shown(latitude)}`,
    )
  }
  return { longitude, latitude }
}

function isWithin(degrees: number, { min, max }: Extent): boolean {
  return degrees >= min && degrees <= max
}

function shown(degrees: number): Bytes {
  if (Number.isFinite(degrees)) return formatFixed(degrees, 6)
  return degrees < 0 ? '-inf' : 'inf'
}

/** The place of a member. Throws if there is none. */
export function placeOfMember(set: SortedSetValue, member: Bytes): Place {
  const score = set.scoreOf(member)
  if (score === undefined) throw notDecoded
  return placeOf(score)
}

/** A size and the unit it is given in: what is found is told in that, too. */
export interface Measure<Size> {
  readonly size: Size
  readonly metersPerUnit: number
}

/** A radius and its unit from `at` on. */
export function radiusArgument(
  argv: readonly Bytes[],
  at: number,
): Measure<{ readonly radiusMeters: number }> {
  const radius = sideArgument(argv[at], badRadius)
  if (radius < 0) throw negativeRadius
  const meters = metersPerUnit(argv[at + 1] as Bytes)
  return { size: { radiusMeters: radius * meters }, metersPerUnit: meters }
}

/** A width, a height and their unit from `at` on. */
export function boxArgument(
  argv: readonly Bytes[],
  at: number,
): Measure<{ readonly widthMeters: number; readonly heightMeters: number }> {
  const width = sideArgument(argv[at], badWidth)
  const height = sideArgument(argv[at + 1], badHeight)
  if (width < 0 || height < 0) throw negativeSide
  const meters = metersPerUnit(argv[at + 2] as Bytes)
  return {
    size: { widthMeters: width * meters, heightMeters: height * meters },
    metersPerUnit: meters,
  }
}

function sideArgument(text: Bytes | undefined, refusal: ReplyError): number {
  const value = parseDouble(text ?? '')
  if (value === undefined) throw refusal
  return value
}
