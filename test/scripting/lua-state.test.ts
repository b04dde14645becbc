import t from 'tap'
import { LuaPanic } from '../../lib/scripting/lua-binary.ts'
import {
  ALL_RESULTS,
  GLOBALS,
  type LuaState,
  LuaStatus,
  LuaType,
} from '../../lib/scripting/lua-state.ts'
import { luaState } from '../support/lua.ts'

const allBytes = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i))

/** Runs source text; what it returns as text, or its error. */
function run(lua: LuaState, source: string): string | undefined {
  if (lua.load(source, '@test') === LuaStatus.ok) lua.protectedCall(0, 1)
  const text = lua.toBytes(-1)
  lua.pop()
  return text
}

function define(lua: LuaState, name: string, closure: (lua: LuaState) => number): void {
  lua.pushClosure(closure)
  lua.setField(GLOBALS, name)
}

t.test('bytes go in and come out as they are, short and long', async (t) => {
  const lua = luaState()
  for (const bytes of ['', '\0', 'abc', allBytes, allBytes.repeat(1000)]) {
    lua.pushBytes(bytes)
    t.equal(lua.typeOf(-1), LuaType.string)
    t.equal(lua.lengthOf(-1), bytes.length)
    t.ok(lua.toBytes(-1) === bytes, `${bytes.length} bytes`)
    lua.pop()
  }
  t.equal(lua.top, 0)
  const literal = [...allBytes].map((c) => `\\${c.charCodeAt(0)}`).join('')
  t.equal(run(lua, `return '${literal}'`), allBytes, 'from source text')
})

t.test('values of every type', async (t) => {
  const lua = luaState()
  lua.pushNil()
  lua.pushBoolean(true)
  lua.pushNumber(-1.5)
  lua.pushBytes('12')
  lua.createTable(1, 1)
  lua.pushLightUserdata(0)
  t.same(
    [1, 2, 3, 4, 5, 6, 7].map((index) => lua.typeOf(index)),
    [
      LuaType.nil,
      LuaType.boolean,
      LuaType.number,
      LuaType.string,
      LuaType.table,
      LuaType.lightUserdata,
      LuaType.none,
    ],
  )
  t.equal(lua.toBoolean(1), false)
  t.equal(lua.toBoolean(2), true)
  t.equal(lua.toNumber(3), -1.5)
  t.equal(lua.toNumber(4), 12)
  t.equal(lua.isNumeric(4), true)
  t.equal(lua.isNumeric(5), false)
  t.equal(lua.toBytes(3), '-1.5')
  t.equal(lua.toBytes(5), undefined)
  t.not(lua.identityOf(5), 0)
  lua.pushValue(5)
  t.equal(lua.rawEqual(5, -1), true)
  lua.insert(1)
  t.equal(lua.typeOf(1), LuaType.table)
  lua.remove(1)
  lua.pushNumber(9)
  lua.replace(1)
  t.equal(lua.toNumber(1), 9)
  lua.top = 0
  t.equal(lua.typeOf(1), LuaType.none)
})

t.test('tables are written, read and walked', async (t) => {
  const lua = luaState()
  lua.createTable()
  for (const n of [1, 2, 3]) {
    lua.pushNumber(10 * n)
    lua.rawSetElement(1, n)
  }
  lua.pushBytes('yes')
  lua.setField(1, 'name')
  t.equal(lua.lengthOf(1), 3)
  const seen: [string | undefined, string | undefined][] = []
  lua.pushNil()
  while (lua.next(1)) {
    lua.pushValue(-2)
    seen.push([lua.toBytes(-1), lua.toBytes(-2)])
    lua.pop(2)
  }
  t.same(seen, [
    ['1', '10'],
    ['2', '20'],
    ['3', '30'],
    ['name', 'yes'],
  ])
  lua.pushBytes('a\0b')
  lua.pushBoolean(true)
  lua.rawSet(1)
  lua.pushBytes('a\0b')
  lua.rawGet(1)
  t.equal(lua.toBoolean(-1), true, 'keys hold any byte')
  lua.rawGetElement(1, 4)
  t.equal(lua.typeOf(-1), LuaType.nil)
})

t.test('metatables are heeded unless access is raw', async (t) => {
  const lua = luaState()
  lua.createTable()
  t.equal(lua.getMetatable(1), false)
  lua.createTable()
  lua.pushClosure((lua) => {
    lua.pushBytes(`no ${lua.checkBytes(2)}`)
    return 1
  })
  lua.setField(2, '__index')
  lua.setMetatable(1)
  lua.getField(1, 'field')
  t.equal(lua.toBytes(-1), 'no field')
  lua.pushBytes('other')
  lua.get(1)
  t.equal(lua.toBytes(-1), 'no other')
  lua.pushBytes('field')
  lua.rawGet(1)
  t.equal(lua.typeOf(-1), LuaType.nil)
  t.equal(lua.getMetatable(1), true)
})

