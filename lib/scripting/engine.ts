/**
 * What runs scripts: one Lua state, a script at a time (luaCallFunction in script_lua.c). A script runs in a thread of its own,
 * so that it can be suspended and the node go on meanwhile. Invariant: between scripts the thread's stack is empty; a state
 * that Lua gave up is never used again.
 */
import { type Bytes, upToNul } from '../base/bytes.ts'
import { ReplyError } from '../resp/reply-error.ts'
import type { ReplySink } from '../resp/reply-sink.ts'
import { type CompiledLua, LuaPanic } from './lua-binary.ts'
import { LuaReply } from './lua-reply.ts'
import { LuaState, LuaStatus, type LuaThread, LuaType } from './lua-state.ts'
import type { ScriptRandom } from './number-library.ts'
import { openRedis, raiseError, type ScriptDebugger, type ScriptHost } from './redis-library.ts'
import { pushList, Sandbox } from './sandbox.ts'
import { ScriptReply } from './script-reply.ts'

/** What a script may take: nobody's tests need more, and some would take all there is. */
const MEMORY_LIMIT_BYTES = 256 * 1024 * 1024
/** After so many instructions it is asked whether the script may go on. */
const HOOK_INSTRUCTIONS = 100_000
const KILLED = 'Script killed by user with SCRIPT KILL...'

/** A script or function to run. */
export interface ScriptCall {
  /** What errors call it: the digest of a script, the name of a function. */
  readonly name: Bytes
  readonly reference: number
  readonly keys: readonly Bytes[]
  readonly args: readonly Bytes[]
}

/** Who is told what came of it. */
export interface ScriptAnswer {
  readonly sink: ReplySink
  /** Writes an error that has been counted where it came from. */
  readonly failed: (text: Bytes) => void
}

/** What debugs the scripts of an engine: it has the hook, and says when a script is suspended. */
export interface EngineDebugger extends ScriptDebugger {
  /** Takes the hook of the running thread and of those it makes. */
  watch(lua: LuaState): void
}

/** How far a script has come. */
export type ScriptProgress = 'over' | 'suspended'

/** Runs scripts, or functions, which are called with tables instead of globals. */
export class LuaEngine {
  readonly lua: LuaState
  readonly sandbox: Sandbox
  /** What called commands reply to. */
  readonly reply: LuaReply
  /** Lua gave up: whoever holds it makes another one. */
  isDead = false
  /** Why it is dead. */
  #death: Bytes = ''
  readonly #kind: 'script' | 'function'
  readonly #host: ScriptHost
  readonly #replies: ScriptReply
  readonly #debugging: EngineDebugger | undefined
  #thread: LuaThread = 0
  #threadReference = 0
  /** An error has ended the thread: it is of no use any more. */
  #isSpoiled = false
  /** What runs, or is over and not answered. */
  #call: ScriptCall | undefined
  /** How the thread stopped last. */
  #status: number = LuaStatus.ok

  constructor(options: {
    readonly compiled: CompiledLua
    readonly host: ScriptHost
    readonly kind: 'script' | 'function'
    readonly random: ScriptRandom
    readonly debugging?: EngineDebugger
  }) {
    const { compiled, host, kind, random, debugging } = options
    this.#kind = kind
    this.#debugging = debugging
    this.#host = host
    this.lua = new LuaState(compiled, MEMORY_LIMIT_BYTES)
    const { lua } = this
    this.reply = new LuaReply(lua, (text) => host.onError(text))
    const forFunctions = kind === 'function'
    this.sandbox = new Sandbox(lua, {
      random,
      openRedis: (lua) => openRedis(lua, { host, reply: this.reply, forFunctions, debugging }),
      forFunctions,
    })
    this.#replies = new ScriptReply(lua)
    this.watch()
    this.#makeThread()
  }

  /** Compiles source text; the reference is what {@link ScriptCall} asks for. Throws ReplyError with Lua's own text. */
  compile(source: Bytes, chunkName: Bytes): number {
    const { lua } = this
    return this.orDie(() => {
      if (lua.load(source, chunkName) === LuaStatus.ok) return lua.reference()
      const text = lua.toBytes(-1) ?? ''
      lua.pop()
      throw new ReplyError(text)
    })
  }

