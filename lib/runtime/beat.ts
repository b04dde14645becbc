/**
 * The timer of a node's cron: every 100 ms, or later while the node can do without some of its ticks. On the steady clock, so
 * that it goes on when the other is set back. Invariant: a tick comes a whole number of periods after the one before, unless
 * the thread was busy meanwhile.
 */
import { performance } from 'node:perf_hooks'

const TICK_MS = 100

/** What beats. */
export interface Beating {
  /** A tick; so many before it were left out. */
  beat(skipped: number): void
  /** So many of the ticks after the last one can be left out, as far as is known. */
  readonly idleTicks: number
}

/** The beat of one node. */
export class Beat {
  readonly #beating: Beating
  #timer: NodeJS.Timeout | undefined
  #isOn = false
  /** When the last tick was due. */
  #lastAt = 0
  /** How many periods after it the next one comes. */
  #periods = 1

  constructor(beating: Beating) {
    this.#beating = beating
  }

  start(): void {
    this.#isOn = true
    this.#lastAt = performance.now()
    this.#set(1)
  }

  stop(): void {
    this.#isOn = false
    clearTimeout(this.#timer)
  }

  /** Something happened: perhaps fewer ticks can be left out. */
  look(): void {
    if (this.#periods === 1 || !this.#isOn) return
    const wanted = this.#beating.idleTicks + 1
    if (wanted >= this.#periods) return
    // What has passed has passed.
    const elapsed = Math.ceil((performance.now() - this.#lastAt) / TICK_MS)
    if (elapsed < this.#periods) this.#set(Math.max(wanted, elapsed))
  }

  #set(periods: number): void {
    clearTimeout(this.#timer)
    this.#periods = periods
    const delayMs = this.#lastAt + periods * TICK_MS - performance.now()
    this.#timer = setTimeout(this.#ring, Math.ceil(delayMs))
  }

  readonly #ring = (): void => {
    const skipped = this.#periods - 1
    this.#lastAt += this.#periods * TICK_MS
    const now = performance.now()
    if (now - this.#lastAt >= TICK_MS) this.#lastAt = now
    this.#periods = 1
    this.#beating.beat(skipped)
    if (this.#isOn) this.#set(this.#beating.idleTicks + 1)
  }
}
