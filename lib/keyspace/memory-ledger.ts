/**
 * The memory of one database, summed while it changes: what a Redis would use for these keys, not what this heap does, so
 * that `maxmemory` holds as many keys here as there. A plain string's weight follows from its bytes; an object is weighed
 * when it has been stored, and again after each look-up that may have led to an edit.
 * Invariant: once `bytes` is asked for, it is the sum that weighing all keys anew gives.
 */
import { OBJECT_BYTES, POINTER_BYTES, TABLE_ENTRY_BYTES, textBytes } from '../base/allocation.ts'
import type { Bytes } from '../base/bytes.ts'
import type { KeptValue, StoredObject } from '../data/stored-object.ts'
import { plainStringBytes } from '../data/string-encoding.ts'

/** What a key with an expiry takes more: an entry in the table of expiries, as allocated, and its bucket. */
export const EXPIRY_BYTES = 32 + POINTER_BYTES

/** Where a cluster's node keeps the neighbours of a key in its slot. */
const SLOT_LINK_BYTES = 2 * POINTER_BYTES

/** What a value takes. */
export function valueBytes(value: KeptValue): number {
  return typeof value === 'object' ? value.memoryBytes() : plainBytes(value)
}

function plainBytes(value: Bytes | number): number {
  return typeof value === 'number' ? OBJECT_BYTES : plainStringBytes(value)
}

/** What a key takes besides its value (objectComputeSize's caller in memoryCommand). */
export function keyBytes(key: Bytes, hasSlotLinks: boolean): number {
  return textBytes(key.length) + TABLE_ENTRY_BYTES + (hasSlotLinks ? SLOT_LINK_BYTES : 0)
}

/** The running sum of a database. */
export class MemoryLedger {
  readonly #hasSlotLinks: boolean
  /** What each object was last entered with. */
  readonly #weights = new Map<StoredObject, number>()
  /** Objects that may have been edited since they were weighed. */
  readonly #looked = new Set<StoredObject>()
  #bytes = 0

  constructor(hasSlotLinks: boolean) {
    this.#hasSlotLinks = hasSlotLinks
  }

  /** What all keys take. */
  get bytes(): number {
    if (this.#looked.size > 0) this.#weighLooked()
    return this.#bytes
  }

  /** A key got a value, which replaces `former`; undefined: the key is new. */
  put(key: Bytes, value: KeptValue, former: KeptValue | undefined): void {
    if (former === undefined) this.#bytes += this.#overhead(key)
    else if (former !== value || typeof value !== 'object') this.#forget(former)
    if (typeof value !== 'object') this.#bytes += plainBytes(value)
    else {
      // Whoever stored it may go on filling it.
      if (!this.#weights.has(value)) this.#weights.set(value, 0)
      this.#looked.add(value)
    }
  }

  /** A key went, and its value. */
  drop(key: Bytes, value: KeptValue): void {
    this.#bytes -= this.#overhead(key)
    this.#forget(value)
  }

  /** So many keys more, or less, have an expiry. */
  expiries(change: number): void {
    this.#bytes += change * EXPIRY_BYTES
  }

  /** A value was looked up by somebody who may edit it. */
  look(value: KeptValue): void {
    if (typeof value === 'object') this.#looked.add(value)
  }

  clear(): void {
    this.#weights.clear()
    this.#looked.clear()
    this.#bytes = 0
  }

  #overhead(key: Bytes): number {
    return keyBytes(key, this.#hasSlotLinks) + POINTER_BYTES
  }

  #forget(value: KeptValue): void {
    if (typeof value !== 'object') {
      this.#bytes -= plainBytes(value)
      return
    }
    this.#bytes -= this.#weights.get(value) ?? 0
    this.#weights.delete(value)
    this.#looked.delete(value)
  }

  #weighLooked(): void {
    for (const value of this.#looked) {
      const former = this.#weights.get(value)
      if (former === undefined) continue
      const bytes = value.memoryBytes()
      this.#bytes += bytes - former
      this.#weights.set(value, bytes)
    }
    this.#looked.clear()
  }
}
