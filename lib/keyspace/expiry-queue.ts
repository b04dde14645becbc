/**
 * When keys end, earliest first: a binary heap beside the table that has the truth (Redis samples its table instead, in
 * activeExpireCycle). Entries are never removed from the middle: one whose key lives on or is gone is found out at the top.
 * Invariant: each expiring key has an entry that is not later than its expiry; the heap holds at most twice as many
 * entries as there are such keys, and some.
 */
import type { Bytes } from '../base/bytes.ts'

const SLACK = 64

/** The truth: a key's expiry in Unix ms, and all of them. */
export interface ExpiryTable {
  readonly expiring: number
  expiryOf(key: Bytes): number | undefined
  expiries(): Iterable<[key: Bytes, atMs: number]>
}

/** A lazy min-heap of keys by expiry. */
export class ExpiryQueue {
  readonly #table: ExpiryTable
  #times: number[] = []
  #keys: Bytes[] = []

  constructor(table: ExpiryTable) {
    this.#table = table
  }

  /** A key got an expiry; `formerMs` is the one it had. Call it when the table has the new one. */
  add(key: Bytes, atMs: number, formerMs: number | undefined): void {
    // The entry of an earlier expiry is enough: at its time it learns the later one.
    if (formerMs !== undefined && formerMs <= atMs) return
    this.#push(atMs, key)
    this.trim()
  }

  /** Drops the entries of keys that no longer expire once they are the greater part. Call it when the table lost a key. */
  trim(): void {
    if (this.#times.length <= 2 * this.#table.expiring + SLACK) return
    this.clear()
    for (const [key, atMs] of this.#table.expiries()) this.#push(atMs, key)
  }

  clear(): void {
    this.#times = []
    this.#keys = []
  }

  /** Takes over the entries of another queue and leaves it its own: their tables have changed places. */
  swap(other: ExpiryQueue): void {
    const { times, keys } = { times: this.#times, keys: this.#keys }
    this.#times = other.#times
    this.#keys = other.#keys
    other.#times = times
    other.#keys = keys
  }

  /** The key that ends first and its expiry, undefined when none ends. */
  first(): { readonly key: Bytes; readonly atMs: number } | undefined {
    for (;;) {
      const time = this.#times[0]
      const key = this.#keys[0]
      if (time === undefined || key === undefined) return undefined
      const atMs = this.#table.expiryOf(key)
      if (atMs === time) return { key, atMs }
      if (atMs === undefined) this.#pop()
      else this.#sinkFirst(atMs, key)
    }
  }

  #push(time: number, key: Bytes): void {
    const times = this.#times
    const keys = this.#keys
    let i = times.length
    times.push(time)
    keys.push(key)
    while (i > 0) {
      const parent = (i - 1) >> 1
      const parentTime = times[parent] as number
      if (parentTime <= time) break
      times[i] = parentTime
      keys[i] = keys[parent] as Bytes
      i = parent
    }
    times[i] = time
    keys[i] = key
  }

  #pop(): void {
    const time = this.#times.pop()
    const key = this.#keys.pop()
    if (time !== undefined && key !== undefined && this.#times.length > 0) {
      this.#sinkFirst(time, key)
    }
  }

  /** Puts an entry in the place of the first one and restores the order. */
  #sinkFirst(time: number, key: Bytes): void {
    const times = this.#times
    const keys = this.#keys
    const end = times.length
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= end) break
      if (child + 1 < end && (times[child + 1] as number) < (times[child] as number)) child++
      const childTime = times[child] as number
      if (childTime >= time) break
      times[i] = childTime
      keys[i] = keys[child] as Bytes
      i = child
    }
    times[i] = time
    keys[i] = key
  }
}
