/**
 * What scripts find in a Lua state, and nothing else: Lua's own libraries without what leads out of them, Redis' libraries, and
 * globals that cannot be changed (initialize of the interpreter in script_lua.c and eval.c).
 * Invariant: what one script does to the globals no other script can see, but for KEYS and ARGV, which are set for each.
 */
import type { Bytes } from '../base/bytes.ts'
import { openBit } from './bit.ts'
import { openJson } from './json.ts'
import { typeName } from './library.ts'
import {
  ALL_RESULTS,
  GLOBALS,
  type LuaState,
  LuaStatus,
  type LuaThread,
  LuaType,
} from './lua-state.ts'
import { openMessagePack } from './message-pack.ts'
import { openNumbers, type ScriptRandom } from './number-library.ts'
import { ReadOnlyTables } from './read-only-table.ts'
import { openStruct } from './struct.ts'

/** Lua's own globals that scripts do not get. */
const REMOVED = ['dofile', 'getfenv', 'loadfile', 'newproxy', 'print', 'setfenv']
/** Tables among the globals. */
const LIBRARIES = [
  'bit',
  'cjson',
  'cmsgpack',
  'coroutine',
  'math',
  'redis',
  'string',
  'struct',
  'table',
]
const ACROSS_C = 'attempt to yield across metamethod/C-call boundary'

/** The globals of a state that runs scripts. */
export class Sandbox {
  /** The thread that scripts run in. */
  scriptThread: LuaThread = 0
  readonly #lua: LuaState
  readonly #tables = new ReadOnlyTables()
  /** The table behind the one scripts see. */
  readonly #globals: number
  readonly #keysName: number
  readonly #argumentsName: number

  /** `openRedis` sets the global `redis`, and whatever else there is to set. */
  constructor(
    lua: LuaState,
    {
      random,
      openRedis,
      forFunctions,
    }: {
      readonly random: ScriptRandom
      readonly openRedis: (lua: LuaState) => void
      readonly forFunctions: boolean
    },
  ) {
    this.#lua = lua
    for (const library of ['base', 'table', 'string', 'math'] as const) lua.open(library)
    for (const name of REMOVED) {
      lua.pushNil()
      lua.setField(GLOBALS, name)
    }
    openNumbers(lua, random)
    for (const open of [openJson, openMessagePack, openStruct, openBit, openRedis]) open(lua)
    openCalls(lua)
    if (!forFunctions) {
      lua.pushClosure(asTable)
      lua.setField(GLOBALS, '__redis__err__handler')
    }
    this.#openCoroutines()
    this.#tables.openInto(lua)
    this.#globals = this.#protect()
    lua.pushBytes('KEYS')
    this.#keysName = lua.reference()
    lua.pushBytes('ARGV')
    this.#argumentsName = lua.reference()
  }

