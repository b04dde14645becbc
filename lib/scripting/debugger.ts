/**
 * The debugger of one script (luaLdbLineHook and ldbRepl in eval.c): the hook that stops it, and how it goes on.
 * A stop suspends the script where it can; where something of C is in between it cannot, and the host is asked to wait there and
 * then. A thread that goes on after it was suspended in a hook meets that hook again: it is told by counting two instructions.
 */
import { type Bytes, upToNul } from '../base/bytes.ts'
import type { DebuggedSource } from './debugged-source.ts'
import { DebuggerConsole, SCRIPT_CHUNK } from './debugger-console.ts'
import type { DebuggerLog } from './debugger-log.ts'
import { parseDebuggerRequest } from './debugger-request.ts'
import type { EngineDebugger, LuaEngine } from './engine.ts'
import type { HookEvent, LuaState, LuaThread } from './lua-state.ts'
import { raiseError } from './redis-library.ts'
import { describeReply } from './reply-description.ts'
import { describeValue } from './value-description.ts'

/** What a debugger asks of the node. */
export interface DebuggerHost {
  /** The script has run for too long since it began or stood last. */
  readonly hasTimedOut: boolean
  /** The node wants to look at what else there is. */
  readonly isImpatient: boolean
  /** The script goes on after it stood. */
  goesOn(): void
  /** The script stands where it cannot be suspended: hears what clients say by now, and may take a while. */
  poll(): void
}

/** What is to happen after what the client said: nothing yet, the script goes on, or it goes on with an error. */
type Outcome = 'stay' | 'go on' | { readonly error: Bytes }

/** How the script stands: not at all, suspended at a stop, suspended for the node's sake, or at a stop within the hook. */
export type Standstill = 'none' | 'stopped' | 'paused' | 'waiting'

const HOOK_INSTRUCTIONS = 100_000
/** Marks a thread whose next instructions are to be counted one by one. */
const EACH_INSTRUCTION = 1
/** So much is read at once, and heard before a request is whole. */
const CHUNK_BYTES = 1024
const BUFFER_BYTES_MAX = 1024 * 1024
/** So many words of a command are shown. */
const WORDS_SHOWN = 10

/** A debugger of one script. */
export class LuaDebugger implements EngineDebugger {
  standstill: Standstill = 'none'
  readonly #source: DebuggedSource
  readonly #log: DebuggerLog
  readonly #host: DebuggerHost
  readonly #console: DebuggerConsole
  #engine: LuaEngine | undefined
  /** The script stops at the next line, and what it calls is shown. */
  #isStepping = true
  #stopsSoon = false
  /** The client is gone: nothing stops the script any more. */
  #isAlone = false
  /** What the client has said and nobody has read. */
  #unread: Bytes = ''
  /** What was read of a request that is not whole. */
  #begun: Bytes = ''
  /** After a suspension: whether the instruction is about to run again before which it was, or does so. */
  #again: 'no' | 'soon' | 'now' = 'no'
  /** Before that instruction a line begins, which nobody has looked at yet. */
  #lineBegins = false
  /** After how many instructions, that one not counted, the hook would have been called. */
  #instructionsLeft = 0
  /** Raised where the script goes on. */
  #error: Bytes | undefined

