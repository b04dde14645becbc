/**
 * What a script returns as a reply (luaReplyToRedisReply in script_lua.c). It takes the room on Lua's stack that Redis takes:
 * a table that is too deep gets its error at the same depth. Invariant: the value is gone from the stack when it is written.
 */
import { type Bytes, upToNul } from '../base/bytes.ts'
import type { Protocol, ReplySink } from '../resp/reply-sink.ts'
import { toLong } from './c-integer.ts'
import { type LuaState, LuaType } from './lua-state.ts'

/** Room for a value, asked for before it is looked at. */
const SLOTS = 4
const FIELDS = [
  'err',
  'ok',
  'double',
  'map',
  'set',
  'big_number',
  'verbatim_string',
  'string',
  'format',
  'ignore_error_stats_update',
] as const
type Field = (typeof FIELDS)[number]

/** How much of an aggregate is written. */
interface Frame {
  readonly kind: 'array' | 'map' | 'set'
  /** Elements of an array; of a map whether the key on the stack has been written. */
  count: number
}

/** Writes Lua values of one state as replies. */
export class ScriptReply {
  readonly #lua: LuaState
  readonly #names: Readonly<Record<Field, number>>

  constructor(lua: LuaState) {
    this.#lua = lua
    const names: [Field, number][] = FIELDS.map((name) => {
      lua.pushBytes(name)
      return [name, lua.reference()]
    })
    this.#names = Object.fromEntries(names) as Record<Field, number>
  }

  /**
   * Takes the top of the running thread and writes it, as a script says it that chose `protocol`. An error that has been
   * counted already goes to `failed`.
   */
  write(sink: ReplySink, protocol: Protocol, failed: (text: Bytes) => void): void {
    const type = this.#lua.typeOf(-1)
    if (type !== LuaType.table) {
      this.#plain(sink, protocol, type)
      return
    }
    const frames: Frame[] = []
    this.#begin(sink, protocol, failed, frames)
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      if (this.#advance(frame)) this.#begin(sink, protocol, failed, frames)
      else frames.pop()
    }
  }

