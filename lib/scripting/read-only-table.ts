/**
 * Tables that scripts cannot change. Lua 5.1 knows none (Redis changed its Lua for them), so scripts see an empty table that
 * reads through to the one meant and refuses writes; the functions that look past metatables are replaced by such as know the
 * difference. Invariant: no script ever holds a table that stands behind another.
 */
import type { Bytes } from '../base/bytes.ts'
import { GLOBALS, type LuaClosure, type LuaState, LuaType } from './lua-state.ts'

const REFUSAL = 'Attempt to modify a readonly table'

/** The read-only tables of a state. */
export class ReadOnlyTables {
  /** Behind each table that scripts see, by its identity: references to the table meant and to its metatable, if it has one. */
  readonly #behind = new Map<number, { readonly table: number; readonly metatable?: number }>()
  /** What scripts see of the metatable of strings. */
  #stringMetatable = 0
  #next = 0
  #insert = 0
  readonly #refuse: LuaClosure = (lua) => lua.fail(REFUSAL)

  /** Replaces, in the globals, the functions that look past metatables. */
  openInto(lua: LuaState): void {
    lua.getField(GLOBALS, 'next')
    this.#next = lua.reference()
    const replacements: Readonly<Record<string, LuaClosure>> = {
      getmetatable: (lua) => this.#getMetatable(lua),
      next: (lua) => this.#nextPair(lua),
      pairs: (lua) => this.#pairs(lua),
      rawget: (lua) => this.#rawGet(lua),
      rawset: (lua) => this.#rawSet(lua),
      setmetatable: (lua) => this.#setMetatable(lua),
    }
    for (const [name, closure] of Object.entries(replacements)) {
      lua.pushClosure(closure)
      lua.setField(GLOBALS, name)
    }
    lua.getField(GLOBALS, 'table')
    lua.getField(-1, 'insert')
    this.#insert = lua.reference()
    lua.pushClosure((lua) => this.#tableInsert(lua))
    lua.setField(-2, 'insert')
    lua.pop()
  }

  /** Replaces the table on top by what scripts are to see of it. Its metatable is to be seen if `metatable` says so. */
  protect(lua: LuaState, { metatable }: { readonly metatable?: number } = {}): void {
    const table = lua.reference()
    lua.createTable()
    this.#behind.set(lua.identityOf(-1), {
      table,
      ...(metatable !== undefined && { metatable }),
    })
    // It stays, or another table could get its place in memory.
    lua.pushValue(-1)
    lua.reference()
    lua.createTable(0, 2)
    lua.pushReference(table)
    lua.setField(-2, '__index')
    lua.pushClosure(this.#refuse)
    lua.setField(-2, '__newindex')
    lua.setMetatable(-2)
  }

  /** What scripts see of the metatable of strings from now on. */
  protectStrings(lua: LuaState): void {
    lua.pushBytes('')
    lua.getMetatable(-1)
    this.protect(lua)
    this.#stringMetatable = lua.reference()
    lua.pop()
  }

  /** Puts the table meant in the place of what a script sees of it; false when it is a table as any other. */
  #see(lua: LuaState, index: number): boolean {
    const behind = this.#behind.get(lua.identityOf(index))
    if (behind === undefined) return false
    lua.pushReference(behind.table)
    lua.replace(index)
    return true
  }

  #refuseChange(lua: LuaState, index: number): void {
    if (this.#behind.has(lua.identityOf(index))) lua.raiseText(REFUSAL)
  }

  #nextPair(lua: LuaState): number {
    lua.checkTable(1)
    lua.top = 2
    this.#see(lua, 1)
    if (lua.next(1)) return 2
    lua.pushNil()
    return 1
  }

  /** A table that cannot be changed is walked as a copy: what walks is handed out. */
  #pairs(lua: LuaState): number {
    lua.checkTable(1)
    lua.top = 1
    if (this.#see(lua, 1)) copyOver(lua)
    lua.pushReference(this.#next)
    lua.pushValue(1)
    lua.pushNil()
    return 3
  }

  #rawGet(lua: LuaState): number {
    lua.checkTable(1)
    lua.checkAny(2)
    lua.top = 2
    this.#see(lua, 1)
    lua.rawGet(1)
    return 1
  }

  #rawSet(lua: LuaState): number {
    lua.checkTable(1)
    lua.checkAny(2)
    lua.checkAny(3)
    lua.top = 3
    this.#refuseChange(lua, 1)
    lua.rawSet(1)
    return 1
  }

  /** `table.insert`, which writes past metatables (tinsert in ltablib.c). */
  #tableInsert(lua: LuaState): number {
    lua.checkTable(1)
    const end = lua.lengthOf(1) + 1
    const given = lua.top
    if (given !== 2 && given !== 3) lua.fail("wrong number of arguments to 'insert'")
    if (given === 3) lua.checkNumber(2)
    this.#refuseChange(lua, 1)
    if (given === 2) {
      lua.rawSetElement(1, end)
      return 0
    }
    lua.pushReference(this.#insert)
    lua.insert(1)
    lua.call(given, 0)
    return 0
  }

  #getMetatable(lua: LuaState): number {
    lua.checkAny(1)
    const behind = this.#behind.get(lua.identityOf(1))
    if (behind !== undefined) {
      if (behind.metatable === undefined) lua.pushNil()
      else lua.pushReference(behind.metatable)
    } else if (lua.typeOf(1) === LuaType.lightUserdata) {
      lua.pushNil()
    } else if (lua.typeOf(1) === LuaType.string) {
      lua.pushReference(this.#stringMetatable)
    } else if (!lua.getMetatable(1)) {
      lua.pushNil()
    } else if (pushMetafield(lua, '__metatable')) {
      return 1
    }
    return 1
  }

  #setMetatable(lua: LuaState): number {
    lua.checkTable(1)
    const type = lua.typeOf(2)
    if (type !== LuaType.nil && type !== LuaType.table) {
      lua.argumentError(2, 'nil or table expected')
    }
    if (lua.getMetatable(1) && pushMetafield(lua, '__metatable')) {
      lua.fail('cannot change a protected metatable')
    }
    this.#refuseChange(lua, 1)
    lua.top = 2
    lua.setMetatable(1)
    return 1
  }
}

/** Pushes a field of the table on top unless it is nil. */
function pushMetafield(lua: LuaState, name: Bytes): boolean {
  lua.pushBytes(name)
  lua.rawGet(-2)
  if (lua.typeOf(-1) !== LuaType.nil) return true
  lua.pop()
  return false
}

/** Puts a copy in the place of the table at index 1. */
function copyOver(lua: LuaState): void {
  lua.createTable()
  lua.pushNil()
  while (lua.next(1)) {
    lua.pushValue(-2)
    lua.insert(-2)
    lua.rawSet(2)
  }
  lua.replace(1)
}
