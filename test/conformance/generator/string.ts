/**
 * Random string commands.
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
  lifetimeText,
  oneIn,
  options,
  smallIntegerText,
  unixTimeText,
  valueText,
} from './vocabulary.ts'

const key = (random: Random) => keyOf(random, 's')
/** Keys that hold numbers, mostly. */
const numberKey = (random: Random) => (oneIn(random, 4) ? key(random) : `{k}n${random.below(3)}`)

function times(random: Random): (() => Bytes[])[] {
  return [
    () => [anyCase(random, 'EX'), lifetimeText(random, 'seconds')],
    () => [anyCase(random, 'PX'), lifetimeText(random, 'milliseconds')],
    () => [anyCase(random, 'EXAT'), unixTimeText(random, 'seconds')],
    () => [anyCase(random, 'PXAT'), unixTimeText(random, 'milliseconds')],
  ]
}

function setOptions(random: Random): Bytes[] {
  const words = ['NX', 'XX', 'GET', 'GET', 'KEEPTTL'].map((word) => () => [anyCase(random, word)])
  return options(random, [...words, ...times(random)])
}

function pairs(random: Random): Bytes[] {
  const words: Bytes[] = []
  for (let i = random.below(4); i >= 0; i--) words.push(key(random), valueText(random))
  if (oneIn(random, 20)) words.push(key(random))
  return words
}

function lcsOptions(random: Random): Bytes[] {
  return options(random, [
    () => ['IDX'],
    () => ['idx'],
    () => ['LEN'],
    () => ['WITHMATCHLEN'],
    () => ['MINMATCHLEN', smallIntegerText(random)],
  ])
}

const commands: Choice<Bytes[]> = [
  [6, (r) => ['SET', key(r), valueText(r)]],
  [4, (r) => ['SET', key(r), integerText(r)]],
  [4, (r) => ['SET', `{k}n${r.below(6)}`, String(r.below(2000) - 1000)]],
  [2, (r) => ['GET', `{k}n${r.below(6)}`]],
  [8, (r) => ['SET', key(r), valueText(r), ...setOptions(r)]],
  [8, (r) => ['GET', key(r)]],
  [2, (r) => ['GETDEL', key(r)]],
  [2, (r) => ['GETEX', key(r)]],
  [4, (r) => ['GETEX', key(r), ...options(r, [() => [anyCase(r, 'PERSIST')], ...times(r)])]],
  [2, (r) => ['GETSET', key(r), valueText(r)]],
  [2, (r) => ['SETNX', oneIn(r, 2) ? key(r) : `{k}nx${r.below(3)}`, valueText(r)]],
  [2, (r) => ['SETEX', key(r), lifetimeText(r, 'seconds'), valueText(r)]],
  [2, (r) => ['PSETEX', key(r), lifetimeText(r, 'milliseconds'), valueText(r)]],
  [3, (r) => ['MGET', key(r), key(r), key(r)]],
  [2, (r) => ['MSET', ...pairs(r)]],
  [1, (r) => ['MSETNX', ...pairs(r)]],
  [1, (r) => ['MSETNX', `{k}nx${r.below(3)}`, valueText(r), `{k}nx${r.below(3)}`, integerText(r)]],
  [1, (r) => ['DEL', `{k}nx${r.below(3)}`, `{k}nx${r.below(3)}`]],
  [3, (r) => ['INCR', numberKey(r)]],
  [3, (r) => ['DECR', numberKey(r)]],
  [4, (r) => ['INCRBY', numberKey(r), integerText(r)]],
  [4, (r) => ['DECRBY', numberKey(r), integerText(r)]],
  [6, (r) => ['INCRBYFLOAT', `{k}n${r.below(6)}`, floatText(r)]],
  [4, (r) => ['APPEND', key(r), valueText(r)]],
  [3, (r) => ['STRLEN', key(r)]],
  [4, (r) => ['GETRANGE', key(r), smallIntegerText(r), smallIntegerText(r)]],
  [1, (r) => ['SUBSTR', key(r), smallIntegerText(r), smallIntegerText(r)]],
  [4, (r) => ['SETRANGE', key(r), smallIntegerText(r), valueText(r)]],
  [3, (r) => ['LCS', key(r), key(r)]],
  [4, (r) => ['LCS', key(r), key(r), ...lcsOptions(r)]],
  [3, (r) => ['OBJECT', 'ENCODING', key(r)]],
  [2, (r) => ['OBJECT', 'REFCOUNT', key(r)]],
  [3, (r) => ['PTTL', key(r)]],
  [2, (r) => ['DEL', key(r)]],
  [1, (r) => ['HSET', keyOf(r, 'h'), 'f', 'v']],
]

/** One command on strings. */
export function generate(random: Random): Bytes[] {
  return choose(random, commands)
}
