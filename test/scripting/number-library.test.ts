import t from 'tap'
import { ScriptRandom } from '../../lib/scripting/number-library.ts'
import { bulk, expectScripts, ScriptStage } from '../support/script-stage.ts'

const error = (text: string) => `-ERR user_script:1: ${text} script: abc, on @user_script:1.|`

t.test('integers of 64 bits are formatted', async (t) => {
  expectScripts(t, new ScriptStage(), [
    ["return string.format('%d', 1795213972123)", bulk('1795213972123')],
    [
      "return string.format('%i|%u', -1795213972123, -1)",
      bulk('-1795213972123|18446744073709551615'),
    ],
    ["return string.format('%x %X %#x %o %#o', 255, 255, 255, 8, 8)", bulk('ff FF 0xff 10 010')],
    [
      "return string.format('%5d|%-5d|%05d|%+d|% d|%5.3d', 42, 42, 42, 42, 42, 42)",
      bulk('   42|42   |00042|+42| 42|  042'),
    ],
    ["return string.format('%.0d|%05d', 0, -42)", bulk('|-0042')],
    [
      "return string.format('%.0o|%#.0o|%#5.o|%#.3o|%#05o', 0, 0, 0, 0, 0)",
      bulk('|0|    0|000|00000'),
    ],
    ["return string.format('%d', 2^63)", bulk('-9223372036854775808')],
    ["return ('%d'):format('10')", bulk('10')],
  ])
})

t.test('all else is formatted by Lua', async (t) => {
  expectScripts(t, new ScriptStage(), [
    [
      "return string.format('%s %q %c %5.1f %g %e%%', 1.5, 'a\"b', 65, 2.25, 1e20, 12.5)",
      bulk('1.5 "a\\"b" A   2.2 1e+20 1.250000e+01%'),
    ],
    ["return string.format('%y', 1)", error("invalid option '%y' to 'format'")],
    ["return string.format('%d')", error("bad argument #2 to 'format' (no value)")],
    [
      "return string.format('%s %d', 1, 'x')",
      error("bad argument #3 to 'format' (number expected, got string)"),
    ],
    [
      "return string.format('%s', {})",
      error("bad argument #2 to 'format' (string expected, got table)"),
    ],
    ["return string.format('%-+ #0-d', 1)", error('invalid format (repeated flags)')],
    ["return string.format('%123d', 1)", error('invalid format (width or precision too long)')],
  ])
})

t.test('numbers in other bases', async (t) => {
  expectScripts(t, new ScriptStage(), [
    ["return tonumber('ffffffffff', 16)", ':1099511627775|'],
    ["return {tonumber('0xff', 16), tonumber('zz', 36), tonumber(' 11 ', 2)}", '*3|:255|:1295|:3|'],
    ["return tostring(tonumber('-1', 16))", bulk('1.844674407371e+19')],
    ["return tonumber('8', 8) == nil and tonumber('', 16) == nil and tonumber(nil) == nil", ':1|'],
    ["return {tonumber('0x10'), tonumber('1e1'), tonumber(5)}", '*3|:16|:10|:5|'],
    ["return tonumber('1', 99)", error("bad argument #2 to 'tonumber' (base out of range)")],
    ['return tonumber()', error("bad argument #1 to 'tonumber' (value expected)")],
  ])
})

t.test('chance is the same on every node', async (t) => {
  const draw =
    'return {math.random(), math.random(10), math.random(5, 10), tostring(math.random())}'
  expectScripts(t, new ScriptStage(), [
    [draw, '*4|:0|:9|:7|$16|0.44658343468168|'],
    ['return tostring(math.random())', bulk('0.31869277233197')],
    [
      'math.randomseed(5) return {tostring(math.random()), math.random(100)}',
      '*2|$16|0.52483957937213|:28|',
    ],
    ['return math.random(0)', error("bad argument #1 to 'random' (interval is empty)")],
    ['return math.random(5, 1)', error("bad argument #2 to 'random' (interval is empty)")],
    ['return math.random(1, 2, 3)', error('wrong number of arguments')],
  ])
  const random = new ScriptRandom()
  random.seed(5)
  const first = random.next()
  random.seed(5)
  t.equal(random.next(), first)
})

t.test('positions may be larger than 32 bits', async (t) => {
  expectScripts(t, new ScriptStage(), [
    ["return ('hello'):sub(2, 2^31)", bulk('ello')],
    ["return ('hello'):sub(2, 1e17)", bulk('ello')],
    ["return ('hello'):sub(-2^40, 3)", bulk('hel')],
    ["return ('hello'):sub(1, 2^63)", bulk('')],
    ["return ('hello'):byte(2^33) == nil", ':1|'],
    ["return ('hello'):find('l', 2^33) == nil", ':1|'],
  ])
})

t.test('tonumber takes 0x for digits unless the base is 16, and ends at a NUL', async (t) => {
  expectScripts(t, new ScriptStage(), [
    ["return tonumber('0x1p4', 34)", ':1299042|'],
    ["return tonumber('0x1f', 16)", ':31|'],
    ["return tonumber('0x', 16) == nil", ':1|'],
    ["return tonumber('1\\0', 5)", ':1|'],
  ])
})
