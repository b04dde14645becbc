/**
 * Which key goes next when memory is full (evict.c): the better of a few samples, and of what earlier samples found, by age,
 * by frequency of use, by time to live, or by chance. Nothing is deleted here.
 * Invariant: what `next` returns is there, and expires if only such keys may go.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'
import type { Database } from './database.ts'

/** How keys are chosen. */
export interface EvictionPolicy {
  /** Only keys that expire may go. */
  readonly of: 'all' | 'expiring'
  readonly by: 'age' | 'frequency' | 'chance' | 'expiry'
}

/** What `maxmemory-policy` says; undefined: nothing goes. */
export const evictionPolicies: Readonly<Record<string, EvictionPolicy | undefined>> = {
  noeviction: undefined,
  'allkeys-lru': { of: 'all', by: 'age' },
  'allkeys-lfu': { of: 'all', by: 'frequency' },
  'allkeys-random': { of: 'all', by: 'chance' },
  'volatile-lru': { of: 'expiring', by: 'age' },
  'volatile-lfu': { of: 'expiring', by: 'frequency' },
  'volatile-random': { of: 'expiring', by: 'chance' },
  'volatile-ttl': { of: 'expiring', by: 'expiry' },
}

/** A key to be deleted. */
export interface Victim {
  readonly database: Database
  readonly key: Bytes
}

interface Candidate extends Victim {
  /** The greater, the sooner it goes. */
  readonly rank: number
}

/** Candidates that are kept from one choice to the next (EVPOOL_SIZE). */
const POOL_MAX = 16
const FREQUENCY_MAX = 255

/** Chooses keys among the databases of a node. */
export class Eviction {
  readonly #databases: readonly Database[]
  readonly #random: Random
  #policy: EvictionPolicy | undefined
  /** By rising rank. */
  #pool: Candidate[] = []

  constructor(databases: readonly Database[], random: Random) {
    this.#databases = databases
    this.#random = random
  }

  /** Follows a policy from now on, with the records of use that it needs. */
  follow(policy: EvictionPolicy | undefined): void {
    this.#policy = policy
    this.#pool = []
    const { by } = policy ?? {}
    if (by !== 'age' && by !== 'frequency') return
    for (const database of this.#databases) {
      database.recordAccesses(by === 'age' ? 'idle' : 'frequency')
    }
  }

  /** The key to go next, by so many samples of each database; undefined when none may go. */
  next(samples: number): Victim | undefined {
    const policy = this.#policy
    if (policy === undefined) return undefined
    switch (policy.by) {
      case 'chance':
        return this.#byChance(policy)
      case 'expiry':
        return this.#firstToExpire()
      default:
        return this.#byRank(policy, samples)
    }
  }

  #byChance({ of }: EvictionPolicy): Victim | undefined {
    const databases = this.#databases.filter((database) => countOf(database, of) > 0)
    if (databases.length === 0) return undefined
    const database = this.#random.pick(databases)
    const [key] = database.sampleKeys(1, of)
    return key === undefined ? undefined : { database, key }
  }

  /** Redis samples here, too; the queue of expiries knows. */
  #firstToExpire(): Victim | undefined {
    let first: (Victim & { readonly atMs: number }) | undefined
    for (const database of this.#databases) {
      const found = database.firstToExpire()
      if (found !== undefined && (first === undefined || found.atMs < first.atMs)) {
        first = { database, ...found }
      }
    }
    return first
  }

  #byRank(policy: EvictionPolicy, samples: number): Victim | undefined {
    for (const database of this.#databases) {
      for (const key of database.sampleKeys(samples, policy.of)) {
        this.#consider(database, key, rankOf(database, key, policy))
      }
    }
    for (let best = this.#pool.pop(); best !== undefined; best = this.#pool.pop()) {
      // It may have gone since it was found.
      if (mayGo(best, policy)) return best
    }
    return undefined
  }

  /** A candidate takes its place unless the pool is full of better ones. */
  #consider(database: Database, key: Bytes, rank: number): void {
    const pool = this.#pool
    const [worst] = pool
    if (pool.length === POOL_MAX && worst !== undefined && worst.rank >= rank) return
    if (pool.some((other) => other.key === key && other.database === database)) return
    const at = pool.findIndex((other) => other.rank >= rank)
    pool.splice(at < 0 ? pool.length : at, 0, { database, key, rank })
    if (pool.length > POOL_MAX) pool.shift()
  }
}

function rankOf(database: Database, key: Bytes, { by }: EvictionPolicy): number {
  if (by === 'age') return database.idleSecondsOf(key)
  return FREQUENCY_MAX - database.frequencyOf(key)
}

function mayGo({ database, key }: Victim, { of }: EvictionPolicy): boolean {
  return of === 'all' ? database.holds(key) : database.expiryOf(key) !== undefined
}

function countOf(database: Database, of: EvictionPolicy['of']): number {
  return of === 'all' ? database.size : database.expiring
}