  /** Sets what a script is called with. */
  setCall(keys: readonly Bytes[], args: readonly Bytes[]): void {
    const lua = this.#lua
    lua.pushReference(this.#globals)
    lua.pushReference(this.#keysName)
    pushList(lua, keys)
    lua.rawSet(-3)
    lua.pushReference(this.#argumentsName)
    pushList(lua, args)
    lua.rawSet(-3)
    lua.pop()
  }

  /** A script is no coroutine to itself, though here it runs in one. */
  #openCoroutines(): void {
    const lua = this.#lua
    lua.getField(GLOBALS, 'coroutine')
    lua.pushClosure((lua) => {
      if (lua.thread !== this.scriptThread) return lua.yield(lua.top)
      return lua.raiseText(ACROSS_C)
    })
    lua.setField(-2, 'yield')
    lua.pushClosure((lua) => {
      if (lua.thread === this.scriptThread) lua.pushNil()
      else lua.pushThread()
      return 1
    })
    lua.setField(-2, 'running')
    lua.pop()
  }

  /** Whatever has a name is protected, then the globals themselves; returns a reference to the table behind them. */
  #protect(): number {
    const lua = this.#lua
    for (const name of LIBRARIES) {
      lua.getField(GLOBALS, name)
      this.#tables.protect(lua)
      lua.setField(GLOBALS, name)
    }
    // `('x'):upper()` looks where `string.upper` does.
    lua.pushBytes('')
    lua.getMetatable(-1)
    lua.getField(GLOBALS, 'string')
    lua.setField(-2, '__index')
    lua.pop(2)
    this.#tables.protectStrings(lua)
    lua.createTable(0, 1)
    lua.pushClosure(nonexistent)
    lua.setField(-2, '__index')
    lua.pushValue(-1)
    lua.pushValue(GLOBALS)
    lua.insert(-2)
    lua.setMetatable(-2)
    lua.pop()
    this.#tables.protect(lua)
    const metatable = lua.reference()
    lua.pushValue(GLOBALS)
    this.#tables.protect(lua, { metatable })
    lua.pushValue(-1)
    lua.setField(GLOBALS, '_G')
    lua.pushValue(GLOBALS)
    const globals = lua.reference()
    lua.replace(GLOBALS)
    return globals
  }
}

/** Pushes a table of byte strings. */
export function pushList(lua: LuaState, elements: readonly Bytes[]): void {
  lua.createTable(elements.length)
  for (let i = 0; i < elements.length; i++) {
    lua.pushBytes(elements[i] as Bytes)
    lua.rawSetElement(-2, i + 1)
  }
}

function nonexistent(lua: LuaState): number {
  const name = lua.toBytes(2) ?? ''
  return lua.fail(`Script attempted to access nonexistent global variable '${name}'`)
}

/** Replaces the functions that call others or compile them. */
function openCalls(lua: LuaState): void {
  lua.pushClosure(protectedCall)
  lua.setField(GLOBALS, 'pcall')
  lua.pushClosure(loadString)
  lua.setField(GLOBALS, 'loadstring')
  lua.pushClosure(loadPieces)
  lua.setField(GLOBALS, 'load')
}

/** An error that is a table is told by its `err` (luaRedisPcall). */
function protectedCall(lua: LuaState): number {
  // There is nothing to call but the place of the result.
  if (lua.top === 0) lua.pushBoolean(true)
  if (lua.protectedCall(lua.top - 1, ALL_RESULTS) === LuaStatus.ok) {
    lua.pushBoolean(true)
    lua.insert(1)
    return lua.top
  }
  if (lua.typeOf(-1) === LuaType.table) {
    lua.getField(-1, 'err')
    if (lua.typeOf(-1) === LuaType.string || lua.typeOf(-1) === LuaType.number) lua.replace(-2)
    else lua.pop()
  }
  lua.pushBoolean(false)
  lua.insert(-2)
  return 2
}

function loadString(lua: LuaState): number {
  const source = lua.checkBytes(1)
  const name = lua.typeOf(2) <= LuaType.nil ? source : lua.checkBytes(2)
  return loaded(lua, source, name)
}

function loadPieces(lua: LuaState): number {
  lua.checkFunction(1)
  const name = lua.typeOf(2) <= LuaType.nil ? '=(load)' : lua.checkBytes(2)
  let source = ''
  for (;;) {
    lua.pushValue(1)
    if (lua.protectedCall(0, 1) !== LuaStatus.ok) return notLoadedByReader(lua)
    const piece = lua.toBytes(-1)
    if (piece === undefined && lua.typeOf(-1) !== LuaType.nil) {
      const caller = lua.callInfo(1)
      const place = caller === undefined ? '' : `${caller.source.slice(1)}:${caller.line}: `
      lua.pushBytes(`${place}reader function must return a string`)
      return notLoadedByReader(lua)
    }
    lua.pop()
    if (piece === undefined || piece === '') return loaded(lua, source, name)
    source += piece
  }
}

function loaded(lua: LuaState, source: Bytes, name: Bytes): number {
  return lua.load(source, name) === LuaStatus.ok ? 1 : notLoaded(lua)
}

/** An error of the function that gives the pieces passes the handler of errors, see {@link asTable}. */
function notLoadedByReader(lua: LuaState): number {
  if (lua.typeOf(-1) !== LuaType.table) {
    const text = lua.toBytes(-1) ?? typeName(lua, -1)
    lua.createTable(0, 1)
    lua.pushBytes(`ERR ${text}`)
    lua.setField(-2, 'err')
  }
  return notLoaded(lua)
}

/** The reason is on top. */
function notLoaded(lua: LuaState): number {
  lua.pushNil()
  lua.insert(-2)
  return 2
}

/** What error handlers of scripts see: an error as a table. Nothing asks for it here; it is among the globals. */
function asTable(lua: LuaState): number {
  lua.top = 1
  if (lua.typeOf(1) === LuaType.table) return 1
  const text = lua.toBytes(1) ?? typeName(lua, 1)
  lua.createTable(0, 1)
  lua.pushBytes(`ERR ${text}`)
  lua.setField(-2, 'err')
  return 1
}
