/**
 * The Lua library `struct`: values packed as C lays them out (lua_struct.c, as Redis has it). Offsets and sizes count bytes;
 * errors name the argument as the original does.
 */
import { Buffer } from 'node:buffer'
import { type Bytes, bufferOf, bytesIn } from '../base/bytes.ts'
import { toUint64 } from '../base/c-integer.ts'
import { ensureStack, openLibrary, optionalInteger } from './library.ts'
import type { LuaState } from './lua-state.ts'
import { Format } from './struct-format.ts'

const INTEGER_LETTERS = 'bBhHlLTiI'
const ALL_BITS = 2n ** 64n - 1n

const scratch = Buffer.alloc(8)

/** Sets the global `struct`. */
export function openStruct(lua: LuaState): void {
  openLibrary(lua, 'struct', { pack, unpack, size })
}

function pack(lua: LuaState): number {
  const format = new Format(lua)
  // The original marks the end of the arguments so, and takes the mark for the first that is missing.
  lua.pushNil()
  let packed = ''
  let argument = 2
  for (;;) {
    const option = format.next(packed.length)
    if (option === undefined) break
    const { letter, size, padding } = option
    packed += '\0'.repeat(padding)
    if (INTEGER_LETTERS.includes(letter)) {
      packed += inOrder(integerBytes(lua.checkNumber(argument++), size), format)
    } else if (letter === 'f' || letter === 'd') {
      packed += inOrder(floatBytes(lua.checkNumber(argument++), size), format)
    } else if (letter === 's') packed += `${lua.checkBytes(argument++)}\0`
    else if (letter === 'c') {
      const text = lua.checkBytes(argument++)
      // The original counts on before it looks.
      if (text.length < size) lua.argumentError(argument, 'string too short')
      packed += size === 0 ? text : text.slice(0, size)
    } else if (letter === 'x') packed += '\0'
    else format.control(letter)
  }
  lua.pushBytes(packed)
  return 1
}

function unpack(lua: LuaState): number {
  const format = new Format(lua)
  const data = lua.checkBytes(2)
  const from = optionalInteger(lua, 3, 1)
  if (from === 0) lua.argumentError(3, 'offset must be 1 or greater')
  let position = from - 1
  let results = 0
  // A number that is negative here is a large one in C.
  const check = (size: number) => {
    if (from > 0 && position + size <= data.length) return
    lua.argumentError(2, 'data string too short')
  }
  const next = (size: number) => data.slice(position, position + size)
  for (;;) {
    const option = format.next(position)
    if (option === undefined) break
    const { letter, padding } = option
    let { size } = option
    position += padding
    check(size)
    ensureStack(lua, 2, 'too many results')
    if (INTEGER_LETTERS.includes(letter)) {
      lua.pushNumber(integerIn(inOrder(next(size), format), letter >= 'a'))
    } else if (letter === 'f' || letter === 'd') {
      lua.pushNumber(floatIn(inOrder(next(size), format)))
    } else if (letter === 's') {
      const end = data.indexOf('\0', position)
      if (end < 0) lua.fail('unfinished string in data')
      size = end - position
      lua.pushBytes(next(size))
      size++
    } else if (letter === 'c') {
      if (size === 0) {
        if (results === 0 || !lua.isNumeric(-1)) lua.fail("format 'c0' needs a previous size")
        size = Number(toUint64(lua.toNumber(-1)))
        lua.pop()
        results--
        check(size)
      }
      lua.pushBytes(next(size))
    } else if (letter !== 'x') format.control(letter)
    if (/[a-zA-Z]/.test(letter) && letter !== 'x') results++
    position += size
  }
  lua.pushNumber(position + 1)
  return results + 1
}

function size(lua: LuaState): number {
  const format = new Format(lua)
  let position = 0
  for (;;) {
    const option = format.next(position)
    if (option === undefined) break
    const { letter, size, padding } = option
    position += padding
    if (letter === 's') lua.argumentError(1, "option 's' has no fixed size")
    if (letter === 'c' && size === 0) lua.argumentError(1, "option 'c0' has no fixed size")
    // Letters and digits that mean nothing pass.
    if (!/[0-9A-Za-z]/.test(letter)) format.control(letter)
    position += size
  }
  lua.pushNumber(position)
  return 1
}

/** Bytes of a value from the least to the greatest in the order of a format, or back. */
function inOrder(bytes: Bytes, { bigEndian }: Format): Bytes {
  return bigEndian ? [...bytes].reverse().join('') : bytes
}

function integerBytes(value: number, size: number): Bytes {
  let rest = toUint64(value)
  let bytes = ''
  for (let i = 0; i < size; i++) {
    bytes += String.fromCharCode(Number(rest & 0xffn))
    rest >>= 8n
  }
  return bytes
}

/** Of more than 8 bytes the lowest count, and the sign is looked for where C's shift goes astray to. */
function integerIn(bytes: Bytes, isSigned: boolean): number {
  let bits = 0n
  for (let i = bytes.length - 1; i >= 0; i--) {
    bits = ((bits << 8n) & ALL_BITS) | BigInt(bytes.charCodeAt(i))
  }
  if (!isSigned) return Number(bits)
  const mask = (ALL_BITS << BigInt((bytes.length * 8 - 1) & 63)) & ALL_BITS
  return Number(BigInt.asIntN(64, (bits & mask) === 0n ? bits : bits | mask))
}

function floatBytes(value: number, size: number): Bytes {
  if (size === 4) scratch.writeFloatLE(value)
  else scratch.writeDoubleLE(value)
  return bytesIn(scratch, 0, size)
}

function floatIn(bytes: Bytes): number {
  const buffer = bufferOf(bytes)
  return bytes.length === 4 ? buffer.readFloatLE() : buffer.readDoubleLE()
}
