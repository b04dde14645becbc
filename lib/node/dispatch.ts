/**
 * A request on its way to its handler: look-up, arity, authentication, permissions, slot routing, the gates of replicas and
 * transactions, the run, propagation (processCommand and call in server.c). Gates read flags, never names. The order of
 * the checks is Redis' own: clients see which error wins.
 */
import { type Bytes, upToNul } from '../base/bytes.ts'
import { arityFits, type Command } from '../commands/command.ts'
import type { CommandEntry, CommandTable } from '../commands/table.ts'
import {
  errors,
  ReplyError,
  replyErrorOf,
  subscriberOnly,
  unknownSubcommand,
  wrongArity,
} from '../resp/reply-error.ts'
import type { ReplySink } from '../resp/reply-sink.ts'
import type { Resumption } from './blocked-clients.ts'
import type { Durations } from './duration.ts'
import type { Holding } from './holding.ts'
import type { Admission } from './memory-limit.ts'
import type { Monitors } from './monitors.ts'
import { PauseLevel } from './pause.ts'
import type { Propagation } from './propagation.ts'
import type { Session } from './session.ts'
import type { NodeStats } from './stats.ts'
import type { NamingCommand, TrackingTable } from './tracking.ts'
import type { QueuedCommand } from './transaction.ts'

/** What dispatch asks of the rest of the node. */
export interface DispatchGates {
  /** Where keys are served; undefined on a standalone node. */
  readonly router: Router | undefined
  /** This node follows a master. */
  readonly isReplica: boolean
  readonly replicaIsReadOnly: boolean
  /** The replica may answer although its link to the master is down. */
  readonly servesStaleData: boolean
  readonly masterLinkUp: boolean
  /** The data is not all there yet. */
  readonly isLoading: boolean
  readonly isLoadingAsync: boolean
  /** Enough replicas are in sync to accept writes (min-replicas-to-write). */
  readonly hasGoodReplicas: boolean
  /** What the node may use, and who has to go for it. */
  readonly memory: {
    readonly isLimited: boolean
    admits(session: Session, command: Command, argv: readonly Bytes[]): Admission
  }
  /** Why writes are refused: what they change could not be saved. */
  readonly writeRefusal: ReplyError | undefined
  /** What has to wait. */
  readonly holding: Holding
  /** Commands that concern keys in flight have to wait. */
  readonly inFlight: {
    holds(session: Session, command: Command, argv: readonly Bytes[]): boolean
  }
  /** A script that is suspended, or slow. */
  readonly scripting: {
    refusal(session: Session, command: Command): ReplyError | undefined
    holds(session: Session, command: Command): boolean
  }
  /** May have held up the time for a transaction. */
  readonly debugging: { catchUp(): void }
  /** Who is shown what runs. */
  readonly monitors: Monitors
  /** Who hears of changes of what it has read. */
  readonly tracking: TrackingTable
  /** There are monitors, or clients that track. */
  readonly isObserved: boolean
  /** Clients that wait for keys. */
  readonly blocked: { readonly hasReady: boolean; serveReady(): void }
  /** How far the stream to the replicas is. */
  readonly writeOffset: number
  /** How far the append-only file is. */
  readonly logPosition: number
  /** A monotonic clock for statistics, microseconds. */
  microseconds(): number
  /** The count of changes of all databases. */
  readonly changes: { dirty: number }
  /** Performs what an admin command set off in the cluster, before anything else runs. */
  settleCluster(): void
  /** A command runs that may do more than read and write keys. */
  stir(): void
  /** A line for the log, at warning level. */
  warn(text: string): void
}

/** Decides where a command must run. */
export interface Router {
  /** The redirection or refusal for this command, undefined when this node serves it. */
  route(session: Session, command: Command, argv: readonly Bytes[]): ReplyError | undefined
  /** The slot of a command's first key; undefined without one. */
  slotOf(session: Session, command: Command, argv: readonly Bytes[]): number | undefined
  /** The same for all commands of a transaction. */
  routeTransaction(session: Session, queued: readonly QueuedCommand[]): ReplyError | undefined
  /** The error that ends the wait of a blocked client, undefined while its first key is still served here. */
  routeBlocked(session: Session, key: Bytes): ReplyError | undefined
}

/** Commands that act on a transaction instead of being queued by it. */
const UNQUEUED = new Set(['exec', 'discard', 'multi', 'watch', 'quit', 'reset'])

