/**
 * One timer for all who want to be woken: each wish is a callback and its time, the world knows of the earliest only.
 * Invariant: what `ring` finds due is called once, and the next one is asked for.
 */
import type { Clock } from '../base/clock.ts'

/** Wishes to be woken. */
export class Alarm {
  readonly #clock: Clock
  readonly #wakeAt: (atMs: number) => void
  readonly #wishes = new Map<() => void, number>()
  /** What the world was asked for last. */
  #askedMs = Number.POSITIVE_INFINITY

  /** `wakeAt` has {@link ring} called at a time, Unix ms; a later call replaces an earlier one. */
  constructor(clock: Clock, wakeAt: (atMs: number) => void) {
    this.#clock = clock
    this.#wakeAt = wakeAt
  }

  /** Calls `wake` at this time, Unix ms, in place of an earlier wish of its. */
  set(wake: () => void, atMs: number): void {
    this.#wishes.set(wake, atMs)
    this.#ask()
  }

  /** The earliest time has come. */
  get isDue(): boolean {
    return this.#askedMs <= this.#clock.now
  }

  /** Calls those whose time has come. Harmless at any time. */
  ring(): void {
    // A timer may be a little early.
    this.#askedMs = Number.POSITIVE_INFINITY
    for (const [wake, atMs] of [...this.#wishes]) {
      if (atMs > this.#clock.now) continue
      this.#wishes.delete(wake)
      wake()
    }
    this.#ask()
  }

  #ask(): void {
    const nextMs = Math.min(...this.#wishes.values())
    if (nextMs === this.#askedMs) return
    this.#askedMs = nextMs
    if (nextMs !== Number.POSITIVE_INFINITY) this.#wakeAt(nextMs)
  }
}
