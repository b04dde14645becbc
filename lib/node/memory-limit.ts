/**
 * How much memory the node may use, and what is done about it: clients go, then keys, then commands that would take more
 * are refused (performEvictions in evict.c and its place in processCommand). What is used is reckoned as a Redis would use
 * it, see MemoryLedger, so that a limit tried here means the same there.
 * Invariant: while `isLimited` is false, no command pays for more than looking at it.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import type { Random } from '../base/random.ts'
import type { Command } from '../commands/command.ts'
import type { Database } from '../keyspace/database.ts'
import { Eviction, evictionPolicies } from '../keyspace/eviction.ts'
import type { Alarm } from './alarm.ts'
import type { ClientMemory } from './client-memory.ts'
import type { Config } from './config/config.ts'
import type { Session } from './session.ts'

/** What a server takes that holds nothing, as 7.0.15 says of itself. */
const STARTUP_BYTES = { alone: 876_408, inCluster: 1_600_336 }

/** Up to this tenacity the time for one run grows evenly; beyond, by the power; at the end it is without limit. */
const EVEN_TENACITY = 10
const MICROSECONDS_PER_TENACITY = 50
const TENACITY_BASE = 1.15
const TENACITY_MAX = 100
/** Keys that go before the clock is looked at. */
const KEYS_PER_LOOK = 16

/** Commands of an open transaction that never take more. */
const FREE_OF_MEMORY = new Set(['discard', 'quit', 'reset'])

/** What the limit asks of its node. */
export interface LimitedNode {
  readonly clock: Clock
  readonly random: Random
  readonly databases: readonly Database[]
  readonly alarm: Alarm
  readonly clientMemory: ClientMemory
  readonly isReplica: boolean
  /** The data stands still: nothing may go. */
  readonly holding: { readonly isActive: boolean }
  /** Bytes of the backlog of the replication stream. */
  readonly backlogBytes: number
  readonly backlogExcessBytes: number
  /** A monotonic clock, microseconds. */
  microseconds(): number
  readonly latency: { add(event: 'eviction-cycle' | 'eviction-del', microseconds: number): void }
  /** A key went to make room: replicas hear of it at once. */
  evicted(database: Database, key: Bytes): void
  warn(text: string): void
}

/** What may become of a command. */
export type Admission = 'runs' | 'out of memory' | 'client is gone'

/** The memory of one node and its limits. */
export class MemoryLimit {
  /** Keys or clients have a limit. */
  isLimited = false
  /** When the last command came nothing more could be taken: what it calls in turn is refused by this. */
  isFull = false
  /** The most that was ever seen to be used. */
  peakBytes = 0
  readonly startupBytes: number
  readonly #node: LimitedNode
  readonly #config: Config
  readonly #eviction: Eviction
  #maxBytes = 0
  #samples = 5
  /** Microseconds that keys may be deleted for at a time. */
  #patience = 0
  #isLazy = false
  /** The limit or the policy changed: what is too much goes at the end of the turn. */
  #isDue = false
  /** When there began to be too much, 0 while there is not. */
  #exceededAt = 0
  #exceededMicroseconds = 0

  constructor(node: LimitedNode, config: Config) {
    this.#node = node
    this.#config = config
    this.#eviction = new Eviction(node.databases, node.random)
    this.startupBytes = STARTUP_BYTES[config.boolean('cluster-enabled') ? 'inCluster' : 'alone']
    this.#watch(config)
  }

  #watch(config: Config): void {
    const follow = (name: string, apply: () => void): void => {
      apply()
      config.onChange(name, apply)
    }
    follow('maxmemory-policy', () => {
      this.#eviction.follow(evictionPolicies[config.text('maxmemory-policy')])
    })
    follow('maxmemory-samples', () => {
      this.#samples = config.number('maxmemory-samples')
    })
    follow('maxmemory-eviction-tenacity', () => {
      this.#patience = patienceOf(config.number('maxmemory-eviction-tenacity'))
    })
    follow('lazyfree-lazy-eviction', () => {
      this.#isLazy = config.boolean('lazyfree-lazy-eviction')
    })
    for (const name of ['maxmemory-clients', 'replica-ignore-maxmemory']) {
      config.onChange(name, () => this.#changed())
    }
    config.onChange('maxmemory', () => {
      this.#changed()
      this.#warnIfExceeded()
    })
    this.#changed()
  }

