/** The timer of a node: it goes off at one time, the last that was asked for, or earlier if that is far off. */

/** Longer timers would fire at once. */
const TIMER_MAX_MS = 2 ** 31 - 1

/** Wakes one node. */
export class WakeTimer {
  readonly #wake: () => void
  #timeout: NodeJS.Timeout | undefined
  #immediate: NodeJS.Immediate | undefined

  constructor(wake: () => void) {
    this.#wake = wake
  }

  /** Goes off in so many milliseconds, and not when it was to before. */
  set(delayMs: number): void {
    this.stop()
    // A timer waits a millisecond at least; what goes on at once goes on after what has come from the sockets.
    if (delayMs > 0) this.#timeout = setTimeout(this.#wake, Math.min(delayMs, TIMER_MAX_MS))
    else this.#immediate = setImmediate(this.#wake)
  }

  stop(): void {
    clearTimeout(this.#timeout)
    clearImmediate(this.#immediate)
  }
}
