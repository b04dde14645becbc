/**
 * Members of a sorted set whose places lie in an area (georadiusGeneric in geo.c): looked for in the cells that cover it,
 * sorted by their distance where that is asked for, then told or stored.
 */
import type { Bytes } from '../base/bytes.ts'
import { type Area, cellsOf, distanceMeters, roughDistanceWithin } from '../data/geo-area.ts'
import { type Place, placeOf, scoresIn } from '../data/geohash.ts'
import { SortedSetValue } from '../data/sorted-set.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { type Argument, block, double, integer, key, oneOf, string, token } from './argument.ts'
import { storeResult } from './collection.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { writeDistance, writePlace } from './geo.ts'
import { unitArgument } from './geo-argument.ts'
import { parseSearch, type SearchForm, type SearchRequest } from './geo-request.ts'

/** A member that was found. */
interface Found {
  readonly member: Bytes
  readonly score: number
  readonly place: Place
  /** Good enough to choose and to sort by. */
  readonly roughMeters: number
}

/** Runs a command of this form. */
export function search(context: Context, argv: readonly Bytes[], form: SearchForm): void {
  const source = argv[form.store === 'argument' ? 2 : 1] as Bytes
  const set = context.db.readSortedSet(source)
  const request = parseSearch(argv, set, form)
  const { area, count } = request
  const all =
    set === undefined || area === undefined ? [] : sorted(find(set, area, request), request)
  const found = count === 0 ? all : all.slice(0, count)
  if (request.destination === undefined) tell(context, found, request)
  else store(context, found, request, request.destination, form)
}

/** All members in an area, cell by cell; no more than asked for where any will do. */
function find(set: SortedSetValue, area: Area, { any, count }: SearchRequest): Found[] {
  const found: Found[] = []
  const isEnough = () => any && found.length >= count
  for (const cell of cellsOf(area)) {
    if (isEnough()) break
    const { min, max } = scoresIn(cell)
    const { start, end } = set.ranksIn({
      isBelow: (_, score) => score < min,
      isAbove: (_, score) => score >= max,
    })
    set.walk(start, end - start, (member, score) => {
      if (isEnough()) return
      const place = placeOf(score)
      const roughMeters = roughDistanceWithin(area, place)
      if (roughMeters !== undefined) found.push({ member, score, place, roughMeters })
    })
  }
  return found
}

/** In the order asked for; to choose some of all means to choose the nearest. */
function sorted(found: readonly Found[], { order, count, any }: SearchRequest): readonly Found[] {
  const direction = order ?? (count > 0 && !any ? 'rising' : undefined)
  if (direction === undefined) return found
  const sign = direction === 'rising' ? 1 : -1
  return found.toSorted((a, b) => sign * (a.roughMeters - b.roughMeters))
}

/** From the center, in the unit asked for. */
function distanceTo(place: Place, { area, metersPerUnit }: SearchRequest): number {
  return area === undefined ? 0 : distanceMeters(area.center, place) / metersPerUnit
}

function tell(context: Context, found: readonly Found[], request: SearchRequest): void {
  const { reply } = context
  const { withDistance, withHash, withPlace } = request
  const details = [withDistance, withHash, withPlace].filter(Boolean).length
  reply.array(found.length)
  for (const { member, score, place } of found) {
    if (details > 0) reply.array(1 + details)
    reply.bulk(member)
    if (withDistance) writeDistance(reply, distanceTo(place, request))
    if (withHash) reply.integer(score)
    if (withPlace) writePlace(context, place)
  }
}

function store(
  { db, reply }: Context,
  found: readonly Found[],
  request: SearchRequest,
  destination: Bytes,
  { center }: SearchForm,
): void {
  const scores = new Map<Bytes, number>()
  for (const { member, score, place } of found) {
    scores.set(member, request.storeDistance ? distanceTo(place, request) : score)
  }
  const result = new SortedSetValue(db.limits, scores)
  const event = center === 'option' ? 'geosearchstore' : 'georadiusstore'
  storeResult(db, destination, result, [NotifyClass.zset, event], result.size)
  reply.integer(result.size)
}

/** The order and the number of what is found. */
export const orderArgument = oneOf('order', [token('asc', 'ASC'), token('desc', 'DESC')], {
  optional: true,
})

/** How many are wanted, and whether any will do. */
export function countArgument(options: { readonly since?: string } = {}): Argument {
  return block(
    'count-block',
    [integer('count', { token: 'COUNT' }), token('any', 'ANY', { ...options, optional: true })],
    { formerName: 'count', optional: true },
  )
}

/** What is told beside the member. */
export const detailArguments: readonly Argument[] = [
  token('withcoord', 'WITHCOORD', { optional: true }),
  token('withdist', 'WITHDIST', { optional: true }),
  token('withhash', 'WITHHASH', { optional: true }),
]

const areaArguments: readonly Argument[] = [
  oneOf('from', [
    string('member', { token: 'FROMMEMBER' }),
    block('fromlonlat', [double('longitude'), double('latitude')], {
      formerName: 'longitude_latitude',
      token: 'FROMLONLAT',
    }),
  ]),
  oneOf('by', [
    block('circle', [double('radius', { token: 'BYRADIUS' }), unitArgument()]),
    block('box', [double('width', { token: 'BYBOX' }), double('height'), unitArgument()]),
  ]),
  orderArgument,
  countArgument(),
]

const COMPLEXITY =
  'O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape'
const unitCase = [['7.0.0', 'Units in capital letters.']] as const

export const geosearch = command({
  name: 'GEOSEARCH',
  since: '6.2.0',
  group: 'geo',
  summary: 'Returns the members of a sorted set whose places lie in a circle or a box.',
  complexity: COMPLEXITY,
  flags: ['readonly'],
  categories: ['geo'],
  history: unitCase,
  args: [key('key', ['RO', 'access']), ...areaArguments, ...detailArguments],
  run: (context, argv) => search(context, argv, { center: 'option', store: 'none' }),
})

export const geosearchstore = command({
  name: 'GEOSEARCHSTORE',
  since: '6.2.0',
  group: 'geo',
  summary: 'Stores the members of a sorted set whose places lie in a circle or a box.',
  complexity: COMPLEXITY,
  flags: ['write', 'denyoom'],
  categories: ['geo'],
  history: unitCase,
  args: [
    key('destination', ['OW', 'update']),
    key('source', ['RO', 'access']),
    ...areaArguments,
    token('storedist', 'STOREDIST', { optional: true }),
  ],
  run: (context, argv) => search(context, argv, { center: 'option', store: 'argument' }),
})
