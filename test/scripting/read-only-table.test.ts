import t from 'tap'
import { bulk, expectScripts, ScriptStage } from '../support/script-stage.ts'

const refused = (place = 'user_script:1: ') =>
  `-ERR ${place}Attempt to modify a readonly table script: abc, on @user_script:1.|`

t.test('nothing among the globals can be changed', async (t) => {
  expectScripts(t, new ScriptStage(), [
    ['x = 1', refused()],
    ['string = nil', refused()],
    ['redis.call = nil', refused()],
    ['string.format = nil', refused()],
    ['redis.more = 1', refused()],
    ['getmetatable(_G).__index = nil', refused()],
    ["getmetatable('').__index = nil", refused()],
    ["rawset(_G, 'x', 1)", refused('')],
    ["rawset(redis, 'call', 1)", refused('')],
    ["table.insert(redis, 'x')", refused('')],
    ["table.insert(redis, 1, 'x')", refused('')],
    ['setmetatable(_G, {})', refused('')],
    ['setmetatable(string, {})', refused('')],
    ['return redis.call ~= nil', ':1|'],
  ])
})

t.test('it reads as the table meant', async (t) => {
  expectScripts(t, new ScriptStage(), [
    ['return redis.nothing', '$-1|'],
    ["return rawget(redis, 'REPL_ALL')", ':3|'],
    ['return type(next(redis))', bulk('string')],
    ['local n = 0 for _ in next, redis do n = n + 1 end return n > 10', ':1|'],
    [
      'local n = 0 for _, f in pairs(bit) do n = n + (type(f) == "function" and 1 or 0) end return n',
      ':12|',
    ],
    ['local _, walked = pairs(redis) walked.call = nil return type(redis.call)', bulk('function')],
    ['return getmetatable(redis) == nil', ':1|'],
    ['return type(getmetatable(_G).__index)', bulk('function')],
    ["return getmetatable('').__index == string", ':1|'],
    ["return ('x'):upper()", bulk('X')],
    ['return _G._G == _G', ':1|'],
  ])
})

t.test('other tables are as they were', async (t) => {
  const locked = "setmetatable({}, {__metatable = 'locked'})"
  expectScripts(t, new ScriptStage(), [
    ["local t = {} rawset(t, 'a', 1) t.b = 2 return t.a + t.b", ':3|'],
    [
      "local t = setmetatable({}, {__index = function() return 7 end}) return {t.x, rawget(t, 'x') == nil}",
      '*2|:7|:1|',
    ],
    [`return getmetatable(${locked})`, bulk('locked')],
    [
      `setmetatable(${locked}, {})`,
      '-ERR user_script:1: cannot change a protected metatable script: abc, on @user_script:1.|',
    ],
    [
      'setmetatable({}, 1)',
      "-ERR user_script:1: bad argument #2 to 'setmetatable' (nil or table expected) script: abc, on @user_script:1.|",
    ],
    [
      'next(1)',
      "-ERR user_script:1: bad argument #1 to 'next' (table expected, got number) script: abc, on @user_script:1.|",
    ],
    [
      'pairs()',
      "-ERR user_script:1: bad argument #1 to 'pairs' (table expected, got no value) script: abc, on @user_script:1.|",
    ],
    [
      'local t = {} for k, v in pairs({a = 1, 5}) do t[#t + 1] = tostring(k) .. v end return t',
      '*2|$2|15|$2|a1|',
    ],
  ])
})

t.test('table.insert of tables that can be changed', async (t) => {
  const bad = (text: string) => `-ERR user_script:1: ${text} script: abc, on @user_script:1.|`
  expectScripts(t, new ScriptStage(), [
    [
      "local x = {'a'} table.insert(x, 'c') table.insert(x, 2, 'b') return table.concat(x)",
      bulk('abc'),
    ],
    ["local x = {} table.insert(x, 3, 'c') return x[3]", bulk('c')],
    ['table.insert({}, 1, 2, 3)', bad("wrong number of arguments to 'insert'")],
    ["table.insert({}, 'x', 2)", bad("bad argument #2 to 'insert' (number expected, got string)")],
    ['table.insert(1, 2)', bad("bad argument #1 to 'insert' (table expected, got number)")],
  ])
})
