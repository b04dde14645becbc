/**
 * The keys of one hash slot: their values, the expiries of those that have one, and what scanning needs. Databases keep one
 * per slot in use, so that counting, listing, moving and deleting a slot's keys touch nothing else.
 * Invariant: `expiries` holds only keys that `values` holds; `order`, while it exists, exactly those.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'
import { elementAt } from '../data/random-pick.ts'
import { ScanOrder } from '../data/scan-order.ts'
import type { Value } from '../data/stored-object.ts'

/** Up to so many keys walking over a slot beats keeping an order. */
const WALK_MAX = 512

/** Keys of a slot, oldest first. */
export class Slot {
  readonly values = new Map<Bytes, Value>()
  /** Unix ms; undefined while no key expires. */
  expiries: Map<Bytes, number> | undefined = undefined
  #order: ScanOrder | undefined = undefined

  /** Stores a value; true when the key is new. */
  put(key: Bytes, value: Value): boolean {
    const { values } = this
    const before = values.size
    values.set(key, value)
    if (values.size === before) return false
    this.added(key)
    return true
  }

  /** A key was added to {@link values} past {@link put}. */
  added(key: Bytes): void {
    if (this.#order === undefined) return
    this.#order.add(key)
    this.#dropNeglected()
  }

  /** Forgets a key and its value; its expiry is the caller's concern. */
  drop(key: Bytes): boolean {
    if (!this.values.delete(key)) return false
    if (this.#order !== undefined) {
      this.#order.remove(key)
      this.#dropNeglected()
    }
    return true
  }

  /** Appends keys from a position on (0 at first) to `found`; returns where to go on, 0 at the end. */
  scan(position: number, count: number, found: Bytes[]): number {
    // Only from the start: what began in the order of hashes ends in it, or keys would come twice.
    if (position === 0 && this.values.size <= count) {
      for (const key of this.values.keys()) found.push(key)
      this.#order = undefined
      return 0
    }
    const next = this.#ordered().step(position, count, found)
    if (next === 0) this.#order = undefined
    return next
  }

  /** A key, each with the same chance. */
  randomKey(random: Random): Bytes | undefined {
    const { size } = this.values
    if (size > WALK_MAX) return this.#ordered().sample(random)
    return size === 0 ? undefined : elementAt(this.values.keys(), random.below(size))
  }

  /** Up to `limit` keys, newest first; of a crowded slot the oldest ones, since only all can be turned around. */
  keys(limit: number): Bytes[] {
    const { size } = this.values
    if (limit >= size || size <= WALK_MAX) {
      return [...this.values.keys()].slice(Math.max(0, size - limit)).reverse()
    }
    const keys: Bytes[] = []
    for (const key of this.values.keys()) {
      if (keys.length >= limit) break
      keys.push(key)
    }
    return keys
  }

  #ordered(): ScanOrder {
    this.#order ??= new ScanOrder(this.values.keys(), this.values.size)
    return this.#order
  }

  #dropNeglected(): void {
    if (this.#order?.neglected) this.#order = undefined
  }
}
