/**
 * Areas on earth: circles and boxes around a place, what lies in them, and the cells of the grid that cover them
 * (geohash_helper.c). Distances are those of a ball with the earth's mean radius.
 * Invariant: the cells of an area hold all places in it, but for areas that reach around the earth.
 */
import { arcsine, cosine, sine } from '../base/trigonometry.ts'
import { type Cell, cellOf, extentOf, neighbourOf, type Place, STEPS_MAX } from './geohash.ts'

const EARTH_RADIUS_METERS = 6_372_797.560856
const RADIANS_PER_DEGREE = Math.PI / 180
/** Half the way around the earth on a square map. */
const HALF_MAP_METERS = 20_037_726.37

/** A circle or a box that is as high and wide as said along the meridian and the parallel of its center. */
export interface Area {
  readonly center: Place
  readonly size:
    | { readonly radiusMeters: number }
    | { readonly widthMeters: number; readonly heightMeters: number }
}

/** The functions a distance is made of. */
interface Trigonometry {
  sine(angle: number): number
  cosine(angle: number): number
  arcsine(value: number): number
}

const quick: Trigonometry = { sine: Math.sin, cosine: Math.cos, arcsine: Math.asin }
const exact: Trigonometry = { sine, cosine, arcsine }

/** Meters between two places, to the last digit. */
export function distanceMeters(a: Place, b: Place): number {
  return haversine(a, b, exact)
}

function haversine(a: Place, b: Place, { sine, cosine, arcsine }: Trigonometry): number {
  const v = sine((radians(b.longitude) - radians(a.longitude)) / 2)
  if (v === 0) return meridianMeters(a.latitude, b.latitude)
  const [latitudeA, latitudeB] = [radians(a.latitude), radians(b.latitude)]
  const u = sine((latitudeB - latitudeA) / 2)
  const square = u * u + cosine(latitudeA) * cosine(latitudeB) * v * v
  return 2 * EARTH_RADIUS_METERS * arcsine(Math.sqrt(square))
}

function meridianMeters(latitudeA: number, latitudeB: number): number {
  return EARTH_RADIUS_METERS * Math.abs(radians(latitudeB) - radians(latitudeA))
}

function radians(degrees: number): number {
  return degrees * RADIANS_PER_DEGREE
}

/** Meters from the center of an area to a place in it, but for the last digits; undefined when the place is outside. */
export function roughDistanceWithin({ center, size }: Area, place: Place): number | undefined {
  if ('radiusMeters' in size) {
    const distance = haversine(center, place, quick)
    return distance > size.radiusMeters ? undefined : distance
  }
  if (meridianMeters(place.latitude, center.latitude) > size.heightMeters / 2) return undefined
  const sideways = haversine(place, { ...center, latitude: place.latitude }, quick)
  return sideways > size.widthMeters / 2 ? undefined : haversine(center, place, quick)
}

interface Bounds {
  readonly west: number
  readonly east: number
  readonly south: number
  readonly north: number
}

/** The degrees an area reaches to, which may lie beyond the map. */
function boundsOf({ center, size }: Area): Bounds {
  const { longitude, latitude } = center
  const [halfWidth, halfHeight] =
    'radiusMeters' in size
      ? [size.radiusMeters, size.radiusMeters]
      : [size.widthMeters / 2, size.heightMeters / 2]
  const up = degrees(halfHeight / EARTH_RADIUS_METERS)
  // The farther from the equator, the more degrees a width takes.
  const widest = latitude < 0 ? latitude - up : latitude + up
  const sideways = degrees(halfWidth / EARTH_RADIUS_METERS / Math.cos(radians(widest)))
  return {
    west: longitude - sideways,
    east: longitude + sideways,
    south: latitude - up,
    north: latitude + up,
  }
}

function degrees(angle: number): number {
  return angle / RADIANS_PER_DEGREE
}

function outerRadiusMeters({ size }: Area): number {
  if ('radiusMeters' in size) return size.radiusMeters
  const [right, up] = [size.widthMeters / 2, size.heightMeters / 2]
  return Math.sqrt(right * right + up * up)
}

/** The finest grid whose cells are, with their neighbours, as large as a circle. */
function stepFor(radiusMeters: number, latitude: number): number {
  if (radiusMeters === 0) return STEPS_MAX
  let step = 1
  for (let meters = radiusMeters; meters < HALF_MAP_METERS; meters *= 2) step++
  step -= 2
  if (Math.abs(latitude) > 66) step--
  if (Math.abs(latitude) > 80) step--
  return Math.min(STEPS_MAX, Math.max(1, step))
}

/** Columns and rows to a cell and its neighbours, in the order in which a server looks into them. */
const AROUND = [
  [0, 0],
  [0, 1],
  [0, -1],
  [1, 0],
  [-1, 0],
  [1, 1],
  [-1, 1],
  [1, -1],
  [-1, -1],
] as const

/** Cells that cover an area, some of them maybe twice where it reaches around the earth. */
export function cellsOf(area: Area): Cell[] {
  const bounds = boundsOf(area)
  const step = stepFor(outerRadiusMeters(area), area.center.latitude)
  let cell = cellOf(area.center, step)
  if (step > 1 && fallsShort(cell, bounds)) cell = cellOf(area.center, step - 1)
  const cells: Cell[] = []
  for (const [right, up] of AROUND) {
    if (cell.step > 1 && isBeyond(cell, bounds, right, up)) continue
    const next = neighbourOf(cell, right, up)
    // The center is not compared with, as in Redis.
    const before = cells.length > 1 ? cells.at(-1) : undefined
    if (before !== undefined && before.column === next.column && before.row === next.row) continue
    cells.push(next)
  }
  return cells
}

/** Whether the neighbours of a cell do not reach as far as an area. */
function fallsShort(cell: Cell, { west, east, south, north }: Bounds): boolean {
  return (
    extentOf(neighbourOf(cell, 0, 1)).latitude.max < north ||
    extentOf(neighbourOf(cell, 0, -1)).latitude.min > south ||
    extentOf(neighbourOf(cell, 1, 0)).longitude.max < east ||
    extentOf(neighbourOf(cell, -1, 0)).longitude.min > west
  )
}

/** Whether an area does not reach the neighbours on some side of a cell. */
function isBeyond(cell: Cell, bounds: Bounds, right: number, up: number): boolean {
  const { longitude, latitude } = extentOf(cell)
  return (
    (up < 0 && latitude.min < bounds.south) ||
    (up > 0 && latitude.max > bounds.north) ||
    (right < 0 && longitude.min < bounds.west) ||
    (right > 0 && longitude.max > bounds.east)
  )
}
