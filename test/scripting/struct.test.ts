import t from 'tap'
import { openStruct } from '../../lib/scripting/struct.ts'
import { evaluatorWith } from '../support/lua-expression.ts'

const HEX = "(string.gsub(%s, '.', function(c) return string.format('%%02x', c:byte()) end))"

const evaluate = evaluatorWith(openStruct)
const packed = (call: string) => evaluate(HEX.replace('%s', call).replaceAll('%%', '%'))

t.test('values are packed', async (t) => {
  const table: [call: string, hex: string][] = [
    ["struct.pack('b', -1)", 'ff'],
    ["struct.pack('B', 256)", '00'],
    ["struct.pack('>h<h', 258, 258)", '01020201'],
    ["struct.pack('l', -2)", 'feffffffffffffff'],
    ["struct.pack('I8', 2^63)", '0000000000000080'],
    ["struct.pack('I8', 1e30)", '0000000000000000'],
    ["struct.pack('i8', -1e30)", '0000000000000080'],
    ["struct.pack('i16', -1)", 'ffffffffffffffff0000000000000000'],
    ["struct.pack('i0', 5)", ''],
    ["struct.pack('fd', 1.5, -2)", '0000c03f00000000000000c0'],
    ["struct.pack('>d', 1.5)", '3ff8000000000000'],
    ["struct.pack('sx', 'a')", '610000'],
    ["struct.pack('c2c0', 'abc', 'de')", '61626465'],
    ["struct.pack('!4 b i8', 1, 2)", '010000000200000000000000'],
    ["struct.pack('!bi8', 1, 2)", '01000000000000000200000000000000'],
  ]
  for (const [call, hex] of table) t.equal(packed(call), `"${hex}"`, call)
})

t.test('values are unpacked, with where to go on', async (t) => {
  const table: [call: string, expected: string][] = [
    ["struct.unpack('bB', '\\255\\255')", '-1 255 3'],
    ["struct.unpack('>H<H', '\\1\\2\\1\\2')", '258 513 5'],
    ["struct.unpack('i3', '\\255\\255\\255')", '-1 4'],
    ["struct.unpack('l', string.rep('\\255', 8))", '-1 9'],
    ["struct.unpack('i9', string.rep('\\200', 9))", '-56 10'],
    ["struct.unpack('Bc0b', '\\2ab\\7')", '"ab" 7 5'],
    ["struct.unpack('sc2', 'abc\\0defg')", '"abc" "de" 7'],
    ["struct.unpack('!bh', '\\1\\0\\2\\0')", '1 2 5'],
    [
      "struct.unpack('f', '\\0\\0\\192\\63'), struct.unpack('>d', struct.pack('>d', 0.1))",
      '1.5 0.1 9',
    ],
    ["struct.unpack('b', 'abc', 3)", '99 4'],
    ["struct.unpack('', 'abc')", '1'],
  ]
  for (const [call, expected] of table) t.equal(evaluate(call), expected, call)
})

t.test('what is wrong is blamed as in the original', async (t) => {
  const table: [call: string, error: string][] = [
    ["struct.pack('b')", "bad argument #2 to 'pack' (number expected, got nil)"],
    ["struct.pack('c5', 'text')", "bad argument #3 to 'pack' (string too short)"],
    ["struct.unpack('i', 'abc')", "bad argument #2 to 'unpack' (data string too short)"],
    ["struct.unpack('b', 'abc', 0)", "bad argument #3 to 'unpack' (offset must be 1 or greater)"],
    ["struct.unpack('b', 'abc', -1)", "bad argument #2 to 'unpack' (data string too short)"],
    ["struct.unpack('Bc0', '\\9ab')", "bad argument #2 to 'unpack' (data string too short)"],
    ["struct.unpack('c0', 'ab')", "format 'c0' needs a previous size"],
    ["struct.unpack('s', 'abc')", 'unfinished string in data'],
    ["struct.size('s')", "bad argument #1 to 'size' (option 's' has no fixed size)"],
    ["struct.size('c0')", "bad argument #1 to 'size' (option 'c0' has no fixed size)"],
  ]
  for (const [call, error] of table) t.equal(evaluate(call), `error: script:1: ${error}`, call)
})

t.test('sizes are told', async (t) => {
  t.equal(evaluate("struct.size('bhilTfd'), struct.size('!bi8'), struct.size('i3xc5')"), '35 16 9')
})
