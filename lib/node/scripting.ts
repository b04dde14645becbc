/**
 * The scripts of one node: known, run, suspended, ended (eval.c and script.c). A script that takes long gives way to the event
 * loop and goes on in later turns: nothing else may look at the data meanwhile, but the node hears its peers. From
 * `busy-reply-threshold` on clients are told that it is busy. Invariant: one script at a time; a node that
 * runs none has no Lua state.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Version } from '../base/version.ts'
import type { Command } from '../commands/command.ts'
import type { ConfigPort, ScriptingPort, ScriptRequest } from '../commands/context.ts'
import type { ScriptPromise } from '../commands/script-variant.ts'
import { noScript } from '../commands/scripting.ts'
import type { CommandEntry, CommandTable } from '../commands/table.ts'
import { ReplyError } from '../resp/reply-error.ts'
import { type EngineDebugger, LuaEngine, type ScriptProgress } from '../scripting/engine.ts'
import type { CompiledLua } from '../scripting/lua-binary.ts'
import type { LuaReply } from '../scripting/lua-reply.ts'
import { ScriptRandom } from '../scripting/number-library.ts'
import type { ScriptHost } from '../scripting/redis-library.ts'
import { type CachedScript, ScriptCache } from '../scripting/script-cache.ts'
import type { ScriptFlag } from '../scripting/script-flag.ts'
import { parseScriptHeader } from '../scripting/script-header.ts'
import type { Alarm } from './alarm.ts'
import type { DebuggedNode } from './debug-session.ts'
import type { Dispatcher } from './dispatch.ts'
import type { Holding } from './holding.ts'
import type { ScriptMemory } from './info/facts.ts'
import type { LogLevel, NodeIo } from './io.ts'
import type { Audience, Propagation } from './propagation.ts'
import { ScriptDebugging } from './script-debugging.ts'
import { refusalToCall, refusalToRun, type ScriptGates, type ScriptRights } from './script-gate.ts'
import type { NodePorts, Session, SessionReply } from './session.ts'

/** What scripts need of their node. */
export interface ScriptingNode extends ScriptGates {
  readonly version: Version
  /** Set back while a script goes on: for it no time has passed. */
  readonly clock: { now: number }
  readonly alarm: Alarm
  readonly commands: CommandTable
  readonly propagation: Propagation
  readonly loading: { readonly progress: { readonly isAsync: boolean } | undefined }
  readonly ending: { readonly isOver: boolean }
  readonly dispatcher: Dispatcher
  microseconds(): number
  onError(text: Bytes): void
  /** The session that commands of scripts run in; their replies go to the sink. What it sees is the node unless given. */
  openScriptSession(reply: SessionReply, ports?: NodePorts): Session
  readonly holding: Pick<Holding, 'changed' | 'scriptChanged' | 'conclude'>
}

/** Something that Lua runs for a client: a script or a function. */
export interface LuaRun {
  readonly kind: 'script' | 'function'
  readonly engine: LuaEngine
  /** What errors call it. */
  readonly name: Bytes
  readonly reference: number
  readonly flags: ReadonlySet<ScriptFlag> | undefined
  /** Its command allows no writes. */
  readonly isReadonly: boolean
  readonly keys: readonly Bytes[]
  readonly args: readonly Bytes[]
  readonly argv: readonly Bytes[]
}

/** What runs, or is suspended. */
interface Running extends ScriptRights {
  readonly run: LuaRun
  readonly entry: CommandEntry
  /** Commands it calls run in this session. */
  readonly session: Session
  /** On the steady clock, microseconds. */
  readonly startedAt: number
  /** Unix ms: time stands still for it. */
  readonly startedMs: number
  sliceStartedAt: number
  /** It may be suspended for a while: it is none of a log that is being loaded. */
  readonly mayYield: boolean
  isSuspended: boolean
  isKilled: boolean
  /** Clients are told that the node is busy. */
  isSlow: boolean
  /** Who hears what it changes. */
  audience: Audience | 'nobody'
}

/** So long a script runs before the node looks at what else there is. */
const SLICE_MICROSECONDS = 50_000
const LOG_LEVELS: readonly LogLevel[] = ['debug', 'verbose', 'notice', 'warning']
/** By the number that redis.set_repl takes. */
const AUDIENCES = ['nobody', 'log', 'replicas', 'all'] as const

const BUSY = new ReplyError(
  'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
)
const BUSY_FUNCTION = new ReplyError(
  'BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.',
)
const NOT_BUSY = new ReplyError('NOTBUSY No scripts in execution right now.')
const UNKILLABLE = new ReplyError(
  'UNKILLABLE Sorry the script already executed write commands against the dataset. You can either wait the script termination or kill the server in a hard way using the SHUTDOWN NOSAVE command.',
)
const NO_ENGINE = new ReplyError(
  'ERR Scripts cannot run: this build has no Lua (liblua5.1.wasm is missing)',
)

