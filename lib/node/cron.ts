/**
 * What a node does by itself ten times a second (serverCron), and which of these ticks it can do without: while nothing is
 * under way and nothing falls due, those between two full seconds. Invariant: a tick that is left out would have done
 * nothing; whatever enters the node makes the next one due, but for gossip, acknowledgements, and commands that read and
 * write keys and nothing else.
 */
import type { Clock } from '../base/clock.ts'
import { TICK_MS } from '../cluster/cron.ts'
import type { ServerActivity } from '../commands/context.ts'
import type { Database } from '../keyspace/database.ts'
import type { Alarm } from './alarm.ts'
import type { AppendOnlyFile } from './append-only/append-only-file.ts'
import type { BlockedClients } from './blocked-clients.ts'
import type { ClientCron } from './client-cron.ts'
import type { ClientMemory } from './client-memory.ts'
import type { ClusterShell } from './cluster-shell.ts'
import type { ExpiryCycle } from './expiry-cycle.ts'
import type { Holding } from './holding.ts'
import type { Loading } from './loading.ts'
import type { MemoryLimit } from './memory-limit.ts'
import type { Migration } from './migration.ts'
import type { Persistence } from './persistence.ts'
import type { ReplicationShell } from './replication-shell.ts'
import type { Session } from './session.ts'
import type { SharedView } from './shared-view.ts'
import type { Shutdown } from './shutdown.ts'
import type { NodeStats } from './stats.ts'
import type { TrackingTable } from './tracking.ts'

const TICKS_PER_SECOND = 10

/** What it looks after. */
export interface TendedNode {
  readonly clock: Clock
  readonly stats: NodeStats
  readonly holding: Holding
  readonly ending: Shutdown
  readonly inFlight: Migration
  readonly replication: ReplicationShell
  readonly expiryCycle: ExpiryCycle
  readonly databases: readonly Database[]
  readonly persistence: Persistence
  readonly appendOnly: AppendOnlyFile
  readonly tracking: TrackingTable
  readonly memory: MemoryLimit
  readonly clientMemory: ClientMemory
  readonly alarm: Alarm
  readonly blocked: BlockedClients
  readonly loading: Loading
  readonly isLoading: boolean
}

/** The cron of one node. */
export class Cron {
  readonly #node: TendedNode
  readonly #activity: ServerActivity
  readonly #clients: ClientCron
  readonly #cluster: ClusterShell | undefined
  readonly #view: SharedView
  /** Ticks so far, with those that were left out. */
  #ticks = 0
  #hasStarted = false
  /** When the last tick was, Unix ms. */
  #lastMs = 0
  /** Ticks after the last one that were left out and are accounted for already. */
  #passed = 0
  /** What this turn is, as far as is known. */
  #turn: 'stirring' | 'plain' | 'routine' | 'tick' = 'stirring'
  /** Something came in since the last tick that may do anything. */
  #wasStirred = true
  /** Clients came in since the last tick, or the stream of the master. */
  #wasAsked = true
  /** Commands that had run when the last tick began. */
  #commands = 0
  /** Until then, Unix ms, only the cluster machine and the stream have anything to do; 0 where that is to be found out. */
  #restUntilMs = 0
  /** So many of the ticks that follow the last one can be left out, unless something comes in. */
  idleTicks = 0

  constructor(parts: {
    readonly node: TendedNode
    readonly activity: ServerActivity
    readonly clients: ClientCron
    readonly cluster: ClusterShell | undefined
    readonly view: SharedView
  }) {
    this.#node = parts.node
    this.#activity = parts.activity
    this.#clients = parts.clients
    this.#cluster = parts.cluster
    this.#view = parts.view
  }

  /** The node has its data: from now on it does all that it does. */
  start(): void {
    this.#hasStarted = true
    this.#cluster?.step({ type: 'tick' })
    // In step with the machine, whose pings leave with what is done once a second.
    this.#ticks = 1
  }

