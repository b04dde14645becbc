/**
 * Deletes keys, and fields of hashes, whose time is over although nobody asks for them, for no more than a part of the processor's time
 * (activeExpireCycle in expire.c). Redis samples for such keys; here a queue knows them, so that none is left while there is
 * time. Invariant: each that goes is a unit of its own for the replicas.
 */
import type { Database } from '../keyspace/database.ts'

/** Keys that go before the clock is looked at. */
const KEYS_PER_LOOK = 16
/** Microseconds between two cycles, and the share of them that a cycle may take: by so much more with each effort. */
const PERIOD_MICROSECONDS = 100_000
const SHARE = 0.25
const SHARE_PER_EFFORT = 0.02
/** How much of its last value the estimate of what is left keeps. */
const INERTIA = 0.95
/** What INFO tells of it at least: a two-hundredth of a percent. */
const TOLD_SHARE = 0.00005
/** Keys that are looked at for it. */
const SAMPLES = 20

/** What the cycle asks of its node. */
export interface ExpiringNode {
  readonly databases: readonly Database[]
  /** Its master deletes its keys. */
  readonly isReplica: boolean
  readonly propagation: { endUnit(): void }
  /** `active-expire-effort`, 1 to 10. */
  readonly expireEffort: number
  /** A monotonic clock, microseconds. */
  microseconds(): number
}

/** The active expiry of one node. */
export class ExpiryCycle {
  /** What is deleted now is deleted by the cycle: each field of a hash, too, is a unit of its own. */
  isRunning = false
  /** Cycles that ended because their time was over. */
  cutShort = 0
  /** All time that cycles took. */
  microseconds = 0
  /** The share of expiring keys that are over and still there, 0 to 1, averaged over the last cycles. */
  staleShare = 0
  readonly #node: ExpiringNode
  /** The database to begin with: none is left out because others have much to do. */
  #next = 0

  constructor(node: ExpiringNode) {
    this.#node = node
  }

  /** The next run does nothing, unless something has come to its end. */
  get isAtRest(): boolean {
    return this.staleShare < TOLD_SHARE
  }

  /** Ten times a second. Returns the microseconds it took. */
  run(): number {
    const { databases, isReplica } = this.#node
    if (isReplica) {
      for (const database of databases) database.expireOwn()
      return 0
    }
    const startedAt = this.#node.microseconds()
    const share = SHARE + SHARE_PER_EFFORT * (this.#node.expireEffort - 1)
    const until = startedAt + PERIOD_MICROSECONDS * share
    this.isRunning = true
    let isCut = false
    for (let i = 0; i < databases.length && !isCut; i++) {
      const database = databases[this.#next % databases.length] as Database
      isCut = this.#expire(database, until)
      if (isCut) this.cutShort++
      else this.#next++
    }
    this.isRunning = false
    const stale = isCut ? this.#sampledShare() : 0
    this.staleShare = INERTIA * this.staleShare + (1 - INERTIA) * stale
    const elapsed = this.#node.microseconds() - startedAt
    this.microseconds += elapsed
    return elapsed
  }

  /** CONFIG RESETSTAT. */
  resetStats(): void {
    this.cutShort = 0
    this.microseconds = 0
    this.staleShare = 0
  }

  /** True when the time was over before the keys were. */
  #expire(database: Database, until: number): boolean {
    for (let gone = 1; database.expireDue(1) > 0 || database.expireFieldsDue(1) > 0; gone++) {
      this.#node.propagation.endUnit()
      if (gone % KEYS_PER_LOOK === 0 && this.#node.microseconds() >= until) return true
    }
    return false
  }

  #sampledShare(): number {
    let over = 0
    let seen = 0
    for (const database of this.#node.databases) {
      for (const key of database.sampleKeys(SAMPLES, 'expiring')) {
        if (database.isExpired(key)) over++
        seen++
      }
    }
    return seen === 0 ? 0 : over / seen
  }
}