  /** Writes the top, or of an aggregate the head; that stays on the stack with a frame of its own. */
  #begin(
    sink: ReplySink,
    protocol: Protocol,
    failed: (text: Bytes) => void,
    frames: Frame[],
  ): void {
    const lua = this.#lua
    if (!lua.checkStack(SLOTS)) {
      sink.error('ERR reached lua stack limit')
      lua.pop()
      return
    }
    const type = lua.typeOf(-1)
    if (type === LuaType.table) {
      if (this.#single(sink, failed)) lua.pop()
      else frames.push(this.#head(sink))
      return
    }
    this.#plain(sink, protocol, type)
  }

  /** Writes the top, which is no table. */
  #plain(sink: ReplySink, protocol: Protocol, type: number): void {
    const lua = this.#lua
    if (type === LuaType.string) sink.bulk(lua.toBytes(-1) as Bytes)
    else if (type === LuaType.number) sink.integer(toLong(lua.toNumber(-1)))
    else if (type === LuaType.boolean) this.#boolean(sink, protocol)
    else sink.null()
    lua.pop()
  }

  #boolean(sink: ReplySink, protocol: Protocol): void {
    const value = this.#lua.toBoolean(-1)
    if (protocol === 3) sink.boolean(value)
    else if (value) sink.integer(1)
    else sink.null()
  }

  /** Writes a table that stands for a single value; false when it does not. */
  #single(sink: ReplySink, failed: (text: Bytes) => void): boolean {
    const error = this.#text('err')
    if (error !== undefined) {
      const text = upToNul(error).replace(/[\r\n]+$/, '')
      if (this.#flag('ignore_error_stats_update')) failed(text)
      else sink.error(text)
      return true
    }
    const status = this.#text('ok')
    if (status !== undefined) {
      sink.simple(inOneLine(upToNul(status)))
      return true
    }
    const double = this.#number('double')
    if (double !== undefined) {
      sink.double(double)
      return true
    }
    return false
  }

  /** Writes the head of an aggregate; on the stack its elements come next. */
  #head(sink: ReplySink): Frame {
    const lua = this.#lua
    for (const kind of ['map', 'set'] as const) {
      this.#get(kind)
      if (lua.typeOf(-1) === LuaType.table) {
        const count = this.#countPairs()
        if (kind === 'map') sink.map(count)
        else sink.set(count)
        lua.pushNil()
        return { kind, count: 0 }
      }
      lua.pop()
    }
    return this.#bigOrVerbatim(sink) ?? this.#arrayHead(sink)
  }

  /** Undefined when the table is neither; else a frame that has nothing more to say. */
  #bigOrVerbatim(sink: ReplySink): Frame | undefined {
    const lua = this.#lua
    const digits = this.#text('big_number')
    if (digits !== undefined) {
      sink.bigNumber(inOneLine(digits))
      return { kind: 'array', count: -1 }
    }
    this.#get('verbatim_string')
    let isVerbatim = false
    if (lua.typeOf(-1) === LuaType.table) {
      const text = this.#text('string')
      const format = this.#text('format')
      if (text !== undefined && format !== undefined) {
        sink.verbatim(format.slice(0, 3).padEnd(3) as 'txt', text)
        isVerbatim = true
      }
    }
    lua.pop()
    return isVerbatim ? { kind: 'array', count: -1 } : undefined
  }

  #arrayHead(sink: ReplySink): Frame {
    const lua = this.#lua
    let length = 0
    for (;;) {
      lua.rawGetElement(-1, length + 1)
      const isEnd = lua.typeOf(-1) === LuaType.nil
      lua.pop()
      if (isEnd) break
      length++
    }
    sink.array(length)
    return { kind: 'array', count: 0 }
  }

  /** Puts the next value of an aggregate on top; false when there is none and the aggregate is gone. */
  #advance(frame: Frame): boolean {
    const lua = this.#lua
    if (frame.kind === 'array') {
      if (frame.count >= 0) {
        lua.rawGetElement(-1, ++frame.count)
        if (lua.typeOf(-1) !== LuaType.nil) return true
        lua.pop()
      }
      lua.pop()
      return false
    }
    if (frame.kind === 'map' && frame.count === 1) {
      // The key is written, its value is next.
      frame.count = 0
      return true
    }
    if (!lua.next(-2)) {
      lua.pop(2)
      return false
    }
    if (frame.kind === 'set') {
      lua.pop()
      lua.pushValue(-1)
    } else {
      lua.pushValue(-2)
      frame.count = 1
    }
    return true
  }

  #countPairs(): number {
    const lua = this.#lua
    let count = 0
    lua.pushNil()
    while (lua.next(-2)) {
      lua.pop()
      count++
    }
    return count
  }

  /** Pushes a field of the table on top, past its metatable. */
  #get(name: Field): void {
    this.#lua.pushReference(this.#names[name])
    this.#lua.rawGet(-2)
  }

  #text(name: Field): Bytes | undefined {
    this.#get(name)
    const isText = this.#lua.typeOf(-1) === LuaType.string
    const text = isText ? this.#lua.toBytes(-1) : undefined
    this.#lua.pop()
    return text
  }

  #number(name: Field): number | undefined {
    this.#get(name)
    const isNumber = this.#lua.typeOf(-1) === LuaType.number
    const number = isNumber ? this.#lua.toNumber(-1) : undefined
    this.#lua.pop()
    return number
  }

  #flag(name: Field): boolean {
    this.#get(name)
    const isSet = this.#lua.toBoolean(-1)
    this.#lua.pop()
    return isSet
  }
}

function inOneLine(text: Bytes): Bytes {
  return text.replace(/[\r\n]/g, ' ')
}
