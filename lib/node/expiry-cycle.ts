/**
 * Deletes keys, and fields of hashes, whose time is over although nobody asks for them, for no more than a part of the processor's time
 * (activeExpireCycle in expire.c). Redis samples for such keys; here a queue knows them, so that none is left while there is
 * time. Where Redis takes that part of a tick in one go, a cycle goes on in slices between clients until the next tick.
 * Invariant: each that goes is a unit of its own for the replicas.
 */
import type { Clock } from '../base/clock.ts'
import type { Database } from '../keyspace/database.ts'
import type { Alarm } from './alarm.ts'

/** Keys that go before the clock is looked at. */
const KEYS_PER_LOOK = 16
/** Milliseconds from one slice to the next. */
const SLICE_PERIOD_MS = 4
/** A slice that comes late makes up for as long at most: a client waits for it. */
const SLICE_PERIOD_MAX_MICROSECONDS = 2 * SLICE_PERIOD_MS * 1000
/** The share of the time that slices may take: by so much more with each effort. */
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
  readonly clock: Clock
  readonly alarm: Pick<Alarm, 'set'>
  readonly databases: readonly Database[]
  /** Its master deletes its keys. */
  readonly isReplica: boolean
  /** Keys may go by themselves now. */
  readonly expires: boolean
  readonly latency: { add(event: 'expire-cycle', microseconds: number): void }
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
  /** There is more to do than there was time for. */
  #isUnderway = false
  /** When the last slice began, by the steady clock. */
  #slicedAt = Number.NEGATIVE_INFINITY

  constructor(node: ExpiringNode) {
    this.#node = node
  }

  /** The next run does nothing, unless something has come to its end. */
  get isAtRest(): boolean {
    return !this.#isUnderway && this.staleShare < TOLD_SHARE
  }

  /** Ten times a second: a cycle ends and the next one begins. */
  run(): void {
    if (!this.#node.expires) return
    if (this.#node.isReplica) {
      for (const database of this.#node.databases) database.expireOwn()
      return
    }
    if (this.#isUnderway) {
      this.cutShort++
      this.#end(this.#sampledShare())
    }
    this.#slice()
  }

  /** CONFIG RESETSTAT. */
  resetStats(): void {
    this.cutShort = 0
    this.microseconds = 0
    this.staleShare = 0
  }

  #slice(): void {
    const startedAt = this.#node.microseconds()
    const share = SHARE + SHARE_PER_EFFORT * (this.#node.expireEffort - 1)
    const period = Math.min(startedAt - this.#slicedAt, SLICE_PERIOD_MAX_MICROSECONDS)
    this.#slicedAt = startedAt
    this.isRunning = true
    this.#isUnderway = this.#expireUntil(startedAt + period * share)
    this.isRunning = false
    const elapsed = this.#node.microseconds() - startedAt
    this.microseconds += elapsed
    this.#node.latency.add('expire-cycle', elapsed)
    if (this.#isUnderway) this.#node.alarm.set(this.#goOn, this.#node.clock.now + SLICE_PERIOD_MS)
    else this.#end(0)
  }

  readonly #goOn = (): void => {
    if (!this.#node.expires) this.#isUnderway = false
    else if (this.#isUnderway) this.#slice()
  }

  #end(stale: number): void {
    this.#isUnderway = false
    this.staleShare = INERTIA * this.staleShare + (1 - INERTIA) * stale
  }

  /** True when the time was over before the keys were. */
  #expireUntil(until: number): boolean {
    const { databases } = this.#node
    for (let visits = 0; visits < databases.length; visits++) {
      const database = databases[this.#next++ % databases.length] as Database
      if (this.#expire(database, until)) return true
    }
    return false
  }

  /** True when the time was over before the keys of the database were. */
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
