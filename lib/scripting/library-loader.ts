/**
 * Runs the source of a library once, to learn of its functions (luaEngineCreate in function_lua.c). While it loads, all it
 * sees is a table `redis` with little in it; its functions see what scripts see. It may take half a second.
 * Invariant: of a library that does not load nothing is left.
 */
import type { Bytes } from '../base/bytes.ts'
import { ReplyError } from '../resp/reply-error.ts'
import { checkFunctionName } from './function-header.ts'
import type { FunctionLoader, RegisteredFunction } from './function-library.ts'
import { readRegistration } from './function-registration.ts'
import { setMembers } from './library.ts'
import { GLOBALS, type LuaState, LuaStatus, LuaType } from './lua-state.ts'

/** How functions of libraries are called in errors. */
export const FUNCTION_CHUNK = '@user_function'

const TIME_LIMIT_MICROSECONDS = 500_000
const INSTRUCTIONS_BETWEEN_LOOKS = 100_000

/** What of the `redis` of scripts a library has while it loads, beside `register_function`. */
const SHARED = [
  'log',
  'LOG_DEBUG',
  'LOG_VERBOSE',
  'LOG_NOTICE',
  'LOG_WARNING',
  'REDIS_VERSION',
  'REDIS_VERSION_NUM',
]

/** Loads libraries into a Lua state. */
export class LibraryLoader implements FunctionLoader {
  readonly #lua: LuaState
  readonly #globals: number
  readonly #microseconds: () => number
  /** What libraries see as globals, by reference: an empty table whose metatable says what is behind it. */
  readonly #environment: number
  /** What is behind it while one loads. */
  readonly #whileLoading: number
  /** What the library that loads has registered. */
  #registered: Map<Bytes, RegisteredFunction> | undefined

  /** For a state whose globals are those that functions see when they run. */
  constructor(lua: LuaState, microseconds: () => number) {
    this.#lua = lua
    this.#microseconds = microseconds
    lua.pushValue(GLOBALS)
    this.#globals = lua.reference()
    lua.createTable()
    this.#pushRedis()
    lua.setField(-2, 'redis')
    this.#whileLoading = this.#referenceReadOnly()
    lua.createTable()
    this.#environment = this.#referenceReadOnly()
    this.#look(this.#globals)
  }

  load(body: Bytes): ReadonlyMap<Bytes, RegisteredFunction> {
    const lua = this.#lua
    const { top } = lua
    const registered = new Map<Bytes, RegisteredFunction>()
    if (lua.load(body, FUNCTION_CHUNK) !== LuaStatus.ok) {
      const reason = lua.toBytes(-1) ?? ''
      lua.top = top
      throw new ReplyError(`ERR Error compiling function: ${reason}`)
    }
    lua.pushReference(this.#environment)
    lua.setEnvironment(-2)
    this.#look(this.#whileLoading)
    this.#watch()
    this.#registered = registered
    const status = lua.protectedCall(0, 0)
    this.#registered = undefined
    this.#look(this.#globals)
    const reason = status === LuaStatus.ok ? undefined : this.#reason()
    lua.top = top
    if (reason === undefined) return registered
    for (const { reference } of registered.values()) this.release(reference)
    throw new ReplyError(`ERR Error registering functions: ERR ${reason}`)
  }

  release(reference: number): void {
    this.#lua.release(reference)
  }

  /** The text of the error on top. */
  #reason(): Bytes {
    const lua = this.#lua
    const isText = lua.typeOf(-1) === LuaType.string
    return isText ? (lua.toBytes(-1) ?? '') : 'unknown error'
  }

  /** Ends what takes too long. */
  #watch(): void {
    const until = this.#microseconds() + TIME_LIMIT_MICROSECONDS
    this.#lua.setCountHook((lua) => {
      if (this.#registered !== undefined && this.#microseconds() > until) {
        lua.raiseText('FUNCTION LOAD timeout')
      }
    }, INSTRUCTIONS_BETWEEN_LOOKS)
  }

  #pushRedis(): void {
    const lua = this.#lua
    lua.createTable(0, SHARED.length + 1)
    lua.getField(GLOBALS, 'redis')
    for (const name of SHARED) {
      lua.getField(-1, name)
      lua.setField(-3, name)
    }
    lua.pop()
    setMembers(lua, { register_function: (lua) => this.#register(lua) })
    lua.pushReference(this.#referenceReadOnly())
  }

  #register(lua: LuaState): number {
    const registered = this.#registered
    if (registered === undefined) {
      return lua.raiseText('redis.register_function can only be called on FUNCTION LOAD command')
    }
    const { name, description, flags } = readRegistration(lua)
    const fault = faultOf(name, registered)
    if (fault !== undefined) return lua.raiseText(fault)
    lua.top = 2
    registered.set(name, { name, description, flags, reference: lua.reference() })
    return 0
  }

  /** Takes the table on top behind an empty one that lets nobody write; its reference. */
  #referenceReadOnly(): number {
    const lua = this.#lua
    lua.createTable()
    lua.pushClosure(failToFind)
    lua.setField(-2, '__index')
    lua.setMetatable(-2)
    lua.createTable()
    lua.createTable()
    lua.pushValue(-3)
    lua.setField(-2, '__index')
    lua.pushClosure((lua) => lua.fail('Attempt to modify a readonly table'))
    lua.setField(-2, '__newindex')
    lua.setMetatable(-2)
    lua.remove(-2)
    return lua.reference()
  }

  /** What libraries see as globals from here on. */
  #look(table: number): void {
    const lua = this.#lua
    lua.pushReference(this.#environment)
    lua.getMetatable(-1)
    lua.pushReference(table)
    lua.setField(-2, '__index')
    lua.pop(2)
  }
}

/** Why a function cannot be registered under a name. */
function faultOf(name: Bytes, registered: ReadonlyMap<Bytes, unknown>): Bytes | undefined {
  if (registered.has(name)) return 'Function already exists in the library'
  try {
    checkFunctionName(name)
  } catch (error) {
    return (error as ReplyError).message.replace(/^ERR /, '')
  }
  return undefined
}

function failToFind(lua: LuaState): never {
  const name = lua.typeOf(2) === LuaType.string ? lua.toBytes(2) : '?'
  return lua.fail(`Script attempted to access nonexistent global variable '${name}'`)
}