  /** Every 100 ms. So many ticks before this one were left out; `isThorough` does what is not due, too. */
  tick(skipped: number, isThorough: boolean): void {
    this.#turn = 'tick'
    if (isThorough) this.#restUntilMs = 0
    if (!this.#activity.runsCron) return
    const { clock, ending, holding, stats } = this.#node
    this.#letPass(skipped)
    this.#passed = 0
    this.#lastMs = clock.now
    this.#ticks += skipped + 1
    stats.sample(clock.now)
    this.#commands = stats.commands
    holding.refresh()
    ending.tick()
    if (this.#hasStarted) this.#tend(skipped)
  }

  #tend(skipped: number): void {
    const { replication, alarm } = this.#node
    const isSecond = this.#ticks % TICKS_PER_SECOND === 0
    this.#node.inFlight.tick()
    this.#cluster?.step({ type: 'tick', skipped })
    // No replica begins with half a transaction.
    if (!this.#node.holding.isExclusive) replication.tick({ isSecond })
    const isResting = this.#isResting
    if (!isResting) this.#tendData()
    this.#view.publishOffset(replication.offset)
    // The host may have moved the clock.
    if (alarm.isDue) alarm.ring()
    if (!isResting) this.#clients.tick({ skipped, isSecond })
  }

  /** Neither clients nor data have anything to do: that was found out, and holds. */
  get #isResting(): boolean {
    if (this.#wasStirred || this.#wasAsked || this.#cluster?.hasActed) return false
    return this.#node.clock.now < this.#restUntilMs
  }

  #tendData(): void {
    const { persistence, appendOnly, tracking, memory } = this.#node
    this.#node.expiryCycle.run()
    if (!this.#node.isLoading && !this.#node.holding.isExclusive) {
      persistence.cron()
      appendOnly.cron()
    }
    if (tracking.any) tracking.limit()
    if (memory.isLimited) this.#node.clientMemory.recount()
  }

  /** Something enters of which nothing is known yet. */
  enter(): void {
    if (this.#turn === 'plain') this.#turn = 'stirring'
  }

  /** What this turn brings comes at any time and is answered without more ado; it concerns the cluster machine alone. */
  hearGossip(): void {
    if (this.#turn === 'stirring') this.#turn = 'routine'
  }

  /** What this turn brings is an acknowledgement, most likely. */
  hearReplica(): void {
    this.#catchUp()
    this.#restUntilMs = 0
    if (this.#turn === 'stirring') this.#turn = 'routine'
  }

  /** A client has something to say, or a master to its replica: the ticks that were left out have passed. */
  hearClient(): void {
    this.#wasAsked = true
    if (this.#turn === 'stirring') this.#turn = 'plain'
    if (this.idleTicks === 0) return
    this.#restUntilMs = 0
    this.#catchUp()
    if (this.#cluster !== undefined) this.#cluster.machine.now = this.#node.clock.now
  }

  /** It is one of those that may do anything: no more ticks are left out. */
  stir(): void {
    this.hearClient()
    this.#rouse()
  }

  /** Something was sent to a client, or waits for it to read. */
  weigh(session: Session): void {
    if (this.idleTicks > 0) this.#limitTo(this.#clients.buffersDueMs(session))
  }

  /** Accounts for the ticks that were left out up to now. */
  #catchUp(): void {
    if (this.idleTicks === 0) return
    const elapsed = Math.floor((this.#node.clock.now - this.#lastMs) / TICK_MS)
    this.#letPass(Math.min(elapsed, this.idleTicks))
  }

  /** So many ticks since the last one were left out. */
  #letPass(skipped: number): void {
    if (skipped <= this.#passed) return
    this.#node.stats.letPass(skipped - this.#passed, TICK_MS)
    this.#passed = skipped
  }

  #rouse(): void {
    this.idleTicks = 0
    this.#wasStirred = true
  }

  /** The turn ends. */
  settle(): void {
    const turn = this.#turn
    this.#turn = 'stirring'
    if (turn === 'stirring') this.#rouse()
    else if (turn === 'tick') {
      // What had to wait may have gone on.
      const hasRun = this.#node.stats.commands !== this.#commands
      const isNew = this.#wasStirred || hasRun
      if (isNew || this.#wasAsked) this.#restUntilMs = 0
      this.idleTicks = isNew ? 0 : this.#countIdle()
      this.#wasStirred = false
      this.#wasAsked = false
      if (this.#cluster !== undefined) this.#cluster.hasActed = false
    } else if (this.idleTicks > 0) {
      if (turn === 'plain') this.#weighKeys()
      else this.idleTicks = Math.min(this.idleTicks, this.#countIdle())
    }
  }

  /** What commands that read and write keys may have made due. */
  #weighKeys(): void {
    const { replication } = this.#node
    const isAtRest = replication.isAtRest && this.#isAtRest()
    this.#limitTo(isAtRest ? Math.min(replication.dueMs, this.#keysDueMs) : 0)
  }

  /** Something is due then, Unix ms. */
  #limitTo(dueMs: number): void {
    this.idleTicks = Math.min(this.idleTicks, this.#ticksBefore(dueMs))
  }

  /** So many ticks after the last one come before that, Unix ms. */
  #ticksBefore(dueMs: number): number {
    return Math.max(0, Math.ceil((dueMs - this.#lastMs) / TICK_MS) - 1)
  }

  #countIdle(): number {
    const untilSecond = TICKS_PER_SECOND - 1 - (this.#ticks % TICKS_PER_SECOND)
    const { clock, replication } = this.#node
    if (untilSecond === 0 || !replication.isAtRest) return 0
    if (this.#cluster?.hasActed || clock.now >= this.#restUntilMs) {
      this.#restUntilMs = this.#isAtRest() ? this.#dueMs : 0
    }
    const idle = this.#ticksBefore(Math.min(this.#restUntilMs, replication.dueMs))
    return Math.min(untilSecond, idle, this.#cluster?.machine.idleTicks ?? untilSecond)
  }

  /** When something is to be done about clients or data, Unix ms. */
  get #dueMs(): number {
    return Math.min(this.#clients.dueMs, this.#keysDueMs)
  }

  /** When a key ends, Unix ms. */
  get #keysDueMs(): number {
    let dueMs = Number.POSITIVE_INFINITY
    for (const database of this.#node.databases) {
      dueMs = Math.min(dueMs, database.nextExpiryMs)
    }
    return dueMs
  }

  /** But for the stream nothing is under way that goes on with the next tick, or with the next turn whatever it is. */
  #isAtRest(): boolean {
    const node = this.#node
    const { blocked, holding, inFlight, loading, memory, ending, tracking } = node
    return (
      this.#hasStarted &&
      this.#activity.runsCron &&
      !(this.#cluster?.hasActed ?? false) &&
      !holding.isActive &&
      !holding.isExclusive &&
      !node.isLoading &&
      loading.progress === undefined &&
      !ending.isUnderway &&
      inFlight.linkCount === 0 &&
      !blocked.any &&
      !blocked.hasHeld &&
      holding.waitingCount === 0 &&
      !tracking.any &&
      !memory.isLimited &&
      node.persistence.isAtRest &&
      node.appendOnly.isAtRest &&
      node.expiryCycle.isAtRest
    )
  }
}
