/**
 * How a Lua library made in TypeScript is opened: a global table of closures and texts (luaL_register). What a closure asks
 * of its arguments beside what {@link LuaState} checks is here, too, with Lua's own errors (lauxlib.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { GLOBALS, type LuaClosure, type LuaState, LuaType } from './lua-state.ts'

/** C's INT_MAX. */
export const INT_MAX = 0x7fff_ffff

const TYPE_NAMES = [
  'nil',
  'boolean',
  'userdata',
  'number',
  'string',
  'table',
  'function',
  'userdata',
  'thread',
]

/** Sets closures and texts in the table on top. */
export function setMembers(
  lua: LuaState,
  members: Readonly<Record<string, LuaClosure | Bytes>>,
): void {
  for (const [name, member] of Object.entries(members)) {
    if (typeof member === 'string') lua.pushBytes(member)
    else lua.pushClosure(member)
    lua.setField(-2, name)
  }
}

/** Makes a global table of closures and texts. */
export function openLibrary(
  lua: LuaState,
  name: string,
  members: Readonly<Record<string, LuaClosure | Bytes>>,
): void {
  lua.createTable(0, Object.keys(members).length)
  setMembers(lua, members)
  lua.setField(GLOBALS, name)
}

/** What error texts call the type of a value (lua_typename). */
export function typeName(lua: LuaState, index: number): string {
  return TYPE_NAMES[lua.typeOf(index)] ?? 'no value'
}

/** An argument as an integer (luaL_checkinteger). */
export function integerArgument(lua: LuaState, argument: number): number {
  return Math.trunc(lua.checkNumber(argument))
}

/** An integer that may be missing or nil (luaL_optinteger). */
export function optionalInteger(lua: LuaState, argument: number, otherwise: number): number {
  return lua.typeOf(argument) <= LuaType.nil ? otherwise : integerArgument(lua, argument)
}

/** Makes room on the stack or fails with a text (luaL_checkstack). */
export function ensureStack(lua: LuaState, extra: number, text: Bytes): void {
  if (!lua.checkStack(extra)) lua.fail(`stack overflow (${text})`)
}