t.test('closures are called with their arguments and return what they push', async (t) => {
  const lua = luaState()
  define(lua, 'both', (lua) => {
    const text = lua.checkBytes(1)
    const number = lua.checkNumber(2)
    lua.pushBytes(`${text}:${number}`)
    lua.pushNumber(lua.top)
    return 2
  })
  t.equal(run(lua, 'local a, b = both("x", 2, nil) return a .. "/" .. b'), 'x:2/4')
  t.equal(
    run(lua, 'both("x")'),
    "test:1: bad argument #2 to 'both' (number expected, got no value)",
  )
  t.equal(run(lua, 'both({}, 1)'), "test:1: bad argument #1 to 'both' (string expected, got table)")
  define(lua, 'wrong', (lua) => lua.fail('it is wrong'))
  t.equal(run(lua, '\nwrong()'), 'test:2: it is wrong')
  define(lua, 'never', (lua) => lua.argumentError(2, 'never right'))
  t.equal(run(lua, 'never(1)'), "test:1: bad argument #2 to 'never' (never right)")
  define(lua, 'tables', (lua) => {
    lua.checkAny(1)
    lua.checkTable(1)
    return 0
  })
  t.equal(run(lua, 'tables()'), "test:1: bad argument #1 to 'tables' (value expected)")
  t.equal(run(lua, 'tables(1)'), "test:1: bad argument #1 to 'tables' (table expected, got number)")
  t.equal(lua.top, 0)
})

t.test('errors pass through closures up to a protected call', async (t) => {
  const lua = luaState()
  const unwound: string[] = []
  define(lua, 'through', (lua) => {
    try {
      lua.pushValue(1)
      lua.call(0, ALL_RESULTS)
      return lua.top - 1
    } finally {
      unwound.push('left')
    }
  })
  t.equal(
    run(lua, 'local ok, e = pcall(through, function() error("inner") end) return e'),
    'test:1: inner',
  )
  t.same(unwound, ['left'])
  t.equal(lua.thread, lua.main, 'the running thread is the former one')
  t.equal(run(lua, 'return through(function() return "fine" end)'), 'fine')
  define(lua, 'caught', (lua) => {
    lua.pushValue(1)
    const status = lua.protectedCall(0, 0)
    lua.pushBytes(`${status} ${lua.toBytes(-1)}`)
    return 1
  })
  t.equal(run(lua, 'return caught(function() error({}) end)'), '2 undefined')
  t.equal(run(lua, 'return caught(function() error("e", 0) end)'), '2 e')
})

t.test('an error handler sees where the error came from', async (t) => {
  const lua = luaState()
  let seen = ''
  lua.pushClosure((lua) => {
    const place = lua.callInfo(1)
    const caller = lua.callInfo(2)
    seen = `${place?.source} ${place?.what} ${caller?.source}:${caller?.line} ${caller?.what}`
    return 1
  })
  t.equal(lua.load('\n\nerror("e")', '@chunk'), LuaStatus.ok)
  t.equal(lua.protectedCall(0, 0, 1), LuaStatus.runtimeError)
  t.equal(seen, '=[C] C @chunk:3 main')
  t.equal(lua.callInfo(0), undefined, 'nothing runs now')
})

t.test('source text that is none', async (t) => {
  const lua = luaState()
  t.equal(lua.load('return return', '@user_script'), LuaStatus.syntaxError)
  t.equal(lua.toBytes(-1), "user_script:1: unexpected symbol near 'return'")
})

t.test('references keep a value', async (t) => {
  const lua = luaState()
  lua.pushBytes('kept')
  const reference = lua.reference()
  t.equal(lua.top, 0)
  lua.collect()
  lua.pushReference(reference)
  t.equal(lua.toBytes(-1), 'kept')
  lua.release(reference)
})

t.test('threads yield out of closures and go on', async (t) => {
  const lua = luaState()
  define(lua, 'pause', (lua) => lua.yield(lua.top))
  const thread = lua.newThread()
  t.equal(lua.load('local got = pause("out") return got .. "!"', '@test'), LuaStatus.ok)
  lua.moveTo(thread, 1)
  t.equal(lua.resume(thread, 0), LuaStatus.yielded)
  t.equal(lua.statusOf(thread), LuaStatus.yielded)
  lua.thread = thread
  t.equal(lua.toBytes(-1), 'out')
  lua.top = 0
  lua.pushBytes('in')
  lua.thread = lua.main
  t.equal(lua.resume(thread, 1), LuaStatus.ok)
  lua.thread = thread
  t.equal(lua.toBytes(-1), 'in!')
  lua.thread = lua.main
})

t.test('a count hook suspends what runs and can end it', async (t) => {
  const lua = luaState()
  let calls = 0
  lua.setCountHook((lua) => {
    calls++
    if (calls > 3) {
      lua.pushBytes('ended')
      lua.raise()
    }
    lua.yield(0)
  }, 1000)
  const thread = lua.newThread()
  lua.load('while true do end', '@test')
  lua.moveTo(thread, 1)
  for (let i = 0; i < 3; i++) t.equal(lua.resume(thread, 0), LuaStatus.yielded)
  t.equal(lua.resume(thread, 0), LuaStatus.runtimeError)
  lua.thread = thread
  t.equal(lua.toBytes(-1), 'ended')
  t.equal(lua.callInfo(0)?.source, '@test', 'the dead thread tells where it was')
})

