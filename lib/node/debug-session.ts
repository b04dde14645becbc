/**
 * One session of the Lua debugger: a script of a client whose words go to the debugger as long as it lasts (ldbStartSession,
 * ldbEndSession in eval.c). In `sync` mode nobody else is served meanwhile and changes stay; in `fork` mode the script works on
 * a copy of the keys, which ends with the session, as a child of Redis does. Invariant: what the debugger says comes before what the
 * client is replied, and the connection ends with the session.
 */
import type { Bytes } from '../base/bytes.ts'
import { substitute } from '../base/substitute.ts'
import type { ConfigPort } from '../commands/context.ts'
import { readCall } from '../commands/scripting.ts'
import type { CommandEntry } from '../commands/table.ts'
import type { Database } from '../keyspace/database.ts'
import { ReplyError, replyErrorOf } from '../resp/reply-error.ts'
import { WireReply } from '../resp/wire-reply.ts'
import { DebuggedSource } from '../scripting/debugged-source.ts'
import { type DebuggerHost, LuaDebugger } from '../scripting/debugger.ts'
import { DebuggerLog } from '../scripting/debugger-log.ts'
import type { LuaEngine } from '../scripting/engine.ts'
import type { LuaReply } from '../scripting/lua-reply.ts'
import type { ScriptHost } from '../scripting/redis-library.ts'
import { ScriptCache } from '../scripting/script-cache.ts'
import { copyDatabases } from './dataset-copy.ts'
import type { NodeIo } from './io.ts'
import { PubSub } from './pubsub.ts'
import { RecordedReply } from './recorded-reply.ts'
import { refusalToCall, refusalToRun, type ScriptRights } from './script-gate.ts'
import type { Scripting, ScriptingNode } from './scripting.ts'
import type { ClientLine, NodePorts, Session } from './session.ts'

/** What a session needs of its node. */
export interface DebuggedNode extends ScriptingNode, NodePorts {
  readonly clock: NodePorts['clock'] & ScriptingNode['clock']
  readonly onError: NodePorts['onError']
  readonly server: NodePorts['server']
  readonly commands: NodePorts['commands']
  readonly propagation: ScriptingNode['propagation']
  readonly clients: NodePorts['clients'] & { remove(session: Session): void }
}

/** A script that is to be debugged. */
export interface DebuggedCall {
  readonly caller: Session
  readonly isReadonly: boolean
  /** EVAL as it was sent. */
  readonly argv: readonly Bytes[]
  readonly mode: 'sync' | 'fork'
}

/** What it is made of. */
export interface DebugSessionParts {
  readonly node: DebuggedNode
  readonly config: ConfigPort
  readonly io: NodeIo
  readonly scripting: Pick<Scripting, 'version' | 'cache' | 'engine' | 'makeDebuggedEngine'>
  readonly call: DebuggedCall
  /** The session is over, or never began. */
  readonly ended: () => void
}

/** So long a script runs before the node looks at what else there is. */
const SLICE_MICROSECONDS = 50_000
/** A script that does not come to a stop is asked about after so long where there is no `busy-reply-threshold`. */
const PATIENCE_MS = 5000
/** So long nothing is heard while the script cannot be suspended where it stands. */
const POLL_MS = 2

const LOG_LEVELS = ['debug', 'verbose', 'notice', 'warning'] as const
const AUDIENCES = ['nobody', 'log', 'replicas', 'all'] as const

/** A session. */
export class DebugSession implements ScriptHost, DebuggerHost, ClientLine {
  readonly version: Scripting['version']
  readonly #parts: DebugSessionParts
  readonly #node: DebuggedNode
  readonly #call: DebuggedCall
  readonly #log = new DebuggerLog()
  readonly #debugger: LuaDebugger
  /** The keys of a session that changes nothing. */
  readonly #copy: readonly Database[] | undefined
  readonly #entry: CommandEntry
  #engine: LuaEngine | undefined
  #rights: ScriptRights | undefined
  #session: Session | undefined
  #reply: RecordedReply | undefined
  #audience: (typeof AUDIENCES)[number] = 'all'
  readonly #beganAt: number
  /** Since when it has not stood, on the steady clock. */
  #startedAt = 0
  /** Unix ms: time stands still for it. */
  #startedMs = 0
  #sliceStartedAt = 0

