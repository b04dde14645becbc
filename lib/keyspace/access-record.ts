/**
 * When, or how often, each key was used: what OBJECT IDLETIME and FREQ tell and eviction chooses by. Kept only from the
 * moment somebody asks, because every read would pay for it. The frequency is Redis' logarithmic counter with decay
 * (LFULogIncr and LFUDecrAndReturn in evict.c).
 */
import type { Bytes } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'

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

/** Accesses of the keys of one database. */
export class AccessRecord {
  readonly mode: AccessMode
  readonly #random: Random
  readonly #settings: FrequencySettings
  /** Unix second of the last access of a key that was not used since the record began. */
  readonly #earlier: (key: Bytes) => number
  /** Second of the last access, or minute and counter. */
  readonly #accesses = new Map<Bytes, number>()

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
    this.#accesses.set(key, this.mode === 'idle' ? Math.floor(nowMs / 1000) : start)
  }

  /** A key is used at this time, Unix ms. */
  touch(key: Bytes, nowMs: number): void {
    if (this.mode === 'idle') {
      this.#accesses.set(key, Math.floor(nowMs / 1000))
      return
    }
    const minute = Math.floor(nowMs / 60_000)
    const counter = this.#raised(this.frequencyOf(key, nowMs))
    this.#accesses.set(key, minute * MINUTE_SHIFT + counter)
  }

  /** Unix second of the last access. */
  lastSecondOf(key: Bytes): number {
    return this.#accesses.get(key) ?? this.#earlier(key)
  }

  /** The logarithmic counter now, 0 to 255. */
  frequencyOf(key: Bytes, nowMs: number): number {
    // Redis has one field for both: of a key older than the policy it takes the second for a minute and a counter.
    const packed = this.#accesses.get(key) ?? this.#earlier(key)
    const { decayMinutes } = this.#settings
    const periods = decayMinutes > 0 ? Math.floor(minutesSince(packed, nowMs) / decayMinutes) : 0
    return Math.max(0, (packed % MINUTE_SHIFT) - periods)
  }

  /** A key was last used at this Unix second. */
  setLastSecond(key: Bytes, second: number): void {
    this.#accesses.set(key, second)
  }

  /** A key has this logarithmic counter at this time, Unix ms. */
  setFrequency(key: Bytes, counter: number, nowMs: number): void {
    this.#accesses.set(key, Math.floor(nowMs / 60_000) * MINUTE_SHIFT + counter)
  }

  forget(key: Bytes): void {
    this.#accesses.delete(key)
  }

  clear(): void {
    this.#accesses.clear()
  }

  #raised(counter: number): number {
    if (counter >= COUNTER_MAX) return COUNTER_MAX
    const base = Math.max(0, counter - COUNTER_START)
    const chance = 1 / (base * this.#settings.logFactor + 1)
    return this.#random.fraction() < chance ? counter + 1 : counter
  }
}

/** Minutes since the minute of a packed value, which counts around at 16 bits (LFUTimeElapsed). */
function minutesSince(packed: number, nowMs: number): number {
  const minute = Math.floor(packed / MINUTE_SHIFT) % MINUTES
  const now = Math.floor(nowMs / 60_000) % MINUTES
  return now >= minute ? now - minute : MINUTES - 1 - minute + now
}