  constructor(parts: {
    readonly source: DebuggedSource
    readonly log: DebuggerLog
    readonly host: DebuggerHost
  }) {
    this.#source = parts.source
    this.#log = parts.log
    this.#host = parts.host
    this.#console = new DebuggerConsole({
      source: parts.source,
      log: parts.log,
      shown: (run) => {
        this.#isStepping = true
        run()
        this.#isStepping = false
      },
    })
  }

  /** The engine that this debugger was given to. */
  set engine(engine: LuaEngine) {
    this.#engine = engine
    engine.lua.errorWatcher = (message) => this.#errorMade(message)
  }

  get isStepping(): boolean {
    return this.#isStepping
  }

  watch(lua: LuaState): void {
    lua.setLineHook((lua, event) => this.#hooked(lua, event), HOOK_INSTRUCTIONS)
  }

  stopSoon(): void {
    this.#stopsSoon = true
  }

  show(lua: LuaState): void {
    const values: Bytes[] = []
    for (let i = lua.top; i > 0; i--) values.push(describeValue(lua, -i))
    this.#log.add(`<debug> line ${this.#source.current}: ${values.join(', ')}`)
  }

  // What the script calls, while it is shown.

  calls(argv: readonly Bytes[]): void {
    const rest = argv.length - WORDS_SHOWN - 1
    const words = argv.slice(0, WORDS_SHOWN).map((word) => ` ${word}`)
    this.#log.add(`<redis>${words.join('')}${rest >= 0 ? ` ... (${rest} more)` : ''}`)
  }

  /** The command was refused with this error. */
  refused(message: Bytes): void {
    // Those without a code of their own are made for scripts, the others are replies.
    this.#errorMade(message.startsWith('ERR ') ? message.slice(4) : `-${message}\r\n`)
  }

  /** The command replied with this error, or has it in its reply. */
  erred(text: Bytes): void {
    this.#errorMade(`-${text}`)
  }

  /** The command replied with this text. */
  replied(text: Bytes): void {
    this.#log.addCut(`<reply> ${describeReply(text)}`)
  }

  #errorMade(message: Bytes): void {
    if (this.#isStepping) this.#log.add(`<error> ${upToNul(message)}`)
  }

  // What the client says.

  hear(bytes: Bytes): void {
    this.#unread += bytes
  }

  /** The client is gone. */
  hangUp(): void {
    this.#isAlone = true
  }

  /**
   * The script is suspended: reads what the client has said, answers, and tells whether the script goes on. When it does,
   * {@link resume} is due.
   */
  serve(): boolean {
    if (this.standstill !== 'stopped') return false
    const { lua, thread } = this.#engine as LuaEngine
    const outcome = lua.inHookOf(thread, () => this.#serve(lua))
    if (outcome === 'stay') return false
    if (outcome !== 'go on') this.#error = outcome.error
    return true
  }

  /** Goes on with the script that is suspended. */
  resume(): 'over' | 'suspended' {
    const engine = this.#engine as LuaEngine
    const { lua, thread } = engine
    if (this.standstill === 'stopped') this.#host.goesOn()
    this.standstill = 'none'
    this.#again = 'soon'
    this.#count(lua, thread, EACH_INSTRUCTION)
    return engine.goOn()
  }

  #count(lua: LuaState, thread: LuaThread, instructions: number): void {
    const outer = lua.thread
    lua.thread = thread
    lua.setLineHook((lua, event) => this.#hooked(lua, event), instructions)
    lua.thread = outer
  }

  // The hook.

  #hooked(lua: LuaState, event: HookEvent): void {
    const isScript = lua.thread === this.#engine?.thread
    if (event === 'count' && lua.hookInstructions === EACH_INSTRUCTION) {
      this.#counted(lua, isScript)
    } else if (event === 'count' || !isScript || this.#again !== 'now') {
      // One that has just been counted suspends the script as well as the line that begins with it.
      if (this.standstill === 'none') this.#met(lua, event)
      else this.#lineBegins = true
    }
  }

  /** The script is about to run an instruction that is not to be counted by the way. */
  #met(lua: LuaState, event: HookEvent): void {
    const place = lua.callPlace(0)
    const source = this.#source
    source.current = place?.line ?? -1
    if (place?.shortSource.includes(SCRIPT_CHUNK) !== true) return
    const isMarked = source.stopsAt(source.current) || this.#stopsSoon
    const isTimedOut = event === 'count' && !this.#isStepping && !isMarked && this.#host.hasTimedOut
    if (this.#isStepping || isMarked || isTimedOut) this.#stop(lua, isMarked, isTimedOut)
    else if (event === 'count') this.#pause(lua)
  }

  /** One of the two instructions behind a suspension, or one of a coroutine that has its hook from there. */
  #counted(lua: LuaState, isScript: boolean): void {
    if (isScript && this.#again === 'soon') {
      this.#again = 'now'
      const error = this.#error
      this.#error = undefined
      if (error !== undefined) raiseError(lua, error)
      const lineBegins = this.#lineBegins
      this.#lineBegins = false
      if (lineBegins) this.#met(lua, 'line')
      return
    }
    this.#count(lua, lua.thread, HOOK_INSTRUCTIONS)
    if (!isScript) return
    this.#again = 'no'
    if (this.#instructionsLeft > 1) lua.hookInstructionsLeft = this.#instructionsLeft - 1
    else this.#met(lua, 'count')
  }

  #suspend(lua: LuaState, standstill: Standstill): void {
    this.standstill = standstill
    this.#lineBegins = false
    // Where it is suspended anew before that instruction has run, nothing has been counted.
    if (this.#again !== 'now') this.#instructionsLeft = lua.hookInstructionsLeft
    lua.yield(0)
  }

  #stop(lua: LuaState, isMarked: boolean, isTimedOut: boolean): void {
    const { current } = this.#source
    this.#log.add(`* Stopped at ${current}, stop reason = ${this.#reason(isMarked, isTimedOut)}`)
    this.#log.add(this.#source.line(current))
    this.#isStepping = false
    this.#stopsSoon = false
    this.#log.send()
    if (!this.#isAlone && this.#engine?.canYield === true) {
      this.#suspend(lua, 'stopped')
      return
    }
    this.standstill = 'waiting'
    let outcome = this.#serve(lua)
    while (outcome === 'stay') {
      this.#host.poll()
      outcome = this.#serve(lua)
    }
    this.standstill = 'none'
    this.#host.goesOn()
    if (outcome !== 'go on') raiseError(lua, outcome.error)
    if (this.#isAlone && isTimedOut) {
      raiseError(lua, 'timeout during Lua debugging with client closing connection')
    }
  }

  #reason(isMarked: boolean, isTimedOut: boolean): string {
    if (isMarked) return this.#stopsSoon ? 'redis.breakpoint() called' : 'break point'
    return isTimedOut ? 'timeout reached, infinite loop?' : 'step over'
  }

  #pause(lua: LuaState): void {
    if (!this.#host.isImpatient || this.#engine?.canYield !== true) return
    this.#suspend(lua, 'paused')
  }

  // Requests.

  #serve(lua: LuaState): Outcome {
    for (;;) {
      if (this.#isAlone) {
        this.#source.removeAllBreakpoints()
        return 'go on'
      }
      const request = parseDebuggerRequest(this.#begun)
      if (request === 'malformed') return { error: 'protocol error' }
      if (request !== 'incomplete') {
        // What was read behind it is lost, as it is in Redis.
        this.#begun = ''
        const outcome = this.#obey(lua, request)
        if (outcome !== 'stay') return outcome
        continue
      }
      if (this.#unread === '') return 'stay'
      this.#begun += this.#unread.slice(0, CHUNK_BYTES)
      this.#unread = this.#unread.slice(CHUNK_BYTES)
      if (this.#begun.length > BUFFER_BYTES_MAX) {
        this.#begun = ''
        return { error: 'max client buffer reached' }
      }
    }
  }

  #obey(lua: LuaState, words: readonly Bytes[]): Outcome {
    switch (upToNul(words[0] as Bytes).toLowerCase()) {
      case 's':
      case 'step':
      case 'n':
      case 'next':
        this.#isStepping = true
        return 'go on'
      case 'c':
      case 'continue':
        return 'go on'
      case 'a':
      case 'abort':
        return { error: 'script aborted for user request' }
    }
    this.#console.answer(lua, words)
    this.#log.send()
    return 'stay'
  }
}
