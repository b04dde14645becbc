/**
 * The keys of one database with their lives: look-ups, changes, expiry, and what the node hears of them (db.c and
 * expire.c). Keys are spread over the hash slots on a standalone node too.
 * Invariant: keys come and go through `#put` and `#drop` alone, which keep expiries, expiry queue and access record true.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import type { Integer } from '../base/numbers.ts'
import type { Random } from '../base/random.ts'
import type { EditableString } from '../data/editable-string.ts'
import type { EncodingLimits } from '../data/encoding-limit.ts'
import { HashValue } from '../data/hash.ts'
import type { ListValue } from '../data/list.ts'
import type { SetValue } from '../data/set.ts'
import type { SortedSetValue } from '../data/sorted-set.ts'
import { asValue, type KeptValue, type Value, type ValueType } from '../data/stored-object.ts'
import type { StreamValue } from '../data/stream.ts'
import { type AccessMode, AccessRecord, type FrequencySettings } from './access-record.ts'
import type { Capture, CaptureTaker } from './capture.ts'
import { ExpiryQueue } from './expiry-queue.ts'
import type { Changes, KeyspaceListener, KeyspaceStats } from './listener.ts'
import { Lookup } from './lookup.ts'
import { EXPIRY_BYTES, keyBytes, MemoryLedger, valueBytes } from './memory-ledger.ts'
import { NotifyClass, type NotifyLetter } from './notification.ts'
import type { SlotGroup } from './slot-group.ts'
import { SlotTable } from './slot-table.ts'
import { TimedHashes } from './timed-hash.ts'
import {
  hashOf,
  integerOf,
  listOf,
  setOf,
  sortedSetOf,
  streamOf,
  stringOf,
  typeNameOf,
} from './typed-value.ts'

/** What a database is made of. All but the index is shared by the databases of a node. */
export interface DatabaseOptions {
  readonly index: number
  readonly clock: Clock
  readonly limits: EncodingLimits
  readonly listener: KeyspaceListener
  readonly stats: KeyspaceStats
  readonly random: Random
  readonly changes: Changes
  /** Redis' defaults when absent. */
  readonly frequency?: FrequencySettings
  /** It belongs to a node of a cluster, where a key takes more. */
  readonly inCluster?: boolean
}

/**
 * What happens to a key whose time is over: a master deletes it (`delete`); a replica reads it as missing and waits for
 * its master's DEL, unless a client writes there (`hide`); while the master's stream is applied it is there (`keep`).
 */
export type ExpiryMode = 'delete' | 'hide' | 'keep'

const RANDOM_TRIES = 100

/** So many keys are weighed when memory is asked for that was not accounted for; of more, as many of each part. */
const CENSUS_MAX = 50_000
/** Nothing is known of what there is. */
const UNWEIGHED = { size: 0, changes: 0, bytes: 0 }

/** A value that takes more allocations than this is freed later where that is wanted (LAZYFREE_THRESHOLD). */
const FREED_AT_ONCE_MAX = 64

/** For databases whose keys are nobody's yet. */
const NOBODY: KeyspaceListener = {
  touched() {},
  ready() {},
  flushed() {},
  swapped() {},
  notify() {},
  expired() {},
  fieldExpired() {},
}

/** A database. */
export class Database {
  readonly index: number
  readonly clock: Clock
  readonly limits: EncodingLimits
  readonly changes: Changes
  /** The node switches it with its role. */
  expiry: ExpiryMode = 'delete'
  /** While true look-ups do not count as use: the node sets it around the commands of a CLIENT NO-TOUCH client. */
  noTouch = false
  readonly #listener: KeyspaceListener
  readonly #stats: KeyspaceStats
  readonly #random: Random
  readonly #frequency: FrequencySettings
  readonly #inCluster: boolean
  #table = new SlotTable()
  /** What the keys of the table weighed when that was last asked, and how things stood. */
  #weighed = UNWEIGHED
  readonly #queue = new ExpiryQueue(this)
  readonly #timedHashes = new TimedHashes((key) => this.#table.valueIn(this.slotOf(key), key))
  #expiring = 0
  /** Keys to which clients of a writable replica gave an expiry: no DEL of a master will come for them. */
  readonly #own = new Set<Bytes>()
  #accesses: AccessRecord | undefined
  /** Undefined while nobody needs to know after each command how much is used. */
  #ledger: MemoryLedger | undefined
  /** Who wants the keys as they were, and has not got all of them yet; undefined while nobody does. */
  #captures: Capture[] | undefined

