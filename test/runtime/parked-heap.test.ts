import t from 'tap'
import { collectThread, ParkedHeap } from '../../lib/runtime/parked-heap.ts'

const MEGABYTE = 1024 * 1024

/** A heap that counts its collections. `collected` resolves with the first. */
function counted() {
  let count = 0
  let resolve: () => void = () => {}
  const collected = new Promise<void>((done) => {
    resolve = done
  })
  const heap = new ParkedHeap(() => {
    count++
    resolve()
  })
  return { heap, collected, count: () => count }
}

t.test('collects once when no node follows', async (t) => {
  const { heap, collected, count } = counted()
  heap.leave()
  heap.park()
  t.equal(count(), 0, 'not while the next node may be on its way')
  // Nothing else keeps this process alive: a thread that waits must not either.
  const alive = setInterval(() => {}, 1000)
  await collected
  clearInterval(alive)
  t.equal(count(), 1)
})

t.test('nodes that follow put the collection off, until ten have left something', async (t) => {
  const { heap, count } = counted()
  const counts: number[] = []
  for (let node = 0; node < 11; node++) {
    heap.leave()
    heap.park()
    // Timers that are due run before this.
    await new Promise((resolve) => setTimeout(resolve, 2))
    counts.push(count())
  }
  heap.leave()
  t.same(counts, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
})

t.test('garbage of the thread is gone after a collection, and nobody sees how', async (t) => {
  const held = new WeakRef(new Array(MEGABYTE).fill({}))
  await new Promise<void>((resolve) => setImmediate(resolve))
  const before = process.memoryUsage().heapUsed
  collectThread()
  t.ok(process.memoryUsage().heapUsed < before - MEGABYTE, 'the size shows it')
  t.equal(held.deref(), undefined)
  t.equal((globalThis as { gc?: unknown }).gc, undefined)
})
