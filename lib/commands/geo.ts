/**
 * Places in sorted sets: added, and asked for where they are and how far apart (geo.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { formatLongDouble, longDoubleOf } from '../base/long-double.ts'
import { distanceMeters } from '../data/geo-area.ts'
import { type Place, placeOf, scoreOf, standardGeohash } from '../data/geohash.ts'
import { errors } from '../resp/reply-error.ts'
import type { ReplySink } from '../resp/reply-sink.ts'
import { block, double, key, oneOf, string, token } from './argument.ts'
import { type Command, command } from './command.ts'
import type { Context } from './context.ts'
import { metersPerUnit, placeArgument, unitArgument } from './geo-argument.ts'
import { zadd } from './sorted-set.ts'

const ADD_OPTIONS: readonly string[] = ['NX', 'XX', 'CH']

export const geoadd = command({
  name: 'GEOADD',
  since: '3.2.0',
  group: 'geo',
  summary: 'Gives members of a sorted set scores that are places; returns how many are new.',
  complexity: 'O(log(N)) for each item added, where N is the number of elements in the sorted set.',
  flags: ['write', 'denyoom'],
  categories: ['geo'],
  history: [['6.2.0', '`CH`, `NX` and `XX`.']],
  args: [
    key('key', ['RW', 'update']),
    oneOf('condition', [token('nx', 'NX'), token('xx', 'XX')], { optional: true, since: '6.2.0' }),
    token('change', 'CH', { optional: true, since: '6.2.0' }),
    block('data', [double('longitude'), double('latitude'), string('member')], {
      formerName: 'longitude_latitude_member',
      multiple: true,
    }),
  ],
  run: (context, argv) => {
    let at = 2
    while (ADD_OPTIONS.includes(argv[at]?.toUpperCase() ?? '')) at++
    const options = argv.slice(2, at)
    const given = new Set(options.map((word) => word.toUpperCase()))
    if ((argv.length - at) % 3 !== 0 || (given.has('NX') && given.has('XX'))) throw errors.syntax
    const words: Bytes[] = ['zadd', argv[1] as Bytes, ...options]
    for (; at < argv.length; at += 3) {
      words.push(String(scoreOf(placeArgument(argv, at))), argv[at + 2] as Bytes)
    }
    // To replicas it is a sorted set and nothing else.
    context.propagation.replaceWith(words)
    zadd.run(context, words)
  },
})

/** Degrees as they are replied: a number with all its digits, from 8.0 on with no more than it takes. */
export function writePlace({ reply, server }: Context, { longitude, latitude }: Place): void {
  reply.array(2)
  if (server.version.atLeast('8.0')) {
    reply.double(longitude)
    reply.double(latitude)
    return
  }
  reply.doubleText(formatLongDouble(longDoubleOf(longitude)))
  reply.doubleText(formatLongDouble(longDoubleOf(latitude)))
}

const DISTANCE_DECIMALS = 4

/**
 * A distance as it is replied, with four decimals. It is the scaled double that is rounded, a half to the even digit: scaling
 * rounds, too, so this can differ from "%.4f" (fixedpoint_d2string).
 */
export function writeDistance(reply: ReplySink, distance: number): void {
  const digits = String(roundToEven(distance * 10 ** DISTANCE_DECIMALS))
  const padded = digits.padStart(DISTANCE_DECIMALS + 1, '0')
  reply.bulk(`${padded.slice(0, -DISTANCE_DECIMALS)}.${padded.slice(-DISTANCE_DECIMALS)}`)
}

/** The nearest integer of a number that is not negative; of two, the even one. */
function roundToEven(value: number): number {
  const rounded = Math.round(value)
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded
}

/** A command that tells something of the place of each of several members. */
function telling(
  name: string,
  summary: string,
  formerComplexity: string,
  write: (context: Context, place: Place | undefined) => void,
): Command {
  return command({
    name,
    since: '3.2.0',
    group: 'geo',
    summary,
    complexity: 'O(1) for each member requested.',
    flags: ['readonly'],
    categories: ['geo'],
    arity: -2,
    args: [key('key', ['RO', 'access']), string('member', { optional: true, multiple: true })],
    before: {
      '7.2.0': {
        complexity: formerComplexity,
        args: [key('key', ['RO', 'access']), string('member', { multiple: true })],
      },
    },
    run: (context: Context, argv) => {
      const { db, reply } = context
      const set = db.readSortedSet(argv[1] as Bytes)
      reply.array(argv.length - 2)
      for (const member of argv.slice(2)) {
        const score = set?.scoreOf(member)
        write(context, score === undefined ? undefined : placeOf(score))
      }
    },
  })
}

export const geopos = telling(
  'GEOPOS',
  'Returns longitude and latitude of members of a sorted set.',
  'O(N) where N is the number of members requested.',
  (context, place) => {
    if (place === undefined) context.reply.nullArray()
    else writePlace(context, place)
  },
)

export const geohash = telling(
  'GEOHASH',
  'Returns the standard geohashes of members of a sorted set.',
  'O(log(N)) for each member requested, where N is the number of elements in the sorted set.',
  ({ reply }, place) => {
    if (place === undefined) reply.null()
    else reply.bulk(standardGeohash(place))
  },
)

export const geodist = command({
  name: 'GEODIST',
  since: '3.2.0',
  group: 'geo',
  summary: 'Returns how far apart the places of two members of a sorted set are.',
  complexity: 'O(1)',
  flags: ['readonly'],
  categories: ['geo'],
  args: [
    key('key', ['RO', 'access']),
    string('member1'),
    string('member2'),
    unitArgument({ optional: true }),
  ],
  before: { '7.2.0': { complexity: 'O(log(N))' } },
  run: ({ db, reply }, argv) => {
    const [, name, first, second, unit] = argv as [Bytes, Bytes, Bytes, Bytes, Bytes | undefined]
    if (argv.length > 5) throw errors.syntax
    const meters = metersPerUnit(unit ?? 'm')
    const set = db.readSortedSet(name)
    const a = set?.scoreOf(first)
    const b = set?.scoreOf(second)
    if (a === undefined || b === undefined) reply.null()
    else writeDistance(reply, distanceMeters(placeOf(a), placeOf(b)) / meters)
  },
})
