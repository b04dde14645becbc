/**
 * Lua values written as JSON (the json_append_... functions of lua_cjson.c). Bytes above 127 pass as they are.
 * Invariant: members come in the order in which Lua tells them; what JSON has no word for is an error, not a guess.
 */
import type { Bytes } from '../base/bytes.ts'
import { formatDouble } from '../base/numbers.ts'
import type { JsonSettings } from './json-setting.ts'
import { INT_MAX, typeName } from './library.ts'
import { type LuaState, LuaType } from './lua-state.ts'

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
}
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped.
const ESCAPED = /["\\/\0-\x1f\x7f]/
const EVERY_ESCAPED = new RegExp(ESCAPED, 'g')

/** Writes one value. */
export class JsonWriter {
  readonly #lua: LuaState
  readonly #settings: JsonSettings

  constructor(lua: LuaState, settings: JsonSettings) {
    this.#lua = lua
    this.#settings = settings
  }

  /** The value on top, which so many tables are around; it stays there. */
  text(depth = 0): Bytes {
    const lua = this.#lua
    switch (lua.typeOf(-1)) {
      case LuaType.string:
        return quoted(lua.toBytes(-1) ?? '')
      case LuaType.number:
        return this.#number(-1)
      case LuaType.boolean:
        return lua.toBoolean(-1) ? 'true' : 'false'
      case LuaType.table:
        return this.#table(depth + 1)
      case LuaType.nil:
        return 'null'
      case LuaType.lightUserdata:
        // Only `cjson.null` there is.
        return 'null'
      default:
        return this.#refuse(-1, 'type not supported')
    }
  }

  #table(depth: number): Bytes {
    const lua = this.#lua
    if (depth > this.#settings.encodeDepthMax || !lua.checkStack(3)) {
      lua.fail(`Cannot serialise, excessive nesting (${depth})`)
    }
    const length = this.#arrayLength()
    return length > 0 ? this.#array(length, depth) : this.#object(depth)
  }

  /** The greatest key if all are positive integers; 0 of an empty table, less for what is no array. */
  #arrayLength(): number {
    const lua = this.#lua
    let greatest = 0
    let count = 0
    lua.pushNil()
    while (lua.next(-2)) {
      const key = lua.typeOf(-2) === LuaType.number ? lua.toNumber(-2) : 0
      if (key < 1 || Math.floor(key) !== key) {
        lua.pop(2)
        return -1
      }
      // What is too large for an int is the least one in C.
      if (key > greatest) greatest = key > INT_MAX ? -INT_MAX - 1 : key
      count++
      lua.pop()
    }
    const { sparseRatio, sparseSafe, sparseConvert } = this.#settings
    if (sparseRatio > 0 && greatest > count * sparseRatio && greatest > sparseSafe) {
      return sparseConvert ? -1 : this.#refuse(-1, 'excessively sparse array')
    }
    return greatest
  }

  #array(length: number, depth: number): Bytes {
    const lua = this.#lua
    let text = '['
    for (let i = 1; i <= length; i++) {
      if (i > 1) text += ','
      lua.rawGetElement(-1, i)
      text += this.text(depth)
      lua.pop()
    }
    return `${text}]`
  }

  #object(depth: number): Bytes {
    const lua = this.#lua
    let text = ''
    lua.pushNil()
    while (lua.next(-2)) {
      if (text !== '') text += ','
      text += this.#key()
      text += this.text(depth)
      lua.pop()
    }
    return `{${text}}`
  }

  #key(): Bytes {
    const lua = this.#lua
    const type = lua.typeOf(-2)
    if (type === LuaType.string) return `${quoted(lua.toBytes(-2) ?? '')}:`
    if (type === LuaType.number) return `"${this.#number(-2)}":`
    return this.#refuse(-2, 'table key must be a number or string')
  }

  #number(index: number): Bytes {
    const value = this.#lua.toNumber(index)
    const { encodeInvalidNumbers, precision } = this.#settings
    if (!Number.isFinite(value)) {
      if (encodeInvalidNumbers === 'off') this.#refuse(index, 'must not be NaN or Inf')
      if (encodeInvalidNumbers === 'null') return 'null'
    }
    return formatDouble(value, precision)
  }

  #refuse(index: number, reason: string): never {
    return this.#lua.fail(`Cannot serialise ${typeName(this.#lua, index)}: ${reason}`)
  }
}

function quoted(bytes: Bytes): Bytes {
  if (!ESCAPED.test(bytes)) return `"${bytes}"`
  return `"${bytes.replace(EVERY_ESCAPED, escaped)}"`
}

function escaped(byte: string): string {
  return ESCAPES[byte] ?? `\\u${byte.charCodeAt(0).toString(16).padStart(4, '0')}`
}
