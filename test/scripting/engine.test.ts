import t from 'tap'
import { bulk, expectScripts, ScriptStage } from '../support/script-stage.ts'

const FOREVER = 'while true do end'

t.test('errors tell where they came from', async (t) => {
  expectScripts(t, new ScriptStage(), [
    ["error('foo')", '-ERR user_script:1: foo script: abc, on @user_script:1.|'],
    ["\n\nerror('foo')", '-ERR user_script:3: foo script: abc, on @user_script:3.|'],
    ["error({err = 'MY err'})", '-MY err script: abc, on @user_script:1.|'],
    ['error()', '-ERR nil script: abc, on @user_script:1.|'],
    ['error(true)', '-ERR true script: abc, on @user_script:1.|'],
    [
      'return nil .. 1',
      '-ERR user_script:1: attempt to concatenate a nil value script: abc, on @user_script:1.|',
    ],
    [
      'local function f() return 1 + f() end return f()',
      '-ERR user_script:1: stack overflow script: abc, on @user_script:1.|',
    ],
    ['error({})', '-ERR unknown error script: abc, on @user_script:1.|'],
    ['return 1', ':1|'],
  ])
})

t.test('source text that is none', async (t) => {
  const stage = new ScriptStage()
  t.equal(stage.mistake('return return'), "user_script:1: unexpected symbol near 'return'")
  t.equal(stage.mistake('\x1bLua'), "user_script:1: unexpected symbol near 'char(27)'")
  t.equal(stage.mistake(''), 'it compiles')
})

t.test('functions are called with tables', async (t) => {
  const stage = new ScriptStage('function')
  const source = 'local keys, args = ... return {keys[1], args[1], #args}'
  t.equal(stage.run(source, { keys: ['k'], args: ['a', 'b'] }), '*3|$1|k|$1|a|:2|')
})

t.test('a script that was suspended goes on', async (t) => {
  const stage = new ScriptStage()
  stage.verdicts.push('yield', 'go on', 'yield')
  t.equal(stage.begin('local n = 0 for i = 1, 200000 do n = n + 1 end return n'), 'suspended')
  t.equal(stage.engine.goOn(), 'suspended')
  t.equal(stage.engine.goOn(), 'over')
  t.equal(stage.reply(), ':200000|')
  t.same(new Set(stage.couldYield), new Set([true]))
})

t.test('it cannot be suspended where C is in between', async (t) => {
  const stage = new ScriptStage()
  const loop = 'for i = 1, 200000 do end'
  for (const source of [
    `pcall(function() ${loop} end)`,
    `coroutine.wrap(function() ${loop} end)()`,
    `local t = setmetatable({}, {__index = function() ${loop} end}) local x = t.x`,
    `table.sort({2, 1}, function() ${loop} return false end)`,
  ]) {
    stage.couldYield.length = 0
    t.equal(stage.run(source), '$-1|', source)
    t.same(new Set(stage.couldYield), new Set([false]), source)
  }
})

t.test('a script is ended, wherever it is', async (t) => {
  const stage = new ScriptStage()
  stage.verdict = 'end'
  const ended = '-ERR Script killed by user with SCRIPT KILL... script: abc, on @user_script:1.|'
  for (const source of [
    FOREVER,
    `while true do pcall(function() ${FOREVER} end) end`,
    `while true do local co = coroutine.create(function() ${FOREVER} end) coroutine.resume(co) end`,
  ]) {
    t.equal(stage.run(source), ended, source)
  }
  stage.verdict = 'go on'
  stage.couldYield.length = 0
  t.equal(stage.run('for i = 1, 10000 do end return 1'), ':1|')
  t.equal(stage.couldYield.length, 0, 'and the next is asked as rarely as before')
})

t.test('what takes all memory is over, and the next script runs', async (t) => {
  const stage = new ScriptStage()
  t.match(stage.run("local s = 'x' while true do s = s .. s end"), /^-ERR .*not enough memory\|$/)
  t.equal(stage.run("return string.rep('x', 3)"), bulk('xxx'))
})

t.test('what is left behind does not take the memory of the next script', async (t) => {
  const stage = new ScriptStage()
  const source = 'local t = {} while true do t[#t + 1] = coroutine.create(function() end) end'
  t.match(stage.run(source), /^-ERR .*not enough memory( script: .*)?\|$/)
  t.equal(stage.run("return #string.rep('x', 1000000)"), ':1000000|')
  t.equal(stage.engine.isDead, false)
})

t.test('a command replies to its end, also where there is no memory for it', async (t) => {
  const stage = new ScriptStage()
  let ended = 0
  stage.answer = (_argv, reply) => {
    reply.array(20)
    for (let i = 0; i < 20; i++) reply.bulk(`${ended} ${i}`.padEnd(500_000))
    ended++
  }
  const source = "local t = {} while true do t[#t + 1] = redis.call('x') end"
  t.match(stage.run(source), /^-ERR .*not enough memory( script: .*)?\|$/)
  t.ok(ended > 5)
  t.equal(ended, stage.calls.length, 'each that began')
  stage.answer = (_argv, reply) => reply.ok()
  t.equal(stage.run("return redis.call('x')"), '+OK|')
})

t.test('what calls itself until there is no stack ends its engine', async (t) => {
  const stage = new ScriptStage()
  const source = "return string.find(string.rep('a', 300000), string.rep('a?', 300000))"
  t.equal(stage.run(source), '-ERR Error running script abc, stack overflow|')
  t.equal(stage.engine.isDead, true)
})

t.test('without memory for its own work an engine is dead, and says so', async (t) => {
  const stage = new ScriptStage()
  const huge = 'x'.repeat(300 * 1024 * 1024)
  t.match(stage.run('return 1', { args: [huge] }), /^-ERR .*not enough memory\|$/)
  t.equal(stage.engine.isDead, true)
})
