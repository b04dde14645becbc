/**
 * The heap of a thread between two nodes. V8 collects old objects when a heap has grown by much, and a thread that hosts
 * small nodes one after the other gets there late: what each of them left stays resident, six times over. So a thread
 * collects while it waits for its next node, and after some nodes that came one right after the other.
 */
import { clearTimeout, setTimeout } from 'node:timers'
import { runInNewContext } from 'node:vm'

/** A thread that has waited this long is not about to start: a collection takes it several milliseconds. */
const IDLE_MS = 100

/** Nodes that may come one right after the other before what they left is collected. */
const UNCOLLECTED_MAX = 10

/** Collects what nodes leave behind in the heap of their thread. */
export class ParkedHeap {
  readonly #collect: () => void
  #uncollected = 0
  #timer: NodeJS.Timeout | undefined

  constructor(collect = collectThread) {
    this.#collect = collect
  }

  /** A node is about to start. */
  leave(): void {
    clearTimeout(this.#timer)
  }

  /** The node is gone. */
  park(): void {
    this.#uncollected++
    const delayMs = this.#uncollected < UNCOLLECTED_MAX ? IDLE_MS : 0
    this.#timer = setTimeout(() => {
      this.#uncollected = 0
      this.#collect()
    }, delayMs).unref()
  }
}

/** Collects the garbage of the thread that asks. */
export function collectThread(): void {
  // Loaded by then only: it would cost each thread a millisecond of its start. Before Node.js 20.16 nothing is collected.
  const v8 = process.getBuiltinModule?.('node:v8')
  if (v8 === undefined) return
  // Node.js offers no other way. The flag is the whole process's, so it is set for a moment only, in which another thread
  // may take it back: then that one collects, and this one the next time.
  v8.setFlagsFromString('--expose-gc')
  const collect = runInNewContext('globalThis.gc') as (() => void) | undefined
  v8.setFlagsFromString('--no-expose-gc')
  collect?.()
}
