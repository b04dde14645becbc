/**
 * Random bit commands. Strings are short, so that ends and edges are met.
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
  smallIntegerText,
  valueText,
} from './vocabulary.ts'

const key = (random: Random) => keyOf(random, 'bit')

function offset(random: Random): Bytes {
  return choose(random, [
    [20, (r) => `${r.below(70)}`],
    [1, (r) => r.pick(['-1', 'x', '', '4294967296', '1000'])],
  ])
}

function bit(random: Random): Bytes {
  return oneIn(random, 30) ? random.pick(['2', '-1', 'x', '01']) : `${random.below(2)}`
}

function place(random: Random): Bytes {
  return oneIn(random, 20) ? random.pick(['x', '', '9999']) : `${random.below(100) - 50}`
}

/** The end of BITCOUNT and BITPOS: a range, whole or in part. */
function range(random: Random): Bytes[] {
  const unit = oneIn(random, 20) ? 'FOO' : anyCase(random, random.pick(['BIT', 'BYTE']))
  const words = [place(random), place(random), unit]
  return words.slice(0, random.pick([0, 0, 1, 2, 2, 2, 3, 3, 3, 3]))
}

function fieldType(random: Random): Bytes {
  return oneIn(random, 25)
    ? random.pick(['u64', 'i65', 'u0', 'x', 'i', ''])
    : `${random.pick(['u', 'i'])}${1 + random.below(63)}`
}

function fieldPlace(random: Random): Bytes {
  return oneIn(random, 3) ? `#${random.below(8)}` : offset(random)
}

function fieldValue(random: Random): Bytes {
  return oneIn(random, 2) ? integerText(random) : `${random.below(600) - 300}`
}

function operation(random: Random): Bytes[] {
  return choose(random, [
    [3, (r) => [anyCase(r, 'GET'), fieldType(r), fieldPlace(r)]],
    [4, (r) => [anyCase(r, 'SET'), fieldType(r), fieldPlace(r), fieldValue(r)]],
    [4, (r) => [anyCase(r, 'INCRBY'), fieldType(r), fieldPlace(r), fieldValue(r)]],
    [3, (r) => ['OVERFLOW', anyCase(r, r.pick(['WRAP', 'SAT', 'FAIL', 'SAT', 'FOO']))]],
  ])
}

function operations(random: Random): Bytes[] {
  return Array.from({ length: 1 + random.below(4) }, () => operation(random)).flat()
}

function readings(random: Random): Bytes[] {
  if (oneIn(random, 15)) return operations(random)
  return Array.from({ length: 1 + random.below(4) }, () => [
    anyCase(random, 'GET'),
    fieldType(random),
    fieldPlace(random),
  ]).flat()
}

function combining(random: Random): Bytes[] {
  const operation = oneIn(random, 25) ? 'FOO' : random.pick(['AND', 'OR', 'XOR', 'NOT'])
  const sources = operation === 'NOT' && !oneIn(random, 10) ? [key(random)] : keys(random)
  return ['BITOP', anyCase(random, operation), key(random), ...sources]
}

function keys(random: Random): Bytes[] {
  return Array.from({ length: 1 + random.below(3) }, () => key(random))
}

const commands: Choice<Bytes[]> = [
  [10, (r) => ['SETBIT', key(r), offset(r), bit(r)]],
  [6, (r) => ['GETBIT', key(r), offset(r)]],
  [8, (r) => ['BITCOUNT', key(r), ...range(r)]],
  [8, (r) => ['BITPOS', key(r), bit(r), ...range(r)]],
  [8, combining],
  [12, (r) => ['BITFIELD', key(r), ...operations(r)]],
  [3, (r) => ['BITFIELD_RO', key(r), ...readings(r)]],
  [4, (r) => ['SET', key(r), valueText(r)]],
  [3, (r) => ['GET', key(r)]],
  [2, (r) => ['APPEND', key(r), valueText(r)]],
  [2, (r) => ['SETRANGE', key(r), smallIntegerText(r), valueText(r)]],
  [3, (r) => ['OBJECT', 'ENCODING', key(r)]],
  [2, (r) => ['STRLEN', key(r)]],
  [1, (r) => ['DEL', key(r)]],
]

/** One command on bits. */
export function generate(random: Random): Bytes[] {
  return choose(random, commands)
}
