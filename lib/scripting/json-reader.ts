/**
 * JSON read onto a Lua stack (the json_parse_... functions of lua_cjson.c): `null` is the NULL pointer, objects and arrays
 * are tables. What is wrong is told by what was expected, what was found, and where.
 */
import type { Bytes } from '../base/bytes.ts'
import type { JsonSettings } from './json-setting.ts'
import { type JsonToken, JsonTokenizer } from './json-token.ts'
import type { LuaState } from './lua-state.ts'

/** Reads one text. */
export class JsonReader {
  readonly #lua: LuaState
  readonly #tokens: JsonTokenizer
  readonly #depthMax: number
  #depth = 0

  constructor(lua: LuaState, text: Bytes, settings: JsonSettings) {
    this.#lua = lua
    this.#tokens = new JsonTokenizer(text, settings.decodeInvalidNumbers)
    this.#depthMax = settings.decodeDepthMax
  }

  /** Pushes the only value. */
  read(): void {
    this.#value(this.#tokens.next())
    const end = this.#tokens.next()
    if (end.name !== 'T_END') this.#fail('the end', end)
  }

  #value(token: JsonToken): void {
    const lua = this.#lua
    switch (token.name) {
      case 'T_STRING':
        lua.pushBytes(token.value)
        break
      case 'T_NUMBER':
        lua.pushNumber(token.value)
        break
      case 'T_BOOLEAN':
        lua.pushBoolean(token.value)
        break
      case 'T_OBJ_BEGIN':
        this.#object()
        break
      case 'T_ARR_BEGIN':
        this.#array()
        break
      case 'T_NULL':
        lua.pushLightUserdata(0)
        break
      default:
        this.#fail('value', token)
    }
  }

  #object(): void {
    const lua = this.#lua
    this.#descend(3)
    lua.createTable()
    let token = this.#tokens.next()
    if (token.name !== 'T_OBJ_END') {
      for (;;) {
        if (token.name !== 'T_STRING') this.#fail('object key string', token)
        lua.pushBytes(token.value)
        token = this.#tokens.next()
        if (token.name !== 'T_COLON') this.#fail('colon', token)
        this.#value(this.#tokens.next())
        lua.rawSet(-3)
        token = this.#tokens.next()
        if (token.name === 'T_OBJ_END') break
        if (token.name !== 'T_COMMA') this.#fail('comma or object end', token)
        token = this.#tokens.next()
      }
    }
    this.#depth--
  }

  #array(): void {
    const lua = this.#lua
    this.#descend(2)
    lua.createTable()
    let token = this.#tokens.next()
    if (token.name !== 'T_ARR_END') {
      for (let i = 1; ; i++) {
        this.#value(token)
        lua.rawSetElement(-2, i)
        token = this.#tokens.next()
        if (token.name === 'T_ARR_END') break
        if (token.name !== 'T_COMMA') this.#fail('comma or array end', token)
        token = this.#tokens.next()
      }
    }
    this.#depth--
  }

  #descend(slots: number): void {
    this.#depth++
    if (this.#depth <= this.#depthMax && this.#lua.checkStack(slots)) return
    this.#lua.fail(
      `Found too many nested data structures (${this.#depth}) at character ${this.#tokens.position}`,
    )
  }

  #fail(expected: string, found: JsonToken): never {
    return this.#lua.fail(
      `Expected ${expected} but found ${found.name} at character ${this.#tokens.start + 1}`,
    )
  }
}