  constructor(options: DatabaseOptions) {
    this.index = options.index
    this.clock = options.clock
    this.limits = options.limits
    this.changes = options.changes
    this.#listener = options.listener
    this.#stats = options.stats
    this.#random = options.random
    this.#frequency = options.frequency ?? { logFactor: 10, decayMinutes: 1 }
    this.#inCluster = options.inCluster ?? false
  }

  /** Keys, those whose time is over included. */
  get size(): number {
    return this.#table.size
  }

  /** Keys with an expiry. */
  get expiring(): number {
    return this.#expiring
  }

  /** The hash slot of a key. The last answer is kept, so routing and looking up a key hash it once. */
  slotOf(key: Bytes): number {
    return this.#table.slotOf(key)
  }

  /** Looks a key up for reading: counts a hit or a miss and reports the miss, unless flags of {@link Lookup} say no. */
  read(key: Bytes, flags: number = Lookup.plain): Value | undefined {
    const index = this.#table.slotOf(key)
    const kept = this.#live(index, key)
    if (kept === undefined) {
      if ((flags & Lookup.noNotify) === 0) this.notify(NotifyClass.keyMiss, 'keymiss', key)
      if ((flags & Lookup.noStats) === 0) this.#stats.misses++
      return undefined
    }
    if ((flags & Lookup.noStats) === 0) this.#stats.hits++
    if ((flags & Lookup.noTouch) === 0 && !this.noTouch) this.#use(index, key)
    return asValue(kept)
  }

  /** Looks a key up before changing it: neither hit nor miss. */
  write(key: Bytes): Value | undefined {
    const kept = this.#write(key)
    return kept === undefined ? undefined : asValue(kept)
  }

