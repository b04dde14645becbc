/**
 * All keys of a database, spread over groups of sixteen neighbouring hash slots: finding, counting and walking them, blind
 * to expiry and events. One Map per slot would keep slots apart for nothing, but a look-up then waits for memory: with
 * a sixteenth of the Maps GET and SET cost a fifth less, and whoever wants one slot's keys sifts those of sixteen.
 * Invariant: `size` is the sum of the counts, as it is of the blocks, and a count is the number of its slot's keys.
 */
import type { Bytes } from '../base/bytes.ts'
import { SLOT_COUNT } from '../base/crc16.ts'
import { KeyDigest } from '../base/key-digest.ts'
import type { Random } from '../base/random.ts'
import type { NameMap } from '../data/name-map.ts'
import { asValue, type KeptValue, type Value } from '../data/stored-object.ts'
import { Capture, type CaptureTaker } from './capture.ts'
import { SlotGroup } from './slot-group.ts'

/** Slots share a group if they differ in these low bits only. */
const GROUP_BITS = 4
const GROUP_COUNT = SLOT_COUNT >>> GROUP_BITS

/** Slots share a block if they differ in these low bits only: who looks for a group by its keys goes past whole blocks. */
const BLOCK_BITS = GROUP_BITS + 5

/** A scan cursor is the group times this plus a position within the group; it stays below 2^42. */
const CURSOR_GROUP = 2 ** 32

/** What a table without keys is made of, as it comes with each node: all share it, and nobody writes to it. */
const NO_GROUPS = newGroups()
const NO_VALUES = newValues()
const NO_NUMBERS = new Uint32Array(SLOT_COUNT)
const NO_BLOCKS = newBlocks()

/** Slots and what they hold. */
export class SlotTable {
  #groups = NO_GROUPS
  /** The `values` of each group: a look-up that goes past the SlotGroup touches one object less. */
  #values = NO_VALUES
  #counts = NO_NUMBERS
  /** Keys of each block. */
  #blocks = NO_BLOCKS
  #lastAccess = NO_NUMBERS
  #size = 0
  readonly #digest = new KeyDigest()

  get size(): number {
    return this.#size
  }

  /** The hash slot of a key. The last answer is kept, so routing and looking up a key hash it once. */
  slotOf(key: Bytes): number {
    return this.#digest.slotOf(key)
  }

  /** The group a key belongs to, undefined if it never held a key. */
  at(key: Bytes): SlotGroup | undefined {
    return this.#groups[this.slotOf(key) >>> GROUP_BITS]
  }

  /** What a key of this slot holds, whether its time is over or not. */
  valueIn(slot: number, key: Bytes): Value | undefined {
    const kept = this.keptIn(slot, key)
    return kept === undefined ? undefined : asValue(kept)
  }

  /** {@link valueIn} as it is kept. */
  keptIn(slot: number, key: Bytes): KeptValue | undefined {
    return this.#values[slot >>> GROUP_BITS]?.get(key, this.#digest.hashOf(key))
  }

  /** Stores a value under a key of this slot; true when the key is new. */
  put(slot: number, key: Bytes, value: KeptValue): boolean {
    const index = slot >>> GROUP_BITS
    const values = this.#values[index] ?? this.#open(index).values
    const before = values.size
    values.set(key, value, this.#digest.hashOf(key))
    if (values.size === before) return false
    this.#size++
    this.#count(slot, 1)
    this.#groups[index]?.added(key)
    return true
  }

  #open(index: number): SlotGroup {
    if (this.#groups === NO_GROUPS) this.#makeRoom()
    const group = new SlotGroup()
    this.#groups[index] = group
    this.#values[index] = group.values
    return group
  }

  /** For the first key. */
  #makeRoom(): void {
    this.#groups = newGroups()
    this.#values = newValues()
    this.#counts = new Uint32Array(SLOT_COUNT)
    this.#blocks = newBlocks()
    this.#lastAccess = new Uint32Array(SLOT_COUNT)
  }

  /** A key of this slot, which is there, was accessed at this Unix second. */
  accessed(slot: number, second: number): void {
    this.#lastAccess[slot] = second
  }

  /** Unix second of the last access to any key of a slot. */
  lastAccessIn(slot: number): number {
    return this.#lastAccess[slot] ?? 0
  }

  /** Forgets a key and its value; false when it is not there. */
  drop(key: Bytes): boolean {
    const slot = this.slotOf(key)
    if (this.#groups[slot >>> GROUP_BITS]?.drop(key) !== true) return false
    this.#size--
    this.#count(slot, -1)
    return true
  }

  #count(slot: number, change: number): void {
    const block = slot >>> BLOCK_BITS
    this.#counts[slot] = (this.#counts[slot] as number) + change
    this.#blocks[block] = (this.#blocks[block] as number) + change
  }

