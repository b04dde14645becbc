/**
 * The timer of a node's cron: every 100 ms, or later while the node can do without some of its ticks. On the steady clock, so
 * that it goes on when the other is set back. Invariant: from one tick to the next it is a whole number of periods, and what
 * the first one took.
 */
import { performance } from 'node:perf_hooks'
import { TICK_MS } from '../cluster/cron.ts'

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
  /** How long the timer waits, in periods; 0 for one that cannot be used again. */
  #timerPeriods = 0
  /** Since when the next tick is waited for. */
  #sinceAt = 0
  /** How many periods after that it comes. */
  #periods = 1

  constructor(beating: Beating) {
    this.#beating = beating
  }

  start(): void {
    this.#await(1)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#timerPeriods = 0
  }

  /** Something happened: perhaps fewer ticks can be left out. */
  look(): void {
    if (this.#periods === 1 || this.#timer === undefined) return
    const wanted = this.#beating.idleTicks + 1
    if (wanted >= this.#periods) return
    // What has passed has passed.
    const elapsedMs = performance.now() - this.#sinceAt
    const periods = Math.max(wanted, Math.ceil(elapsedMs / TICK_MS))
    if (periods >= this.#periods) return
    this.#periods = periods
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#ring, Math.ceil(periods * TICK_MS - elapsedMs))
    this.#timerPeriods = 0
  }

  /** A timer that waits as long as the one before is the same: to make one costs as much as all the rest here. */
  #await(periods: number): void {
    this.#sinceAt = performance.now()
    this.#periods = periods
    if (this.#timer !== undefined && this.#timerPeriods === periods) this.#timer.refresh()
    else {
      clearTimeout(this.#timer)
      this.#timer = setTimeout(this.#ring, periods * TICK_MS)
      this.#timerPeriods = periods
    }
  }

  readonly #ring = (): void => {
    const skipped = this.#periods - 1
    this.#periods = 1
    this.#beating.beat(skipped)
    if (this.#timer !== undefined) this.#await(this.#beating.idleTicks + 1)
  }
}
