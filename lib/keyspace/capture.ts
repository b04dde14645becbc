/**
 * The keys of a database as they were at one instant, handed out a few at a time while commands go on: what a fork gives
 * Redis. Keys are walked group by group; one that is about to change before its turn is handed out first, as it still is.
 * Invariant: every key of that instant is handed out once, with the value and the expiry it had then, and no other key.
 */
import type { Bytes } from '../base/bytes.ts'
import { asValue, type KeptValue, type Value } from '../data/stored-object.ts'
import type { SlotGroup } from './slot-group.ts'

/** Takes a key as it was. The value is the live one: it is to be read at once. */
export type CaptureTaker = (key: Bytes, value: Value, expiryMs: number | undefined) => void

/** The keys of one database. */
export class Capture {
  readonly #groups: readonly (SlotGroup | undefined)[]
  readonly #take: CaptureTaker
  /** The group that is being walked; those before it are done. */
  #index = -1
  /** Of keys alone: an entry would be one more object each. */
  #walk: Iterator<Bytes> | undefined
  /** Keys that need nothing more, of that group and of those to come: handed out, or newer than the instant. */
  readonly #settled = new Map<number, Set<Bytes>>()

  /** `groups` as they are at the instant. */
  constructor(groups: readonly (SlotGroup | undefined)[], take: CaptureTaker) {
    this.#groups = [...groups]
    this.#take = take
  }

  /** A key of this group, there or not, is about to change. */
  keep(index: number, key: Bytes): void {
    const group = this.#groups[index]
    if (group === undefined || index < this.#index) return
    const settled = this.#settledOf(index)
    if (settled.has(key)) return
    settled.add(key)
    const kept = group.values.get(key)
    if (kept !== undefined) this.#take(key, asValue(kept), group.expiries?.get(key))
  }

  /** Hands out a key; false when there are no more. */
  step(): boolean {
    for (;;) {
      const walk = this.#walk
      if (walk !== undefined) {
        const next = walk.next()
        if (next.done !== true) {
          const key = next.value
          const settled = this.#settledOf(this.#index)
          if (settled.has(key)) continue
          settled.add(key)
          const group = this.#groups[this.#index] as SlotGroup
          const kept = group.values.get(key) as KeptValue
          this.#take(key, asValue(kept), group.expiries?.get(key))
          return true
        }
      }
      if (!this.#nextGroup()) return false
    }
  }

  #nextGroup(): boolean {
    this.#settled.delete(this.#index)
    this.#walk = undefined
    while (++this.#index < this.#groups.length) {
      const group = this.#groups[this.#index]
      if (group === undefined) continue
      this.#walk = group.values.keys()
      return true
    }
    return false
  }

  #settledOf(index: number): Set<Bytes> {
    let settled = this.#settled.get(index)
    if (settled === undefined) {
      settled = new Set()
      this.#settled.set(index, settled)
    }
    return settled
  }
}
