/**
 * Lua values written in the MessagePack format (the mp_encode_... functions of lua_cmsgpack.c). Integers take the least room
 * that holds them, and so do floating point numbers; tables are arrays when their keys are 1 to n.
 * Invariant: what nests too deep, and what the format has no place for, is nil.
 */
import { Buffer } from 'node:buffer'
import { type Bytes, bytesIn, copyBytes } from '../base/bytes.ts'
import { toInt64 } from '../base/c-integer.ts'
import { ensureStack, INT_MAX } from './library.ts'
import { type LuaState, LuaType } from './lua-state.ts'

const NESTING_MAX = 16
const START_BYTES = 256

/** Takes values from the stack of a state, and keeps what was written until it is asked for. */
export class MessagePackWriter {
  readonly #lua: LuaState
  #buffer = Buffer.allocUnsafe(START_BYTES)
  #length = 0

  constructor(lua: LuaState) {
    this.#lua = lua
  }

  /** What was written since the last time. */
  take(): Bytes {
    const bytes = bytesIn(this.#buffer, 0, this.#length)
    this.#length = 0
    return bytes
  }

  /** Writes the value on top, which so many tables are around, and takes it off the stack. */
  write(level = 0): void {
    const lua = this.#lua
    const type = lua.typeOf(-1)
    if (type === LuaType.string) this.#string(lua.toBytes(-1) ?? '')
    else if (type === LuaType.boolean) this.#head(lua.toBoolean(-1) ? 0xc3 : 0xc2)
    else if (type === LuaType.number) this.#number(lua.toNumber(-1))
    else if (type === LuaType.table && level < NESTING_MAX) this.#table(level)
    else this.#head(0xc0)
    lua.pop()
  }

  #table(level: number): void {
    if (isArray(this.#lua)) this.#array(level)
    else this.#map(level)
  }

  #array(level: number): void {
    const lua = this.#lua
    const length = lua.lengthOf(-1)
    this.#counted(length, { short: 0x90, of16: 0xdc, of32: 0xdd })
    for (let i = 1; i <= length; i++) {
      ensureStack(lua, 1, 'in function mp_encode_lua_table_as_array')
      lua.pushNumber(i)
      lua.get(-2)
      this.write(level + 1)
    }
  }

  #map(level: number): void {
    const lua = this.#lua
    let count = 0
    lua.pushNil()
    while (lua.next(-2)) {
      lua.pop()
      count++
    }
    this.#counted(count, { short: 0x80, of16: 0xde, of32: 0xdf })
    ensureStack(lua, 3, 'in function mp_encode_lua_table_as_map')
    lua.pushNil()
    while (lua.next(-2)) {
      lua.pushValue(-2)
      this.write(level + 1)
      this.write(level + 1)
    }
  }

  #counted(count: number, heads: { short: number; of16: number; of32: number }): void {
    if (count <= 15) this.#head(heads.short | count)
    else if (count <= 0xffff) this.#head(heads.of16, count, 2)
    else this.#head(heads.of32, count, 4)
  }

  #string(bytes: Bytes): void {
    const { length } = bytes
    if (length < 32) this.#head(0xa0 | length)
    else if (length <= 0xff) this.#head(0xd9, length, 1)
    else if (length <= 0xffff) this.#head(0xda, length, 2)
    else this.#head(0xdb, length, 4)
    this.#reserve(length)
    copyBytes(bytes, this.#buffer, this.#length)
    this.#length += length
  }

  #number(value: number): void {
    if (Number.isFinite(value) && Number(toInt64(value)) === value) this.#integer(value)
    else this.#float(value)
  }

  #integer(value: number): void {
    if (value >= 0) {
      if (value <= 0x7f) this.#head(value)
      else if (value <= 0xff) this.#head(0xcc, value, 1)
      else if (value <= 0xffff) this.#head(0xcd, value, 2)
      else if (value <= 0xffff_ffff) this.#head(0xce, value, 4)
      else this.#long(0xcf, value)
    } else if (value >= -32) this.#head(value & 0xff)
    else if (value >= -0x80) this.#head(0xd0, value & 0xff, 1)
    else if (value >= -0x8000) this.#head(0xd1, value & 0xffff, 2)
    else if (value >= -0x8000_0000) this.#head(0xd2, value >>> 0, 4)
    else this.#long(0xd3, value)
  }

  #long(head: number, value: number): void {
    this.#head(head)
    this.#reserve(8)
    this.#length = this.#buffer.writeBigUInt64BE(BigInt.asUintN(64, BigInt(value)), this.#length)
  }

  #float(value: number): void {
    const isShort = Math.fround(value) === value
    this.#head(isShort ? 0xca : 0xcb)
    this.#reserve(8)
    this.#length = isShort
      ? this.#buffer.writeFloatBE(value, this.#length)
      : this.#buffer.writeDoubleBE(value, this.#length)
  }

  /** A byte, and after it a number of so many bytes. */
  #head(head: number, number = 0, size = 0): void {
    this.#reserve(1 + size)
    this.#buffer[this.#length++] = head
    if (size > 0) this.#length = this.#buffer.writeUIntBE(number, this.#length, size)
  }

  #reserve(bytes: number): void {
    const wanted = this.#length + bytes
    if (wanted <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(wanted * 2)
    this.#buffer.copy(larger, 0, 0, this.#length)
    this.#buffer = larger
  }
}

/** The keys of the table on top are 1 to n; none at all, too. */
function isArray(lua: LuaState): boolean {
  const { top } = lua
  let count = 0
  let greatest = 0
  lua.pushNil()
  while (lua.next(-2)) {
    lua.pop()
    const key = lua.typeOf(-1) === LuaType.number ? lua.toNumber(-1) : 0
    if (key <= 0 || key > INT_MAX || !Number.isInteger(key)) {
      lua.top = top
      return false
    }
    greatest = Math.max(greatest, key)
    count++
  }
  lua.top = top
  return greatest === count
}
