/**
 * What `redis.register_function` is given: a name and a function, or one table with all there is to say
 * (luaRegisterFunctionReadPositionalArgs and luaRegisterFunctionReadNamedArgs in function_lua.c). Whatever is wrong is raised
 * as an error that tells no place.
 */
import type { Bytes } from '../base/bytes.ts'
import { type LuaState, LuaType } from './lua-state.ts'
import { type ScriptFlag, scriptFlag } from './script-flag.ts'

/** A function to register; the function itself is not among it. */
export interface FunctionRegistration {
  readonly name: Bytes
  readonly description: Bytes | undefined
  readonly flags: ReadonlySet<ScriptFlag>
}

const NO_FLAGS: ReadonlySet<ScriptFlag> = new Set()
const CALLED = 'redis.register_function'

/** Reads the arguments of the running closure and leaves the function on top. */
export function readRegistration(lua: LuaState): FunctionRegistration {
  const count = lua.top
  if (count < 1 || count > 2) return lua.raiseText(`wrong number of arguments to ${CALLED}`)
  if (count === 2) return readPositional(lua)
  if (lua.typeOf(1) !== LuaType.table) {
    return lua.raiseText(
      `calling ${CALLED} with a single argument is only applicable to Lua table (representing named arguments).`,
    )
  }
  return readNamed(lua)
}

function readPositional(lua: LuaState): FunctionRegistration {
  const name = textAt(lua, 1)
  if (name === undefined) return lua.raiseText(`first argument to ${CALLED} must be a string`)
  if (lua.typeOf(2) !== LuaType.function) {
    return lua.raiseText(`second argument to ${CALLED} must be a function`)
  }
  return { name, description: undefined, flags: NO_FLAGS }
}

function readNamed(lua: LuaState): FunctionRegistration {
  let name: Bytes | undefined
  let description: Bytes | undefined
  let flags = NO_FLAGS
  // The callback is put here once it has come.
  lua.pushNil()
  lua.pushNil()
  while (lua.next(1)) {
    switch (keyOf(lua)) {
      case 'function_name':
        name = textArgument(lua, 'function_name')
        break
      case 'description':
        description = textArgument(lua, 'description')
        break
      case 'callback':
        if (lua.typeOf(-1) !== LuaType.function) {
          return lua.raiseText(`callback argument given to ${CALLED} must be a function`)
        }
        lua.pushValue(-1)
        lua.replace(2)
        break
      case 'flags':
        flags = readFlags(lua)
        break
      default:
        return lua.raiseText(`unknown argument given to ${CALLED}`)
    }
    lua.pop()
  }
  if (name === undefined) return lua.raiseText(`${CALLED} must get a function name argument`)
  if (lua.typeOf(2) === LuaType.nil) {
    return lua.raiseText(`${CALLED} must get a callback argument`)
  }
  return { name, description, flags }
}

/** The key below the top, if it is a text. */
function keyOf(lua: LuaState): Bytes | undefined {
  if (lua.typeOf(-2) === LuaType.number) return undefined
  if (lua.typeOf(-2) === LuaType.string) return lua.toBytes(-2)?.toLowerCase()
  return lua.raiseText(`named argument key given to ${CALLED} is not a string`)
}

function textArgument(lua: LuaState, name: string): Bytes {
  return textAt(lua, -1) ?? lua.raiseText(`${name} argument given to ${CALLED} must be a string`)
}

/** A string, or a number as one. */
function textAt(lua: LuaState, index: number): Bytes | undefined {
  const type = lua.typeOf(index)
  return type === LuaType.string || type === LuaType.number ? lua.toBytes(index) : undefined
}

/** The flags in the table on top. */
function readFlags(lua: LuaState): ReadonlySet<ScriptFlag> {
  if (lua.typeOf(-1) !== LuaType.table) {
    return lua.raiseText(`flags argument to ${CALLED} must be a table representing function flags`)
  }
  const flags = new Set<ScriptFlag>()
  for (let i = 1; ; i++) {
    lua.rawGetElement(-1, i)
    if (lua.typeOf(-1) === LuaType.nil) break
    const flag = scriptFlag(textAt(lua, -1) ?? '')
    if (flag === undefined) return lua.raiseText('unknown flag given')
    flags.add(flag)
    lua.pop()
  }
  lua.pop()
  return flags
}
