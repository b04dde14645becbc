/**
 * MessagePack read onto a Lua stack (the mp_decode_... functions of lua_cmsgpack.c). Extensions and binary data are no part of
 * the format here, and an integer above 2^63 comes out negative.
 * Invariant: nothing is read beyond the end; what is read first may lie on the stack when the rest is wrong.
 */
import { type Bytes, bufferOf } from '../base/bytes.ts'
import { ensureStack } from './library.ts'
import type { LuaState } from './lua-state.ts'

/** Why a value cannot be read. */
export type MessagePackFault = 'incomplete' | 'malformed'

/** Reads values one after the other. */
export class MessagePackReader {
  readonly #lua: LuaState
  readonly #bytes: Bytes
  readonly #buffer: ReturnType<typeof bufferOf>
  /** Bytes read. */
  offset: number

  constructor(lua: LuaState, bytes: Bytes, offset: number) {
    this.#lua = lua
    this.#bytes = bytes
    this.#buffer = bufferOf(bytes)
    this.offset = offset
  }

  get isAtEnd(): boolean {
    return this.offset >= this.#bytes.length
  }

  /** Pushes a value, or says why not. */
  read(): MessagePackFault | undefined {
    if (this.isAtEnd) return 'incomplete'
    ensureStack(
      this.#lua,
      1,
      'too many return values at once; use unpack_one or unpack_limit instead.',
    )
    const head = this.#buffer[this.offset] as number
    const lua = this.#lua
    if (head < 0x80) return this.#constant(() => lua.pushNumber(head))
    if (head >= 0xe0) return this.#constant(() => lua.pushNumber(head - 0x100))
    if (head >= 0xa0 && head < 0xc0) return this.#text(1, head & 0x1f)
    if (head < 0x90) return this.#map(1, head & 0x0f)
    if (head < 0xa0) return this.#array(1, head & 0x0f)
    return this.#long(head)
  }

  #long(head: number): MessagePackFault | undefined {
    const lua = this.#lua
    const buffer = this.#buffer
    const at = this.offset + 1
    switch (head) {
      case 0xc0:
        return this.#constant(() => lua.pushNil())
      case 0xc2:
      case 0xc3:
        return this.#constant(() => lua.pushBoolean(head === 0xc3))
      case 0xca:
        return this.#number(4, () => buffer.readFloatBE(at))
      case 0xcb:
        return this.#number(8, () => buffer.readDoubleBE(at))
      case 0xcc:
        return this.#number(1, () => buffer.readUInt8(at))
      case 0xcd:
        return this.#number(2, () => buffer.readUInt16BE(at))
      case 0xce:
        return this.#number(4, () => buffer.readUInt32BE(at))
      case 0xcf:
      case 0xd3:
        return this.#number(8, () => Number(buffer.readBigInt64BE(at)))
      case 0xd0:
        return this.#number(1, () => buffer.readInt8(at))
      case 0xd1:
        return this.#number(2, () => buffer.readInt16BE(at))
      case 0xd2:
        return this.#number(4, () => buffer.readInt32BE(at))
      case 0xd9:
        return this.#sized(1, (size) => this.#text(2, size))
      case 0xda:
        return this.#sized(2, (size) => this.#text(3, size))
      case 0xdb:
        return this.#sized(4, (size) => this.#text(5, size))
      case 0xdc:
        return this.#sized(2, (count) => this.#array(3, count))
      case 0xdd:
        return this.#sized(4, (count) => this.#array(5, count))
      case 0xde:
        return this.#sized(2, (count) => this.#map(3, count))
      case 0xdf:
        return this.#sized(4, (count) => this.#map(5, count))
      default:
        return 'malformed'
    }
  }

  #has(bytes: number): boolean {
    return this.offset + bytes <= this.#bytes.length
  }

  #constant(push: () => void): undefined {
    push()
    this.offset++
  }

  #number(size: number, read: () => number): MessagePackFault | undefined {
    if (!this.#has(1 + size)) return 'incomplete'
    this.#lua.pushNumber(read())
    this.offset += 1 + size
    return undefined
  }

  /** What comes with its size in so many bytes. */
  #sized(
    bytes: number,
    read: (size: number) => MessagePackFault | undefined,
  ): MessagePackFault | undefined {
    if (!this.#has(1 + bytes)) return 'incomplete'
    return read(this.#buffer.readUIntBE(this.offset + 1, bytes))
  }

  #text(head: number, size: number): MessagePackFault | undefined {
    if (!this.#has(head + size)) return 'incomplete'
    const start = this.offset + head
    this.offset = start + size
    this.#lua.pushBytes(this.#bytes.slice(start, this.offset))
    return undefined
  }

  #array(head: number, count: number): MessagePackFault | undefined {
    const lua = this.#lua
    this.offset += head
    lua.createTable()
    ensureStack(lua, 1, 'in function mp_decode_to_lua_array')
    for (let i = 1; i <= count; i++) {
      lua.pushNumber(i)
      const fault = this.read()
      if (fault !== undefined) return fault
      lua.set(-3)
    }
    return undefined
  }

  #map(head: number, count: number): MessagePackFault | undefined {
    const lua = this.#lua
    this.offset += head
    lua.createTable()
    for (let i = 0; i < count; i++) {
      const fault = this.read() ?? this.read()
      if (fault !== undefined) return fault
      lua.set(-3)
    }
    return undefined
  }
}
