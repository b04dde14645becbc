/**
 * A Lua value as the debugger shows it (ldbCatStackValueRec in eval.c): strings in quotes, numbers as C's `%g`, tables as lists
 * where their keys are 1, 2, 3 in the order they come. Invariant: the stack is left as it was.
 */
import type { Bytes } from '../base/bytes.ts'
import { formatDouble } from '../base/numbers.ts'
import { quoteWord } from '../base/quote.ts'
import { type LuaState, LuaType } from './lua-state.ts'

/** Tables within tables are shown up to here. */
const DEPTH_MAX = 10
const DIGITS = 6
const TOO_DEEP = '<max recursion level reached! Nested table?>'

/** What tells values apart that have no text, by their types. */
const POINTED: Readonly<Record<number, string>> = {
  [LuaType.function]: 'function',
  [LuaType.userdata]: 'userdata',
  [LuaType.thread]: 'thread',
  [LuaType.lightUserdata]: 'light-userdata',
}

/** Describes the value at an index, which counts from the top. */
export function describeValue(lua: LuaState, index: number, depth = 0): Bytes {
  if (depth === DEPTH_MAX) return TOO_DEEP
  const type = lua.typeOf(index)
  switch (type) {
    case LuaType.string:
      return quoteWord(lua.toBytes(index) as Bytes)
    case LuaType.boolean:
      return String(lua.toBoolean(index))
    case LuaType.number:
      return describeNumber(lua.toNumber(index))
    case LuaType.nil:
      return 'nil'
    case LuaType.table:
      return describeTable(lua, index, depth + 1)
  }
  const name = POINTED[type]
  if (name === undefined) return '"<unknown-lua-type>"'
  return `"${name}@0x${lua.identityOf(index).toString(16)}"`
}

/** What is no number has a sign on the machines Redis runs on. */
function describeNumber(value: number): Bytes {
  return Number.isNaN(value) ? '-nan' : formatDouble(value, DIGITS)
}

function describeTable(lua: LuaState, index: number, depth: number): Bytes {
  const elements: Bytes[] = []
  const fields: Bytes[] = []
  let isList = true
  lua.checkStack(2)
  lua.pushNil()
  while (lua.next(index - 1)) {
    isList &&= lua.typeOf(-2) === LuaType.number && lua.toNumber(-2) === elements.length + 1
    const value = describeValue(lua, -1, depth)
    elements.push(value)
    fields.push(`[${describeValue(lua, -2, depth)}]=${value}`)
    lua.pop()
  }
  return `{${(isList ? elements : fields).join('; ')}}`
}
