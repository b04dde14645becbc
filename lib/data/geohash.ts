/**
 * Places on earth as scores of sorted sets: longitude and latitude cut into 2^step stretches each, the bits of the two
 * numbers interleaved, latitude first (geohash.c and decodeGeohash in geo.c). With 26 steps that are 52 bits, which a
 * double holds exactly.
 * Invariant: neighbouring cells of a grid have scores that are one range each.
 */
import type { Bytes } from '../base/bytes.ts'

/** A place, in degrees. */
export interface Place {
  readonly longitude: number
  readonly latitude: number
}

/** Degrees between which places lie, both included. */
export interface Extent {
  readonly min: number
  readonly max: number
}

/** What a geohash can tell: the poles lie outside, as on a square map (EPSG:3857). */
export const LONGITUDES: Extent = { min: -180, max: 180 }
export const LATITUDES: Extent = { min: -85.05112878, max: 85.05112878 }

/** What standard geohashes are made of. */
const ALL_LATITUDES: Extent = { min: -90, max: 90 }

export const STEPS_MAX = 26

/** A cell of the grid with 2^step columns and rows. */
export interface Cell {
  readonly column: number
  readonly row: number
  readonly step: number
}

/** The cell a place is in. */
export function cellOf({ longitude, latitude }: Place, step: number, latitudes = LATITUDES): Cell {
  return {
    column: stretchOf(longitude, LONGITUDES, step),
    row: stretchOf(latitude, latitudes, step),
    step,
  }
}

/** The upper end belongs to a stretch of its own, beyond the last. */
function stretchOf(degrees: number, { min, max }: Extent, step: number): number {
  return Math.trunc(((degrees - min) / (max - min)) * 2 ** step)
}

/** The cell so many columns and rows away, around the earth where there is none. */
export function neighbourOf({ column, row, step }: Cell, right: number, up: number): Cell {
  const count = 2 ** step
  return {
    column: right === 0 ? column : (column + right + count) % count,
    row: up === 0 ? row : (row + up + count) % count,
    step,
  }
}

/** The degrees a cell covers. */
export function extentOf({ column, row, step }: Cell): { longitude: Extent; latitude: Extent } {
  return {
    longitude: extentOfStretch(column, LONGITUDES, step),
    latitude: extentOfStretch(row, LATITUDES, step),
  }
}

function extentOfStretch(index: number, { min, max }: Extent, step: number): Extent {
  const whole = max - min
  return {
    min: min + (index / 2 ** step) * whole,
    max: min + ((index + 1) / 2 ** step) * whole,
  }
}

/** The scores of the places in a cell: from `min` up to, but not with, `max`. */
export function scoresIn(cell: Cell): Extent {
  const size = 4 ** (STEPS_MAX - cell.step)
  const bits = interleave(cell)
  return { min: bits * size, max: (bits + 1) * size }
}

/** The score of a place. */
export function scoreOf(place: Place): number {
  return interleave(cellOf(place, STEPS_MAX))
}

/** The place a score stands for: the middle of its cell. */
export function placeOf(score: number): Place {
  const { longitude, latitude } = extentOf(cellOfScore(score))
  return { longitude: middle(longitude, LONGITUDES), latitude: middle(latitude, LATITUDES) }
}

function middle({ min, max }: Extent, within: Extent): number {
  return Math.min(within.max, Math.max(within.min, (min + max) / 2))
}

const ALPHABET = '0123456789bcdefghjkmnpqrstuvwxyz'
/** Five bits a letter: there are two for the eleventh, which is always the first of the alphabet. */
const FULL_LETTERS = 10

/** The geohash everybody else uses, whose latitudes reach the poles. */
export function standardGeohash(place: Place): Bytes {
  const bits = interleave(cellOf(place, STEPS_MAX, ALL_LATITUDES))
  let text = ''
  for (let i = 1; i <= FULL_LETTERS; i++) {
    text += ALPHABET[Math.floor(bits / 2 ** (2 * STEPS_MAX - 5 * i)) % 32]
  }
  return text + ALPHABET[0]
}

const HALF_BITS = 13
const HALF_MASK = 2 ** HALF_BITS - 1

function interleave({ column, row }: Cell): number {
  return 2 * spread(column) + spread(row)
}

/** Puts a 0 before every bit. */
function spread(value: number): number {
  const high = spreadHalf(value >>> HALF_BITS)
  return high * 4 ** HALF_BITS + spreadHalf(value & HALF_MASK)
}

function spreadHalf(value: number): number {
  let bits = (value | (value << 8)) & 0x00ff_00ff
  bits = (bits | (bits << 4)) & 0x0f0f_0f0f
  bits = (bits | (bits << 2)) & 0x3333_3333
  return (bits | (bits << 1)) & 0x5555_5555
}

const WORD = 2 ** 32

/** The cell of any score: as a processor turns a double into 64 bits, whatever it is. */
function cellOfScore(score: number): Cell {
  const bits = score >= 0 && score <= Number.MAX_SAFE_INTEGER ? Math.trunc(score) : uint64Of(score)
  const high = typeof bits === 'bigint' ? Number(bits >> 32n) : Math.floor(bits / WORD)
  const low = typeof bits === 'bigint' ? Number(bits & 0xffff_ffffn) : bits % WORD
  return {
    column: gather(low >>> 1) + gather(high >>> 1) * 2 ** 16,
    row: gather(low) + gather(high) * 2 ** 16,
    step: STEPS_MAX,
  }
}

function uint64Of(score: number): bigint {
  if (score < -(2 ** 63)) return 2n ** 63n
  return score < 2 ** 64 ? BigInt.asUintN(64, BigInt(Math.trunc(score))) : 0n
}

/** Every second bit, from the last one on. */
function gather(word: number): number {
  let bits = word & 0x5555_5555
  bits = (bits | (bits >>> 1)) & 0x3333_3333
  bits = (bits | (bits >>> 2)) & 0x0f0f_0f0f
  bits = (bits | (bits >>> 4)) & 0x00ff_00ff
  return (bits | (bits >>> 8)) & 0xffff
}