/** What a client that has subscriptions may say in RESP2. */
const SUBSCRIBER_COMMANDS = new Set([
  'ping',
  'subscribe',
  'unsubscribe',
  'psubscribe',
  'punsubscribe',
  'ssubscribe',
  'sunsubscribe',
  'quit',
  'reset',
])

/** A command whose work is done but for the last of it. */
export interface ConcludedCommand {
  readonly entry: CommandEntry
  readonly argv: readonly Bytes[]
  /** Does what is left and writes the reply. */
  readonly finish: () => void
  /** How long it took, where that counts. */
  readonly microseconds?: number
}

/** Runs the requests of all sessions of a node. */
export class Dispatcher {
  readonly #table: CommandTable
  readonly #gates: DispatchGates
  readonly #holding: Holding
  readonly #propagation: Propagation
  readonly #stats: NodeStats
  readonly #durations: Durations
  /** What EXEC has queued is being run. */
  isInTransaction = false
  /** Error replies so far whose command has been counted as failed or rejected. */
  #errorsCounted = 0

  constructor(
    table: CommandTable,
    gates: DispatchGates,
    propagation: Propagation,
    stats: NodeStats,
    durations: Durations,
  ) {
    this.#table = table
    this.#gates = gates
    this.#holding = gates.holding
    this.#propagation = propagation
    this.#stats = stats
    this.#durations = durations
  }

  /** Runs one request and writes its reply. */
  execute(session: Session, argv: readonly Bytes[]): void {
    if (session.replyMode !== 'on') {
      this.#executeSilently(session, argv)
      return
    }
    this.#execute(session, argv)
  }

  /** CLIENT REPLY OFF and SKIP: the command runs, what it replies is dropped. */
  #executeSilently(session: Session, argv: readonly Bytes[]): void {
    if (session.replyMode === 'skip-next') session.replyMode = 'skip'
    const written = silently(session, () => this.#execute(session, argv))
    // It has not run yet; what it writes then is dropped.
    if (session.isHeld) return
    // Turning replies on again is answered.
    const mode = session.replyMode as string
    if (mode === 'on') session.reply.raw(written)
    else if (mode === 'skip') session.replyMode = 'on'
  }

