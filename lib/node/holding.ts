/**
 * What a node holds back, and who waits for it: commands during a pause, while keys are in flight, and while a script is
 * suspended. Invariant: once less is held than when they came, those who wait go on before the turn ends, in the order they
 * came, and through all gates again (postponeClient, processUnblockedClients).
 */
import type { Bytes } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import type { ConcludedCommand, Dispatcher } from './dispatch.ts'
import type { HostRequests } from './host-requests.ts'
import type { Migration } from './migration.ts'
import { PauseLevel, type PauseReason, Pauses } from './pause.ts'
import { PostponedClients } from './postponed-clients.ts'
import type { Requests } from './requests.ts'
import type { Scripting } from './scripting.ts'
import type { Session } from './session.ts'

/** The parts of a node that hold commands back, and those that hear of it. */
export interface HoldingNode {
  readonly clock: Clock
  readonly inFlight: Pick<Migration, 'isRunning' | 'isExclusive'>
  readonly scripting: Pick<Scripting, 'isSuspended' | 'busy'>
  readonly replication: {
    readonly machine: { isPaused: boolean; hasKeysInFlight: boolean }
    /** The command of the master's stream that had to wait runs, and what came after it. */
    goOn(postponed: readonly Bytes[]): void
  }
  readonly dispatcher: Pick<Dispatcher, 'execute' | 'conclude'>
  markUnflushed(session: Session): void
  /** {@link Holding.isActive} may have changed: keys stay while commands wait. */
  setExpiry(): void
}

/** What it is made of. */
export interface HoldingParts {
  readonly node: HoldingNode
  readonly requests: Pick<Requests, 'run'>
  readonly host: Pick<HostRequests, 'conclude'>
}

/** What one node holds back. */
export class Holding {
  /** Some commands have to wait. A plain field: each command looks at it. */
  isActive = false
  readonly #node: HoldingNode
  readonly #requests: HoldingParts['requests']
  readonly #host: HoldingParts['host']
  readonly #pauses = new Pauses()
  readonly #postponed = new PostponedClients()

  constructor({ node, requests, host }: HoldingParts) {
    this.#node = node
    this.#requests = requests
    this.#host = host
  }

  /** How much is paused; true to the time of the last change or {@link refresh}. */
  get level(): PauseLevel {
    return this.#pauses.level
  }

  /** The data set is between two states: a transaction or a script has stopped half-way. */
  get isExclusive(): boolean {
    return this.#node.inFlight.isExclusive || this.#node.scripting.isSuspended
  }

  /** Clients whose request waits. */
  get waitingCount(): number {
    return this.#postponed.count
  }

  isPausedFor(reason: PauseReason): boolean {
    return this.#pauses.has(reason)
  }

  /** Lets commands wait until a time, Unix ms; keys do not expire meanwhile. */
  pause(reason: PauseReason, level: PauseLevel, untilMs: number): void {
    this.#pauses.begin(reason, level, untilMs, this.#node.clock.now)
    this.#pausesChanged()
  }

  unpause(reason: PauseReason): void {
    this.#pauses.end(reason, this.#node.clock.now)
    this.#pausesChanged()
  }

  /** Time may have ended a pause. */
  refresh(): void {
    if (this.#pauses.level === PauseLevel.none) return
    this.#pauses.refresh(this.#node.clock.now)
    this.#pausesChanged()
  }

  #pausesChanged(): void {
    // The stream of a node that is about to hand over stands still.
    this.#node.replication.machine.isPaused = this.#pauses.has('failover')
    this.changed()
  }

  /** Keys took off or have landed, or a script stopped or goes on. */
  changed(): void {
    const { inFlight, scripting, replication } = this.#node
    replication.machine.hasKeysInFlight = inFlight.isRunning
    this.isActive =
      this.#pauses.level !== PauseLevel.none || inFlight.isRunning || scripting.isSuspended
    this.#node.setExpiry()
  }

  /** A script was suspended or goes on, or became slow: who waited until now is told then that the node is busy. */
  scriptChanged(): void {
    this.changed()
    if (this.#node.scripting.busy !== undefined) this.#releaseWaiting()
  }

  /** Keeps a request that has to wait; what follows it in its session waits, too. */
  postpone(session: Session, argv: readonly Bytes[]): void {
    this.#postponed.postpone(session, argv, this.#pauses.level)
  }

  /** The client waits no longer, or not for what it waited for: it has something to say, and its next requests may run. */
  release(session: Session): void {
    this.#postponed.release(session)
    this.#node.markUnflushed(session)
  }

  /** A command ends that took more than its turn, and the wait of its client with it unless its transaction stops again. */
  conclude(session: Session, ended: ConcludedCommand): void {
    this.#node.dispatcher.conclude(session, ended)
    if (!session.isHeld) this.release(session)
  }

  /** The connection is gone. */
  forget(session: Session): void {
    this.#postponed.forget(session)
  }

  /** Lets go on who can, and those whom that releases in turn; false when there was nobody. */
  settle(): boolean {
    if (this.#postponed.count > 0) this.#retry()
    if (!this.#postponed.hasReleased) return false
    this.#postponed.goOn(this.#goOn)
    return true
  }

  /** Less has to wait than when it was postponed: all of it is tried again. */
  #retry(): void {
    this.refresh()
    if (this.#postponed.mayGoOn(this.isActive, this.#pauses.level)) this.#releaseWaiting()
  }

  #releaseWaiting(): void {
    for (const session of this.#postponed.takeWaiting()) this.release(session)
  }

  /** What was postponed goes through all gates again; what waited behind it, or behind a blocked command, follows. */
  readonly #goOn = (session: Session): void => {
    const { postponed } = session
    session.postponed = undefined
    if (session.closing !== 'no') return
    if (session.kind === 'master') {
      if (postponed !== undefined) this.#node.replication.goOn(postponed)
      return
    }
    if (postponed !== undefined) this.#node.dispatcher.execute(session, postponed)
    if (session.isHeld) return
    if (session.kind === 'host') this.#host.conclude(session)
    else if (session.closing === 'no') this.#requests.run(session)
  }
}
