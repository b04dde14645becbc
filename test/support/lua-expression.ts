/** Lua expressions for tests of Lua libraries: what they come to, as a text to compare. */
import type { Bytes } from '../../lib/base/bytes.ts'
import { type LuaState, LuaStatus } from '../../lib/scripting/lua-state.ts'
import { luaState } from './lua.ts'

/** All results of an expression, strings quoted as Lua does; or the error it ends with. */
export type Evaluate = (expression: string) => Bytes

const SHOW = `
  local function shown(value)
    local kind = type(value)
    if kind == 'string' then return string.format('%q', value) end
    if kind ~= 'table' then return tostring(value) end
    local members = {}
    for k, v in pairs(value) do table.insert(members, shown(k) .. '=' .. shown(v)) end
    table.sort(members)
    return '{' .. table.concat(members, ',') .. '}'
  end
  return function(...)
    local results = {}
    for i = 1, select('#', ...) do results[i] = shown((select(i, ...))) end
    return table.concat(results, ' ')
  end`

/** Evaluates expressions in one state with Lua's own libraries and those that are opened here. */
export function evaluatorWith(...open: readonly ((lua: LuaState) => void)[]): Evaluate {
  const lua = luaState()
  for (const one of open) one(lua)
  if (lua.load(SHOW, '@show') !== LuaStatus.ok) throw new Error(lua.toBytes(-1))
  lua.call(0, 1)
  const show = lua.reference()
  return (expression) => {
    lua.pushReference(show)
    if (lua.load(`return ${expression}`, '@script') !== LuaStatus.ok) {
      throw new Error(lua.toBytes(-1))
    }
    const status = lua.protectedCall(0, -1) || lua.protectedCall(lua.top - 1, 1)
    const text = lua.toBytes(-1) ?? 'no text'
    lua.top = 0
    return status === LuaStatus.ok ? text : `error: ${text}`
  }
}
