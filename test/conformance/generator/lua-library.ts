/**
 * Random calls of Lua's own libraries: string with its patterns and formats, table, math, and the functions that have no
 * library. All that is returned is shown as text, so that no digit is lost. What walks a table does so in an order that strings
 * and numbers decide.
 */
import type { Random } from '../../../lib/base/random.ts'
import { luaValue, numberText, quoted, stringText, values } from './lua-value.ts'
import { choose, oneIn } from './vocabulary.ts'

/** All results of a call, each as text. */
const SHOWN =
  "(function(...) local t = {} for i = 1, select('#', ...) do local v = select(i, ...) " +
  "t[i] = v ~= v and 'NaN' or type(v) == 'number' and string.format('%.17g', v) or type(v) == 'string' and v or type(v) == 'boolean' and tostring(v) or type(v) end return t end)"

const PATTERN_PIECES = [
  ...['a', 'b', '.', '%a', '%d', '%s', '%w', '%x', '%l', '%u', '%c', '%p', '%z', '%A', '%D', '%S'],
  ...['[ab]', '[^a]', '[a-c]', '[%d%s]', '[]]', '[^]]', '[a-]', '[', '%', '(', ')', '()', '(a)'],
  ...['(.-)', '(%a+)', '%1', '%2', '%b()', '%bxy', '%b', '%f[%w]', '%f[^%z]', '%f', '^', '$', '-'],
  ...['*', '+', '?', '*', '+', '?', '-', ' ', '%%', '%.', '=', '\\0', '\\255'],
]

const SUBJECTS = [
  "''",
  "'a'",
  "'aab bba'",
  "'key = value; other=1'",
  "'f(a(b)c)d'",
  "'THE (quick) fox'",
  "'2024-01-31T10:20:30'",
  "'aaaaaaaaaa'",
  "'x\\0y\\0z'",
  "'\\255\\254\\128\\127'",
  "'100% of  spaces\\t\\n'",
]

function pattern(random: Random): string {
  const pieces = Array.from({ length: 1 + random.below(5) }, () => random.pick(PATTERN_PIECES))
  return `'${pieces.join('')}'`
}

function subject(random: Random): string {
  return oneIn(random, 5) ? stringText(random) : random.pick(SUBJECTS)
}

function position(random: Random): string {
  return oneIn(random, 8) ? numberText(random) : String(random.below(16) - 6)
}

const REPLACEMENTS = [
  ...["'<%0>'", "'%1'", "'%2'", "'%%'", "'%'", "''", "'x'", '{a=1,b="B",aab=false}', '{}', 'true'],
  'function(m, n) return n or m end',
  'function() return nil end',
  'function() return false end',
  'function() return 1.5 end',
  'function() return {} end',
  'string.upper',
]

const FLAGS = ['', '', '', '-', '+', ' ', '#', '0', '-0', '+ ', '-+ #0', '-+ #00']
const CONVERSIONS = 'dicoxXuEefgGqsdsgf%yaA'

/** A format of `string.format`; those of more than two digits are refused. */
function directive(random: Random): string {
  const width = random.pick(['', '', '', '1', '5', '12', '20', '99', '100'])
  const precision = random.pick(['', '', '', '.', '.0', '.1', '.3', '.14', '.17', '.99', '.100'])
  return `%${random.pick(FLAGS)}${width}${precision}${random.pick([...CONVERSIONS])}`
}

function formatCall(random: Random): string {
  const directives = Array.from({ length: 1 + random.below(3) }, () => directive(random))
  const given = directives.map(() =>
    choose<string>(random, [
      [4, numberText],
      [2, subject],
      [1, () => quoted(String(random.below(1000)))],
      [1, (r) => r.pick(['nil', 'true', '{}'])],
    ]),
  )
  return `string.format('${directives.join(' ')}', ${given.join(', ')})`
}

const NUMERALS = [
  ...[
    "'0x10'",
    "'0X1p4'",
    "' 12 '",
    "'1e2'",
    "'1e'",
    "'.5'",
    "'5.'",
    "'-0'",
    "'+1'",
    "'ff'",
    "'zz'",
  ],
  ...[
    "'1 2'",
    "''",
    "' '",
    "'inf'",
    "'nan'",

    "'1\\0'",
    "'1e309'",
    "'-7fffffff'",
    "'9'",
    "'0b1'",
  ],
  ...[
    "'\\t3\\n'",
    "'18446744073709551616'",
    "'8000000000000000'",
    "'1_0'",
    "'--1'",
    "'1e+5'",
    "'٣'",
  ],
]

function numeral(random: Random): string {
  return choose<string>(random, [
    [4, (r) => r.pick(NUMERALS)],
    [2, numberText],
    [1, (r) => quoted(`${r.below(1e6)}`)],
    [1, luaValue],
  ])
}

function listText(random: Random, element: (random: Random) => string): string {
  return `{${Array.from({ length: random.below(7) }, () => element(random)).join(',')}}`
}

const UNARY = ['abs', 'ceil', 'floor', 'sqrt', 'deg', 'rad']

const COMPARISONS = [
  ...['nil', 'function(a, b) return a > b end', 'function(a, b) return a < b end'],
  ...['function() return true end', 'function() return false end'],
  "function(a, b) if a == 3 then error('three') end return a < b end",
]

