import t from 'tap'
import { openLibrary } from '../../lib/scripting/library.ts'
import { LibraryLoader } from '../../lib/scripting/library-loader.ts'
import { LuaStatus } from '../../lib/scripting/lua-state.ts'
import { luaState } from '../support/lua.ts'

/** A loader whose functions see Lua's own globals, and a clock that goes on by itself. */
function world() {
  const lua = luaState()
  const clock = { microseconds: 0, step: 0 }
  openLibrary(lua, 'redis', { REDIS_VERSION: '7.0.15', call: () => 0 })
  const loader = new LibraryLoader(lua, () => {
    clock.microseconds += clock.step
    return clock.microseconds
  })
  const load = (source: string) => loader.load(`\n${source}`)
  /** Calls the function of a library of one; what it returns, or its error. */
  const run = (source: string) => {
    const [{ reference } = { reference: 0 }] = load(source).values()
    lua.pushReference(reference)
    const status = lua.protectedCall(0, 1)
    const text = lua.toBytes(-1)
    lua.pop()
    return status === LuaStatus.ok ? text : `error: ${text}`
  }
  return { lua, loader, load, run, clock }
}

t.test('a library registers functions, which share what is local to it', async (t) => {
  const { lua, load } = world()
  const found = load(`local n = 0
    redis.register_function('f', function() n = n + 1 return n end)
    redis.register_function{function_name='g', callback=function() n = n + 10 return n end, flags={'no-writes'}, description='d'}`)
  const call = (name: string) => {
    lua.pushReference(found.get(name)?.reference ?? 0)
    lua.call(0, 1)
    const value = lua.toNumber(-1)
    lua.pop()
    return value
  }
  t.same([...found.keys()], ['f', 'g'])
  t.same([call('f'), call('g'), call('f')], [1, 11, 12])
  t.same(found.get('g')?.flags, new Set(['no-writes']))
  t.equal(found.get('g')?.description, 'd')
  t.equal(lua.top, 0)
  t.equal(load('local a = 1').size, 0)
})

t.test('while it loads a library sees redis alone, and cannot change it', async (t) => {
  const { load, run, lua } = world()
  t.equal(
    run("local v = redis.REDIS_VERSION redis.register_function('f', function() return v end)"),
    '7.0.15',
  )
  const missing = (name: string) =>
    `ERR Error registering functions: ERR user_function:2: Script attempted to access nonexistent global variable '${name}'`
  const readOnly =
    'ERR Error registering functions: ERR user_function:2: Attempt to modify a readonly table'
  const table: [source: string, message: string][] = [
    ["error('x')", missing('error')],
    ['local a = _G', missing('_G')],
    ['redis.call()', missing('call')],
    ['x = 1', readOnly],
    ['redis = 1', readOnly],
    ['redis.x = 1', readOnly],
    ['redis.REDIS_VERSION = 1', readOnly],
    [
      'local a = nil\na.b = 1',
      "ERR Error registering functions: ERR user_function:3: attempt to index local 'a' (a nil value)",
    ],
    ['return x y', "ERR Error compiling function: user_function:2: '<eof>' expected near 'y'"],
  ]
  for (const [source, message] of table) t.throws(() => load(source), { message }, source)
  t.equal(lua.top, 0)
})

t.test('when it runs a function sees what is there then, and cannot register more', async (t) => {
  const { run } = world()
  t.equal(run("redis.register_function('f', function() return type(math) end)"), 'table')
  t.equal(
    run(
      "local r = redis redis.register_function('f', function() return type(r.register_function) end)",
    ),
    'function',
  )
  t.equal(
    run(
      "local r = redis redis.register_function('f', function() r.register_function('g', print) end)",
    ),
    'error: redis.register_function can only be called on FUNCTION LOAD command',
  )
  t.match(
    run("local r = redis redis.register_function('f', function() r.x = 1 end)"),
    /user_function:2: Attempt to modify a readonly table$/,
  )
})

t.test('names are checked', async (t) => {
  const { load } = world()
  const register = (name: string) => `redis.register_function('${name}', function() end)`
  t.throws(() => load(register('a-b')), {
    message: /^ERR Error registering functions: ERR Library names can only contain/,
  })
  t.throws(() => load(register('f') + register('f')), {
    message: 'ERR Error registering functions: ERR Function already exists in the library',
  })
  t.equal(load(`${register('f')} ${register('F')}`).size, 2)
})

t.test('what takes half a second is ended, and leaves the loader as it was', async (t) => {
  const { load, clock, lua } = world()
  clock.step = 100_000
  t.throws(() => load("redis.register_function('f', function() end) while true do end"), {
    message: 'ERR Error registering functions: ERR FUNCTION LOAD timeout',
  })
  clock.step = 0
  t.equal(load("redis.register_function('f', function() end)").size, 1)
  t.equal(lua.top, 0)
})

t.test('what a library that fails has registered is released', async (t) => {
  const { load, lua } = world()
  const before = load("redis.register_function('f', function() end)")
  const [{ reference } = { reference: 0 }] = before.values()
  t.throws(() => load("redis.register_function('g', function() end) nosuch()"))
  const [next] = load("redis.register_function('h', function() end)").values()
  t.equal(next?.reference, reference + 1, 'the place of g is taken again')
  t.equal(lua.top, 0)
})