t.test('a line hook is called before each line, and for what was counted', async (t) => {
  const lua = luaState()
  const seen: string[] = []
  lua.load('local a = 1\nlocal b = 2\nfor i = 1, 2 do\n  b = i\nend', '@test')
  lua.setLineHook((lua, event) => {
    seen.push(event === 'line' ? `${lua.callPlace(0)?.line}` : event)
    t.equal(lua.hookInstructions, 1000)
  }, 1000)
  lua.protectedCall(0, 0)
  t.same(seen, ['1', '2', '3', '4', '3', '4', '3', '5'])
  seen.length = 0
  lua.load('for i = 1, 1500 do end', '@test')
  lua.protectedCall(0, 0)
  t.same([...new Set(seen)], ['1', 'count'])
})

const NESTED = `local outer = 'o'
local function f(a)
  local b = a .. '!'
  return b
end
local r = f(outer)
return r`

t.test('who is suspended in a hook can be looked at, and works on', async (t) => {
  const lua = luaState()
  let yields = 0
  lua.setLineHook((lua, event) => {
    if (event === 'line' && lua.callPlace(0)?.line === 4 && yields++ === 0) lua.yield(0)
  }, 100_000)
  const thread = lua.newThread()
  lua.load(NESTED, '@test')
  lua.moveTo(thread, 1)
  t.equal(lua.resume(thread, 0), LuaStatus.yielded)
  const locals = () => {
    const found: string[] = []
    for (let level = 0; lua.callPlace(level) !== undefined; level++) {
      const place = lua.callPlace(level)
      for (let n = 1; ; n++) {
        const name = lua.pushLocal(level, n)
        if (name === undefined) break
        found.push(`${place?.shortSource}:${place?.line} ${place?.name} ${name}=${lua.toBytes(-1)}`)
        lua.pop()
      }
    }
    return found.filter((text) => !text.includes('temporary'))
  }
  const expected = [
    'test:4 f a=o',
    'test:4 f b=o!',
    'test:6 undefined outer=o',
    'test:6 undefined f=undefined',
  ]
  lua.inHookOf(thread, () => {
    t.same(locals(), expected)
    t.equal(run(lua, 'local t = {} for i = 1, 1000 do t[i] = {i} end return #t'), '1000')
    t.equal(run(lua, 'return select("#", unpack({}, 1, 5000))'), '5000', 'the stack has moved')
    t.equal(run(lua, 'error("e", 2)'), 'test:4: e')
    lua.collect()
    t.same(locals(), expected)
  })
  t.equal(lua.thread, lua.main)
  t.equal(lua.statusOf(thread), LuaStatus.yielded)
  t.equal(lua.resume(thread, 0), LuaStatus.ok)
  lua.thread = thread
  t.equal(lua.toBytes(-1), 'o!')
})

t.test('what is thrown while it is looked at leaves it suspended', async (t) => {
  const lua = luaState()
  let yields = 0
  lua.setLineHook((lua) => {
    if (yields++ === 0) lua.yield(0)
  }, 100_000)
  const thread = lua.newThread()
  lua.load('return 1', '@test')
  lua.moveTo(thread, 1)
  lua.resume(thread, 0)
  t.throws(
    () =>
      lua.inHookOf(thread, () => {
        throw new Error('mine')
      }),
    { message: 'mine' },
  )
  t.equal(lua.resume(thread, 0), LuaStatus.ok)
})

t.test('the stack has an end', async (t) => {
  const lua = luaState()
  t.equal(lua.checkStack(1000), true)
  t.equal(lua.checkStack(100_000), false)
})

t.test('when memory runs out scripts hear so, and the state lives on', async (t) => {
  const lua = luaState({ memoryLimitBytes: 24 * 1024 * 1024 })
  t.equal(run(lua, 'local s = "x" while true do s = s .. s end'), 'not enough memory')
  t.equal(run(lua, 'local t = {} for i = 1, 1e9 do t[i] = {i} end'), 'not enough memory')
  lua.collect()
  t.equal(run(lua, 'return #string.rep("x", 1000000)'), '1000000')
  define(lua, 'huge', (lua) => {
    lua.pushBytes('x'.repeat(30 * 1024 * 1024))
    return 1
  })
  t.equal(run(lua, 'return huge()'), 'not enough memory')
  const used = lua.usedBytes
  t.equal(run(lua, 'kept = string.rep("y", 100000)'), undefined)
  t.ok(lua.usedBytes > used + 90_000, 'what is used is counted')
})

t.test('deep recursion is an error, not the end', async (t) => {
  const lua = luaState()
  t.match(run(lua, 'local function f() return 1 + f() end return f()'), /stack overflow/)
  t.match(
    run(lua, 'local function f(s) return s:gsub(".", f) end return f("x")'),
    /C stack overflow|stack overflow/,
  )
  t.equal(run(lua, 'return "fine"'), 'fine')
})

t.test('an error that nobody catches ends the state', async (t) => {
  const lua = luaState()
  lua.pushBytes('lost')
  t.throws(() => lua.raise(), LuaPanic)
})
