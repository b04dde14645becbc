import t from 'tap'
import { openMessagePack } from '../../lib/scripting/message-pack.ts'
import { evaluatorWith } from '../support/lua-expression.ts'

const HEX = "(string.gsub(BYTES, '.', function(c) return string.format('%02x', c:byte()) end))"

const evaluate = evaluatorWith(openMessagePack)
const packed = (value: string) => evaluate(HEX.replace('BYTES', `cmsgpack.pack(${value})`))

t.test('values take the least room that holds them', async (t) => {
  const table: [value: string, hex: string][] = [
    ['nil', 'c0'],
    ['true, false', 'c3c2'],
    ['127, 128, 255, 256', '7fcc80ccffcd0100'],
    ['65535, 65536, 2^32 - 1, 2^32', 'cdffffce00010000ceffffffffcf0000000100000000'],
    ['-1, -32, -33, -128, -129', 'ffe0d0dfd080d1ff7f'],
    ['-32768, -32769, -2^31, -2^31 - 1', 'd18000d2ffff7fffd280000000d3ffffffff7fffffff'],
    ['2^62, -2^63', 'cf4000000000000000d38000000000000000'],
    ['2^63', 'ca5f000000'],
    ['1.5, 0.1', 'ca3fc00000cb3fb999999999999a'],
    ['1e300, 1/0', 'cb7e37e43c8800759cca7f800000'],
    ["'', 'a\\0\\255'", 'a0a36100ff'],
    ["string.sub(cmsgpack.pack(string.rep('x', 31)), 1, 1)", 'a1bf'],
    ["string.sub(cmsgpack.pack(string.rep('x', 32)), 1, 2)", 'a2d920'],
    ["string.sub(cmsgpack.pack(string.rep('x', 256)), 1, 3)", 'a3da0100'],
    ["string.sub(cmsgpack.pack(string.rep('x', 65536)), 1, 5)", 'a5db00010000'],
  ]
  for (const [value, hex] of table) t.equal(packed(value), `"${hex}"`, value)
})

t.test('tables are arrays when their keys are 1 to n', async (t) => {
  const table: [value: string, hex: string][] = [
    ['{}', '90'],
    ['{1, {2}}', '92019102'],
    ['{[2] = 2, [1] = 1}', '920102'],
    ['{1, nil, 3}', '8201010303'],
    ['{[0] = 1}', '810001'],
    ['{[1.5] = 1}', '81ca3fc0000001'],
    ['{a = {b = 1}}', '81a16181a16201'],
    ['{print}', '91c0'],
  ]
  for (const [value, hex] of table) t.equal(packed(value), `"${hex}"`, value)
  const many = (count: number) =>
    `(function() local t = {} for i = 1, ${count} do t[i] = 1 end return t end)()`
  t.match(packed(many(15)), /^"9f01/)
  t.match(packed(many(16)), /^"dc001001/)
  t.match(packed(many(65536)), /^"dd0001000001/)
})

t.test('the seventeenth table within another is nil', async (t) => {
  const nested = (count: number) =>
    `(function() local t = 5 for i = 1, ${count} do t = {t} end return t end)()`
  t.equal(packed(nested(16)), `"${'91'.repeat(16)}05"`)
  t.equal(packed(nested(17)), `"${'91'.repeat(16)}c0"`)
})
