/**
 * The hashes of a database that have fields which end, and which of them is next (the global ebuckets of redisDb.hexpires).
 * Entries are found out to be wrong when they are looked at: a hash that left its key, or whose fields end no more.
 * Invariant: each hash with an end is registered under its key, and the queue has an entry for it that is not later.
 */
import type { Bytes } from '../base/bytes.ts'
import type { HashValue } from '../data/hash.ts'
import type { Value } from '../data/stored-object.ts'
import { ExpiryQueue, type ExpiryTable } from './expiry-queue.ts'

/** Hashes by key. */
export class TimedHashes implements ExpiryTable {
  #hashes = new Map<Bytes, HashValue>()
  readonly #queue = new ExpiryQueue(this)
  readonly #valueAt: (key: Bytes) => Value | undefined

  /** `valueAt` tells what a key holds now. */
  constructor(valueAt: (key: Bytes) => Value | undefined) {
    this.#valueAt = valueAt
  }

  /** A key holds a hash with fields that end, or its next end has changed. */
  add(key: Bytes, hash: HashValue): void {
    this.#hashes.set(key, hash)
    this.#queue.add(key, hash.nextExpiryMs, undefined)
  }

  /** Changes places with those of another database, when its keys do. */
  swap(other: TimedHashes): void {
    const hashes = this.#hashes
    this.#hashes = other.#hashes
    other.#hashes = hashes
    this.#queue.swap(other.#queue)
  }

  clear(): void {
    this.#hashes.clear()
    this.#queue.clear()
  }

  /** How many keys hold such a hash (`subexpiry` of INFO). */
  count(): number {
    for (const key of [...this.#hashes.keys()]) this.expiryOf(key)
    return this.#hashes.size
  }

  /** The key whose fields end first, undefined when none do. */
  first(): { readonly key: Bytes; readonly atMs: number } | undefined {
    return this.#queue.first()
  }

  get expiring(): number {
    return this.#hashes.size
  }

  /** When the next field of the hash at a key ends. */
  expiryOf(key: Bytes): number | undefined {
    const hash = this.#hashes.get(key)
    if (hash === undefined) return undefined
    if (this.#valueAt(key) === hash && (hash.expiries?.size ?? 0) > 0) return hash.nextExpiryMs
    this.#hashes.delete(key)
    return undefined
  }

  *expiries(): Generator<[key: Bytes, atMs: number], undefined> {
    for (const [key, hash] of this.#hashes) yield [key, hash.nextExpiryMs]
  }
}
