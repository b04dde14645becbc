/**
 * Random sorted set commands. Members and scores are few, so that they meet; names are compared only within keys whose
 * scores are one, where Redis says what comes of it. What is popped or drawn at random is compared by its shape.
 */
import type { Bytes } from '../../../lib/base/bytes.ts'
import type { Random } from '../../../lib/base/random.ts'
import {
  anyCase,
  type Choice,
  choose,
  countText,
  floatText,
  keyOf,
  oneIn,
  options,
  patternText,
  smallIntegerText,
  valueText,
} from './vocabulary.ts'

const key = (random: Random) => keyOf(random, 'z')
/** Keys whose members all have the score 0. */
const levelKey = (random: Random) => `{k}level${random.below(3)}`

function member(random: Random): Bytes {
  return choose(random, [
    [20, (r) => `m${r.below(9)}`],
    [3, (r) => String(r.below(100))],
    [1, (r) => r.pick(['', '-0', '007', '9223372036854775807', '\0\xff', 'x'.repeat(65)])],
    [1, valueText],
  ])
}

function members(random: Random): Bytes[] {
  return Array.from({ length: 1 + random.below(4) }, () => member(random))
}

function score(random: Random): Bytes {
  return choose(random, [
    [12, (r) => String(r.below(10) - 2)],
    [5, (r) => String((r.below(200) - 50) / 8)],
    [2, floatText],
    [2, (r) => r.pick(['inf', '-inf', '+inf', 'Infinity', '-0', '1e17', '1e21', '1e-5', 'nan'])],
  ])
}

function pairs(random: Random): Bytes[] {
  return Array.from({ length: 1 + random.below(4) }, () => [score(random), member(random)]).flat()
}

/** So many members that the sorted set is at the edge of being a listpack, or beyond. */
function manyPairs(random: Random): Bytes[] {
  return Array.from({ length: 100 + random.below(60) }, (_, i) => [
    String(random.below(40)),
    `many${i}`,
  ]).flat()
}

function bound(random: Random): Bytes {
  return choose(random, [
    [6, score],
    [3, (r) => `(${score(r)}`],
    [3, (r) => r.pick(['-inf', '+inf', '(inf', '', '(', ' 1', 'x'])],
  ])
}

function name(random: Random): Bytes {
  return random.pick(['', 'a', 'b', 'bb', 'c', 'd', 'e', '\0', '\xff', '10'])
}

function nameBound(random: Random): Bytes {
  return choose(random, [
    [4, (r) => `[${name(r)}`],
    [4, (r) => `(${name(r)}`],
    [4, (r) => r.pick(['-', '+'])],
    [1, (r) => r.pick(['', 'a', '-x', '+\0x', '1'])],
  ])
}

const withScores = (random: Random) => [anyCase(random, 'WITHSCORES')]
const limit = (random: Random) => [
  anyCase(random, 'LIMIT'),
  smallIntegerText(random),
  smallIntegerText(random),
]

function maybe(random: Random, makers: readonly (() => Bytes[])[]): Bytes[] {
  return oneIn(random, 2) ? [] : options(random, makers)
}

function adding(random: Random): Bytes[] {
  const words = ['NX', 'XX', 'GT', 'LT', 'CH', 'INCR', 'CH', 'GT', 'LT']
  const given = maybe(random, [() => [anyCase(random, random.pick(words))]])
  return ['ZADD', key(random), ...given, ...(oneIn(random, 25) ? manyPairs(random) : pairs(random))]
}

function ranging(random: Random, isStored = false): Bytes[] {
  const rev = () => (oneIn(random, 2) ? [anyCase(random, 'REV')] : [])
  const details = isStored && !oneIn(random, 15) ? [] : [() => withScores(random)]
  const common = [...details, () => limit(random)]
  return choose(random, [
    [3, (r) => [key(r), smallIntegerText(r), smallIntegerText(r), ...rev(), ...maybe(r, common)]],
    [3, (r) => [key(r), bound(r), bound(r), 'BYSCORE', ...rev(), ...maybe(r, common)]],
    [3, (r) => [levelKey(r), nameBound(r), nameBound(r), 'BYLEX', ...rev(), ...maybe(r, common)]],
  ])
}

function older(random: Random): Bytes[] {
  const common = [() => withScores(random), () => limit(random)]
  return choose(random, [
    [
      2,
      (r) => [
        'ZREVRANGE',
        key(r),
        smallIntegerText(r),
        smallIntegerText(r),
        ...maybe(r, [() => withScores(r)]),
      ],
    ],
    [
      3,
      (r) => [
        r.pick(['ZRANGEBYSCORE', 'ZREVRANGEBYSCORE']),
        key(r),
        bound(r),
        bound(r),
        ...maybe(r, common),
      ],
    ],
    [
      3,
      (r) => [
        r.pick(['ZRANGEBYLEX', 'ZREVRANGEBYLEX']),
        levelKey(r),
        nameBound(r),
        nameBound(r),
        ...maybe(r, [() => limit(r)]),
      ],
    ],
  ])
}

