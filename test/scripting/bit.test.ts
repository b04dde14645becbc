import t from 'tap'
import { openBit } from '../../lib/scripting/bit.ts'
import { evaluatorWith } from '../support/lua-expression.ts'

const table: [expression: string, expected: string][] = [
  ['bit.tobit(0xffffffff)', '-1'],
  ['bit.tobit(2^32 + 5)', '5'],
  ['bit.tobit(2.5), bit.tobit(3.5), bit.tobit(-1.5)', '2 4 -2'],
  // Beyond 2^51 these are the lower bits of a double, not of the number.
  ['bit.tobit(2^53)', '0'],
  ['bit.tobit(1e100)', '630506365'],
  ["bit.tobit('12')", '12'],
  ['bit.tobit()', "error: script:1: bad argument #1 to 'tobit' (number expected, got no value)"],
  ['bit.bnot(0), bit.bnot(-1)', '-1 0'],
  ['bit.band(0xff, 0x3c, 0x0f)', '12'],
  ['bit.bor(1, 2, 4), bit.bor(0x80000000)', '7 -2147483648'],
  ['bit.bxor(0xff, 0x0f)', '240'],
  [
    "bit.bxor(1, 'x', {})",
    "error: script:1: bad argument #3 to 'bxor' (number expected, got table)",
  ],
  ['bit.lshift(1, 31), bit.lshift(1, 32), bit.lshift(1, -1)', '-2147483648 1 -2147483648'],
  ['bit.rshift(-256, 8), bit.arshift(-256, 8)', '16777215 -1'],
  ['bit.rol(0x12345678, 12), bit.ror(0x12345678, 12)', '1164411171 1736516421'],
  ['bit.rol(1, 32), bit.ror(1, 0)', '1 1'],
  ['bit.bswap(0x12345678)', '2018915346'],
  ['bit.tohex(1), bit.tohex(-1, 4), bit.tohex(0xabcdef, -8)', '"00000001" "ffff" "00ABCDEF"'],
  ['bit.tohex(255, 0), bit.tohex(255, 100), bit.tohex(255, -100)', '"" "000000ff" "000000FF"'],
]

t.test('operations on 32 bits', async (t) => {
  const evaluate = evaluatorWith(openBit)
  for (const [expression, expected] of table) t.equal(evaluate(expression), expected, expression)
})
