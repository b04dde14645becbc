/**
 * What a client of the debugger can ask for while the script stands (ldbRepl and what it calls in eval.c). What it looks at and runs is
 * that of the running thread, as seen from its hook. Invariant: the stack is left as it was.
 */
import { type Bytes, upToNul } from '../base/bytes.ts'
import { leadingInteger, parseInteger } from '../base/numbers.ts'
import type { DebuggedSource } from './debugged-source.ts'
import { DEBUGGER_HELP } from './debugger-help.ts'
import type { DebuggerLog } from './debugger-log.ts'
import { GLOBALS, type LuaState, LuaStatus, LuaType } from './lua-state.ts'
import { describeValue } from './value-description.ts'

/** What chunks are called whose lines are shown. */
export const SCRIPT_CHUNK = 'user_script'

const CONTEXT_LINES = 5
const ALL_LINES = 1_000_000

/** Answers into a log. */
export class DebuggerConsole {
  readonly #source: DebuggedSource
  readonly #log: DebuggerLog
  readonly #shown: (run: () => void) => void

  /** `shown` runs something so that commands and their replies are shown. */
  constructor(parts: {
    readonly source: DebuggedSource
    readonly log: DebuggerLog
    readonly shown: (run: () => void) => void
  }) {
    this.#source = parts.source
    this.#log = parts.log
    this.#shown = parts.shown
  }

  /** Answers a request that leaves the script where it is. */
  answer(lua: LuaState, words: readonly Bytes[]): void {
    const given = words.slice(1)
    switch (upToNul(words[0] as Bytes).toLowerCase()) {
      case 'h':
      case 'help':
        for (const line of DEBUGGER_HELP) this.#log.add(line)
        return
      case 't':
      case 'trace':
        this.#trace(lua)
        return
      case 'm':
      case 'maxlen':
        this.#limit(given)
        return
      case 'b':
      case 'break':
        this.#break(given)
        return
      case 'e':
      case 'eval':
        this.#evaluate(lua, given.join(' '))
        return
      case 'p':
      case 'print':
        if (given.length === 1) this.#printVariable(lua, upToNul(given[0] as Bytes))
        else this.#printAll(lua)
        return
      case 'l':
      case 'list': {
        const line = leadingInteger(given[0] ?? '')
        const distance = given[1] === undefined ? CONTEXT_LINES : leadingInteger(given[1])
        this.#list(line > 0 ? line : this.#source.current, distance)
        return
      }
      case 'w':
      case 'whole':
        this.#list(1, ALL_LINES)
        return
      case 'r':
      case 'redis':
        if (given.length === 0) break
        this.#call(lua, given)
        return
    }
    this.#log.add('<error> Unknown Redis Lua debugger command or wrong number of arguments.')
  }

  #list(line: number, distance: number): void {
    for (const shown of this.#source.around(line, distance)) this.#log.add(shown)
  }

  #trace(lua: LuaState): void {
    for (let level = 0; ; level++) {
      const place = lua.callPlace(level)
      if (place === undefined) return
      if (!place.shortSource.includes(SCRIPT_CHUNK)) continue
      this.#log.add(`${level === 0 ? 'In' : 'From'} ${place.name ?? 'top level'}:`)
      this.#log.add(this.#source.line(place.line))
    }
  }

  #limit(given: readonly Bytes[]): void {
    if (given.length === 1) this.#log.maxLength = leadingInteger(given[0] as Bytes)
    const { maxLength } = this.#log
    const limit = maxLength === 0 ? 'unlimited' : `truncated at ${maxLength} bytes`
    this.#log.add(`<value> replies are ${limit}.`)
  }

  #break(given: readonly Bytes[]): void {
    for (const word of given) this.#changeBreakpoint(word)
    if (given.length > 0) return
    const { breakpoints } = this.#source
    if (breakpoints.length === 0) {
      this.#log.add("No breakpoints set. Use 'b <line>' to add one.")
      return
    }
    this.#log.add(`${breakpoints.length} breakpoints set:`)
    for (const line of breakpoints) this.#log.add(this.#source.line(line))
  }

  #changeBreakpoint(word: Bytes): void {
    const line = parseInteger(word)
    if (line === undefined) {
      this.#log.add(`Invalid argument:'${upToNul(word)}'`)
    } else if (line === 0) {
      this.#source.removeAllBreakpoints()
      this.#log.add('All breakpoints removed.')
    } else if (line < 0) {
      const isRemoved = this.#source.removeBreakpoint(-Number(line))
      this.#log.add(isRemoved ? 'Breakpoint removed.' : 'No breakpoint in the specified line.')
    } else {
      const outcome = this.#source.addBreakpoint(Number(line))
      if (outcome === 'set') this.#list(Number(line), 1)
      else if (outcome === 'too many') this.#log.add('Too many breakpoints set.')
      else this.#log.add('Wrong line number.')
    }
  }

  #evaluate(lua: LuaState, code: Bytes): void {
    if (lua.load(`return ${code}`, '@ldb_eval') !== LuaStatus.ok) {
      lua.pop()
      if (lua.load(code, '@ldb_eval') !== LuaStatus.ok) {
        this.#showError(lua)
        return
      }
    }
    if (lua.protectedCall(0, 1) !== LuaStatus.ok) {
      this.#showError(lua)
      return
    }
    this.#log.addCut(`<retval> ${describeValue(lua, -1)}`)
    lua.pop()
  }

  /** Takes the error from the top. Of a table, for which Redis ends itself, its text is shown. */
  #showError(lua: LuaState): void {
    if (lua.typeOf(-1) === LuaType.table) {
      lua.pushBytes('err')
      lua.rawGet(-2)
      lua.remove(-2)
    }
    this.#log.add(`<error> ${upToNul(lua.toBytes(-1) ?? '')}`)
    lua.pop()
  }

  /** Calls a command as the script would: it is shown, and so is its reply. */
  #call(lua: LuaState, words: readonly Bytes[]): void {
    if (!lua.checkStack(words.length + 2)) {
      this.#log.addCut('<reply> ')
      return
    }
    lua.getField(GLOBALS, 'redis')
    lua.getField(-1, 'call')
    for (const word of words) lua.pushBytes(word)
    this.#shown(() => lua.protectedCall(words.length, 1))
    lua.pop(2)
  }

  #printVariable(lua: LuaState, name: Bytes): void {
    for (let level = 0; lua.callPlace(level) !== undefined; level++) {
      for (let n = 1; ; n++) {
        const found = lua.pushLocal(level, n)
        if (found === undefined) break
        if (found === name) {
          this.#showValue(lua, '')
          return
        }
        lua.pop()
      }
    }
    if (name !== 'ARGV' && name !== 'KEYS') {
      this.#log.add('No such variable.')
      return
    }
    lua.getField(GLOBALS, name)
    this.#showValue(lua, '')
  }

  #printAll(lua: LuaState): void {
    let count = 0
    for (let n = 1; ; n++) {
      const name = lua.pushLocal(0, n)
      if (name === undefined) break
      if (name.includes('(*temporary)')) {
        lua.pop()
        continue
      }
      this.#showValue(lua, `${name} = `)
      count++
    }
    if (count === 0) this.#log.add('No local variables in the current context.')
  }

  /** Takes the value from the top. */
  #showValue(lua: LuaState, label: Bytes): void {
    this.#log.addCut(`<value> ${label}${describeValue(lua, -1)}`)
    lua.pop()
  }
}