  #write(key: Bytes): KeptValue | undefined {
    const index = this.#table.slotOf(key)
    const value = this.#live(index, key, true)
    if (value !== undefined && !this.noTouch) this.#use(index, key)
    if (this.#ledger !== undefined && value !== undefined) this.#ledger.look(value)
    if (this.#captures !== undefined && value !== undefined) this.#keep(key)
    return value
  }

  /** Looks a key up without leaving a trace: an expired one reads as missing and stays. */
  peek(key: Bytes): Value | undefined {
    return this.isExpired(key) ? undefined : this.#table.valueIn(this.slotOf(key), key)
  }

  /** What a key holds, its time over or not; nobody is told that it was looked at. */
  held(key: Bytes): Value | undefined {
    return this.#table.valueIn(this.slotOf(key), key)
  }

  /** {@link read} of a string. Throws WRONGTYPE. */
  readString(key: Bytes): Bytes | EditableString | undefined {
    return stringOf(this.read(key))
  }

  /** {@link write} of a string. Throws WRONGTYPE. */
  writeString(key: Bytes): Bytes | EditableString | undefined {
    return stringOf(this.write(key))
  }

  /** {@link write} of a string as an integer. Throws WRONGTYPE, and when it is none. */
  writeInteger(key: Bytes): Integer | undefined {
    return integerOf(this.#write(key))
  }

  /** {@link read} of a list. Throws WRONGTYPE. */
  readList(key: Bytes): ListValue | undefined {
    return listOf(this.read(key))
  }

  /** {@link write} of a list. Throws WRONGTYPE. */
  writeList(key: Bytes): ListValue | undefined {
    return listOf(this.write(key))
  }

  /** {@link read} of a hash, without the fields whose time is over. Throws WRONGTYPE. */
  readHash(key: Bytes): HashValue | undefined {
    const hash = hashOf(this.read(key))
    return hash === undefined || this.clock.now <= hash.nextExpiryMs ? hash : this.living(key, hash)
  }

  /** {@link write} of a hash, without the fields whose time is over. Throws WRONGTYPE. */
  writeHash(key: Bytes): HashValue | undefined {
    const hash = hashOf(this.write(key))
    if (hash === undefined || this.clock.now <= hash.nextExpiryMs) return hash
    return this.expiry === 'keep' ? hash : this.#expireFields(key, hash)
  }

  /** What is to be read of the hash at a key: fields whose time is over go, or are hidden, as `expiry` says. */
  living(key: Bytes, hash: HashValue): HashValue | undefined {
    if (this.expiry === 'keep' || this.clock.now <= hash.nextExpiryMs) return hash
    return this.expiry === 'hide' ? hash.withoutDue(this.clock.now) : this.#expireFields(key, hash)
  }

  /** Lets a field of the hash at a key end, Unix ms. The change is the caller's to tell, count and report. */
  expireField(key: Bytes, hash: HashValue, field: Bytes, atMs: number): void {
    hash.expire(field, atMs)
    this.#timedHashes.add(key, hash)
  }

  /** Keys that hold a hash with fields that end. */
  get expiringHashes(): number {
    return this.#timedHashes.count()
  }

  /** {@link read} of a set. Throws WRONGTYPE. */
  readSet(key: Bytes): SetValue | undefined {
    return setOf(this.read(key))
  }

  /** {@link write} of a set. Throws WRONGTYPE. */
  writeSet(key: Bytes): SetValue | undefined {
    return setOf(this.write(key))
  }

  /** {@link read} of a sorted set. Throws WRONGTYPE. */
  readSortedSet(key: Bytes): SortedSetValue | undefined {
    return sortedSetOf(this.read(key))
  }

  /** {@link write} of a sorted set. Throws WRONGTYPE. */
  writeSortedSet(key: Bytes): SortedSetValue | undefined {
    return sortedSetOf(this.write(key))
  }

  /** {@link read} of a stream. Throws WRONGTYPE. */
  readStream(key: Bytes): StreamValue | undefined {
    const value = this.read(key)
    // Who reads as a member of a group leaves a trace in it.
    if (value !== undefined) this.willEdit(key, value)
    return streamOf(value)
  }

  /** {@link write} of a stream. Throws WRONGTYPE. */
  writeStream(key: Bytes): StreamValue | undefined {
    return streamOf(this.write(key))
  }

  /** Whether a key is stored, its time over or not. */
  holds(key: Bytes): boolean {
    return this.#table.keptIn(this.slotOf(key), key) !== undefined
  }

  /** Whether a key is there, deleting it if its time is over. Neither read nor use. */
  exists(key: Bytes): boolean {
    return this.#live(this.slotOf(key), key) !== undefined
  }

  /** The type of a key's value; counts as a read, not as use. */
  typeOf(key: Bytes): ValueType | 'none' {
    const value = this.read(key, Lookup.noTouch)
    return value === undefined ? 'none' : typeNameOf(value)
  }

  /** Stores a value; a key that was there keeps its expiry. The change is the caller's to count and report. */
  set(key: Bytes, value: Value): void {
    this.#put(key, value)
    this.#listener.touched(this, key)
  }

  /** {@link set} of a string that is an integer. */
  setInteger(key: Bytes, value: Integer): void {
    this.#put(key, typeof value === 'number' ? value : String(value))
    this.#listener.touched(this, key)
  }

  /** {@link set} that does not tell the watchers: {@link modified} follows. */
  add(key: Bytes, value: Value): void {
    this.#put(key, value)
  }

  /** Stores a value and removes any expiry (setKey). The change is the caller's to count and report. */
  replace(key: Bytes, value: Value): void {
    if (this.#expiring !== 0) this.#forgetExpiry(key)
    this.#put(key, value)
    this.#listener.touched(this, key)
  }

  /** Removes a key, over its time or not; false when it is not there. The change is the caller's to count and report. */
  remove(key: Bytes): boolean {
    if (!this.#drop(key)) return false
    this.#listener.touched(this, key)
    return true
  }

  /** {@link remove} as a command does it: a change, reported as `del`. */
  delete(key: Bytes): boolean {
    if (!this.remove(key)) return false
    this.changes.dirty++
    this.notify(NotifyClass.generic, 'del', key)
    return true
  }

  /** The value of a key was edited: tells the watchers, counts changes and reports the event. */
  modified(key: Bytes, notifyClass: NotifyLetter, event: string, changes = 1): void {
    this.#listener.touched(this, key)
    this.changes.dirty += changes
    this.#listener.notify(this, notifyClass, event, key)
  }

  /** Tells those who wait for a key that was there already; new keys tell by themselves. */
  signalReady(key: Bytes): void {
    this.#listener.ready(this, key)
  }

  /** Reports a keyspace event. */
  notify(notifyClass: NotifyLetter, event: string, key: Bytes): void {
    this.#listener.notify(this, notifyClass, event, key)
  }

  /** When a key ends, Unix ms; undefined if it does not, or is not there. */
  expiryOf(key: Bytes): number | undefined {
    return this.#table.at(key)?.expiries?.get(key)
  }

  /** Whether a key is still there but its time is over, as this node sees it. */
  isExpired(key: Bytes): boolean {
    const atMs = this.expiryOf(key)
    return atMs !== undefined && this.expiry !== 'keep' && this.#isOver(atMs)
  }

  /** Gives a key that is there an expiry, Unix ms. The change is the caller's to tell, count and report. */
  setExpiry(key: Bytes, atMs: number): void {
    if (this.#putExpiry(key, atMs) && this.expiry === 'hide') this.#own.add(key)
  }

  #putExpiry(key: Bytes, atMs: number): boolean {
    const group = this.#table.at(key)
    if (group === undefined || !group.values.has(key)) return false
    if (this.#captures !== undefined) this.#keep(key)
    group.expiries ??= new Map()
    const former = group.expiries.get(key)
    group.expiries.set(key, atMs)
    if (former === undefined) {
      this.#expiring++
      if (this.#ledger !== undefined) this.#ledger.expiries(1)
    }
    this.#queue.add(key, atMs, former)
    return true
  }

  /** Takes a key's expiry away; false when it had none. The change is the caller's to tell, count and report. */
  clearExpiry(key: Bytes): boolean {
    const group = this.#table.at(key)
    return group !== undefined && this.#unexpire(group, key)
  }

  /** Moves value and expiry of a key that is there to another name, in place of what that held. */
  rename(from: Bytes, to: Bytes): void {
    const value = this.#table.keptIn(this.slotOf(from), from)
    if (value === undefined) return
    const atMs = this.expiryOf(from)
    this.#drop(from)
    this.#drop(to)
    this.#put(to, value)
    if (atMs !== undefined) this.setExpiry(to, atMs)
    this.#listener.touched(this, from)
    this.#listener.touched(this, to)
  }

  /** Stores a key without telling anybody: a snapshot is loaded. */
  load(key: Bytes, value: Value, expiryMs?: number): void {
    const index = this.slotOf(key)
    if (this.#ledger !== undefined) this.#ledger.put(key, value, this.#table.keptIn(index, key))
    if (this.#captures !== undefined) this.#keep(key)
    this.#table.put(index, key, value)
    this.#table.accessed(index, this.clock.now / 1000)
    if (this.#accesses !== undefined) this.#accesses.create(key, this.clock.now)
    if (typeof value !== 'string') this.#registerTimed(key, value)
    if (expiryMs !== undefined) this.#putExpiry(key, expiryMs)
  }

  /** Removes all keys; returns how many there were. Whether freeing them can wait is only counted. */
  flush({ isLazy = false } = {}): number {
    const removed = this.size
    if (isLazy) this.#stats.lazyFreed += removed
    this.#listener.flushed(this)
    // What they have not got yet stays what it is: nobody else has it any more.
    this.#captures = undefined
    this.#table.clear()
    this.#weighed = UNWEIGHED
    this.#expiring = 0
    this.#own.clear()
    this.#queue.clear()
    this.#timedHashes.clear()
    this.#accesses?.clear()
    this.#ledger?.clear()
    return removed
  }

  /** Changes places with another database of the node: keys, expiries and what is known of their use. */
  swap(other: Database): void {
    const [table, expiring, accesses] = [this.#table, this.#expiring, this.#accesses] as const
    const [ledger, captures, weighed] = [this.#ledger, this.#captures, this.#weighed] as const
    this.#table = other.#table
    this.#expiring = other.#expiring
    this.#accesses = other.#accesses
    this.#ledger = other.#ledger
    this.#captures = other.#captures
    this.#weighed = other.#weighed
    other.#table = table
    other.#expiring = expiring
    other.#accesses = accesses
    other.#ledger = ledger
    other.#captures = captures
    other.#weighed = weighed
    this.#queue.swap(other.#queue)
    this.#timedHashes.swap(other.#timedHashes)
    this.#listener.swapped(this, other)
    this.#listener.swapped(other, this)
  }

  /** An empty database that keeps the same account of its keys, and tells nobody of them: for {@link takeFrom}. */
  twin(): Database {
    const twin = this.#empty(this.#stats, this.changes)
    if (this.#accesses !== undefined) twin.recordAccesses(this.#accesses.mode)
    twin.accountMemory(this.#ledger !== undefined)
    return twin
  }

  /** An empty database of the same settings, of which nobody ever hears and whose changes count nowhere. */
  recluse(): Database {
    const stats = { ...this.#stats }
    return this.#empty(stats, { dirty: 0 })
  }

  #empty(stats: KeyspaceStats, changes: Changes): Database {
    return new Database({
      index: this.index,
      clock: this.clock,
      limits: this.limits,
      listener: NOBODY,
      stats,
      random: this.#random,
      changes,
      frequency: this.#frequency,
      inCluster: this.#inCluster,
    })
  }

  /** Holds all that a twin has gathered, in place of what it held. */
  takeFrom(twin: Database): void {
    const isAccounted = this.#ledger !== undefined
    this.flush()
    this.swap(twin)
    // Somebody may have wanted it otherwise meanwhile.
    this.accountMemory(isAccounted)
  }

  /** All keys, those whose time is over included, slot by slot. They must not change meanwhile. */
  keys(): IterableIterator<Bytes> {
    return this.#table.keys()
  }

  /** All keys with value and expiry (Unix ms), those whose time is over included. They must not change meanwhile. */
  entries(): IterableIterator<[key: Bytes, value: Value, expiryMs: number | undefined]> {
    return this.#table.entries()
  }

  /** The keys of this instant, to be handed out by and by while the database changes; until {@link release}. */
  capture(take: CaptureTaker): Capture {
    const capture = this.#table.capture(take)
    this.#captures = [...(this.#captures ?? []), capture]
    return capture
  }

  /** A capture needs nothing more, if it is one of this database; by now it may be another's (SWAPDB), or nobody's. */
  release(capture: Capture): void {
    const left = this.#captures?.filter((other) => other !== capture)
    this.#captures = left?.length === 0 ? undefined : left
  }

  /** All keys that have an expiry, Unix ms. */
  expiries(): IterableIterator<[key: Bytes, atMs: number]> {
    return this.#table.expiries()
  }

  /** A key, each with the same chance; one whose time is over only where this node must not delete it. */
  randomKey(): Bytes | undefined {
    for (let tries = 1; this.size > 0; tries++) {
      const key = this.#table.randomKey(this.#random)
      if (key === undefined || this.exists(key)) return key
      // A replica may hold nothing but keys that wait for their DEL.
      if (tries >= RANDOM_TRIES && this.size === this.#expiring) return key
    }
    return undefined
  }

  /** A step of SCAN, see {@link SlotTable.scan}; keys whose time is over are included. */
  scan(cursor: number, count: number): { readonly cursor: number; readonly keys: Bytes[] } {
    return this.#table.scan(cursor, count)
  }

  countInSlot(slot: number): number {
    return this.#table.countIn(slot)
  }

  /** Up to `limit` keys of a slot, newest first; of a crowded slot the oldest. */
  keysInSlot(slot: number, limit: number): Bytes[] {
    return this.#table.keysIn(slot, limit)
  }

  /** Deletes the keys of a slot that is not ours any more and returns them: each is to be propagated as a DEL. */
  removeSlot(slot: number): Bytes[] {
    const keys = this.keysInSlot(slot, Number.POSITIVE_INFINITY)
    for (const key of keys) this.remove(key)
    this.changes.dirty += keys.length
    return keys
  }

  /** The key that ends first and when, Unix ms; undefined if none does. */
  firstToExpire(): { readonly key: Bytes; readonly atMs: number } | undefined {
    return this.#queue.first()
  }

  /** Deletes up to `limit` keys whose time is over, if that is this node's to do; returns how many. */
  expireDue(limit: number): number {
    if (this.expiry !== 'delete') return 0
    for (let deleted = 0; deleted < limit; deleted++) {
      const first = this.#queue.first()
      if (first === undefined || !this.#isOver(first.atMs)) return deleted
      this.#expire(first.key)
    }
    return limit
  }

  /** Deletes the keys whose time is over that a replica's own clients gave it (expireSlaveKeys). */
  expireOwn(): void {
    for (const key of this.#own) {
      const atMs = this.expiryOf(key)
      if (atMs !== undefined && this.#isOver(atMs)) this.#expire(key)
      if (atMs === undefined || this.#isOver(atMs)) this.#own.delete(key)
    }
  }

  /** When something goes by itself, Unix ms: the first millisecond after its time, 0 where that is not known. */
  get nextExpiryMs(): number {
    if (this.expiry !== 'delete') return this.#own.size > 0 ? 0 : Number.POSITIVE_INFINITY
    const keyMs = this.#queue.first()?.atMs ?? Number.POSITIVE_INFINITY
    const fieldMs = this.#timedHashes.first()?.atMs ?? Number.POSITIVE_INFINITY
    return Math.min(keyMs, fieldMs) + 1
  }

  /** The node begins to replicate: what it holds is its master's to expire. */
  disown(): void {
    this.#own.clear()
  }

  /** Deletes the fields of up to `limit` hashes whose time is over, if that is this node's to do; returns of how many. */
  expireFieldsDue(limit: number): number {
    if (this.expiry !== 'delete') return 0
    for (let hashes = 0; hashes < limit; hashes++) {
      const first = this.#timedHashes.first()
      if (first === undefined || !this.#isOver(first.atMs)) return hashes
      this.#expireFields(
        first.key,
        this.#table.valueIn(this.slotOf(first.key), first.key) as HashValue,
      )
    }
    return limit
  }

  /** Milliseconds that expiring keys have left on average, looking at no more than `sample` of them; 0 without any. */
  averageTtl(sample = 10_000): number {
    let total = 0
    let seen = 0
    for (const [, atMs] of this.expiries()) {
      if (seen === sample) break
      total += Math.max(0, atMs - this.clock.now)
      seen++
    }
    return seen === 0 ? 0 : Math.floor(total / seen)
  }

  /** A key is used, whatever {@link noTouch} says (TOUCH); false when it is not there. */
  use(key: Bytes): boolean {
    if (this.read(key, Lookup.noTouch) === undefined) return false
    this.#use(this.slotOf(key), key)
    return true
  }

  /** Records how keys are used from now on; what another mode recorded is forgotten. */
  recordAccesses(mode: AccessMode): AccessRecord {
    if (this.#accesses?.mode !== mode) {
      const table = this.#table
      const earlier = (key: Bytes) => table.lastAccessIn(table.slotOf(key))
      this.#accesses = new AccessRecord(mode, this.#random, this.#frequency, earlier)
    }
    return this.#accesses
  }

  /**
   * Seconds since a key that is there was used. Exact from the first question on; before that, the answer is that of the
   * key of the same slot that was used last.
   */
  idleSecondsOf(key: Bytes): number {
    const last = this.recordAccesses('idle').lastSecondOf(key)
    return Math.max(0, Math.floor(this.clock.now / 1000) - last)
  }

  /** The logarithmic access counter of a key that is there, 0 to 255. */
  frequencyOf(key: Bytes): number {
    return this.recordAccesses('frequency').frequencyOf(key, this.clock.now)
  }

  /** A key that is there counts as unused for so long. */
  setIdle(key: Bytes, seconds: number): void {
    const now = Math.floor(this.clock.now / 1000)
    this.recordAccesses('idle').setLastSecond(key, now - seconds)
  }

  /** A key that is there has this logarithmic access counter, 0 to 255. */
  setFrequency(key: Bytes, counter: number): void {
    this.recordAccesses('frequency').setFrequency(key, counter, this.clock.now)
  }

  /** From now on {@link memoryBytes} is exact, and costs each write a little; or no longer. */
  accountMemory(isWanted: boolean): void {
    if (!isWanted) this.#ledger = undefined
    else if (this.#ledger === undefined) {
      this.#ledger = new MemoryLedger(this.#inCluster)
      for (const [key, value] of this.entries()) this.#ledger.put(key, value, undefined)
      this.#ledger.expiries(this.#expiring)
    }
  }

  /** A value that was looked up for reading is about to be edited all the same. */
  willEdit(key: Bytes, value: Value): void {
    if (this.#ledger !== undefined) this.#ledger.look(value)
    if (this.#captures !== undefined) this.#keep(key)
  }

  /** Bytes that the keys with their values take in a Redis: summed, or weighed now, of many keys a part of them. */
  memoryBytes(): number {
    return this.#ledger?.bytes ?? this.#census()
  }

  /** Bytes that a key that is there and its value take in a Redis (MEMORY USAGE); undefined when it is not there. */
  memoryOf(key: Bytes): number | undefined {
    const value = this.peek(key)
    return value === undefined ? undefined : keyBytes(key, this.#inCluster) + valueBytes(value)
  }

  #census(): number {
    const { size } = this
    // Most of the sixteen databases are empty, and looking through all groups of slots is dearer than the rest of INFO.
    if (size === 0) return 0
    // Fields that end by themselves are nobody's change.
    const changes = this.changes.dirty + this.#stats.expiredFields
    const last = this.#weighed
    // Clients ask for INFO as they connect, many of them while nothing changes, and weighing takes many milliseconds.
    const isSame = last.size === size && last.changes === changes
    if (!isSame) this.#weighed = { size, changes, bytes: this.#weigh() }
    return this.#weighed.bytes + this.#expiring * EXPIRY_BYTES
  }

  #weigh(): number {
    const share = Math.min(1, CENSUS_MAX / this.size)
    const weights = new MemoryLedger(this.#inCluster)
    let weighed = 0
    for (const [key, value] of this.#table.entries(share)) {
      weights.put(key, value, undefined)
      weighed++
    }
    return Math.round((weights.bytes / weighed) * this.size)
  }

  /** Up to `count` different keys by chance, of all or of those that expire (dictGetSomeKeys). */
  sampleKeys(count: number, of: 'all' | 'expiring'): Bytes[] {
    const total = of === 'all' ? this.size : this.#expiring
    return this.#table.sample(this.#random, { count, of, total })
  }

  /** A key is deleted to make room: neither a command's change nor an expiry. The node tells the replicas. */
  evict(key: Bytes): void {
    this.#drop(key)
    this.#stats.evicted++
    this.#listener.touched(this, key)
    this.notify(NotifyClass.evicted, 'evicted', key)
  }

  /** A key is about to be deleted in a way that leaves freeing for later: counts it if there is much to free. */
  countLazyFree(key: Bytes): void {
    const value = this.#table.keptIn(this.slotOf(key), key)
    if (typeof value === 'object' && value.freeEffort() > FREED_AT_ONCE_MAX) this.#stats.lazyFreed++
  }

  /** The value of a key whose time is not over; deletes the key if it is and that is this node's to do. */
  #live(index: number, key: Bytes, isWrite = false): KeptValue | undefined {
    const value = this.#table.keptIn(index, key)
    if (this.#expiring === 0 || value === undefined) return value
    const atMs = this.#table.at(key)?.expiries?.get(key)
    if (atMs === undefined || this.expiry === 'keep' || !this.#isOver(atMs)) return value
    // Only clients of a writable replica write where keys are hidden: what they make must not end with what was there.
    if (isWrite || this.expiry === 'delete') this.#expire(key)
    return undefined
  }

  /** Whatever time the key had; if it was over, the key goes first. */
  #forgetExpiry(key: Bytes): void {
    const group = this.#table.at(key)
    if (group?.expiries === undefined) return
    this.#live(this.slotOf(key), key, true)
    this.#unexpire(group, key)
  }

  #isOver(atMs: number): boolean {
    return this.clock.now > atMs
  }

  #expire(key: Bytes): void {
    this.#drop(key)
    this.#stats.expired++
    this.#listener.expired(this, key)
    this.#listener.notify(this, NotifyClass.expired, 'expired', key)
    this.#listener.touched(this, key, true)
  }

  /** Deletes the fields of a hash whose time is over; undefined when none is left. */
  #expireFields(key: Bytes, hash: HashValue): HashValue | undefined {
    this.willEdit(key, hash)
    const fields = hash.takeDue(this.clock.now)
    if (fields.length === 0) return hash
    this.#stats.expiredFields += fields.length
    for (const field of fields) this.#listener.fieldExpired(this, key, field)
    this.#listener.notify(this, NotifyClass.hash, 'hexpired', key)
    if (hash.size === 0) {
      this.#drop(key)
      this.#listener.notify(this, NotifyClass.generic, 'del', key)
    } else if (hash.nextExpiryMs !== Number.POSITIVE_INFINITY) this.#timedHashes.add(key, hash)
    this.#listener.touched(this, key)
    return hash.size === 0 ? undefined : hash
  }

  #registerTimed(key: Bytes, value: Value): void {
    if (value instanceof HashValue && value.nextExpiryMs !== Number.POSITIVE_INFINITY) {
      this.#timedHashes.add(key, value)
    }
  }

  /** A key is about to change. */
  #keep(key: Bytes): void {
    for (const capture of this.#captures ?? []) this.#table.keep(capture, key)
  }

  #use(index: number, key: Bytes): void {
    this.#table.accessed(index, this.clock.now / 1000)
    if (this.#accesses !== undefined) this.#accesses.touch(key, this.clock.now)
  }

  #put(key: Bytes, value: KeptValue): void {
    const index = this.#table.slotOf(key)
    if (this.#ledger !== undefined) this.#ledger.put(key, value, this.#table.keptIn(index, key))
    if (this.#captures !== undefined) this.#keep(key)
    if (typeof value === 'object') this.#registerTimed(key, value)
    if (!this.#table.put(index, key, value)) {
      if (this.#accesses !== undefined) this.#accesses.touch(key, this.clock.now)
      return
    }
    this.#table.accessed(index, this.clock.now / 1000)
    if (this.#accesses !== undefined) this.#accesses.create(key, this.clock.now)
    this.#listener.notify(this, NotifyClass.new, 'new', key)
    this.#listener.ready(this, key)
  }

  #drop(key: Bytes): boolean {
    const group = this.#table.at(key)
    const held = this.#ledger === undefined ? undefined : group?.values.get(key)
    if (this.#captures !== undefined) this.#keep(key)
    if (group === undefined || !this.#table.drop(key)) return false
    if (this.#ledger !== undefined && held !== undefined) this.#ledger.drop(key, held)
    if (group.expiries !== undefined) this.#unexpire(group, key)
    if (this.#accesses !== undefined) this.#accesses.forget(key)
    return true
  }

  #unexpire(group: SlotGroup, key: Bytes): boolean {
    if (group.expiries === undefined || !group.expiries.has(key)) return false
    if (this.#captures !== undefined) this.#keep(key)
    group.expiries.delete(key)
    if (group.expiries.size === 0) group.expiries = undefined
    this.#expiring--
    if (this.#ledger !== undefined) this.#ledger.expiries(-1)
    this.#queue.trim()
    return true
  }
}
