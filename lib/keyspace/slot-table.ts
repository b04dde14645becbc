/**
 * All keys of a database, spread over the hash slots: finding, counting and walking them, blind to expiry and events.
 * Invariant: `size` is the sum of the slots' sizes.
 */
import type { Bytes } from '../base/bytes.ts'
import { keySlot, SLOT_COUNT } from '../base/crc16.ts'
import type { Random } from '../base/random.ts'
import type { Value } from '../data/stored-object.ts'
import { Slot } from './slot.ts'

/** A scan cursor is the slot times this plus a position within the slot; it stays below 2^46. */
const CURSOR_SLOT = 2 ** 32

/** Slots and what they hold. */
export class SlotTable {
  #slots = newSlots()
  /** The `values` of each slot: a look-up that goes past the Slot touches one object less. */
  #values = newValues()
  /** Unix second of the last access to any key of a slot, by slot. */
  readonly lastAccess = new Uint32Array(SLOT_COUNT)
  #size = 0
  #lastKey: Bytes = ''
  #lastSlot = keySlot('')

  get size(): number {
    return this.#size
  }

  /** The hash slot of a key. The last answer is kept, so routing and looking up a key hash it once. */
  slotOf(key: Bytes): number {
    if (key === this.#lastKey) return this.#lastSlot
    this.#lastSlot = keySlot(key)
    this.#lastKey = key
    return this.#lastSlot
  }

  /** Keeps an answer of {@link slotOf} that somebody computed already. */
  rememberSlot(key: Bytes, slot: number): void {
    this.#lastKey = key
    this.#lastSlot = slot
  }

  /** The slot a key belongs to, undefined if it never held a key. */
  at(key: Bytes): Slot | undefined {
    return this.#slots[this.slotOf(key)]
  }

  /** What a key of slot `index` holds, whether its time is over or not. */
  valueIn(index: number, key: Bytes): Value | undefined {
    return this.#values[index]?.get(key)
  }

  /** Stores a value under a key of slot `index`; true when the key is new. */
  put(index: number, key: Bytes, value: Value): boolean {
    const values = this.#values[index] ?? this.#open(index).values
    const before = values.size
    values.set(key, value)
    if (values.size === before) return false
    this.#size++
    this.#slots[index]?.added(key)
    return true
  }

  #open(index: number): Slot {
    const slot = new Slot()
    this.#slots[index] = slot
    this.#values[index] = slot.values
    return slot
  }

  /** Forgets a key and its value; false when it is not there. */
  drop(slot: Slot, key: Bytes): boolean {
    if (!slot.drop(key)) return false
    this.#size--
    return true
  }

  clear(): void {
    this.#slots = newSlots()
    this.#values = newValues()
    this.#size = 0
  }

  /** All keys, slot by slot. They must not change meanwhile. */
  *keys(): Generator<Bytes, undefined> {
    for (const slot of this.#slots) if (slot !== undefined) yield* slot.values.keys()
  }

  /** All keys with value and expiry, Unix ms. */
  *entries(): Generator<[key: Bytes, value: Value, expiryMs: number | undefined], undefined> {
    for (const slot of this.#slots) {
      if (slot === undefined) continue
      for (const [key, value] of slot.values) yield [key, value, slot.expiries?.get(key)]
    }
  }

  /** All keys that have an expiry, Unix ms. */
  *expiries(): Generator<[key: Bytes, atMs: number], undefined> {
    for (const slot of this.#slots) if (slot?.expiries !== undefined) yield* slot.expiries
  }

  /** A key, each with the same chance; undefined when there is none. */
  randomKey(random: Random): Bytes | undefined {
    if (this.#size === 0) return undefined
    let rest = random.below(this.#size)
    for (const slot of this.#slots) {
      if (slot === undefined) continue
      if (rest < slot.values.size) return slot.randomKey(random)
      rest -= slot.values.size
    }
    return undefined
  }

  /**
   * Keys from a cursor on (0 at first) and where to go on, 0 at the end. A key that is there from the first step to the
   * last is returned, maybe twice; a step aims at `count` keys.
   */
  scan(cursor: number, count: number): { readonly cursor: number; readonly keys: Bytes[] } {
    const keys: Bytes[] = []
    let position = cursor % CURSOR_SLOT
    for (let index = Math.floor(cursor / CURSOR_SLOT); index < SLOT_COUNT; index++) {
      if (keys.length >= count) return { cursor: index * CURSOR_SLOT, keys }
      position = this.#slots[index]?.scan(position, count - keys.length, keys) ?? 0
      if (position !== 0) return { cursor: index * CURSOR_SLOT + position, keys }
    }
    return { cursor: 0, keys }
  }

  countIn(slot: number): number {
    return this.#slots[slot]?.values.size ?? 0
  }

  /** Up to `limit` keys of a slot, newest first; of a crowded slot the oldest. */
  keysIn(slot: number, limit: number): Bytes[] {
    return this.#slots[slot]?.keys(limit) ?? []
  }
}

function newSlots(): (Slot | undefined)[] {
  return new Array<Slot | undefined>(SLOT_COUNT).fill(undefined)
}

function newValues(): (Map<Bytes, Value> | undefined)[] {
  return new Array<Map<Bytes, Value> | undefined>(SLOT_COUNT).fill(undefined)
}
