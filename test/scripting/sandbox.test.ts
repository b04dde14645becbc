import t from 'tap'
import { bulk, expectScripts, ScriptStage } from '../support/script-stage.ts'

const error = (text: string) => `-ERR ${text} script: abc, on @user_script:1.|`

t.test('scripts find what Redis gives them', async (t) => {
  const names =
    'ARGV KEYS _G _VERSION __redis__err__handler assert bit cjson cmsgpack collectgarbage coroutine error gcinfo getmetatable ipairs load loadstring math next pairs pcall rawequal rawget rawset redis select setmetatable string struct table tonumber tostring type unpack xpcall'
  const source =
    "local t = {} for k in pairs(_G) do t[#t + 1] = k end table.sort(t) return table.concat(t, ' ')"
  t.equal(new ScriptStage().run(source), `$${names.length}|${names}|`)
})

t.test('a global that is not there is an error', async (t) => {
  expectScripts(t, new ScriptStage(), [
    [
      'return foo',
      error("user_script:1: Script attempted to access nonexistent global variable 'foo'"),
    ],
    [
      'print(1)',
      error("user_script:1: Script attempted to access nonexistent global variable 'print'"),
    ],
  ])
})

t.test("keys and arguments hold any byte, and are the script's to change", async (t) => {
  const all = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i))
  const stage = new ScriptStage()
  const given = { keys: [all, 'k'], args: ['a', all] }
  t.equal(
    stage.run('return {KEYS[1], ARGV[2], #KEYS, #ARGV}', given),
    `*4|$256|${all.replace('\r\n', '|')}|$256|${all.replace('\r\n', '|')}|:2|:2|`,
  )
  expectScripts(t, stage, [
    ['return {#KEYS, #ARGV}', '*2|:0|:0|'],
    ["ARGV[1] = 'mine' return ARGV", '*1|$4|mine|'],
    ['return #ARGV', ':0|'],
  ])
})

t.test('errors that are tables are told by their text', async (t) => {
  expectScripts(t, new ScriptStage(), [
    [
      "local ok, e = pcall(error, {err = 'E x'}) return {tostring(ok), type(e), e}",
      '*3|$5|false|$6|string|$3|E x|',
    ],
    ["return {pcall(error, 'plain', 0)}", '*2|$-1|$5|plain|'],
    ['return {pcall(function(...) return ... end, 1, 2)}', '*3|:1|:1|:2|'],
    ['return select(2, pcall(error, {}))', '*0|'],
    ['return select(2, pcall())', bulk('attempt to call a boolean value')],
  ])
})

t.test('source text is compiled, compiled code is not', async (t) => {
  expectScripts(t, new ScriptStage(), [
    ["return loadstring('return 1')()", ':1|'],
    [
      "return select(2, loadstring('return return', '@foo'))",
      bulk("foo:1: unexpected symbol near 'return'"),
    ],
    [
      "return select(2, loadstring('\\27Lua', '=x'))",
      bulk("x:1: unexpected symbol near 'char(27)'"),
    ],
    ['return loadstring(string.dump(function() end)) == nil', ':1|'],
    ["local i = 0 return load(function() i = i + 1 return ({'return ', '5'})[i] end)()", ':5|'],
    [
      'return select(2, load(function() return {} end))',
      '-ERR user_script:1: reader function must return a string|',
    ],
    ["return select(2, load(function() error('e', 0) end))", '-ERR e|'],
    ['load(1)', error("user_script:1: bad argument #1 to 'load' (function expected, got number)")],
  ])
})

t.test('a script is no coroutine, and may have some', async (t) => {
  expectScripts(t, new ScriptStage(), [
    ['coroutine.yield(1)', error('attempt to yield across metamethod/C-call boundary')],
    ['return coroutine.running() == nil', ':1|'],
    [
      'local co = coroutine.wrap(function(a) local b = coroutine.yield(a + 1) return b * 2 end) return {co(1), co(10)}',
      '*2|:2|:20|',
    ],
    ['return coroutine.wrap(function() return type(coroutine.running()) end)()', bulk('thread')],
  ])
})