  #execute(session: Session, argv: readonly Bytes[]): void {
    // An empty request does nothing, and uses up what holds for one.
    const target = argv.length === 0 ? undefined : this.#executeNamed(session, argv)
    // ASKING holds for one command, whatever becomes of it, or for a whole transaction.
    if (!session.asking || session.transaction.active || session.postponed !== undefined) return
    if (target?.command.fullName !== 'asking') session.asking = false
  }

  /** The command that argv names, after it was run or refused; undefined when there is none. */
  #executeNamed(session: Session, argv: readonly Bytes[]): CommandEntry | undefined {
    const entry = this.#table.find(argv[0] as Bytes)
    const target = entry?.subcommands === undefined ? entry : this.#subcommand(session, entry, argv)
    session.lastCommand = target
    if (target !== undefined) this.#executeKnown(session, variantOf(session, target, argv), argv)
    else if (entry === undefined) this.#unknown(session, argv)
    return target
  }

  #executeKnown(session: Session, target: CommandEntry, argv: readonly Bytes[]): void {
    const { command } = target
    const { arity } = command
    if (arity > 0 ? argv.length !== arity : argv.length < -arity) {
      this.#reject(session, target, wrongArity(command.fullName))
      return
    }
    if (this.#passes(session, target, argv)) {
      if (session.transaction.active && !UNQUEUED.has(command.fullName)) {
        session.transaction.enqueue(target, argv)
        session.reply.simple('QUEUED')
      } else {
        if (this.#gates.isObserved) this.#callObserved(session, target, argv)
        else this.call(session, target, argv)
        this.#endUnit(session, command.comesUponKeys)
      }
    }
  }

  /** A command or a whole transaction of this session has run. */
  #endUnit(session: Session, isLoose = false): void {
    const gates = this.#gates
    this.#propagation.endUnit(isLoose)
    if (this.#propagation.active) {
      session.writeOffset = gates.writeOffset
      session.logPosition = gates.logPosition
    }
    // Nobody is served from half a transaction.
    if (gates.blocked.hasReady && !this.#holding.isExclusive) gates.blocked.serveReady()
  }

  #subcommand(
    session: Session,
    container: CommandEntry,
    argv: readonly Bytes[],
  ): CommandEntry | undefined {
    const given = argv[1]
    if (given === undefined) return container
    const found = container.subcommands?.get(given.toLowerCase())
    if (found !== undefined) return found
    // A container with a handler of its own and no such subcommand runs itself.
    this.#reject(session, undefined, unknownSubcommand(container.command.name, given))
    return undefined
  }

  #unknown(session: Session, argv: readonly Bytes[]): void {
    const name = argv[0] as Bytes
    if (/^(host:|post)$/i.test(name)) {
      // Somebody talks HTTP to us: a page in a browser may be trying to send commands.
      this.#gates.warn(
        `Possible SECURITY ATTACK detected. It looks like somebody is sending POST or Host: commands to Redis. This is likely due to an attacker attempting to use Cross Protocol Scripting to compromise your Redis instance. Connection from ${session.peer.address} aborted.`,
      )
      session.closing = 'now'
      return
    }
    let shown = ''
    for (const word of argv.slice(1)) {
      if (shown.length >= 128) break
      shown += `'${upToNul(word).slice(0, 128 - shown.length)}' `
    }
    this.#reject(
      session,
      undefined,
      new ReplyError(
        `ERR unknown command '${upToNul(name).slice(0, 128)}', with args beginning with: ${shown}`,
      ),
    )
  }

  /** Whether the command may run here and now; if not, the reason is written. */
  #passes(session: Session, entry: CommandEntry, argv: readonly Bytes[]): boolean {
    const refusal = this.#admission(session, entry.command, argv)
    if (refusal !== undefined) {
      this.#reject(session, entry, refusal)
      return false
    }
    const { memory } = this.#gates
    if (session.kind === 'master') {
      if (memory.isLimited && !this.#fits(session, entry, argv)) return false
      return !this.#holdsBack(session, entry, argv)
    }
    const elsewhere = this.#redirection(session, entry.command, argv)
    if (elsewhere !== undefined) {
      entry.stats.rejected++
      if (entry.command.fullName === 'exec') session.transaction.discard()
      else session.transaction.refuse()
      session.reply.error(elsewhere.message)
      forgetCaching(session)
      return false
    }
    if (memory.isLimited && !this.#fits(session, entry, argv)) return false
    const forbidden = this.#roleRefusal(session, entry.command)
    if (forbidden !== undefined) {
      this.#reject(session, entry, forbidden)
      return false
    }
    return !this.#holdsBack(session, entry, argv)
  }

  /** Whether the command has to wait, and is postponed, or is refused because a script takes long. */
  #holdsBack(session: Session, entry: CommandEntry, argv: readonly Bytes[]): boolean {
    if (!this.#holding.isActive) return false
    const refusal = this.#gates.scripting.refusal(session, entry.command)
    if (refusal !== undefined) this.#reject(session, entry, refusal)
    else if (this.#mustWait(session, entry.command, argv)) this.#holding.postpone(session, argv)
    else return false
    return true
  }

  /** Whether there is memory for the command, after others have gone for it; if not, the client hears so or is gone. */
  #fits(session: Session, entry: CommandEntry, argv: readonly Bytes[]): boolean {
    const admission = this.#gates.memory.admits(session, entry.command, argv)
    if (admission === 'out of memory') this.#reject(session, entry, errors.outOfMemory)
    return admission === 'runs'
  }

  #mustWait(session: Session, command: Command, argv: readonly Bytes[]): boolean {
    const { inFlight, scripting } = this.#gates
    const { level } = this.#holding
    if (scripting.holds(session, command)) return true
    if (level !== PauseLevel.none && hasToWait(session, command, level)) return true
    return inFlight.holds(session, command, argv)
  }

  #admission(session: Session, command: Command, argv: readonly Bytes[]): ReplyError | undefined {
    if (!session.authenticated && !session.mayAct && !command.has('no_auth')) return errors.noAuth
    if (session.transaction.active && command.has('no_multi')) return errors.notInTransaction
    if (session.user.isUnrestricted) return undefined
    return session.acl.refusal(session, command, argv)
  }

  #redirection(session: Session, command: Command, argv: readonly Bytes[]): ReplyError | undefined {
    const router = this.#gates.router
    if (router === undefined) return undefined
    if (command.firstKey !== 0 || command.movableKeys) return router.route(session, command, argv)
    if (command.fullName === 'exec' && session.transaction.active) {
      return router.routeTransaction(session, session.transaction.queued)
    }
    return undefined
  }

  #roleRefusal(session: Session, command: Command): ReplyError | undefined {
    const gates = this.#gates
    const writes = command.isWrite || (command.fullName === 'exec' && session.transaction.hasWrites)
    if (writes || command.fullName === 'ping') {
      const refusal = gates.writeRefusal
      if (refusal !== undefined) return refusal
    }
    if (writes && !gates.isReplica && !gates.hasGoodReplicas) return errors.notEnoughReplicas
    if (writes && gates.isReplica && gates.replicaIsReadOnly) return errors.readOnlyReplica
    if (session.subscribed && session.reply.protocol === 2) {
      if (!SUBSCRIBER_COMMANDS.has(command.fullName)) return subscriberOnly(command.fullName)
    }
    if (isReplicaLike(session, gates.monitors) && touchesKeys(command)) {
      return errors.replicaWithoutKeys
    }
    if (
      gates.isReplica &&
      !gates.masterLinkUp &&
      !gates.servesStaleData &&
      !runsStale(session, command)
    ) {
      return errors.masterDown
    }
    if (gates.isLoading && !command.has('loading')) return errors.loading
    if (gates.isLoadingAsync && command.has('no_async_loading')) return errors.loading
    return undefined
  }

  /** {@link call} while somebody watches: what a client does to what it has read is told after its reply. */
  #callObserved(session: Session, entry: CommandEntry, argv: readonly Bytes[]): void {
    const { monitors, tracking } = this.#gates
    tracking.commandBegins(session)
    if (monitors.any) monitors.announce(session, entry.command, argv)
    this.call(session, entry, argv)
    this.#observe(session, entry, argv)
    tracking.commandEnds()
    if (!entry.command.name.startsWith('CLIENT ')) forgetCaching(session)
  }

  #observe(session: Session, { command }: CommandEntry, argv: readonly Bytes[]): void {
    const { monitors, tracking } = this.#gates
    if (monitors.any) monitors.show(session, command, argv)
    if (tracking.any) tracking.commandRan(session, command, argv)
  }

  /** Runs a command that passed the gates; its effects join the current unit. */
  call(session: Session, entry: CommandEntry, argv: readonly Bytes[]): void {
    const { command, stats } = entry
    if (!command.isPlain) this.#gates.stir()
    const changes = this.#gates.changes
    const dirtyBefore = changes.dirty
    this.#propagation.begin(session.databaseIndex)
    const isTimed = this.#durations.wants(entry, argv)
    const startedAt = isTimed ? this.#gates.microseconds() : 0
    this.#errorsCounted = this.#stats.errorReplies
    const untouched = session.noTouch ? session.db : undefined
    if (untouched !== undefined) untouched.noTouch = true
    try {
      command.run(session, argv)
    } catch (error) {
      session.reply.error(replyErrorOf(error).message)
    }
    if (untouched !== undefined) untouched.noTouch = false
    stats.calls++
    this.#stats.commands++
    // An error inside EXEC is the queued command's alone.
    if (this.#stats.errorReplies > this.#errorsCounted) stats.failed++
    this.#errorsCounted = this.#stats.errorReplies
    if (isTimed) {
      const microseconds = this.#gates.microseconds() - startedAt
      this.#durations.called(session, { entry, argv, microseconds })
    }
    this.#propagation.finish(argv, changes.dirty !== dirtyBefore)
    if (command.isAdmin) this.#gates.settleCluster()
  }

  /** Runs a command of the append-only file: no gate stops it, nobody is told. Why it cannot be run, if it cannot. */
  replay(session: Session, argv: readonly Bytes[]): 'unknown' | 'malformed' | undefined {
    const entry = this.#table.find(argv[0] as Bytes)
    if (entry === undefined) return 'unknown'
    const subcommand = entry.subcommands?.get((argv[1] ?? '').toLowerCase())
    const target = subcommand ?? entry
    const { arity, fullName } = target.command
    if (arity > 0 ? argv.length !== arity : argv.length < -arity) return 'malformed'
    if (session.transaction.active && !UNQUEUED.has(fullName)) {
      session.transaction.enqueue(target, argv)
      return undefined
    }
    this.#propagation.begin(session.databaseIndex)
    try {
      target.command.run(session, argv)
    } catch (error) {
      // What it meant failed when it was logged, too.
      if (!(error instanceof ReplyError)) throw error
    }
    session.reply.takeParts()
    session.reply.take()
    return undefined
  }

  /**
   * Runs the rest of the command of a client that was blocked; its effects are a unit of their own. What `action` returns:
   * whether that was the end of the command. An error ends it, too.
   */
  resume(session: Session, action: () => Resumption): boolean {
    if (session.replyMode === 'on') return this.#resume(session, action)
    let isOver = false
    silently(session, () => {
      isOver = this.#resume(session, action)
    })
    if (isOver && session.replyMode === 'skip') session.replyMode = 'on'
    return isOver
  }

  #resume(session: Session, action: () => Resumption): boolean {
    const { db } = session
    const dirtyBefore = this.#gates.changes.dirty
    const errorsBefore = this.#stats.errorReplies
    const startedAt = this.#gates.microseconds()
    this.#propagation.begin(session.databaseIndex)
    db.noTouch = session.noTouch
    const { isObserved, tracking } = this.#gates
    if (isObserved) tracking.commandBegins(session)
    let resumption: Resumption = 'served'
    try {
      resumption = action()
    } catch (error) {
      session.reply.error(replyErrorOf(error).message)
    }
    if (isObserved) tracking.commandEnds()
    db.noTouch = false
    if (resumption !== 'blocked') {
      const microseconds = this.#gates.microseconds() - startedAt
      this.#durations.unblocked(session, { microseconds, isLogged: resumption === 'served' })
    }
    const stats = session.lastCommand?.stats
    if (stats !== undefined && this.#stats.errorReplies > errorsBefore) stats.failed++
    this.#propagation.finish(undefined, this.#gates.changes.dirty !== dirtyBefore)
    this.#propagation.endUnit()
    return resumption !== 'blocked'
  }

  /**
   * Runs a command that a script calls; whoever watches the caller hears of it, and what the caller tracks are the keys of
   * `naming`.
   */
  callFromScript(
    caller: Session,
    session: Session,
    called: { entry: CommandEntry; argv: readonly Bytes[]; naming: NamingCommand },
  ): void {
    const { entry, argv, naming } = called
    this.call(session, entry, argv)
    if (!this.#gates.isObserved) return
    const { monitors, tracking } = this.#gates
    if (monitors.any) monitors.show(session, entry.command, argv)
    if (tracking.any) tracking.scriptCalled(caller, entry.command, naming)
  }

  /** Refuses a command to a script: that is no failure of the script's own command. */
  refuseToScript(entry: CommandEntry | undefined, refusal: ReplyError, reply: ReplySink): void {
    if (entry !== undefined) entry.stats.rejected++
    reply.error(refusal.message)
    this.#errorsCounted = this.#stats.errorReplies
  }

  /**
   * Runs what EXEC has queued. For the replicas the queued commands are all there is to say. False if it stopped half-way:
   * {@link conclude} goes on.
   */
  runQueued(session: Session, queued: readonly QueuedCommand[]): boolean {
    const { monitors } = this.#gates
    let isWhole = true
    /** All that is said of a client's last transaction: what ends it is its last word (CLIENT_CLOSE_AFTER_REPLY). */
    let lastWords: Bytes | undefined
    this.isInTransaction = true
    for (let i = 0; i < queued.length && isWhole; i++) {
      const { entry, argv } = queued[i] as QueuedCommand
      const refusal = session.user.isUnrestricted
        ? undefined
        : session.acl.refusalInTransaction(session, entry.command, argv)
      if (refusal !== undefined) {
        session.reply.error(refusal.message)
        continue
      }
      if (monitors.any) monitors.announce(session, entry.command, argv)
      this.call(session, entry, argv)
      if (this.#gates.isObserved) this.#observe(session, entry, argv)
      if (session.closing === 'after-reply') lastWords ??= session.reply.take()
      if (session.postponed === undefined) continue
      isWhole = false
      session.suspended = {
        queued: queued.slice(i + 1),
        unit: this.#propagation.suspend(),
        reply: session.reply.take(),
      }
    }
    this.isInTransaction = false
    this.#gates.debugging.catchUp()
    if (lastWords !== undefined) {
      session.reply.take()
      session.reply.raw(lastWords)
    }
    this.#propagation.prevent()
    return isWhole
  }

  /**
   * Ends a command that took more than its turn: `finish` does what is left of it and writes the reply; then the rest of the
   * transaction runs that it was part of. The session goes on unless that had to stop again.
   */
  conclude(session: Session, { entry, argv, finish, microseconds }: ConcludedCommand): void {
    const rest = session.suspended
    session.suspended = undefined
    session.postponed = undefined
    let isOver = true
    // What others tell the client comes before the reply, not in it.
    const written = silently(session, () => {
      if (rest !== undefined) {
        this.#propagation.resume(rest.unit)
        session.reply.raw(rest.reply)
      }
      this.#finish(session, entry, argv, finish)
      if (microseconds !== undefined) {
        this.#durations.concluded(session, { entry, argv, microseconds })
      }
      if (rest !== undefined) isOver = this.#runRest(session, rest.queued)
    })
    if (!isOver) return
    session.transaction.discard()
    session.asking = false
    if (session.replyMode === 'on') session.reply.raw(written)
    else if (session.replyMode === 'skip') session.replyMode = 'on'
    this.#endUnit(session)
  }

  /** Runs what is left of a transaction. The last words of a client that is to go have been said already. */
  #runRest(session: Session, queued: readonly QueuedCommand[]): boolean {
    if (session.closing !== 'after-reply') return this.runQueued(session, queued)
    const lastWords = session.reply.take()
    const isOver = this.runQueued(session, queued)
    session.reply.take()
    session.reply.raw(lastWords)
    return isOver
  }

  #finish(session: Session, entry: CommandEntry, argv: readonly Bytes[], finish: () => void): void {
    const { changes } = this.#gates
    const dirtyBefore = changes.dirty
    this.#errorsCounted = this.#stats.errorReplies
    this.#propagation.begin(session.databaseIndex)
    try {
      finish()
    } catch (error) {
      session.reply.error(replyErrorOf(error).message)
    }
    if (this.#stats.errorReplies > this.#errorsCounted) entry.stats.failed++
    this.#errorsCounted = this.#stats.errorReplies
    this.#propagation.finish(argv, changes.dirty !== dirtyBefore)
  }

  #reject(session: Session, entry: CommandEntry | undefined, error: ReplyError): void {
    if (entry !== undefined) entry.stats.rejected++
    if (entry?.command.fullName === 'exec') {
      session.transaction.discard()
      const reason = error.message.replace(/^ERR /, '')
      session.reply.error(`EXECABORT Transaction discarded because of: ${reason}`)
      return
    }
    session.transaction.refuse()
    session.reply.error(error.message)
    forgetCaching(session)
  }
}

