/**
 * Random commands on keys whatever they hold, and what they need to find some.
 */
import type { Bytes } from '../../../lib/base/bytes.ts'
import type { Random } from '../../../lib/base/random.ts'
import {
  anyCase,
  type Choice,
  choose,
  integerText,
  keyOf,
  lifetimeText,
  oneIn,
  options,
  patternText,
  unixTimeText,
  valueText,
} from './vocabulary.ts'

const key = (random: Random) => keyOf(random, 'g')

function keys(random: Random): Bytes[] {
  return Array.from({ length: 1 + random.below(4) }, () => key(random))
}

function conditions(random: Random): Bytes[] {
  if (oneIn(random, 2)) return []
  return options(
    random,
    ['NX', 'XX', 'GT', 'LT'].map((word) => () => [anyCase(random, word)]),
  )
}

function scanOptions(random: Random): Bytes[] {
  return options(random, [
    () => [anyCase(random, 'MATCH'), patternText(random)],
    () => [anyCase(random, 'TYPE'), random.pick(['string', 'hash', 'HASH', 'list', 'nonsense'])],
    () => ['COUNT', random.pick(['0', '-1', 'x', '5000'])],
  ])
}

const commands: Choice<Bytes[]> = [
  [10, (r) => ['SET', key(r), valueText(r)]],
  [4, (r) => ['SET', key(r), valueText(r), 'EX', String(2000 + r.below(1_000_000))]],
  [4, (r) => ['HSET', key(r), `f${r.below(5)}`, valueText(r)]],
  [2, (r) => ['APPEND', key(r), valueText(r)]],
  [4, (r) => ['DEL', ...keys(r)]],
  [2, (r) => ['UNLINK', ...keys(r)]],
  [4, (r) => ['EXISTS', ...keys(r)]],
  [4, (r) => ['TYPE', key(r)]],
  [2, (r) => ['TOUCH', ...keys(r)]],
  [2, (r) => ['KEYS', patternText(r)]],
  [1, () => ['RANDOMKEY']],
  [4, (r) => ['RENAME', key(r), key(r)]],
  [4, (r) => ['RENAMENX', key(r), key(r)]],
  [4, (r) => ['COPY', key(r), key(r)]],
  [
    4,
    (r) => [
      'COPY',
      key(r),
      key(r),
      ...options(r, [
        () => ['REPLACE'],
        () => ['replace'],
        () => ['DB', r.pick(['0', '0', 'x', '99', '-1'])],
      ]),
    ],
  ],
  [4, (r) => ['EXPIRE', key(r), lifetimeText(r, 'seconds'), ...conditions(r)]],
  [4, (r) => ['PEXPIRE', key(r), lifetimeText(r, 'milliseconds'), ...conditions(r)]],
  [3, (r) => ['EXPIREAT', key(r), unixTimeText(r, 'seconds'), ...conditions(r)]],
  [3, (r) => ['PEXPIREAT', key(r), unixTimeText(r, 'milliseconds'), ...conditions(r)]],
  [3, (r) => ['PERSIST', key(r)]],
  [3, (r) => ['TTL', key(r)]],
  [3, (r) => ['PTTL', key(r)]],
  [2, (r) => ['EXPIRETIME', key(r)]],
  [2, (r) => ['PEXPIRETIME', key(r)]],
  [3, (r) => ['SCAN', '0', 'COUNT', '5000', ...(oneIn(r, 2) ? scanOptions(r) : [])]],
  [
    1,
    (r) => [
      'SCAN',
      r.pick(['', 'x', '-', ' 0', '1.0', '18446744073709551616', '+0']),
      'COUNT',
      '5000',
    ],
  ],
  [2, () => ['DBSIZE']],
  [
    3,
    (r) => [
      'OBJECT',
      r.pick(['ENCODING', 'encoding', 'REFCOUNT', 'IDLETIME', 'FREQ', 'NOPE']),
      key(r),
    ],
  ],
  [3, (r) => ['GET', key(r)]],
  [2, (r) => ['HGETALL', key(r)]],
  [2, (r) => ['INCRBY', key(r), integerText(r)]],
  [
    1,
    (r) =>
      oneIn(r, 12)
        ? [
            r.pick(['FLUSHALL', 'FLUSHDB']),
            ...r.pick([[], ['ASYNC'], ['sync'], ['NOW'], ['SYNC', 'ASYNC']]),
          ]
        : ['DBSIZE'],
  ],
]

/** One command on keys. */
export function generate(random: Random): Bytes[] {
  return choose(random, commands)
}
