import t from 'tap'
import { expectScripts, ScriptStage } from '../support/script-stage.ts'

t.test('values as replies', async (t) => {
  expectScripts(t, new ScriptStage(), [
    ['return 3.99', ':3|'],
    ['return -3.99', ':-3|'],
    ['return 2^53 + 2', ':9007199254740994|'],
    ['return 1e300', ':-9223372036854775808|'],
    ['return true', ':1|'],
    ['return false', '$-1|'],
    ['return nil', '$-1|'],
    ['return', '$-1|'],
    ['return function() end', '$-1|'],
    ['return cjson.null', '$-1|'],
    ["return 'a\\0\\255'", '$3|a\0\xff|'],
    ['return 1, 2', ':1|'],
    ['return {}', '*0|'],
    ["return {1, 'a', {2, {}}, nil, 3}", '*3|:1|$1|a|*2|:2|*0|'],
    ["return {ok = 'fine\\r\\n'}", '+fine  |'],
    ["return {ok = 'a\\0b'}", '+a|'],
    ["return {err = 'E a\\0b'}", '-E a|'],
    ["return {err = 'E a\\r\\n'}", '-E a|'],
    ['return {ok = 1}', '*0|'],
    ["return {err = 'E x\\ny'}", '-E x y|'],
    ['return {double = 0.1}', '$19|0.10000000000000001|'],
    ['return {map = {a = 1}}', '*2|$1|a|:1|'],
    ['return {set = {a = true}}', '*1|$1|a|'],
    ["return {big_number = '12\\n3'}", '$4|12 3|'],
    ["return {verbatim_string = {format = 'txt', string = 'x'}}", '$1|x|'],
    ["return {verbatim_string = {string = 'x'}}", '*0|'],
    ['return setmetatable({}, {__index = function() return 5 end})', '*0|'],
  ])
})

t.test('values as replies of RESP3', async (t) => {
  expectScripts(
    t,
    new ScriptStage(),
    [
      ['return {true, false}', '*2|:1|_|'],
      ['redis.setresp(3) return {true, false}', '*2|#t|#f|'],
      ['return nil', '_|'],
      ['return {double = 1.5}', ',1.5|'],
      ['return {map = {a = {set = {b = true}}}}', '%1|$1|a|~1|$1|b|'],
      ["return {big_number = '123'}", '(123|'],
      ["return {verbatim_string = {format = 'markdown', string = 'x'}}", '=5|mar:x|'],
    ],
    { protocol: 3 },
  )
})

t.test('what is too deep gets its error where Redis gives it', async (t) => {
  const stage = new ScriptStage()
  const table: [source: string, head: string, levels: number][] = [
    ['local t = {} t[1] = t return t', '*1|', 7995],
    ['local t = {} t.set = {[t] = 1} return t', '*1|', 2665],
    ['local t = {} t.map = {a = t} return t', '*2|', 2665],
    ['local t = {} t.map = {[t] = 1} return t', '*2|', 1999],
  ]
  for (const [source, head, levels] of table) {
    const reply = stage.run(source)
    t.equal(reply.split(head).length - 1, levels, source)
    t.match(reply, /-ERR reached lua stack limit\|/)
  }
  t.equal(stage.run('return 1'), ':1|', 'and the engine lives on')
})

t.test('an error that was counted is not counted again', async (t) => {
  const stage = new ScriptStage()
  stage.answer = (_argv, reply) => reply.error('E x')
  t.equal(stage.run("return redis.pcall('a')"), '-E x|')
  t.same([stage.errors, stage.failed], [['E x'], ['E x']])
  t.equal(stage.run("return {err = 'E y'}"), '-E y|')
  t.same([stage.errors, stage.failed], [['E x', 'E y'], ['E x']])
})