  constructor(parts: DebugSessionParts) {
    const { node, scripting, call } = parts
    this.#parts = parts
    this.#node = node
    this.#call = call
    this.version = scripting.version
    this.#copy = call.mode === 'fork' ? copyDatabases(node.databases) : undefined
    this.#debugger = new LuaDebugger({
      source: new DebuggedSource(call.argv[1] as Bytes),
      log: this.#log,
      host: this,
    })
    this.#entry = node.commands.resolve(call.argv) as CommandEntry
    this.#beganAt = node.microseconds()
    this.goesOn()
  }

  /** Nobody else is served now. */
  get isExclusive(): boolean {
    return this.#copy === undefined && this.#debugger.standstill !== 'none'
  }

  /** Runs the script up to its first line. Throws ReplyError when it does not run: that is the session's end, too. */
  begin(): void {
    const { io } = this.#parts
    const { caller, mode } = this.#call
    io.log(
      'warning',
      mode === 'sync'
        ? 'Redis synchronous debugging eval session started'
        : 'Redis forked for debugging eval',
    )
    try {
      this.#start()
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error
      const before = caller.reply.take()
      this.#close()
      caller.reply.raw(before)
      throw error
    }
  }

  #start(): void {
    const { scripting } = this.#parts
    const { caller, argv, isReadonly, mode } = this.#call
    const { keys, args } = readCall(argv)
    const source = argv[1] as Bytes
    if (mode === 'sync') scripting.cache.load(source, scripting.engine)
    const engine = scripting.makeDebuggedEngine(this, this.#debugger)
    this.#engine = engine
    this.#debugger.engine = engine
    const { digest, flags, reference } = new ScriptCache().load(source, engine)
    const refusal = refusalToRun(this.#node, { caller, isReadonly }, flags)
    if (refusal !== undefined) throw refusal
    const allowsCrossSlot = flags?.has('allow-cross-slot-keys') ?? true
    this.#rights = {
      caller,
      isReadonly: isReadonly || (flags?.has('no-writes') ?? false),
      allowsOom: flags?.has('allow-oom') ?? false,
      allowsCrossSlot,
      hasGoodReplicas: this.#node.hasGoodReplicas,
      hasWritten: false,
      slot: allowsCrossSlot
        ? undefined
        : this.#node.router?.slotOf(caller, this.#entry.command, argv),
    }
    this.#openSession(engine)
    const progress = this.#inItsTime(() => engine.run({ name: digest, reference, keys, args }))
    if (progress === 'over') this.#end()
    else this.#suspend()
  }

  #openSession(engine: LuaEngine): void {
    const { caller } = this.#call
    const text = new WireReply(undefined, { hasShortDoubles: this.version.atLeast('7.2') })
    this.#reply = new RecordedReply(engine.reply, text, (error) => this.#debugger.erred(error))
    const session = this.#node.openScriptSession(this.#reply, this.#ports())
    session.selectDatabase(caller.databaseIndex)
    session.user = caller.user
    session.noTouch = caller.noTouch
    this.#session = session
  }

  /** What the commands of the script see of the node. */
  #ports(): NodePorts {
    const databases = this.#copy
    if (databases === undefined) return this.#node
    const { server } = this.#node
    return substitute<NodePorts>(this.#node, {
      databases,
      server: substitute(server, { databases }),
      pubsub: new PubSub(() => {}),
    })
  }

  /** What was replied before waits behind what the debugger says. */
  #suspend(): void {
    const { caller, argv, mode } = this.#call
    const { propagation, alarm, clock } = this.#node
    propagation.prevent()
    caller.postponed = argv
    caller.line = this
    if (mode === 'fork') this.#node.clients.remove(caller)
    if (!caller.transaction.active) {
      caller.suspended = { queued: [], unit: propagation.suspend(), reply: caller.reply.take() }
    }
    this.#node.holding.scriptChanged()
    alarm.set(this.#look, clock.now)
  }

  // What the client says.

  hear(bytes: Bytes): void {
    this.#debugger.hear(bytes)
    if (this.#debugger.standstill === 'stopped') this.#look()
  }

  hangUp(): void {
    this.#debugger.hangUp()
    this.#node.alarm.set(this.#look, this.#node.clock.now)
  }

  /** Something may have changed for a script that is suspended. */
  readonly #look = (): void => {
    const engine = this.#engine as LuaEngine
    if (this.#debugger.standstill === 'stopped') {
      if (!this.#serves(engine)) return
      if (engine.isDead) this.#conclude()
      else this.#goOn()
    } else if (this.#debugger.standstill === 'paused') this.#goOn()
  }

  /** Whether the client has been answered and the script is not to stand any longer. */
  #serves(engine: LuaEngine): boolean {
    const { propagation } = this.#node
    const { caller } = this.#call
    const outer = propagation.suspend()
    if (this.#copy === undefined) propagation.resume(caller.suspended?.unit ?? [])
    try {
      return engine.orDie(() => this.#inItsTime(() => this.#debugger.serve()))
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error
      return true
    } finally {
      this.#keepUnit()
      propagation.resume(outer)
      this.#speak()
    }
  }

  /** What the script has changed belongs to it, and to nobody when that is on a copy. */
  #keepUnit(): void {
    const { caller } = this.#call
    const unit = this.#node.propagation.suspend()
    const rest = caller.suspended
    if (this.#copy === undefined && rest !== undefined) caller.suspended = { ...rest, unit }
  }

  #goOn(): void {
    const { propagation, alarm, clock } = this.#node
    const { caller } = this.#call
    if (this.#debugger.standstill === 'stopped') this.goesOn()
    this.#sliceStartedAt = this.#node.microseconds()
    const outer = propagation.suspend()
    if (this.#copy === undefined) propagation.resume(caller.suspended?.unit ?? [])
    const progress = this.#inItsTime(() => this.#debugger.resume())
    this.#keepUnit()
    propagation.resume(outer)
    this.#speak()
    if (progress === 'over') this.#conclude()
    else alarm.set(this.#look, clock.now)
  }

  #inItsTime<Result>(run: () => Result): Result {
    const { clock } = this.#node
    const { now } = clock
    clock.now = this.#startedMs
    try {
      return run()
    } finally {
      clock.now = now
    }
  }

  #speak(): void {
    const said = this.#log.take()
    if (said !== '') this.#call.caller.push(said)
  }

  #conclude(): void {
    const { caller, argv } = this.#call
    this.#node.holding.conclude(caller, {
      entry: this.#entry,
      argv,
      finish: () => this.#end(),
      microseconds: this.#node.microseconds() - this.#beganAt,
    })
    this.#node.holding.changed()
  }

  #end(): void {
    const { caller } = this.#call
    const { propagation } = this.#node
    propagation.prevent()
    this.#close(() =>
      this.#engine?.finish({
        sink: caller.reply,
        failed: (text) => {
          this.#entry.stats.failed++
          caller.reply.raw(`-${text.replace(/[\r\n]/g, ' ')}\r\n`)
        },
      }),
    )
    propagation.prevent()
  }

  #close(reply?: () => void): void {
    const { io, ended } = this.#parts
    const { caller, mode } = this.#call
    this.#log.add('<endsession>')
    this.#log.send()
    this.#speak()
    caller.line = undefined
    ended()
    reply?.()
    caller.closeAfterReply()
    io.log(
      'warning',
      mode === 'sync'
        ? 'Redis synchronous debugging eval session ended'
        : 'Lua debugging session child exiting',
    )
  }

  // What the debugger asks for.

  get hasTimedOut(): boolean {
    const limitMs = this.#parts.config.number('busy-reply-threshold') || PATIENCE_MS
    return (this.#node.microseconds() - this.#startedAt) / 1000 >= limitMs
  }

  get isImpatient(): boolean {
    return this.#node.microseconds() - this.#sliceStartedAt >= SLICE_MICROSECONDS
  }

  goesOn(): void {
    this.#startedAt = this.#node.microseconds()
    this.#sliceStartedAt = this.#startedAt
    this.#startedMs = this.#node.clock.now
  }

  poll(): void {
    const { io } = this.#parts
    const { propagation, ending } = this.#node
    const unit = propagation.suspend()
    this.#speak()
    this.#node.holding.scriptChanged()
    io.pollClients()
    io.sleep(POLL_MS)
    propagation.resume(unit)
    if (ending.isOver) this.#debugger.hangUp()
  }

  // What the script asks for.

  call(argv: readonly Bytes[], reply: LuaReply): void {
    const { commands, dispatcher } = this.#node
    const rights = this.#rights as ScriptRights
    const session = this.#session as Session
    const recorded = this.#reply as RecordedReply
    const entry = commands.resolve(argv)
    const isShown = this.#debugger.isStepping
    if (isShown) this.#debugger.calls(argv)
    const refusal = refusalToCall(this.#node, rights, { session, entry, argv })
    if (refusal !== undefined) {
      if (isShown) this.#debugger.refused(refusal.message)
      dispatcher.refuseToScript(entry, refusal, reply)
      return
    }
    recorded.isRecorded = isShown
    this.#run(entry as CommandEntry, argv)
    recorded.isRecorded = false
    if (isShown) this.#debugger.replied(recorded.takeText())
  }

  #run(entry: CommandEntry, argv: readonly Bytes[]): void {
    const session = this.#session as Session
    if (this.#copy !== undefined) {
      try {
        entry.command.run(session, argv)
      } catch (error) {
        session.reply.error(replyErrorOf(error).message)
      }
      return
    }
    const { dispatcher, propagation } = this.#node
    const before = propagation.length
    const naming = this.version.atLeast('7.2')
      ? { command: entry.command, argv }
      : { command: this.#entry.command, argv: this.#call.argv }
    dispatcher.callFromScript(this.#call.caller, session, { entry, argv, naming })
    if (this.#audience !== 'all') propagation.narrow(before, this.#audience)
  }

  permits(argv: readonly Bytes[]): boolean | undefined {
    const { caller } = this.#call
    const entry = this.#node.commands.resolve(argv)
    return entry && caller.acl.permits(caller, entry.command, argv)
  }

  log(level: number, text: Bytes): void {
    this.#parts.io.log(LOG_LEVELS[level] ?? 'debug', text)
  }

  replicateTo(whom: number): void {
    this.#audience = AUDIENCES[whom] ?? 'all'
  }

  /** The debugger has the hook. */
  interrupted(): 'go on' {
    return 'go on'
  }

  onError(text: Bytes): void {
    if (this.#copy === undefined) this.#node.onError(text)
  }
}
