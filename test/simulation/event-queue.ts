/**
 * What is going to happen, and when: a binary heap of events over one virtual clock that jumps from event to event.
 * Invariant: events run by time, those of one instant in the order in which they were asked for.
 */

interface Event {
  readonly atMs: number
  readonly sequence: number
  readonly run: () => void
}

/** A virtual clock and its events. */
export class EventQueue {
  /** The instant of the event that runs, ms. */
  now: number
  /** Events that ran so far. */
  count = 0
  /** Those of this instant. */
  countNow = 0
  readonly #heap: Event[] = []
  #sequence = 0

  /** `now` is where the clock starts, ms. */
  constructor(now: number) {
    this.now = now
  }

  /** Events that wait. */
  get size(): number {
    return this.#heap.length
  }

  /** Runs something at a time; one that has passed means now. */
  at(atMs: number, run: () => void): void {
    const event = { atMs: Math.max(atMs, this.now), sequence: this.#sequence++, run }
    const heap = this.#heap
    let i = heap.length
    heap.push(event)
    while (i > 0) {
      const parent = (i - 1) >> 1
      const above = heap[parent] as Event
      if (!isBefore(event, above)) break
      heap[i] = above
      i = parent
    }
    heap[i] = event
  }

  /** Runs something so much later. */
  after(delayMs: number, run: () => void): void {
    this.at(this.now + delayMs, run)
  }

  /** Runs the next event if it is due by `endMs`; false if there is none. */
  runNext(endMs: number): boolean {
    const next = this.#heap[0]
    if (next === undefined || next.atMs > endMs) return false
    this.#removeFirst()
    this.countNow = next.atMs === this.now ? this.countNow + 1 : 1
    this.now = next.atMs
    this.count++
    next.run()
    return true
  }

  #removeFirst(): void {
    const heap = this.#heap
    const last = heap.pop() as Event
    const { length } = heap
    if (length === 0) return
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= length) break
      const right = heap[child + 1]
      if (right !== undefined && isBefore(right, heap[child] as Event)) child++
      const below = heap[child] as Event
      if (!isBefore(below, last)) break
      heap[i] = below
      i = child
    }
    heap[i] = last
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence)
}
