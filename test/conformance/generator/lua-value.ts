/**
 * Random values of Lua as source text. Members of tables come in an order that strings, numbers and booleans decide, and
 * addresses do not: no key is a table. There is no NaN, whose sign is the processor's.
 */
import type { Bytes } from '../../../lib/base/bytes.ts'
import type { Random } from '../../../lib/base/random.ts'
import { choose, oneIn } from './vocabulary.ts'

/** Numbers where something changes: their width, how they are written, whether they are exact. */
export const EDGES = [
  '0',
  '1',
  '-1',
  '-0.0',
  '127',
  '128',
  '255',
  '256',
  '65535',
  '65536',
  '4294967295',
  '4294967296',
  '2147483647',
  '2147483648',
  '-2147483648',
  '-2147483649',
  '2^53',
  '2^62',
  '2^63',
  '-2^63',
  '1e14',
  '1e15',
  '99999999999999',
  '1e17',
  '1e22',
  '1e300',
  '5e-324',
  '1/0',
  '-1/0',
  '0.1',
  '1/3',
  '1.5',
  '2.5',
  '123456789012345.5',
  '0.30000000000000004',
]

/** A number of Lua. */
export function numberText(random: Random): string {
  return choose(random, [
    [6, (r) => String(r.below(300) - 150)],
    [4, (r) => r.pick(EDGES)],
    [2, (r) => String((r.fraction() - 0.5) * 10 ** r.below(30))],
    [1, (r) => String(r.nextUint32() * r.nextUint32())],
    [1, (r) => `${r.below(1e6)}.${r.below(1e6)}e${r.below(40) - 20}`],
  ])
}

/** A string of Lua, every byte escaped. */
export function quoted(bytes: Bytes): string {
  const escaped = [...bytes].map((byte) => `\\${String(byte.charCodeAt(0)).padStart(3, '0')}`)
  return `'${escaped.join('')}'`
}

export function stringText(random: Random): string {
  return quoted(random.bytes(oneIn(random, 8) ? 25 + random.below(20) : random.below(8)))
}

function keyText(random: Random): string {
  return choose(random, [
    [4, (r) => `[${r.below(12) - 1}]`],
    [2, (r) => `[${r.pick(EDGES)}]`],
    [4, (r) => r.pick(['a', 'b', 'c', 'dd', 'key', 'name'])],
    [2, (r) => `[${quoted(r.bytes(r.below(20)))}]`],
    [1, () => '[true]'],
  ])
}

/** Words that make a table a reply of a kind. */
const KINDS: readonly ((random: Random) => string)[] = [
  (r) => `ok=${stringText(r)}`,
  (r) => `err=${oneIn(r, 2) ? stringText(r) : "'MY text'"}`,
  (r) => `double=${numberText(r)}`,
  (r) => `map=${oneIn(r, 6) ? numberText(r) : luaValue(r, 2)}`,
  (r) => `set=${oneIn(r, 6) ? stringText(r) : luaValue(r, 2)}`,
  (r) => `big_number='${r.below(1e9)}${r.below(1e9)}'`,
  (r) => `verbatim_string={format='txt',string=${stringText(r)}}`,
]

/** A value of Lua, which so many tables are around. */
export function luaValue(random: Random, depth = 0): string {
  const plain = choose<(r: Random) => string>(random, [
    [4, () => numberText],
    [4, () => stringText],
    [2, () => (r) => r.pick(['true', 'false', 'nil', 'cjson.null'])],
  ])
  if (depth > 3 || oneIn(random, 2)) return plain(random)
  const many = (make: (random: Random) => string) =>
    Array.from({ length: random.below(4) }, () => make(random))
  const elements = many((r) => luaValue(r, depth + 1))
  const members = many((r) => `${keyText(r)}=${luaValue(r, depth + 1)}`)
  return choose(random, [
    [4, () => `{${elements.join(',')}}`],
    [3, () => `{${members.join(',')}}`],
    [2, () => `{${[...elements, ...members].join(',')}}`],
    [3, (r) => `{${r.pick(KINDS)(r)}}`],
  ])
}

/** So many values at most, with commas between. */
export function values(random: Random, most: number): string {
  return Array.from({ length: random.below(most + 1) }, () => luaValue(random)).join(',')
}
