/**
 * When, or how often, each key was used: what OBJECT IDLETIME and FREQ tell and eviction chooses by. Kept only from the
 * moment somebody asks, because every read would pay for it. The frequency is Redis' logarithmic counter with decay
 * (LFULogIncr and LFUDecrAndReturn in evict.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { nameHash } from '../base/name-hash.ts'
import type { Random } from '../base/random.ts'
import { NameMap } from '../data/name-map.ts'

/** What is recorded: times for LRU, frequencies for LFU. */
export type AccessMode = 'idle' | 'frequency'

/** `lfu-log-factor` and `lfu-decay-time` (minutes), as they are now. */
export interface FrequencySettings {
  readonly logFactor: number
  readonly decayMinutes: number
}

const COUNTER_START = 5
const COUNTER_MAX = 255
/** The counter is the low byte, the minute of its last change the rest. */
const MINUTE_SHIFT = 256
const MINUTES = 65_536

/**
 * Accesses are spread over tables by so many bits of their hashes: one table of all keys would stand still for long whenever
 * it is laid out anew.
 */
const SHARE_BITS = 8

/** Accesses of the keys of one database. */
export class AccessRecord {
  readonly mode: AccessMode
  readonly #random: Random
  readonly #settings: FrequencySettings
  /** Unix second of the last access of a key that was not used since the record began. */
  readonly #earlier: (key: Bytes) => number
  /** Second of the last access, or minute and counter, by share. */
  #accesses: (NameMap<number> | undefined)[] = newShares()

  constructor(
    mode: AccessMode,
    random: Random,
    settings: FrequencySettings,
    earlier: (key: Bytes) => number,
  ) {
    this.mode = mode
    this.#random = random
    this.#settings = settings
    this.#earlier = earlier
  }

  /** A key is new at this time, Unix ms. */
  create(key: Bytes, nowMs: number): void {
    const minute = Math.floor(nowMs / 60_000)
    const start = minute * MINUTE_SHIFT + COUNTER_START
    this.#set(key, this.mode === 'idle' ? Math.floor(nowMs / 1000) : start)
  }

  /** A key is used at this time, Unix ms. */
  touch(key: Bytes, nowMs: number): void {
    if (this.mode === 'idle') {
      this.#set(key, Math.floor(nowMs / 1000))
      return
    }
    const minute = Math.floor(nowMs / 60_000)
    const counter = this.#raised(this.frequencyOf(key, nowMs))
    this.#set(key, minute * MINUTE_SHIFT + counter)
  }

  /** Unix second of the last access. */
  lastSecondOf(key: Bytes): number {
    return this.#get(key) ?? this.#earlier(key)
  }

  /** The logarithmic counter now, 0 to 255. */
  frequencyOf(key: Bytes, nowMs: number): number {
    // Redis has one field for both: of a key older than the policy it takes the second for a minute and a counter.
    const packed = this.#get(key) ?? this.#earlier(key)
    const { decayMinutes } = this.#settings
    const periods = decayMinutes > 0 ? Math.floor(minutesSince(packed, nowMs) / decayMinutes) : 0
    return Math.max(0, (packed % MINUTE_SHIFT) - periods)
  }

  /** A key was last used at this Unix second. */
  setLastSecond(key: Bytes, second: number): void {
    this.#set(key, second)
  }

  /** A key has this logarithmic counter at this time, Unix ms. */
  setFrequency(key: Bytes, counter: number, nowMs: number): void {
    this.#set(key, Math.floor(nowMs / 60_000) * MINUTE_SHIFT + counter)
  }

  forget(key: Bytes): void {
    const hash = nameHash(key)
    this.#accesses[shareOf(hash)]?.delete(key, hash | 0)
  }

  clear(): void {
    this.#accesses = newShares()
  }

  #get(key: Bytes): number | undefined {
    const hash = nameHash(key)
    return this.#accesses[shareOf(hash)]?.get(key, hash | 0)
  }

  #set(key: Bytes, access: number): void {
    const hash = nameHash(key)
    const share = shareOf(hash)
    let accesses = this.#accesses[share]
    if (accesses === undefined) {
      accesses = new NameMap()
      this.#accesses[share] = accesses
    }
    accesses.set(key, access, hash | 0)
  }

  #raised(counter: number): number {
    if (counter >= COUNTER_MAX) return COUNTER_MAX
    const base = Math.max(0, counter - COUNTER_START)
    const chance = 1 / (base * this.#settings.logFactor + 1)
    return this.#random.fraction() < chance ? counter + 1 : counter
  }
}

function newShares(): (NameMap<number> | undefined)[] {
  return new Array<NameMap<number> | undefined>(2 ** SHARE_BITS).fill(undefined)
}

/** The tables look at the low bits of a hash themselves. */
function shareOf(hash: number): number {
  return hash >>> (32 - SHARE_BITS)
}

/** Minutes since the minute of a packed value, which counts around at 16 bits (LFUTimeElapsed). */
function minutesSince(packed: number, nowMs: number): number {
  const minute = Math.floor(packed / MINUTE_SHIFT) % MINUTES
  const now = Math.floor(nowMs / 60_000) % MINUTES
  return now >= minute ? now - minute : MINUTES - 1 - minute + now
}
