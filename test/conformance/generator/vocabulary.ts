/**
 * The words random commands are made of: few keys, all of one slot so that a cluster takes them too, and values chosen
 * to lie on the edges - of integers, of encodings, of lengths, of what is a number at all.
 */
import type { Bytes } from '../../../lib/base/bytes.ts'
import type { Random } from '../../../lib/base/random.ts'

/** A choice between makers, each with a weight. */
export type Choice<T> = readonly (readonly [weight: number, make: (random: Random) => T])[]

/** Makes one of several things. */
export function choose<T>(random: Random, choice: Choice<T>): T {
  const total = choice.reduce((sum, [weight]) => sum + weight, 0)
  let rest = random.below(total)
  for (const [weight, make] of choice) {
    if (rest < weight) return make(random)
    rest -= weight
  }
  throw new Error('the weights do not add up')
}

/** True once in so many times. */
export function oneIn(random: Random, times: number): boolean {
  return random.below(times) === 0
}

/** A key of a family: `{k}s1` and so on, now and then one of another family, so that types clash. */
export function keyOf(random: Random, family: string): Bytes {
  const letter = oneIn(random, 25) ? random.pick(['s', 'h', 'g', 'l']) : family
  return `{k}${letter}${random.below(6)}`
}

const integers = [
  '0',
  '1',
  '-1',
  '2',
  '10',
  '100',
  '9999',
  '10000',
  '2147483647',
  '2147483648',
  '-2147483649',
  '9007199254740991',
  '9007199254740992',
  '-9007199254740993',
  '9223372036854775806',
  '9223372036854775807',
  '-9223372036854775807',
  '-9223372036854775808',
]

const notIntegers = [
  '',
  ' 1',
  '1 ',
  '+1',
  '01',
  '-0',
  '1.0',
  '1e3',
  '0x10',
  '9223372036854775808',
  '-9223372036854775809',
  '18446744073709551616',
  'abc',
  '-',
  '1\0',
]

const floats = [
  '0.1',
  '0.2',
  '3.14',
  '-5.5',
  '3.0e3',
  '1e-7',
  '1e17',
  '1e300',
  '.5',
  '5.',
  '+1.5',
  '0x1p-2',
  '1e-20',
  '123456789.123456789',
  '99999999999999999999',
  '0.30000000000000004',
  '-0',
  '-0.0',
]

const notFloats = [
  '',
  ' 1',
  '1 ',
  'inf',
  '-inf',
  'nan',
  '1e5000',
  '1.5x',
  'abc',
  '1e-5000',
  '--1',
  'infinity',
]

const texts = [
  '',
  'a',
  'hello',
  'world',
  'Hello World',
  'ohmytext',
  'mynewtext',
  'x'.repeat(43),
  'x'.repeat(44),
  'x'.repeat(45),
  'y'.repeat(64),
  'y'.repeat(65),
  'line\r\nbreak',
  '\0\x01\xff\xfe',
  '{}[]*?',
]

/** Mostly an integer that fits 64 bits. */
export function integerText(random: Random): Bytes {
  return choose(random, [
    [8, (r) => String(r.below(200) - 100)],
    [4, (r) => r.pick(integers)],
    [1, (r) => r.pick(notIntegers)],
  ])
}

/** Mostly a small integer: a position, a count. */
export function smallIntegerText(random: Random): Bytes {
  return choose(random, [
    [20, (r) => String(r.below(30) - 10)],
    [2, (r) => String(r.below(3000))],
    [1, (r) => r.pick(integers.slice(0, 8))],
    [1, (r) => r.pick(notIntegers)],
  ])
}

/** Mostly a count that there may be. */
export function countText(random: Random): Bytes {
  return oneIn(random, 8) ? smallIntegerText(random) : String(1 + random.below(12))
}

/** Mostly a floating point number. */
export function floatText(random: Random): Bytes {
  return choose(random, [
    [4, (r) => r.pick(floats)],
    [4, (r) => (r.fraction() * 10 ** r.below(12) - 5000).toFixed(r.below(10))],
    [2, (r) => r.pick(integers)],
    [1, (r) => r.pick(notFloats)],
  ])
}

/** Any value. */
export function valueText(random: Random): Bytes {
  return choose(random, [
    [4, (r) => r.pick(texts)],
    [3, (r) => r.bytes(r.below(20))],
    [3, (r) => integerText(r)],
    [2, (r) => floatText(r)],
    [1, (r) => r.pick(['ab', 'ba', 'abc', 'cab']).repeat(r.below(30))],
  ])
}

/** Seconds or milliseconds to live, far enough away that no run sees the end, now and then over already or nonsense. */
export function lifetimeText(random: Random, unit: 'seconds' | 'milliseconds'): Bytes {
  const scale = unit === 'seconds' ? 1 : 1000
  return choose(random, [
    [20, (r) => String((1000 + r.below(1_000_000)) * scale)],
    [2, (r) => r.pick(['0', '-1', '-100', '-9223372036854775808'])],
    [1, (r) => r.pick(['9223372036854775807', '9223372036854775', '9223372036854776'])],
    [1, (r) => r.pick(notIntegers)],
  ])
}

/** A Unix time far ahead, now and then long ago or nonsense. */
export function unixTimeText(random: Random, unit: 'seconds' | 'milliseconds'): Bytes {
  const scale = unit === 'seconds' ? 1 : 1000
  return choose(random, [
    [20, (r) => String((4_000_000_000 + r.below(1_000_000)) * scale)],
    [3, (r) => r.pick(['0', '1', '-1', '1000000000'])],
    [1, (r) => r.pick(notIntegers)],
  ])
}

/** A word in the letters' case of a careless person. */
export function anyCase(random: Random, word: string): string {
  return choose(random, [
    [4, () => word],
    [2, () => word.toLowerCase()],
    [1, () => (word[0] as string) + word.slice(1).toLowerCase()],
  ])
}

/** Some of the options, in any order, now and then twice or unknown. */
export function options(random: Random, makers: readonly (() => Bytes[])[]): Bytes[] {
  const words: Bytes[] = []
  const count = choose(random, [
    [4, () => 1],
    [2, () => 2],
    [1, () => 3],
  ])
  for (let i = 0; i < count; i++) words.push(...random.pick(makers)())
  if (oneIn(random, 40)) words.push(random.pick(['FOO', '', '1', 'EX', 'PX', 'MATCH', 'COUNT']))
  return words
}

/** A pattern for keys or fields. */
export function patternText(random: Random): Bytes {
  return random.pick([
    '*',
    '{k}s*',
    '*1',
    'f?',
    'f[0-4]',
    'f[^2]',
    '{k}?\\1',
    '*k*',
    'nothing',
    'f*',
    '',
  ])
}
