/**
 * Where a command that a script calls writes its reply: straight onto the stack of the calling thread, as the value the script
 * gets (the reply parser callbacks in script_lua.c). Invariant: a whole reply leaves one value on the stack.
 */
import type { Bytes } from '../base/bytes.ts'
import { formatDouble, parseDouble } from '../base/numbers.ts'
import type { Protocol, ReplySink } from '../resp/reply-sink.ts'
import type { LuaState } from './lua-state.ts'

/** What becomes of the values of an aggregate. */
const Kind = { array: 0, map: 1, set: 2, attribute: 3 } as const

/** Values an aggregate and what is around it take on the stack, at most. */
const SLOTS = 6

/** The reply of one command as a Lua value. */
export class LuaReply implements ReplySink {
  /** What redis.setresp chose. */
  protocol: Protocol = 2
  /** The reply was an error: its text. */
  failure: Bytes | undefined
  readonly #lua: LuaState
  readonly #onError: (text: Bytes) => void
  /** Of each aggregate that is not whole: what it is, how many values are missing, how many there are. */
  readonly #kinds: number[] = []
  readonly #missing: number[] = []
  readonly #placed: number[] = []
  #depth = 0

  /** `onError` hears of every error written, before it is. */
  constructor(lua: LuaState, onError: (text: Bytes) => void) {
    this.#lua = lua
    this.#onError = onError
  }

  /** A command is about to reply. */
  begin(): void {
    this.#depth = 0
    this.failure = undefined
  }

  /** Replies of scripts are not kept as text. */
  get length(): number {
    return 0
  }

  take(): Bytes {
    return ''
  }

  takeParts(): readonly Bytes[] {
    return []
  }

  raw(): void {}

  ok(): void {
    this.simple('OK')
  }

  simple(text: Bytes): void {
    this.#field('ok', text)
  }

  error(text: Bytes): void {
    this.#onError(text)
    if (this.#depth === 0) this.failure = text
    this.#field('err', text)
  }

  integer(value: number | bigint): void {
    this.#lua.pushNumber(Number(value))
    this.#place()
  }

  bulk(bytes: Bytes): void {
    this.#lua.pushBytes(bytes)
    if (this.#depth > 0) this.#place()
  }

  bulks(elements: readonly Bytes[]): void {
    for (let i = 0; i < elements.length; i++) this.bulk(elements[i] as Bytes)
  }

  bulkOrNull(bytes: Bytes | undefined): void {
    if (bytes === undefined) this.null()
    else this.bulk(bytes)
  }

  null(): void {
    if (this.protocol === 2) this.#lua.pushBoolean(false)
    else this.#lua.pushNil()
    this.#place()
  }

  nullArray(): void {
    this.null()
  }

  array(length: number): void {
    this.#begin(Kind.array, length)
  }

  map(pairs: number): void {
    this.#begin(this.protocol === 2 ? Kind.array : Kind.map, 2 * pairs)
  }

  set(length: number): void {
    this.#begin(this.protocol === 2 ? Kind.array : Kind.set, length)
  }

  attribute(pairs: number): void {
    this.#begin(Kind.attribute, 2 * pairs)
  }

  push(length: number): void {
    this.#begin(Kind.array, length)
  }

  double(value: number): void {
    if (this.protocol === 2) {
      this.bulk(formatDouble(value))
      return
    }
    this.#lua.createTable(0, 1)
    this.#lua.pushNumber(value)
    this.#lua.setField(-2, 'double')
    this.#place()
  }

  doubleText(digits: Bytes): void {
    if (this.protocol === 2) this.bulk(digits)
    else this.double(parseDouble(digits) ?? Number.NaN)
  }

  boolean(value: boolean): void {
    if (this.protocol === 2) this.#lua.pushNumber(value ? 1 : 0)
    else this.#lua.pushBoolean(value)
    this.#place()
  }

  bigNumber(digits: Bytes): void {
    if (this.protocol === 2) this.bulk(digits)
    else this.#field('big_number', digits)
  }

  verbatim(format: 'txt' | 'mkd', text: Bytes): void {
    if (this.protocol === 2) {
      this.bulk(text)
      return
    }
    const lua = this.#lua
    lua.createTable(0, 1)
    lua.createTable(0, 2)
    lua.pushBytes(text)
    lua.setField(-2, 'string')
    lua.pushBytes(format)
    lua.setField(-2, 'format')
    lua.setField(-2, 'verbatim_string')
    this.#place()
  }

  /** A table of one text. */
  #field(name: Bytes, text: Bytes): void {
    this.#lua.createTable(0, 1)
    this.#lua.pushBytes(text)
    this.#lua.setField(-2, name)
    this.#place()
  }

  #begin(kind: number, count: number): void {
    this.#lua.checkStack(SLOTS)
    if (kind === Kind.array) this.#lua.createTable(count)
    else if (kind !== Kind.attribute) this.#lua.createTable(0, count)
    const depth = this.#depth++
    this.#kinds[depth] = kind
    this.#missing[depth] = count
    this.#placed[depth] = 0
    if (count === 0) this.#end()
  }

  /** The value on top is whole: puts it where it belongs. */
  #place(): void {
    if (this.#depth === 0) return
    const depth = this.#depth - 1
    const placed = this.#placed[depth] as number
    this.#placed[depth] = placed + 1
    const kind = this.#kinds[depth]
    if (kind === Kind.array) {
      this.#lua.rawSetElement(-2, placed + 1)
    } else if (kind === Kind.attribute) {
      this.#lua.pop()
    } else if (kind === Kind.set) {
      this.#lua.pushBoolean(true)
      this.#lua.rawSet(-3)
    } else if (placed % 2 === 1) {
      this.#lua.rawSet(-3)
    }
    const missing = (this.#missing[depth] as number) - 1
    this.#missing[depth] = missing
    if (missing === 0) this.#end()
  }

  #end(): void {
    const kind = this.#kinds[--this.#depth]
    if (kind === Kind.attribute) return
    if (kind === Kind.map) this.#wrap('map')
    else if (kind === Kind.set) this.#wrap('set')
    this.#place()
  }

  /** Replaces the top by a table with it as its only field. */
  #wrap(name: Bytes): void {
    this.#lua.createTable(0, 1)
    this.#lua.insert(-2)
    this.#lua.setField(-2, name)
  }
}