function removing(random: Random): Bytes[] {
  return choose(random, [
    [2, (r) => ['ZREMRANGEBYRANK', key(r), smallIntegerText(r), smallIntegerText(r)]],
    [1, (r) => ['ZREMRANGEBYSCORE', key(r), bound(r), bound(r)]],
    [2, (r) => ['ZREMRANGEBYLEX', levelKey(r), nameBound(r), nameBound(r)]],
  ])
}

function sources(random: Random): Bytes[] {
  const names = Array.from({ length: 1 + random.below(3) }, () =>
    oneIn(random, 5) ? `{k}set${random.below(2)}` : key(random),
  )
  const count = oneIn(random, 12) ? smallIntegerText(random) : String(names.length)
  return [count, ...names]
}

function weighting(random: Random, names: readonly Bytes[]): (() => Bytes[])[] {
  return [
    () => ['WEIGHTS', ...names.slice(1).map(() => score(random))],
    () => ['AGGREGATE', anyCase(random, random.pick(['SUM', 'MIN', 'MAX', 'MAX', 'AVG']))],
  ]
}

function algebra(random: Random): Bytes[] {
  const names = sources(random)
  const weights = weighting(random, names)
  const scores = () => withScores(random)
  return choose(random, [
    [6, (r) => [r.pick(['ZUNION', 'ZINTER']), ...names, ...maybe(r, [...weights, scores, scores])]],
    [3, (r) => ['ZDIFF', ...names, ...maybe(r, [scores])]],
    [4, (r) => [r.pick(['ZUNIONSTORE', 'ZINTERSTORE']), key(r), ...names, ...maybe(r, weights)]],
    [2, (r) => ['ZDIFFSTORE', key(r), ...names]],
    [2, (r) => ['ZINTERCARD', ...names, ...maybe(r, [() => ['LIMIT', countText(r)]])]],
  ])
}

function popping(random: Random): Bytes[] {
  const end = () => anyCase(random, random.pick(['MIN', 'MAX', 'MIN', 'MAX', 'LEFT']))
  return choose(random, [
    [3, (r) => [r.pick(['ZPOPMIN', 'ZPOPMAX']), key(r)]],
    [2, (r) => [r.pick(['ZPOPMIN', 'ZPOPMAX']), key(r), smallIntegerText(r)]],
    [2, (r) => ['ZMPOP', ...sources(r), end(), ...maybe(r, [() => ['COUNT', countText(r)]])]],
    [1, (r) => [r.pick(['BZPOPMIN', 'BZPOPMAX']), key(r), '0.001']],
    [1, (r) => ['BZMPOP', '0.001', '1', key(r), end(), 'COUNT', countText(r)]],
  ])
}

const commands: Choice<Bytes[]> = [
  [16, adding],
  [3, (r) => ['ZADD', levelKey(r), '0', name(r), '0', name(r), '0', member(r)]],
  [4, (r) => ['ZINCRBY', key(r), score(r), member(r)]],
  [5, (r) => ['ZREM', key(r), ...members(r)]],
  [2, (r) => ['ZCARD', key(r)]],
  [3, (r) => ['ZSCORE', key(r), member(r)]],
  [2, (r) => ['ZMSCORE', key(r), ...members(r)]],
  [4, (r) => [r.pick(['ZRANK', 'ZREVRANK']), key(r), member(r)]],
  [2, (r) => ['ZCOUNT', key(r), bound(r), bound(r)]],
  [2, (r) => ['ZLEXCOUNT', levelKey(r), nameBound(r), nameBound(r)]],
  [10, (r) => ['ZRANGE', ...ranging(r)]],
  [4, (r) => ['ZRANGESTORE', key(r), ...ranging(r, true)]],
  [8, older],
  [4, removing],
  [12, algebra],
  [8, popping],
  [2, (r) => ['ZRANDMEMBER', key(r), ...maybe(r, [() => [smallIntegerText(r)]])]],
  [1, (r) => ['ZRANDMEMBER', key(r), smallIntegerText(r), ...withScores(r)]],
  [2, (r) => ['ZSCAN', key(r), '0', 'MATCH', patternText(r), 'COUNT', '5000']],
  [3, (r) => ['ZRANGE', key(r), '0', '-1', 'WITHSCORES']],
  [3, (r) => ['OBJECT', 'ENCODING', key(r)]],
  [1, (r) => ['SADD', `{k}set${r.below(2)}`, ...members(r)]],
  [1, (r) => ['DUMP', levelKey(r)]],
  [1, (r) => ['DUMP', key(r)]],
  [1, (r) => ['DEL', key(r)]],
  [1, (r) => ['COPY', key(r), key(r), 'REPLACE']],
  [1, (r) => ['SET', keyOf(r, 's'), valueText(r)]],
]

/** One command on sorted sets. */
export function generate(random: Random): Bytes[] {
  return choose(random, commands)
}
