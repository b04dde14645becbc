/**
 * One turn of a node: the clock is read once, things happen, then what other sessions have to say goes out (the event
 * loop's iteration and beforeSleep in Redis). Everything that enters a node enters through a turn.
 */
import { performance } from 'node:perf_hooks'
import type { Clock } from '../base/clock.ts'

/** The clock of a thread, moved by the shared offset. Time stands still within a turn; within a millisecond it only grows. */
export class TurnClock implements Clock {
  now: number
  readonly #offset: Float64Array
  /** When this millisecond was first read, on the steady clock. */
  #begunAt = performance.now()
  /** Undefined until somebody asks in this turn. */
  #microseconds: number | undefined
  /** The last millisecond that somebody asked for within a turn, and when on the steady clock. */
  #asked = { milliseconds: 0, at: 0 }

  /** `offset[0]` is added to the real time, milliseconds. */
  constructor(offset: Float64Array) {
    this.#offset = offset
    this.now = Date.now() + (offset[0] ?? 0)
  }

  get microseconds(): number {
    this.#microseconds ??= Math.min(999, Math.floor((performance.now() - this.#begunAt) * 1000))
    return this.#microseconds
  }

  read(): void {
    const now = Date.now() + (this.#offset[0] as number)
    this.#microseconds = undefined
    if (now === this.now) return
    this.now = now
    this.#begunAt = performance.now()
  }

  /** Unix microseconds by now, whatever this turn takes for its time; within a millisecond they only grow. */
  microsecondsByNow(): number {
    const milliseconds = Date.now() + (this.#offset[0] as number)
    const at = performance.now()
    if (milliseconds !== this.#asked.milliseconds) this.#asked = { milliseconds, at }
    return milliseconds * 1000 + Math.min(999, Math.floor((at - this.#asked.at) * 1000))
  }
}

/** Begins and ends turns. */
export class Turn {
  readonly #clock: TurnClock
  readonly #settle: () => void
  readonly #enter: () => void

  /** `settle` runs at the end of each turn; `enter` where one begins for something that may end a turn of clients, too. */
  constructor(clock: TurnClock, settle: () => void, enter: () => void = () => {}) {
    this.#clock = clock
    this.#settle = settle
    this.#enter = enter
  }

  begin(): void {
    this.#clock.read()
  }

  end(): void {
    this.#settle()
  }

  /** Runs something as a turn of its own. */
  run(action: () => void): void {
    this.begin()
    this.#enter()
    action()
    this.end()
  }
}
