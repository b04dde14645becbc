/**
 * Random set commands. Members are few, so that they meet; most are integers, so that intsets come and go. What is popped
 * at random is popped whole: two servers do not draw the same lot.
 */
import type { Bytes } from '../../../lib/base/bytes.ts'
import type { Random } from '../../../lib/base/random.ts'
import {
  anyCase,
  type Choice,
  choose,
  countText,
  keyOf,
  oneIn,
  options,
  patternText,
  smallIntegerText,
  valueText,
} from './vocabulary.ts'

const key = (random: Random) => keyOf(random, 'set')

function member(random: Random): Bytes {
  return choose(random, [
    [20, (r) => `${r.below(12)}`],
    [3, (r) => `${r.below(1000) - 500}`],
    [4, (r) => `m${r.below(8)}`],
    [
      1,
      (r) =>
        r.pick(['', '-0', '+1', '007', '9223372036854775807', '9223372036854775808', '\0\xff']),
    ],
    [1, valueText],
  ])
}

function members(random: Random): Bytes[] {
  return Array.from({ length: 1 + random.below(5) }, () => member(random))
}

/** So many integers that the set is at the edge of being an intset, or beyond. */
function manyMembers(random: Random): Bytes[] {
  const first = random.below(600) - 300
  return Array.from({ length: 200 + random.below(330) }, (_, i) => `${first + i}`)
}

function keys(random: Random): Bytes[] {
  return Array.from({ length: 1 + random.below(4) }, () =>
    oneIn(random, 25) ? keyOf(random, 's') : key(random),
  )
}

function cardinality(random: Random): Bytes[] {
  const names = keys(random)
  const count = oneIn(random, 8) ? smallIntegerText(random) : String(names.length)
  const limit = () => [anyCase(random, 'LIMIT'), countText(random)]
  return ['SINTERCARD', count, ...names, ...options(random, [limit])]
}

const commands: Choice<Bytes[]> = [
  [14, (r) => ['SADD', key(r), ...(oneIn(r, 20) ? manyMembers(r) : members(r))]],
  [8, (r) => ['SREM', key(r), ...members(r)]],
  [5, (r) => ['SMOVE', key(r), key(r), member(r)]],
  [4, (r) => ['SISMEMBER', key(r), member(r)]],
  [3, (r) => ['SMISMEMBER', key(r), ...members(r)]],
  [4, (r) => ['SCARD', key(r)]],
  [4, (r) => ['SMEMBERS', key(r)]],
  [9, (r) => [r.pick(['SINTER', 'SUNION', 'SDIFF']), ...keys(r)]],
  [9, (r) => [r.pick(['SINTERSTORE', 'SUNIONSTORE', 'SDIFFSTORE']), key(r), ...keys(r)]],
  [4, cardinality],
  [2, (r) => ['SRANDMEMBER', key(r)]],
  [3, (r) => ['SRANDMEMBER', key(r), smallIntegerText(r)]],
  [2, (r) => ['SPOP', key(r), r.pick(['0', '-1', 'x', '5000'])]],
  [
    3,
    (r) => [
      'SSCAN',
      key(r),
      r.pick(['0', '0', '0', 'x', '']),
      ...options(r, [() => [anyCase(r, 'MATCH'), patternText(r)]]),
      'COUNT',
      '5000',
    ],
  ],
  [4, (r) => ['OBJECT', 'ENCODING', key(r)]],
  [1, (r) => ['DEL', key(r)]],
  [1, (r) => ['COPY', key(r), key(r), 'REPLACE']],
  [1, (r) => ['SET', keyOf(r, 's'), valueText(r)]],
]

/** One command on sets. */
export function generate(random: Random): Bytes[] {
  return choose(random, commands)
}