  #warnIfExceeded(): void {
    const used = this.usedBytes()
    if (this.#maxBytes === 0 || used <= this.#maxBytes) return
    this.#node.warn(
      `WARNING: the new maxmemory value set via CONFIG SET (${this.#maxBytes}) is smaller than the current memory usage (${used}). This will result in key eviction and/or the inability to accept new write commands depending on the maxmemory-policy.`,
    )
  }

  /** A directive or the role of the node changed. */
  roleChanged(): void {
    this.#changed()
  }

  #changed(): void {
    const { databases, clientMemory, isReplica } = this.#node
    const ignores = isReplica && this.#config.boolean('replica-ignore-maxmemory')
    this.#maxBytes = ignores ? 0 : this.#config.number('maxmemory')
    const hasLimit = this.#maxBytes > 0
    this.isLimited = hasLimit || clientMemory.limitBytes !== Number.POSITIVE_INFINITY
    clientMemory.follow(this.isLimited)
    for (const database of databases) database.accountMemory(hasLimit)
    this.#isDue = this.isLimited
    if (!hasLimit) this.#setExceeded(false)
    this.isFull = false
  }

  /** All that is used. While nothing is limited it is counted now. */
  usedBytes(): number {
    const { databases, clientMemory, backlogBytes } = this.#node
    clientMemory.refresh()
    let used = this.startupBytes + backlogBytes + clientMemory.bytes + clientMemory.replicaBytes
    for (const database of databases) used += database.memoryBytes()
    if (used > this.peakBytes) this.peakBytes = used
    return used
  }

  /** What is used for replicas that read slowly: keys must not go for it, or their DELs make it more. */
  get uncountedBytes(): number {
    return this.#node.clientMemory.replicaBytes + this.#node.backlogExcessBytes
  }

  /** Milliseconds that there was too much, up to now and this time. */
  get exceededMilliseconds(): { readonly total: number; readonly current: number } {
    const current = this.#exceededAt === 0 ? 0 : this.#node.microseconds() - this.#exceededAt
    return {
      total: Math.floor((this.#exceededMicroseconds + current) / 1000),
      current: Math.floor(current / 1000),
    }
  }

  /** CONFIG RESETSTAT. */
  resetStats(): void {
    this.#exceededMicroseconds = 0
    if (this.#exceededAt !== 0) this.#exceededAt = this.#node.microseconds()
  }

  /** Makes room before a command of a session runs, and says whether it may. Only while there are limits. */
  admits(session: Session, command: Command, argv: readonly Bytes[]): Admission {
    const { clientMemory } = this.#node
    clientMemory.update(session)
    clientMemory.evict()
    if (session.closing === 'now') return 'client is gone'
    if (this.#maxBytes === 0) return 'runs'
    // Nobody goes for what he is about to run, but keys do.
    clientMemory.update(session, argv)
    this.isFull = !this.#makeRoom()
    return this.isFull && takesMemory(session, command) ? 'out of memory' : 'runs'
  }

  /** A session has read, run or written something. */
  sessionChanged(session: Session): void {
    this.#node.clientMemory.update(session)
  }

  /** Ends a turn: a lower limit is enforced, and clients that have grown go. */
  settle(): void {
    this.#node.clientMemory.evict()
    if (!this.#isDue) return
    this.#isDue = false
    if (this.#maxBytes > 0) this.#makeRoom()
  }

  readonly #goOn = (): void => {
    if (this.#maxBytes > 0) this.#makeRoom()
  }

  /** Deletes keys if there is too much; false when there is and no key may go. */
  #makeRoom(): boolean {
    // What waits for the end of a pause finds the data as it was.
    if (this.#node.holding.isActive) return true
    const excess = this.usedBytes() - this.uncountedBytes - this.#maxBytes
    if (excess <= 0) {
      this.#setExceeded(false)
      return true
    }
    const startedAt = this.#node.microseconds()
    const hasRoom = this.#evictUntil(excess, startedAt + this.#patience)
    this.#node.latency.add('eviction-cycle', this.#node.microseconds() - startedAt)
    return hasRoom
  }

  /** Deletes keys until so much is free, or the time for it is over; false when no key may go. */
  #evictUntil(wantedBytes: number, until: number): boolean {
    let excess = wantedBytes
    for (let gone = 1; excess > 0; gone++) {
      const victim = this.#eviction.next(this.#samples)
      if (victim === undefined) {
        this.#setExceeded(true)
        return false
      }
      excess -= this.#evict(victim.database, victim.key)
      if (excess <= 0 || gone % KEYS_PER_LOOK !== 0 || this.#node.microseconds() < until) continue
      this.#setExceeded(true)
      this.#node.alarm.set(this.#goOn, this.#node.clock.now)
      return true
    }
    this.#setExceeded(false)
    return true
  }

  /** Returns what became free; what telling of it takes is not counted. */
  #evict(database: Database, key: Bytes): number {
    const before = database.memoryBytes()
    const startedAt = this.#node.microseconds()
    if (this.#isLazy) database.countLazyFree(key)
    database.evict(key)
    this.#node.latency.add('eviction-del', this.#node.microseconds() - startedAt)
    this.#node.evicted(database, key)
    return before - database.memoryBytes()
  }

  #setExceeded(isExceeded: boolean): void {
    if (isExceeded === (this.#exceededAt !== 0)) return
    const now = this.#node.microseconds()
    if (isExceeded) {
      this.#exceededAt = now
    } else {
      this.#exceededMicroseconds += now - this.#exceededAt
      this.#exceededAt = 0
    }
  }
}

/** Whether a command is one that is refused when nothing more can be taken. */
function takesMemory({ transaction }: Session, command: Command): boolean {
  if (command.has('denyoom')) return true
  if (!transaction.active) return false
  // What is queued takes memory, too, whatever it will do.
  if (command.fullName === 'exec') return transaction.mayGrow
  return !FREE_OF_MEMORY.has(command.fullName)
}

/** Microseconds that keys are deleted for at a time (evictionTimeLimitUs). */
function patienceOf(tenacity: number): number {
  if (tenacity >= TENACITY_MAX) return Number.POSITIVE_INFINITY
  const even = MICROSECONDS_PER_TENACITY * Math.min(tenacity, EVEN_TENACITY)
  return tenacity <= EVEN_TENACITY ? even : even * TENACITY_BASE ** (tenacity - EVEN_TENACITY)
}
