/**
 * The heap of a thread between two nodes. V8 collects old objects when a heap has grown by much, and a thread that hosts
 * small nodes one after the other gets there late: what each of them left stays resident, six times over. So a thread
 * collects while it waits for its next node, and after some nodes that came one right after the other. With the last object
 * of a shape V8 forgets the shape, and throws away the code it compiled for it: so the last node is kept till the next.
 */
import { clearTimeout, setTimeout } from 'node:timers'
import { runInNewContext } from 'node:vm'

/** A thread that has waited this long is not about to start: a collection takes it several milliseconds. */
const IDLE_MS = 100

/** Nodes that may come one right after the other before what they left is collected. */
const UNCOLLECTED_MAX = 10

/** A heap with more than this in it is not kept full. */
const KEPT_MAX_BYTES = 32 * 1024 * 1024

/** Threads of a cluster that has stopped collect all at once; those that do so for the first time get in each other's way. */
const TRIES_MAX = 50

/** Collects what nodes leave behind in the heap of their thread. */
export class ParkedHeap {
  readonly #collect: () => void
  readonly #measure: () => number
  readonly #kept: unknown[] = []
  #uncollected = 0
  #timer: NodeJS.Timeout | undefined

  /** `measure` tells how many bytes there are in the heap. */
  constructor(collect = collectThread, measure = bytesUsed) {
    this.#collect = collect
    this.#measure = measure
  }

  /** A node is about to start. */
  leave(): void {
    clearTimeout(this.#timer)
    this.#kept.length = 0
  }

  /** The node is gone; these are its objects. */
  park(...remains: unknown[]): void {
    if (this.#measure() <= KEPT_MAX_BYTES) this.#kept.push(...remains)
    this.#uncollected++
    const delayMs = this.#uncollected < UNCOLLECTED_MAX ? IDLE_MS : 0
    this.#timer = setTimeout(() => {
      this.#uncollected = 0
      this.#collect()
    }, delayMs).unref()
  }
}

function bytesUsed(): number {
  const v8 = loadV8()
  if (v8 === undefined) {
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  // Of this thread alone: what `process.memoryUsage` tells of the process besides takes the system half a millisecond.
  const { used_heap_size: heap, external_memory: external } = v8.getHeapStatistics()
  return heap + external
}

/** Loaded by then only: it would cost each thread a millisecond of its start. Undefined before Node.js 20.16. */
function loadV8() {
  return process.getBuiltinModule?.('node:v8')
}

/** V8's own, once it has been got; it holds 150 KB. */
let collect: (() => void) | undefined

/** Collects the garbage of the thread that asks. */
export function collectThread(): void {
  for (let tries = 0; collect === undefined && tries < TRIES_MAX; tries++) collect = findCollect()
  collect?.()
}

function findCollect(): (() => void) | undefined {
  const v8 = loadV8()
  // Then nothing is collected.
  if (v8 === undefined) return undefined
  // Node.js offers no other way. The flag is the whole process's, so it is set for a moment only, in which another thread
  // may take it back.
  v8.setFlagsFromString('--expose-gc')
  const found = runInNewContext('globalThis.gc') as (() => void) | undefined
  v8.setFlagsFromString('--no-expose-gc')
  return found
}
