/**
 * The Lua library `bit`: operations on 32-bit integers (LuaBitOp, as Redis has it). Results are signed. Numbers out of range
 * lose their upper bits just as they do there, where the lower ones are taken from the bits of a double.
 */
import { openLibrary } from './library.ts'
import type { LuaClosure, LuaState } from './lua-state.ts'

/** Added to a double it moves the units to the end of its bits: 2^52 + 2^51. */
const SHIFTING = 6755399441055744
const HEX_DIGITS = 8

const scratch = new DataView(new ArrayBuffer(8))

/** Sets the global `bit`. */
export function openBit(lua: LuaState): void {
  openLibrary(lua, 'bit', {
    tobit: operation((a) => a),
    bnot: operation((a) => ~a),
    band: fold((a, b) => a & b),
    bor: fold((a, b) => a | b),
    bxor: fold((a, b) => a ^ b),
    lshift: shift((a, n) => a << n),
    rshift: shift((a, n) => a >>> n),
    arshift: shift((a, n) => a >> n),
    rol: shift((a, n) => (a << n) | (a >>> (32 - n))),
    ror: shift((a, n) => (a >>> n) | (a << (32 - n))),
    bswap: operation((a) => {
      scratch.setInt32(0, a)
      return scratch.getInt32(0, true)
    }),
    tohex: toHex,
  })
}

function operation(compute: (a: number) => number): LuaClosure {
  return (lua) => push(lua, compute(bitsOf(lua, 1)))
}

function shift(compute: (a: number, n: number) => number): LuaClosure {
  return (lua) => {
    const a = bitsOf(lua, 1)
    return push(lua, compute(a, bitsOf(lua, 2) & 31))
  }
}

/** The operands after the first from the last on: so it is told which of them is wrong. */
function fold(compute: (a: number, b: number) => number): LuaClosure {
  return (lua) => {
    let result = bitsOf(lua, 1)
    for (let i = lua.top; i > 1; i--) result = compute(result, bitsOf(lua, i))
    return push(lua, result)
  }
}

function toHex(lua: LuaState): number {
  const bits = bitsOf(lua, 1)
  const wanted = lua.top < 2 ? HEX_DIGITS : bitsOf(lua, 2)
  const count = Math.min(Math.abs(wanted), HEX_DIGITS)
  const digits = (bits >>> 0)
    .toString(16)
    .padStart(HEX_DIGITS, '0')
    .slice(HEX_DIGITS - count)
  lua.pushBytes(wanted < 0 ? digits.toUpperCase() : digits)
  return 1
}

function bitsOf(lua: LuaState, argument: number): number {
  scratch.setFloat64(0, lua.checkNumber(argument) + SHIFTING)
  return scratch.getInt32(4)
}

function push(lua: LuaState, bits: number): number {
  lua.pushNumber(bits | 0)
  return 1
}