  /** Does something outside of a script: where Lua gives up it is a ReplyError, and the end of the engine. */
  orDie<Result>(work: () => Result): Result {
    try {
      return work()
    } catch (error) {
      throw new ReplyError(this.#die(error))
    }
  }

  release(reference: number): void {
    this.lua.release(reference)
  }

  /** The thread that scripts run in. */
  get thread(): LuaThread {
    return this.#thread
  }

  /** The script that runs may be suspended where it is. */
  get canYield(): boolean {
    return this.lua.thread === this.#thread && this.lua.canYield
  }

  /** Runs a script up to its end or until it is suspended. When it is over {@link finish} is due. */
  run(call: ScriptCall): ScriptProgress {
    this.#call = call
    this.reply.protocol = 2
    return this.#guarded(() => this.lua.resume(this.#thread, this.#push(call)))
  }

  /** Goes on with the script that is suspended. */
  goOn(): ScriptProgress {
    return this.#guarded(() => this.lua.resume(this.#thread, 0))
  }

  /** Writes what came of the script that is over. */
  finish(answer: ScriptAnswer): void {
    const call = this.#call as ScriptCall
    this.#call = undefined
    if (this.isDead) {
      answer.sink.error(`ERR Error running script ${call.name}, ${this.#death}`)
      return
    }
    const { lua } = this
    lua.thread = this.#thread
    if (this.#status === LuaStatus.ok) {
      this.#answer(answer)
      lua.thread = lua.main
    } else {
      this.#fail(call, answer)
      lua.thread = lua.main
      this.watch()
      this.#isSpoiled = true
    }
    this.#cleanUp()
  }

  /** What the script leaves behind must not take the memory of the next one. */
  #cleanUp(): void {
    try {
      if (this.#isSpoiled) this.lua.release(this.#threadReference)
      if (this.lua.isCrowded) this.lua.collect()
      if (this.#isSpoiled) this.#makeThread()
    } catch (error) {
      this.#die(error)
    }
  }

  /**
   * Lua gave up for want of memory, or something of C called itself too often, a pattern with itself for example, and was cut
   * off by JavaScript: returns which. Whatever else was thrown is thrown again.
   */
  #die(error: unknown): Bytes {
    if (error instanceof LuaPanic) this.#death = 'not enough memory'
    else if (error instanceof RangeError) this.#death = 'stack overflow'
    else throw error
    this.isDead = true
    return this.#death
  }

  /** Returns how many arguments lie on the thread's stack. */
  #push(call: ScriptCall): number {
    const { lua, sandbox } = this
    lua.thread = this.#thread
    lua.pushReference(call.reference)
    if (this.#kind === 'script') {
      sandbox.setCall(call.keys, call.args)
      lua.thread = lua.main
      return 0
    }
    pushList(lua, call.keys)
    pushList(lua, call.args)
    lua.thread = lua.main
    return 2
  }

  /** What {@link #die} takes, it takes with everything there is. */
  #guarded(resume: () => number): ScriptProgress {
    try {
      this.#status = resume()
    } catch (error) {
      this.#die(error)
      return 'over'
    }
    return this.#status === LuaStatus.yielded ? 'suspended' : 'over'
  }

  /** Writes the first result; below a table, which may be too deep, lies what the stack of Redis holds below. */
  #answer({ sink, failed }: ScriptAnswer): void {
    const { lua } = this
    lua.top = 1
    if (lua.typeOf(1) === LuaType.table) {
      lua.pushNil()
      lua.insert(1)
    }
    this.#replies.write(sink, this.reply.protocol, failed)
    lua.top = 0
  }

  /** The thread ended with an error, which lies on its stack; what it was about to do can still be seen. */
  #fail(call: ScriptCall, { sink, failed }: ScriptAnswer): void {
    const { lua } = this
    const status = this.#status
    if (status === LuaStatus.outOfMemory || status === LuaStatus.errorInHandler) {
      const text = lua.toBytes(-1) ?? 'execution failure'
      sink.error(`ERR Error running script ${call.name}, ${text}`)
      return
    }
    const isTable = lua.typeOf(-1) === LuaType.table
    const text = upToNul(
      (isTable ? this.#fieldText('err') : `ERR ${this.#errorText()}`) ?? 'ERR unknown error',
    )
    const place = this.#place()
    const line = `${text} script: ${call.name}, on ${place}.`
    if (isTable && this.#isCounted()) failed(line)
    else sink.error(line)
  }

  /** What tostring makes of an error. */
  #errorText(): Bytes {
    const { lua } = this
    const type = lua.typeOf(-1)
    if (type === LuaType.nil) return 'nil'
    if (type === LuaType.boolean) return String(lua.toBoolean(-1))
    return lua.toBytes(-1) ?? 'unknown error'
  }

  /** Where the error came from: the innermost function that is Lua's. */
  #place(): string {
    const inner = this.lua.callInfo(0)
    const info = inner?.what === 'C' ? this.lua.callInfo(1) : inner
    return info === undefined ? '?:-1' : `${info.source}:${info.line}`
  }

  #fieldText(name: Bytes): Bytes | undefined {
    const { lua } = this
    lua.pushBytes(name)
    lua.rawGet(-2)
    const text = lua.toBytes(-1)
    lua.pop()
    return text
  }

  #isCounted(): boolean {
    const { lua } = this
    lua.pushBytes('ignore_error_stats_update')
    lua.rawGet(-2)
    const isSet = lua.toBoolean(-1)
    lua.pop()
    return isSet
  }

  /** Asks the host from time to time whether a script may go on; again after another one has used the hook. */
  watch(): void {
    if (this.#debugging !== undefined) this.#debugging.watch(this.lua)
    else this.lua.setCountHook((lua) => this.#interrupted(lua), HOOK_INSTRUCTIONS)
  }

  #interrupted(lua: LuaState): void {
    const verdict = this.#host.interrupted(this.canYield)
    if (verdict === 'yield') lua.yield(0)
    if (verdict !== 'end') return
    // Whatever catches the error hears it again at once; a coroutine's is caught by who resumed it.
    const { thread } = lua
    for (const ending of [this.#thread, thread]) {
      lua.thread = ending
      lua.setCountHook((lua) => this.#interrupted(lua), 1)
    }
    raiseError(lua, KILLED)
  }

  #makeThread(): void {
    const { lua } = this
    this.#thread = lua.newThread()
    this.#threadReference = lua.reference()
    this.sandbox.scriptThread = this.#thread
    this.#isSpoiled = false
  }
}
