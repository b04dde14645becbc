/**
 * Random list commands. Elements are few, so that they meet; now and then a list grows beyond what any one block holds.
 * Nobody waits for long: what blocks gives up at once.
 */
import type { Bytes } from '../../../lib/base/bytes.ts'
import type { Random } from '../../../lib/base/random.ts'
import {
  anyCase,
  type Choice,
  choose,
  integerText,
  keyOf,
  oneIn,
  options,
  smallIntegerText,
  valueText,
} from './vocabulary.ts'

const key = (random: Random) => keyOf(random, 'l')
const timeout = (random: Random) =>
  choose(random, [
    [12, () => '0.001'],
    [1, (r) => r.pick(['-1', 'x', '1e400', ''])],
  ])

function element(random: Random): Bytes {
  return choose(random, [
    [20, (r) => `e${r.below(6)}`],
    [4, (r) => String(r.below(20))],
    [2, valueText],
  ])
}

function elements(random: Random): Bytes[] {
  if (oneIn(random, 30)) {
    const first = random.below(100)
    return Array.from({ length: 100 + random.below(300) }, (_, i) => `e${(first + i) % 150}`)
  }
  return Array.from({ length: 1 + random.below(5) }, () => element(random))
}

function end(random: Random): Bytes {
  const word = random.pick(['LEFT', 'RIGHT'])
  return oneIn(random, 40) ? 'MIDDLE' : anyCase(random, word)
}

function severalKeys(random: Random): Bytes[] {
  const keys = Array.from({ length: 1 + random.below(3) }, () => key(random))
  const count = oneIn(random, 30) ? smallIntegerText(random) : String(keys.length)
  const limit = oneIn(random, 2) ? [anyCase(random, 'COUNT'), smallIntegerText(random)] : []
  return [count, ...keys, end(random), ...limit]
}

function searchOptions(random: Random): Bytes[] {
  return options(random, [
    () => [anyCase(random, 'RANK'), smallIntegerText(random)],
    () => [anyCase(random, 'COUNT'), smallIntegerText(random)],
    () => [anyCase(random, 'MAXLEN'), smallIntegerText(random)],
  ])
}

/** A number that overflows would haunt Redis' next sorting: texts only. */
function sortOptions(random: Random): Bytes[] {
  return options(random, [
    () => [anyCase(random, random.pick(['ASC', 'DESC']))],
    () => ['LIMIT', smallIntegerText(random), smallIntegerText(random)],
    () => ['BY', random.pick(['nosort', 'nosort', 'w*'])],
    () => ['STORE', key(random)],
  ])
}

const commands: Choice<Bytes[]> = [
  [8, (r) => ['RPUSH', key(r), ...elements(r)]],
  [8, (r) => ['LPUSH', key(r), ...elements(r)]],
  [2, (r) => [r.pick(['LPUSHX', 'RPUSHX']), key(r), ...elements(r)]],
  [4, (r) => [r.pick(['LPOP', 'RPOP']), key(r)]],
  [4, (r) => [r.pick(['LPOP', 'RPOP']), key(r), smallIntegerText(r)]],
  [2, (r) => ['LLEN', key(r)]],
  [4, (r) => ['LINDEX', key(r), smallIntegerText(r)]],
  [4, (r) => ['LSET', key(r), smallIntegerText(r), element(r)]],
  [6, (r) => ['LRANGE', key(r), smallIntegerText(r), smallIntegerText(r)]],
  [3, (r) => ['LRANGE', key(r), '0', '-1']],
  [2, (r) => ['LRANGE', key(r), integerText(r), integerText(r)]],
  [2, (r) => ['LTRIM', key(r), smallIntegerText(r), String(-1 - r.below(5))]],
  [1, (r) => ['LTRIM', key(r), integerText(r), integerText(r)]],
  [4, (r) => ['LREM', key(r), smallIntegerText(r), element(r)]],
  [
    4,
    (r) => [
      'LINSERT',
      key(r),
      oneIn(r, 30) ? 'BESIDE' : anyCase(r, r.pick(['BEFORE', 'AFTER'])),
      element(r),
      element(r),
    ],
  ],
  [4, (r) => ['LPOS', key(r), element(r), ...searchOptions(r)]],
  [2, (r) => ['LPOS', key(r), element(r)]],
  [4, (r) => ['LMOVE', key(r), key(r), end(r), end(r)]],
  [2, (r) => ['RPOPLPUSH', key(r), key(r)]],
  [3, (r) => ['LMPOP', ...severalKeys(r)]],
  [1, (r) => [r.pick(['BLPOP', 'BRPOP']), key(r), key(r), timeout(r)]],
  [1, (r) => ['BLMOVE', key(r), key(r), end(r), end(r), timeout(r)]],
  [1, (r) => ['BRPOPLPUSH', key(r), key(r), timeout(r)]],
  [1, (r) => ['BLMPOP', timeout(r), ...severalKeys(r)]],
  [1, (r) => ['COPY', key(r), key(r), ...(oneIn(r, 2) ? ['REPLACE'] : [])]],
  [1, (r) => ['RENAME', key(r), key(r)]],
  [4, (r) => ['SORT', key(r), 'ALPHA', ...sortOptions(r)]],
  [1, (r) => ['SORT_RO', key(r), 'ALPHA', ...sortOptions(r)]],
  [1, (r) => ['OBJECT', 'ENCODING', key(r)]],
  [1, (r) => ['DEL', key(r)]],
  [1, (r) => ['SET', keyOf(r, 's'), valueText(r)]],
]

/** One command on lists. */
export function generate(random: Random): Bytes[] {
  return choose(random, commands)
}
