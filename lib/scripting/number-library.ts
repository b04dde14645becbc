/**
 * The functions of Lua's own libraries that look at integers, as they are where an integer of C has 64 bits: string.format
 * and tonumber; and math.random, whose sequence is the same on every node that starts (redis_math_random in script_lua.c, rand.c).
 */
import { type Bytes, upToNul } from '../base/bytes.ts'
import { toLong, toUnsignedLong } from './c-integer.ts'
import { optionalInteger } from './library.ts'
import { ALL_RESULTS, GLOBALS, type LuaState } from './lua-state.ts'

/** Flags, width, precision and conversion. */
const CONVERSION = /%(?:%|([-+ #0]*)(\d*)(?:(\.)(\d*))?([\s\S]?))/g
const FLAGS_MAX = 5
const DIGITS_MAX = 2
const ULONG_MAX = 2n ** 64n - 1n

/** Replaces string.format, tonumber, math.random and math.randomseed among the globals. */
export function openNumbers(lua: LuaState, random: ScriptRandom): void {
  lua.getField(GLOBALS, 'string')
  lua.getField(-1, 'format')
  const format = lua.reference()
  lua.pushClosure((lua) => formatted(lua, format))
  lua.setField(-2, 'format')
  lua.getField(GLOBALS, 'math')
  lua.pushClosure((lua) => randomNumber(lua, random))
  lua.setField(-2, 'random')
  lua.pushClosure((lua) => {
    random.seed(lua.checkNumber(1))
    return 0
  })
  lua.setField(-2, 'randomseed')
  lua.pop(2)
  lua.pushClosure(toNumber)
  lua.setField(GLOBALS, 'tonumber')
}

/** What math.random draws from, for all scripts of a node: the sequence of `drand48`. */
export class ScriptRandom {
  #state = 0x1234abcd330en

  /** Begins a sequence. */
  seed(seed: number): void {
    this.#state = (BigInt.asUintN(32, BigInt(toLong(seed))) << 16n) | 0x330en
  }

  /** An integer of 31 bits. */
  next(): number {
    this.#state = BigInt.asUintN(48, this.#state * 0x5deece66dn + 0xbn)
    return Number(this.#state >> 17n)
  }
}

const RANDOM_MAX = 2 ** 31 - 1

function randomNumber(lua: LuaState, random: ScriptRandom): number {
  const part = (random.next() % RANDOM_MAX) / RANDOM_MAX
  const { top } = lua
  if (top > 2) lua.fail('wrong number of arguments')
  if (top === 0) {
    lua.pushNumber(part)
    return 1
  }
  const low = top === 1 ? 1 : Math.trunc(lua.checkNumber(1))
  const high = Math.trunc(lua.checkNumber(top))
  if (low > high) lua.argumentError(top, 'interval is empty')
  lua.pushNumber(Math.floor(part * (high - low + 1)) + low)
  return 1
}

function toNumber(lua: LuaState): number {
  const base = optionalInteger(lua, 2, 10)
  if (base === 10) {
    lua.checkAny(1)
    if (lua.isNumeric(1)) lua.pushNumber(lua.toNumber(1))
    else lua.pushNil()
    return 1
  }
  const text = lua.checkBytes(1)
  if (base < 2 || base > 36) lua.argumentError(2, 'base out of range')
  const value = unsignedIn(text, base)
  if (value === undefined) lua.pushNil()
  else lua.pushNumber(value)
  return 1
}

/** As strtoul reads the whole of a text. */
function unsignedIn(bytes: Bytes, base: number): number | undefined {
  const text = upToNul(bytes)
  const parts = /^[ \t\n\v\f\r]*([-+]?)(0[xX](?=[0-9a-fA-F]))?([0-9a-zA-Z]+)[ \t\n\v\f\r]*$/.exec(
    text,
  )
  if (parts === null) return undefined
  const [, sign, prefix = '', digits] = parts as unknown as [string, string, string?, string?]
  let value = 0n
  for (const digit of `${base === 16 ? '' : prefix}${digits}`) {
    const worth = Number.parseInt(digit, 36)
    if (worth >= base) return undefined
    value = value * BigInt(base) + BigInt(worth)
  }
  if (value > ULONG_MAX) return Number(ULONG_MAX)
  return Number(sign === '-' ? BigInt.asUintN(64, -value) : value)
}

/** string.format, piece by piece: Lua's own does all but integers. */
function formatted(lua: LuaState, original: number): number {
  const format = lua.checkBytes(1)
  let argument = 1
  let end = 0
  let text = ''
  for (const match of format.matchAll(CONVERSION)) {
    const [whole, flags = '', width = '', point = '', precision = '', conversion] = match
    text += format.slice(end, match.index)
    end = match.index + whole.length
    if (conversion === undefined) {
      text += '%'
      continue
    }
    if (flags.length > FLAGS_MAX) lua.fail('invalid format (repeated flags)')
    if (width.length > DIGITS_MAX || precision.length > DIGITS_MAX) {
      lua.fail('invalid format (width or precision too long)')
    }
    argument++
    if (argument > lua.top) lua.argumentError(argument, 'no value')
    text +=
      integerText(lua, argument, { flags, width, point, precision, conversion }) ??
      originalText(lua, original, { argument, conversion, spec: whole })
  }
  lua.pushBytes(text + format.slice(end))
  return 1
}

interface Spec {
  readonly flags: string
  readonly width: string
  /** There is a precision, if only an empty one. */
  readonly point: string
  readonly precision: string
  readonly conversion: string
}

/** Undefined for what is no conversion of integers. */
function integerText(lua: LuaState, argument: number, spec: Spec): Bytes | undefined {
  const { conversion, flags } = spec
  if (conversion === 'd' || conversion === 'i') {
    const value = BigInt(toLong(lua.checkNumber(argument)))
    const sign = value < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
    return padded(sign, String(value < 0n ? -value : value), spec)
  }
  const radix = RADIXES[conversion]
  if (radix === undefined) return undefined
  const value = toUnsignedLong(lua.checkNumber(argument))
  let digits = value.toString(radix)
  if (conversion === 'X') digits = digits.toUpperCase()
  if (!flags.includes('#')) return padded('', digits, spec)
  if (conversion === 'o') {
    if (value !== 0n) return padded('', `0${digits}`, spec)
    return padded('', digits, Number(spec.precision) === 0 ? { ...spec, precision: '1' } : spec)
  }
  return padded(value === 0n || conversion === 'u' ? '' : `0${conversion}`, digits, spec)
}

const RADIXES: Readonly<Record<string, number>> = { u: 10, o: 8, x: 16, X: 16 }

function padded(prefix: string, digits: string, { flags, width, point, precision }: Spec): Bytes {
  const least = point === '' ? 1 : Number(precision)
  // Nothing at all is how no digits of zero look.
  let shown = point !== '' && least === 0 && digits === '0' ? '' : digits.padStart(least, '0')
  if (flags.includes('-')) return (prefix + shown).padEnd(Number(width))
  if (flags.includes('0') && point === '') {
    shown = shown.padStart(Number(width) - prefix.length, '0')
  }
  return (prefix + shown).padStart(Number(width))
}

/** Asks Lua's own string.format, once the argument is known to be right: it would blame another one. */
function originalText(
  lua: LuaState,
  original: number,
  { argument, conversion, spec }: { argument: number; conversion: Bytes; spec: Bytes },
): Bytes {
  if (conversion === 'q' || conversion === 's') lua.checkBytes(argument)
  else if ('ceEfgG'.includes(conversion) && conversion !== '') lua.checkNumber(argument)
  else lua.fail(`invalid option '%${conversion}' to 'format'`)
  lua.pushReference(original)
  lua.pushBytes(spec)
  lua.pushValue(argument)
  lua.call(2, ALL_RESULTS)
  const text = lua.toBytes(-1) ?? ''
  lua.pop()
  return text
}
