import t from 'tap'
import { type Heap, ParkedHeap, threadHeap } from '../../lib/runtime/parked-heap.ts'

const MEGABYTE = 1024 * 1024

/** A heap of which only the sizes are there. `collected` resolves with the size that a collection found. */
function recordedHeap(): Heap & { bytes: number; count: number; collected: Promise<number> } {
  let resolve: (bytes: number) => void = () => {}
  return {
    bytes: 10 * MEGABYTE,
    count: 0,
    collected: new Promise((done) => {
      resolve = done
    }),
    size() {
      return this.bytes
    },
    collect() {
      this.count++
      resolve(this.bytes)
      this.bytes = 10 * MEGABYTE
    },
  }
}

t.test('collects once when no node follows', async (t) => {
  const heap = recordedHeap()
  const parked = new ParkedHeap(heap)
  parked.leave()
  heap.bytes += 1
  parked.park()
  t.equal(heap.count, 0, 'not while the next node may be on its way')
  // Nothing else keeps this process alive: a thread that waits must not either.
  const alive = setInterval(() => {}, 1000)
  await heap.collected
  clearInterval(alive)
  t.equal(heap.count, 1)
})

t.test('a node that follows puts the collection off, until a lot is left', async (t) => {
  const heap = recordedHeap()
  const parked = new ParkedHeap(heap)
  parked.leave()
  for (let node = 0; node < 6; node++) {
    heap.bytes += 1.5 * MEGABYTE
    parked.park()
    // Timers that are due run before this.
    await new Promise((resolve) => setTimeout(resolve, 2))
    parked.leave()
  }
  t.equal(await heap.collected, 17.5 * MEGABYTE, 'with the fifth of them')
  t.equal(heap.count, 1)
})

t.test('garbage of the thread is gone after a collection, and nobody sees how', async (t) => {
  const held = new WeakRef(new Array(MEGABYTE).fill({}))
  await new Promise<void>((resolve) => setImmediate(resolve))
  const before = threadHeap.size()
  threadHeap.collect()
  t.ok(threadHeap.size() < before - MEGABYTE, 'the size shows it')
  t.equal(held.deref(), undefined)
  t.equal((globalThis as { gc?: unknown }).gc, undefined)
})
