/**
 * The emitter behind `on`, `once` and `off`. Invariant: as long as a `once` waits for its event the process lives, as it does
 * with `until`; what listens with `on` keeps nothing alive.
 */
import { EventEmitter } from 'node:events'
import { clearInterval, setInterval } from 'node:timers'
import type { ClusterEvents } from './event.ts'

/** Node.js' longest delay, milliseconds: the timer is there to be there. */
const FOREVER_MS = 2 ** 31 - 1

/** Emits the events of a cluster. */
export class ClusterEmitter extends EventEmitter {
  #waiting: unknown[] = []
  #timer: NodeJS.Timeout | undefined

  constructor() {
    super()
    super.on('removeListener', (_, listener) => {
      // Among several listeners Node.js names the wrapper of a `once`, alone what it wraps.
      const at = this.#waiting.indexOf(listener.listener ?? listener)
      if (at >= 0) this.#waiting.splice(at, 1)
      if (this.#waiting.length === 0) this.release()
    })
  }

  override once<Name extends keyof ClusterEvents>(
    name: Name,
    listener: (event: ClusterEvents[Name]) => void,
  ): this {
    this.#waiting.push(listener)
    this.#timer ??= setInterval(() => {}, FOREVER_MS)
    return super.once(name, listener)
  }

  /** Nothing will come any more: the process may end. */
  protected release(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
