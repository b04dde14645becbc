/**
 * The keys of some neighbouring hash slots: their values, the expiries of those that have one, and what scanning needs.
 * Invariant: `expiries` holds only keys that `values` holds; `order`, while it exists, exactly those.
 */
import type { Bytes } from '../base/bytes.ts'
import { keySlot } from '../base/crc16.ts'
import type { Random } from '../base/random.ts'
import { NameMap } from '../data/name-map.ts'
import { pickDistinct } from '../data/random-pick.ts'
import { ScanOrder } from '../data/scan-order.ts'
import type { KeptValue } from '../data/stored-object.ts'

/** Up to so many keys walking over a group beats drawing, unless it holds many times the keys that are wanted. */
const WALK_MAX = 512
const FEW = 8

/** Draws for each key that is wanted. */
const DRAWS_PER_KEY = 32

const NONE: ReadonlyMap<Bytes, number> = new Map()

/** Keys of a group of slots, oldest first. */
export class SlotGroup {
  readonly values = new NameMap<KeptValue>()
  /** Unix ms; undefined while no key expires. */
  expiries: Map<Bytes, number> | undefined = undefined
  #order: ScanOrder | undefined = undefined

  /** A new key was put into {@link values}. */
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
    return this.values.sample(random)
  }

  /** Keys, or those that expire. */
  countOf(of: 'all' | 'expiring'): number {
    return of === 'all' ? this.values.size : (this.expiries?.size ?? 0)
  }

  /** Up to `count` different keys by chance, of all or of those that expire. */
  sample(random: Random, count: number, of: 'all' | 'expiring'): Bytes[] {
    const { values, expiries } = this
    const size = this.countOf(of)
    const isDrawn = of === 'all' && size > count * FEW
    if (!isDrawn && size <= Math.max(count, WALK_MAX)) {
      const keys = of === 'all' ? values : (expiries ?? NONE)
      return pickDistinct(keys.keys(), size, count, random)
    }
    const found: Bytes[] = []
    // Most draws hit; where few keys expire, what is found will do.
    for (let draws = count * DRAWS_PER_KEY; draws > 0 && found.length < count; draws--) {
      const key = values.sample(random)
      if (key === undefined || (of === 'expiring' && !expiries?.has(key))) continue
      if (!found.includes(key)) found.push(key)
    }
    return found
  }

  /** The oldest `limit` keys of one slot, oldest first. */
  keysOf(slot: number, limit: number): Bytes[] {
    const keys: Bytes[] = []
    for (const key of this.values.keys()) {
      if (keys.length >= limit) break
      if (keySlot(key) === slot) keys.push(key)
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
