/**
 * The heap of a thread between two nodes. V8 collects old objects when a heap has grown by much, and a thread that hosts
 * small nodes one after the other gets there late: what each of them left stays resident, six times over. So a thread that
 * waits for its next node collects once, and does so at once where a lot was left behind.
 */
import { clearTimeout, setTimeout } from 'node:timers'
import { runInNewContext } from 'node:vm'

/** A thread that has waited this long is not about to start: a collection takes it several milliseconds. */
const IDLE_MS = 100

/** What threads may leave uncollected that are given one node right after the other. */
const LEFTOVER_BYTES_MAX = 6 * 1024 * 1024

/** A heap, as far as its owner must know it. */
export interface Heap {
  /** Bytes held, garbage included. */
  size(): number
  collect(): void
}

/** Collects what nodes leave behind in the heap of their thread. */
export class ParkedHeap {
  readonly #heap: Heap
  #cleanBytes: number | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(heap: Heap = threadHeap) {
    this.#heap = heap
  }

  /** A node is about to start. */
  leave(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#cleanBytes ??= this.#heap.size()
  }

  /** The node is gone. */
  park(): void {
    const leftBytes = this.#heap.size() - (this.#cleanBytes ?? 0)
    const delayMs = leftBytes > LEFTOVER_BYTES_MAX ? 0 : IDLE_MS
    this.#timer = setTimeout(() => this.#collect(), delayMs).unref()
  }

  #collect(): void {
    this.#timer = undefined
    this.#heap.collect()
    this.#cleanBytes = this.#heap.size()
  }
}

/** The heap of this thread. */
export const threadHeap: Heap = {
  size() {
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  },
  collect() {
    // Loaded by then only: it would cost each thread a millisecond of its start. Before Node.js 20.16 nothing is collected.
    const v8 = process.getBuiltinModule?.('node:v8')
    if (v8 === undefined) return
    // Node.js offers no other way. The flag is the whole process's, so it is set for a moment only, in which another thread
    // may take it back: then that one collects, and this one the next time.
    v8.setFlagsFromString('--expose-gc')
    const collect = runInNewContext('globalThis.gc') as (() => void) | undefined
    v8.setFlagsFromString('--no-expose-gc')
    collect?.()
  },
}