/** The command as the gates are to see it, where its arguments tell. */
function variantOf(session: Session, entry: CommandEntry, argv: readonly Bytes[]): CommandEntry {
  const { command } = entry
  if (command.variant === undefined || !arityFits(command, argv)) return entry
  const variant = command.variant(session, command, argv)
  return variant === command ? entry : { ...entry, command: variant }
}

/** Runs something and takes away what it replied; what the session is told beside replies stays. */
function silently(session: Session, action: () => void): Bytes {
  const before = session.reply.take()
  session.pushedInSilence = ''
  action()
  const written = session.reply.take()
  session.reply.raw(before + session.pushedInSilence)
  session.pushedInSilence = undefined
  return written
}

/** The command, or all a transaction has queued, may run on data that is out of date. */
function runsStale(session: Session, command: Command): boolean {
  if (command.fullName !== 'exec') return command.has('stale')
  return session.transaction.queued.every(({ entry }) => entry.command.has('stale'))
}

/** A command as long as so much is held back. What replicas and the host ask for goes on unless it writes. */
function hasToWait(session: Session, command: Command, level: PauseLevel): boolean {
  if (session.kind === 'replica') return false
  if (level === PauseLevel.all && session.kind !== 'host') return true
  if (command.fullName === 'exec') return session.transaction.mayReplicate
  return command.isWrite || command.has('may_replicate')
}

/** CLIENT CACHING holds for one command, whatever becomes of it, or for a whole transaction. */
function forgetCaching({ tracking, transaction }: Session): void {
  if (!transaction.active) tracking.commandOver()
}

/** A replica, or a monitor, which Redis counts among them: no pause or limit holds it back, so it is kept from the keys (CLIENT_SLAVE). */
function isReplicaLike(session: Session, monitors: Monitors): boolean {
  return session.kind === 'replica' || (monitors.any && session.monitoring)
}

/** What it may not do. */
function touchesKeys(command: Command): boolean {
  return command.isWrite || command.isReadonly || command.has('may_replicate')
}