  clear(): void {
    this.#groups = NO_GROUPS
    this.#values = NO_VALUES
    this.#counts = NO_NUMBERS
    this.#blocks = NO_BLOCKS
    this.#lastAccess = NO_NUMBERS
    this.#size = 0
  }

  /** All keys, group by group. They must not change meanwhile. */
  *keys(): Generator<Bytes, undefined> {
    for (const group of this.#groups) if (group !== undefined) yield* group.values.keys()
  }

  /** All keys with value and expiry, Unix ms; or this share of each group, the oldest of it. */
  *entries(
    share = 1,
  ): Generator<[key: Bytes, value: Value, expiryMs: number | undefined], undefined> {
    for (const group of this.#groups) {
      if (group === undefined) continue
      let left = Math.ceil(group.values.size * share)
      for (const [key, value] of group.values) {
        if (left-- === 0) break
        yield [key, asValue(value), group.expiries?.get(key)]
      }
    }
  }

  /** The keys of this instant, to be handed out by and by. */
  capture(take: CaptureTaker): Capture {
    return new Capture(this.#groups, take)
  }

  /** A key is about to change, which a capture wants to have as it was. */
  keep(capture: Capture, key: Bytes): void {
    capture.keep(this.slotOf(key) >>> GROUP_BITS, key)
  }

  /** All keys that have an expiry, Unix ms. */
  *expiries(): Generator<[key: Bytes, atMs: number], undefined> {
    for (const group of this.#groups) if (group?.expiries !== undefined) yield* group.expiries
  }

  /** A key, each with the same chance; undefined when there is none. */
  randomKey(random: Random): Bytes | undefined {
    if (this.#size === 0) return undefined
    return this.#groups[this.#groupAt(random.below(this.#size), 'all')]?.randomKey(random)
  }

  /** The group in which so many keys, or keys that expire, have gone by, which are fewer than there are. */
  #groupAt(passed: number, of: 'all' | 'expiring'): number {
    let rest = passed
    let block = 0
    for (; of === 'all' && rest >= (this.#blocks[block] as number); block++) {
      rest -= this.#blocks[block] as number
    }
    let index = block << (BLOCK_BITS - GROUP_BITS)
    for (; ; index++) {
      const count = this.#groups[index]?.countOf(of) ?? 0
      if (rest < count) return index
      rest -= count
    }
  }

  /**
   * Up to `count` different keys, of all or of those that expire, of which there are `total`: from a group by chance, which
   * counts for as much as it holds, and from those behind it.
   */
  sample(
    random: Random,
    { count, of, total }: { count: number; of: 'all' | 'expiring'; total: number },
  ): Bytes[] {
    const found: Bytes[] = []
    if (total === 0) return found
    const first = this.#groupAt(random.below(total), of)
    for (let step = 0; step < GROUP_COUNT && found.length < count; step++) {
      const group = this.#groups[(first + step) % GROUP_COUNT]
      if (group !== undefined) found.push(...group.sample(random, count - found.length, of))
    }
    return found
  }

  /**
   * Keys from a cursor on (0 at first) and where to go on, 0 at the end. A key that is there from the first step to the
   * last is returned, maybe twice; a step aims at `count` keys.
   */
  scan(cursor: number, count: number): { readonly cursor: number; readonly keys: Bytes[] } {
    const keys: Bytes[] = []
    let position = cursor % CURSOR_GROUP
    for (let index = Math.floor(cursor / CURSOR_GROUP); index < GROUP_COUNT; index++) {
      if (keys.length >= count) return { cursor: index * CURSOR_GROUP, keys }
      position = this.#groups[index]?.scan(position, count - keys.length, keys) ?? 0
      if (position !== 0) return { cursor: index * CURSOR_GROUP + position, keys }
    }
    return { cursor: 0, keys }
  }

  countIn(slot: number): number {
    return this.#counts[slot] ?? 0
  }

  /** Up to `limit` keys of a slot, newest first; of a crowded slot the oldest. */
  keysIn(slot: number, limit: number): Bytes[] {
    const count = this.countIn(slot)
    const group = this.#groups[slot >>> GROUP_BITS]
    if (count === 0 || group === undefined) return []
    // Only all of them can be turned around: of very many the first to be found will do.
    const wanted = limit >= count || count <= TURNED_MAX ? count : limit
    const keys = group.keysOf(slot, wanted)
    return wanted === count ? keys.reverse().slice(0, limit) : keys
  }
}

/** Up to so many keys of a slot are gathered to give the newest of them. */
const TURNED_MAX = 512

function newBlocks(): Uint32Array {
  return new Uint32Array(SLOT_COUNT >>> BLOCK_BITS)
}

function newGroups(): (SlotGroup | undefined)[] {
  return new Array<SlotGroup | undefined>(GROUP_COUNT).fill(undefined)
}

function newValues(): (NameMap<KeptValue> | undefined)[] {
  return new Array<NameMap<KeptValue> | undefined>(GROUP_COUNT).fill(undefined)
}