const calls: readonly ((random: Random) => string)[] = [
  formatCall,
  formatCall,
  formatCall,
  (r) =>
    `string.find(${subject(r)}, ${pattern(r)}${r.pick(['', `, ${position(r)}`, ', 1, true'])})`,
  (r) => `string.match(${subject(r)}, ${pattern(r)}${r.pick(['', `, ${position(r)}`])})`,
  (r) =>
    `string.gsub(${subject(r)}, ${pattern(r)}, ${r.pick(REPLACEMENTS)}${r.pick(['', '', `, ${r.below(6) - 1}`])})`,
  (r) =>
    `(function() local t = {} for a, b in string.gmatch(${subject(r)}, ${pattern(r)}) do t[#t + 1] = tostring(a) .. '|' .. tostring(b) if #t > 30 then break end end return unpack(t) end)()`,
  (r) => `string.sub(${subject(r)}, ${position(r)}${r.pick(['', `, ${position(r)}`])})`,
  (r) => `string.byte(${subject(r)}, ${position(r)}${r.pick(['', `, ${position(r)}`])})`,
  (r) =>
    `string.char(${Array.from({ length: r.below(4) }, () => r.below(oneIn(r, 9) ? 300 : 256)).join(',')})`,
  (r) => `string.rep(${subject(r)}, ${r.below(12) - 2})`,
  (r) =>
    `string.${r.pick(['upper', 'lower', 'len', 'reverse'])}(${oneIn(r, 4) ? numberText(r) : subject(r)})`,
  (r) => `tostring(${numberText(r)})`,
  (r) => `${numberText(r)} .. '|' .. ${numberText(r)}`,
  (r) => `tonumber(${numeral(r)})`,
  (r) => `tonumber(${numeral(r)}, ${oneIn(r, 8) ? numberText(r) : r.below(40)})`,
  (r) => `${r.pick(NUMERALS)} + ${numberText(r)}`,
  (r) => `${numberText(r)} ${r.pick(['+', '-', '*', '/', '<', '<=', '=='])} ${numberText(r)}`,
  (r) => `${r.below(2000) - 1000} % ${1 + r.below(50)} + ${r.below(9)} ^ ${r.below(9)}`,
  (r) => `math.${r.pick(UNARY)}(${oneIn(r, 3) ? r.pick(NUMERALS) : r.below(40) - 20})`,
  (r) =>
    `math.${r.pick(['max', 'min'])}(${Array.from({ length: r.below(4) }, () => numberText(r)).join(',')})`,
  (r) => `math.${r.pick(['frexp', 'modf'])}(${(r.below(400) - 200) / 16})`,
  (r) => `math.ldexp(${numberText(r)}, ${r.below(40) - 20})`,
  (r) => `math.fmod(${r.below(2000) - 1000}, ${1 + r.below(30)}.5)`,
  (r) => `math.pow(${r.below(20)}, ${r.below(12)})`,
  (r) =>
    `(function() math.randomseed(${r.below(1e6)}) return math.random(), math.random(${r.below(9)}), math.random(${r.below(9) - 4}, ${r.below(9)}) end)()`,
  (r) =>
    `table.concat(${listText(r, (e) => (oneIn(e, 9) ? luaValue(e, 3) : e.pick([numberText, subject])(e)))}, ${r.pick(["','", "''", 'nil', '1'])}${r.pick(['', `, ${r.below(5) - 1}`, `, ${r.below(4)}, ${r.below(9)}`])})`,
  (r) =>
    `(function() local t = ${listText(r, (e) => (oneIn(e, 12) ? "'x'" : String(e.below(9))))} table.sort(t, ${r.pick(COMPARISONS)}) return table.concat(t, ',') end)()`,
  (r) =>
    `(function() local t = ${listText(r, (e) => String(e.below(9)))} table.insert(t, ${r.pick(['', '', `${r.below(9)}, `])}'i') return table.concat(t, ',') end)()`,
  (r) =>
    `(function() local t = ${listText(r, (e) => String(e.below(9)))} local x = table.remove(t${r.pick(['', `, ${r.below(9) - 1}`])}) return x, table.concat(t, ',') end)()`,
  (r) => `table.maxn({${values(r, 5)}})`,
  (r) =>
    `unpack({${values(r, 5)}}${r.pick(['', `, ${r.below(5) - 1}`, `, ${r.below(4)}, ${r.below(9)}`])})`,
  (r) => `select(${oneIn(r, 4) ? "'#'" : r.below(9) - 3}, ${luaValue(r)}, ${luaValue(r)}, 1)`,
  (r) =>
    `next({${r.pick(["'a'", 'x=1', '', '1, 2'])}}${r.pick(['', ', 1', ', 2', ", 'x'", ", 'none'"])})`,
  (r) => `rawequal(${luaValue(r, 4)}, ${luaValue(r, 4)})`,
  (r) => `type(${luaValue(r)})`,
  (r) => `#${r.pick([subject, (one: Random) => listText(one, numberText)])(r)}`,
  (r) => `pcall(error, ${r.pick([numberText, stringText])(r)}${r.pick(['', ', 0', ', 1', ', 2'])})`,
  (r) => `assert(${luaValue(r, 4)}${r.pick(['', `, ${stringText(r)}`])})`,
  (r) =>
    `loadstring(${quoted(`return ${numberText(r)} ${r.pick(['', '+', '..', 'x', ','])} ${numberText(r)}`)})()`,
  (r) =>
    `string.gsub(tostring(${r.pick(['string.sub', '{}', 'nil', 'coroutine.create(function() end)'])}), '0x%x+', '')`,
]

/** A call whose results are a table of texts. */
export function standardCall(random: Random): string {
  return `${SHOWN}(${random.pick(calls)(random)})`
}
