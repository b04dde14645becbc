/**
 * Random geo commands. Places are all over the map, the edges among them, no two the same: servers order members at one
 * distance as their sorting happens to.
 */
import type { Bytes } from '../../../lib/base/bytes.ts'
import type { Random } from '../../../lib/base/random.ts'
import { anyCase, type Choice, choose, keyOf, oneIn, options } from './vocabulary.ts'

const key = (random: Random) =>
  oneIn(random, 20) ? keyOf(random, 'geo') : `{k}geo${random.below(2)}`
/** What is found is stored apart: it would leave nothing where nothing is found. */
const storeKey = (random: Random) => (oneIn(random, 20) ? key(random) : '{k}stored')
const member = (random: Random) => `m${random.below(oneIn(random, 10) ? 40 : 12)}`

function degrees(random: Random, most: number): Bytes {
  return choose(random, [
    [10, (r) => ((r.fraction() - 0.5) * 2 * most).toFixed(1 + r.below(12))],
    [10, (r) => ((r.fraction() - 0.5) * 4 + most / 3).toFixed(6)],
    [1, (r) => r.pick(['0', '-0', String(most), String(-most), '1e-7'])],
  ])
}

function place(random: Random): Bytes[] {
  if (oneIn(random, 60)) return [random.pick(['180.5', 'x', 'nan', '']), '1']
  return [degrees(random, 180), degrees(random, 85.05112878)]
}

const unit = (random: Random) =>
  oneIn(random, 40) ? 'parsec' : anyCase(random, random.pick(['m', 'km', 'km', 'km', 'ft', 'mi']))

/** From nothing to almost around the earth: farther, Redis finds members twice. */
function length(random: Random): Bytes {
  return choose(random, [
    [10, (r) => (10 ** (r.fraction() * 6) / 300).toFixed(r.below(5))],
    [10, (r) => (10 ** (4 + r.fraction() * 2) / 300).toFixed(r.below(3))],
    [1, (r) => r.pick(['0', '-1', 'x', '1e-3'])],
  ])
}

function count(random: Random): Bytes[] {
  const any = oneIn(random, 3) ? [anyCase(random, 'ANY')] : []
  return [anyCase(random, 'COUNT'), String(random.below(6)), ...any]
}

const order = (random: Random) => [anyCase(random, random.pick(['ASC', 'DESC']))]
const detail = (random: Random) => [
  anyCase(random, random.pick(['WITHDIST', 'WITHHASH', 'WITHCOORD'])),
]

function choices(random: Random, more: readonly (() => Bytes[])[] = []): Bytes[] {
  if (oneIn(random, 3)) return []
  return options(random, [() => count(random), () => order(random), () => order(random), ...more])
}

function target(random: Random): Bytes[] {
  const from = oneIn(random, 2)
    ? [anyCase(random, 'FROMMEMBER'), member(random)]
    : [anyCase(random, 'FROMLONLAT'), ...place(random)]
  const by = oneIn(random, 2)
    ? [anyCase(random, 'BYRADIUS'), length(random), unit(random)]
    : [anyCase(random, 'BYBOX'), length(random), length(random), unit(random)]
  if (oneIn(random, 30)) return random.pick([from, by, [...from, ...from, ...by]])
  return oneIn(random, 3) ? [...by, ...from] : [...from, ...by]
}

function adding(random: Random): Bytes[] {
  const words = oneIn(random, 3)
    ? options(random, [() => [anyCase(random, random.pick(['NX', 'XX', 'CH', 'CH']))]])
    : []
  const places = Array.from({ length: 1 + random.below(4) }, () => [
    ...place(random),
    member(random),
  ])
  return ['GEOADD', key(random), ...words, ...places.flat()]
}

function older(random: Random): Bytes[] {
  const details = [() => detail(random), () => detail(random)]
  const stores = [
    ...details,
    () => [anyCase(random, 'STORE'), storeKey(random)],
    // Distances have digits that depend on the machine: they are stored, and not looked at.
    () => [anyCase(random, 'STOREDIST'), '{k}distances'],
  ]
  return choose(random, [
    [2, (r) => ['GEORADIUS', key(r), ...place(r), length(r), unit(r), ...choices(r, stores)]],
    [1, (r) => ['GEORADIUS_RO', key(r), ...place(r), length(r), unit(r), ...choices(r, details)]],
    [2, (r) => ['GEORADIUSBYMEMBER', key(r), member(r), length(r), unit(r), ...choices(r, stores)]],
    [
      1,
      (r) => [
        'GEORADIUSBYMEMBER_RO',
        key(r),
        member(r),
        length(r),
        unit(r),
        ...choices(r, details),
      ],
    ],
  ])
}

const commands: Choice<Bytes[]> = [
  [14, adding],
  [4, (r) => ['GEOPOS', key(r), member(r), member(r)]],
  [4, (r) => ['GEOHASH', key(r), member(r), member(r)]],
  [6, (r) => ['GEODIST', key(r), member(r), member(r), ...(oneIn(r, 2) ? [unit(r)] : [])]],
  [16, (r) => ['GEOSEARCH', key(r), ...target(r), ...choices(r, [() => detail(r)])]],
  [4, (r) => ['GEOSEARCHSTORE', storeKey(r), key(r), ...target(r), ...choices(r)]],
  [1, (r) => ['GEOSEARCHSTORE', '{k}distances', key(r), ...target(r), 'STOREDIST']],
  [10, older],
  [3, (r) => ['ZRANGE', key(r), '0', '-1', 'WITHSCORES']],
  [2, () => ['ZRANGE', '{k}stored', '0', '-1', 'WITHSCORES']],
  [1, (r) => ['ZREM', key(r), member(r)]],
  [1, (r) => ['DEL', oneIn(r, 4) ? key(r) : '{k}stored']],
]

/** One command on places. */
export function generate(random: Random): Bytes[] {
  return choose(random, commands)
}