/** Scripts of one node. */
export class Scripting implements ScriptHost {
  readonly version: Version
  readonly cache = new ScriptCache()
  readonly #random = new ScriptRandom()
  readonly #node: DebuggedNode
  readonly #config: ConfigPort
  readonly #io: NodeIo
  #compiled: CompiledLua | undefined
  #engine: LuaEngine | undefined
  readonly #sessions = new Map<LuaEngine, Session>()
  /** Undefined while nobody debugs. */
  #debugging: ScriptDebugging | undefined
  #running: Running | undefined

  constructor(node: DebuggedNode, config: ConfigPort, io: NodeIo) {
    this.version = node.version
    this.#node = node
    this.#config = config
    this.#io = io
  }

  /** A script waits for its next turn. */
  get isSuspended(): boolean {
    return this.#running?.isSuspended ?? this.#isDebugged
  }

  /** A script is debugged, and nobody else is served meanwhile. */
  get #isDebugged(): boolean {
    return this.#debugging?.isExclusive ?? false
  }

  /** What runs, for FUNCTION STATS. */
  get current(): { readonly run: LuaRun; readonly milliseconds: number } | undefined {
    const running = this.#running
    if (running === undefined) return undefined
    const microseconds = this.#node.microseconds() - running.startedAt
    return { run: running.run, milliseconds: Math.floor(microseconds / 1000) }
  }

  /** What Lua takes, for INFO. */
  get memory(): Pick<ScriptMemory, 'scriptVmBytes' | 'scriptBytes' | 'scriptCount'> {
    return {
      scriptVmBytes: this.#engine?.lua.usedBytes ?? 0,
      scriptBytes: this.cache.bytes,
      scriptCount: this.cache.size,
    }
  }

  /** The error for a command that comes while a script is slow; undefined when it may run, or waits. */
  refusal(session: Session, command: Command): ReplyError | undefined {
    const running = this.#running
    if (running === undefined || !running.isSlow) return undefined
    if (session.kind === 'master' || session.kind === 'host' || command.has('allow_busy')) {
      return undefined
    }
    return this.busy
  }

  /** What clients are told while a script is slow; undefined while none is. */
  get busy(): ReplyError | undefined {
    const running = this.#running
    if (running === undefined || !running.isSlow) return undefined
    return running.run.kind === 'script' ? BUSY : BUSY_FUNCTION
  }

  /** Whether a command waits for the script that is suspended. */
  holds(session: Session, command: Command): boolean {
    const running = this.#running
    if (running === undefined && !this.#isDebugged) return false
    if (session.kind === 'replica') return false
    if (session.kind === 'host') return command.isWrite || command.spansKeyspace === true
    return session.kind === 'master' || running?.isSlow !== true
  }

  /** Scripts as the commands of this session see them. */
  portFor(session: Session): ScriptingPort {
    const busy = (): ReplyError | undefined => this.busy
    return {
      get busy() {
        return busy()
      },
      get isDebugged() {
        return session.debugMode !== 'no'
      },
      evaluate: (request) => this.#evaluate(session, request),
      chooseDebugging: (mode) => this.#debuggingOrNew.choose(session, mode),
      debug: (request) => this.#debuggingOrNew.begin(session, request),
      promiseOf: (script, byDigest) => this.#promiseOf(script, byDigest),
      load: (source) => this.cache.load(source, this.engine).digest,
      knows: (digest) => this.cache.find(digest) !== undefined,
      flush: () => this.#flush(),
      kill: (kind) => this.#kill(kind),
    }
  }

  /** The engine of scripts, made when it is needed first. */
  get engine(): LuaEngine {
    if (this.#engine?.isDead) this.#flush()
    this.#engine ??= this.makeEngine('script')
    return this.#engine
  }

  /** A Lua state of its own. Throws ReplyError when there is no Lua. */
  makeEngine(kind: 'script' | 'function'): LuaEngine {
    const engine = this.#newEngine(kind, this)
    this.#sessions.set(engine, this.#node.openScriptSession(engine.reply))
    return engine
  }

  /** A Lua state for one script that is debugged, whose host is another. */
  makeDebuggedEngine(host: ScriptHost, debugging: EngineDebugger): LuaEngine {
    return this.#newEngine('script', host, debugging)
  }

  #newEngine(kind: 'script' | 'function', host: ScriptHost, debugging?: EngineDebugger): LuaEngine {
    this.#compiled ??= this.#io.compileLua()
    if (this.#compiled === undefined) throw NO_ENGINE
    return new LuaEngine({
      compiled: this.#compiled,
      host,
      kind,
      random: this.#random,
      ...(debugging !== undefined && { debugging }),
    })
  }

  get #debuggingOrNew(): ScriptDebugging {
    this.#debugging ??= new ScriptDebugging(this.#node, this.#config, this.#io, this)
    return this.#debugging
  }

  #flush(): void {
    if (this.#engine !== undefined) this.#sessions.delete(this.#engine)
    this.#engine = undefined
    this.cache.clear()
  }

  #promiseOf(script: Bytes, byDigest: boolean): ScriptPromise | undefined {
    if (!byDigest && !script.startsWith('#!')) return undefined
    const flags = byDigest ? this.cache.find(script)?.flags : flagsOf(script)
    return flags === undefined ? undefined : promiseOf(flags)
  }

  #evaluate(caller: Session, request: ScriptRequest): void {
    const script = this.#find(request)
    this.run(caller, {
      kind: 'script',
      engine: this.engine,
      name: script.digest,
      reference: script.reference,
      flags: script.flags,
      isReadonly: request.isReadonly,
      keys: request.keys,
      args: request.args,
      argv: request.argv,
    })
  }

  #find({ script, byDigest }: ScriptRequest): CachedScript {
    // What a dead state compiled is lost with it.
    const { engine } = this
    if (!byDigest) return this.cache.load(script, engine)
    const known = this.cache.find(script)
    if (known === undefined) throw noScript
    return known
  }

  /** Runs a script or function for a client, which is answered when it is over. Throws ReplyError when it may not run. */
  run(caller: Session, run: LuaRun): void {
    const { flags, engine } = run
    const refusal = refusalToRun(this.#node, { caller, isReadonly: run.isReadonly }, flags)
    if (refusal !== undefined) throw refusal
    const entry = this.#node.commands.resolve(run.argv) as CommandEntry
    const session = this.#sessions.get(engine) as Session
    session.db = caller.db
    session.user = caller.user
    session.noTouch = caller.noTouch
    const now = this.#node.microseconds()
    const allowsCrossSlot = flags?.has('allow-cross-slot-keys') ?? true
    const running: Running = {
      run,
      entry,
      caller,
      session,
      isReadonly: run.isReadonly || (flags?.has('no-writes') ?? false),
      allowsOom: flags?.has('allow-oom') ?? false,
      allowsCrossSlot,
      hasGoodReplicas: this.#node.hasGoodReplicas,
      hasWritten: false,
      slot: allowsCrossSlot ? undefined : this.#slotOf(caller, entry.command, run.argv),
      startedAt: now,
      startedMs: this.#node.clock.now,
      sliceStartedAt: now,
      // What follows in the log must not overtake it.
      mayYield: this.#node.loading.progress?.isAsync !== false,
      isSuspended: false,
      isKilled: false,
      isSlow: false,
      audience: 'all',
    }
    this.#running = running
    const progress = engine.run({
      name: run.name,
      reference: run.reference,
      keys: run.keys,
      args: run.args,
    })
    if (progress === 'suspended') this.#suspend(running)
    else this.#end(running)
  }

  #slotOf(caller: Session, command: Command, argv: readonly Bytes[]): number | undefined {
    return this.#node.router?.slotOf(caller, command, argv)
  }

  /** Writes the reply: what the script changed has been told, command by command. */
  #end(running: Running): void {
    const { caller, run, entry } = running
    this.#running = undefined
    this.#node.propagation.prevent()
    run.engine.finish({
      sink: caller.reply,
      failed: (text) => {
        entry.stats.failed++
        caller.reply.raw(`-${text.replace(/[\r\n]/g, ' ')}\r\n`)
      },
    })
    this.#node.propagation.prevent()
  }

  /** What it has changed so far is told when it is over; a transaction that it is part of looks after that itself. */
  #suspend(running: Running): void {
    const { caller, run } = running
    const { propagation } = this.#node
    propagation.prevent()
    caller.postponed = run.argv
    if (!caller.transaction.active) {
      caller.suspended = { queued: [], unit: propagation.suspend(), reply: '' }
    }
    this.#wait(running)
  }

  #wait(running: Running): void {
    running.isSuspended = true
    this.#lookForSlowness(running)
    this.#node.holding.scriptChanged()
    this.#node.alarm.set(this.#goOn, this.#node.clock.now)
  }

  #lookForSlowness(running: Running): void {
    const limitMs = this.#config.number('busy-reply-threshold')
    const elapsedMs = (this.#node.microseconds() - running.startedAt) / 1000
    if (!running.isSlow && limitMs > 0 && elapsedMs >= limitMs) {
      running.isSlow = true
      this.#io.log(
        'warning',
        `Slow script detected: still in execution after ${Math.floor(elapsedMs)} milliseconds. You can try killing the script using the ${running.run.kind === 'script' ? 'SCRIPT' : 'FUNCTION'} KILL command. Script name is: ${running.run.name}.`,
      )
    }
  }

  readonly #goOn = (): void => {
    const running = this.#running
    if (running === undefined) return
    const { caller, run } = running
    const { propagation } = this.#node
    const rest = caller.suspended
    if (rest === undefined) return
    running.isSuspended = false
    running.sliceStartedAt = this.#node.microseconds()
    propagation.resume(rest.unit)
    const progress = this.#goOnInItsTime(running)
    caller.suspended = { ...rest, unit: propagation.suspend() }
    if (progress === 'suspended') {
      this.#wait(running)
      return
    }
    this.#node.holding.conclude(caller, {
      entry: running.entry,
      argv: run.argv,
      finish: () => this.#end(running),
      microseconds: this.#node.microseconds() - running.startedAt,
    })
    this.#node.holding.changed()
  }

  #goOnInItsTime({ run, startedMs }: Running): ScriptProgress {
    const { clock } = this.#node
    const { now } = clock
    clock.now = startedMs
    try {
      return run.engine.goOn()
    } finally {
      clock.now = now
    }
  }

  #kill(kind: 'script' | 'function'): void {
    const running = this.#running
    if (running === undefined) throw NOT_BUSY
    if (running.run.kind !== kind) throw this.busy ?? NOT_BUSY
    if (running.hasWritten) throw UNKILLABLE
    running.isKilled = true
  }

  // What scripts ask for.

  call(argv: readonly Bytes[], reply: LuaReply): void {
    const running = this.#running as Running
    const { session, caller } = running
    const { commands, dispatcher, propagation } = this.#node
    const entry = commands.resolve(argv)
    const refusal = refusalToCall(this.#node, running, { session, entry, argv })
    if (refusal !== undefined) {
      dispatcher.refuseToScript(entry, refusal, reply)
      return
    }
    const before = propagation.length
    const called = entry as CommandEntry
    // Up to 7.0 all keys that the script was called with are read.
    const naming = this.#node.version.atLeast('7.2')
      ? { command: called.command, argv }
      : { command: running.entry.command, argv: running.run.argv }
    dispatcher.callFromScript(caller, session, { entry: called, argv, naming })
    if (running.audience !== 'all') propagation.narrow(before, running.audience)
  }

  permits(argv: readonly Bytes[]): boolean | undefined {
    const { caller } = this.#running as Running
    const entry = this.#node.commands.resolve(argv)
    if (entry === undefined) return undefined
    return caller.acl.permits(caller, entry.command, argv)
  }

  log(level: number, text: Bytes): void {
    this.#io.log(LOG_LEVELS[level] as LogLevel, text)
  }

  replicateTo(whom: number): void {
    const running = this.#running as Running
    running.audience = AUDIENCES[whom] ?? 'all'
  }

  interrupted(canYield: boolean): 'go on' | 'yield' | 'end' {
    const running = this.#running as Running
    if (running.isKilled) return 'end'
    const now = this.#node.microseconds()
    if (now - running.sliceStartedAt < SLICE_MICROSECONDS) return 'go on'
    if (canYield && running.mayYield) return 'yield'
    running.sliceStartedAt = now
    this.#lookForSlowness(running)
    if (running.isSlow) this.#poll(running)
    return running.isKilled ? 'end' : 'go on'
  }

  /** It cannot be suspended where it is: clients are heard in between, or nobody could end it. */
  #poll(running: Running): void {
    const { propagation, ending } = this.#node
    const unit = propagation.suspend()
    running.isSuspended = true
    this.#node.holding.scriptChanged()
    this.#io.pollClients()
    running.isSuspended = false
    this.#node.holding.scriptChanged()
    propagation.resume(unit)
    // Without the end of this turn nothing ends.
    if (ending.isOver) running.isKilled = true
  }

  onError(text: Bytes): void {
    this.#node.onError(text)
  }
}

/** What flags promise to the gates. */
export function promiseOf(flags: ReadonlySet<ScriptFlag>): ScriptPromise {
  return {
    noWrites: flags.has('no-writes'),
    allowsOom: flags.has('allow-oom'),
    allowsStale: flags.has('allow-stale'),
  }
}

/** Undefined for a first line that is wrong: the command itself says so. */
function flagsOf(source: Bytes): ReadonlySet<ScriptFlag> | undefined {
  try {
    return parseScriptHeader(source).flags
  } catch (error) {
    if (!(error instanceof ReplyError)) throw error
    return undefined
  }
}
