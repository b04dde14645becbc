/**
 * Random hash commands. Fields are few, so that they meet; now and then a hash grows past what is kept compactly.
 */
import type { Bytes } from '../../../lib/base/bytes.ts'
import type { Random } from '../../../lib/base/random.ts'
import {
  anyCase,
  type Choice,
  choose,
  floatText,
  integerText,
  keyOf,
  oneIn,
  options,
  patternText,
  smallIntegerText,
  valueText,
} from './vocabulary.ts'

const key = (random: Random) => keyOf(random, 'h')

function field(random: Random): Bytes {
  return choose(random, [
    [30, (r) => `f${r.below(8)}`],
    [3, (r) => `f${r.below(600)}`],
    [1, (r) => r.pick(['', 'long'.repeat(16), 'long'.repeat(17), '\0\xff', '12', '012'])],
  ])
}

function fields(random: Random): Bytes[] {
  return Array.from({ length: 1 + random.below(4) }, () => field(random))
}

function pairs(random: Random): Bytes[] {
  const words = fields(random).flatMap((name) => [name, valueText(random)])
  return oneIn(random, 20) ? [...words, field(random)] : words
}

/** So many fields that the hash is at the edge of being compact, or beyond. */
function manyPairs(random: Random): Bytes[] {
  const first = random.below(600)
  return Array.from({ length: 200 + random.below(330) }, (_, i) => [`f${first + i}`, `${i}`]).flat()
}

function scanOptions(random: Random): Bytes[] {
  return options(random, [
    () => [anyCase(random, 'MATCH'), patternText(random)],
    () => [anyCase(random, 'COUNT'), '5000'],
    () => ['COUNT', random.pick(['0', '-1', 'x', '5000'])],
  ])
}

const commands: Choice<Bytes[]> = [
  [8, (r) => ['HSET', key(r), ...pairs(r)]],
  [4, (r) => ['HSET', key(r), field(r), integerText(r)]],
  [1, (r) => [r.pick(['HMSET', 'HSET']), key(r), ...(oneIn(r, 6) ? manyPairs(r) : pairs(r))]],
  [2, (r) => ['HMSET', key(r), ...pairs(r)]],
  [3, (r) => ['HSETNX', key(r), field(r), valueText(r)]],
  [6, (r) => ['HGET', key(r), field(r)]],
  [4, (r) => ['HMGET', key(r), ...fields(r)]],
  [3, (r) => ['HGETALL', key(r)]],
  [2, (r) => ['HKEYS', key(r)]],
  [2, (r) => ['HVALS', key(r)]],
  [3, (r) => ['HLEN', key(r)]],
  [3, (r) => ['HEXISTS', key(r), field(r)]],
  [3, (r) => ['HSTRLEN', key(r), field(r)]],
  [6, (r) => ['HDEL', key(r), ...fields(r)]],
  [6, (r) => ['HINCRBY', key(r), field(r), integerText(r)]],
  [6, (r) => ['HINCRBYFLOAT', key(r), field(r), floatText(r)]],
  [3, (r) => ['HSCAN', key(r), '0', 'COUNT', '5000']],
  [
    2,
    (r) => [
      'HSCAN',
      key(r),
      r.pick(['0', '', 'x', '-0', '18446744073709551616']),
      ...scanOptions(r),
      'COUNT',
      '5000',
    ],
  ],
  [2, (r) => ['HRANDFIELD', key(r)]],
  [3, (r) => ['HRANDFIELD', key(r), smallIntegerText(r)]],
  [
    3,
    (r) => ['HRANDFIELD', key(r), smallIntegerText(r), r.pick(['WITHVALUES', 'withvalues', 'FOO'])],
  ],
  [3, (r) => ['OBJECT', 'ENCODING', key(r)]],
  [1, (r) => ['DEL', key(r)]],
  [1, (r) => ['SET', keyOf(r, 's'), valueText(r)]],
]

/** One command on hashes. */
export function generate(random: Random): Bytes[] {
  return choose(random, commands)
}
