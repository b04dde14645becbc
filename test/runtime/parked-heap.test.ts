import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
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

async function collected(ref: WeakRef<object>): Promise<boolean> {
  // What a turn has got from a WeakRef, or put into one, lives to its end.
  await new Promise<void>((resolve) => setImmediate(resolve))
  collectThread()
  return ref.deref() === undefined
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

t.test('what the last node was made of is kept till the next, if it is not much', async (t) => {
  const parked = (megabytes: number) => {
    const heap = new ParkedHeap(
      () => {},
      () => megabytes * MEGABYTE,
    )
    const remains = { node: true }
    heap.park(remains)
    return { heap, remains: new WeakRef(remains) }
  }
  const small = parked(32)
  t.notOk(await collected(small.remains))
  small.heap.leave()
  t.ok(await collected(small.remains))
  const large = parked(33)
  t.ok(await collected(large.remains), 'the memory of a large one is worth more')
  large.heap.leave()
})

t.test('a large heap is found before Node.js 20.16, too, where nobody can ask V8', async (t) => {
  const { getBuiltinModule } = process
  const much = new ArrayBuffer(33 * MEGABYTE)
  const heap = new ParkedHeap(() => {})
  const parked = () => {
    const remains = { node: true }
    Object.assign(process, { getBuiltinModule: undefined })
    heap.park(remains)
    Object.assign(process, { getBuiltinModule })
    return new WeakRef(remains)
  }
  t.ok(await collected(parked()))
  t.equal(much.byteLength, 33 * MEGABYTE)
  heap.leave()
})

t.test('threads that collect at once all do', async (t) => {
  const [count, rounds] = [6, 20]
  const url = new URL('../../lib/runtime/parked-heap.js', import.meta.url).href
  const source = `
    const { parentPort } = require('node:worker_threads')
    import('${url}').then(({ collectThread }) => {
      parentPort.on('message', (go) => {
        const held = new WeakRef({})
        setImmediate(() => {
          Atomics.wait(go, 0, 0, 1000)
          collectThread()
          parentPort.postMessage(held.deref() === undefined)
        })
        parentPort.postMessage('ready')
      })
      parentPort.postMessage('ready')
    })`
  const workers = Array.from({ length: count }, () => new Worker(source, { eval: true }))
  const answers = () =>
    Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0]))
  await answers()
  for (let round = 0; round < rounds; round++) {
    const go = new Int32Array(new SharedArrayBuffer(4))
    const areReady = answers()
    for (const worker of workers) worker.postMessage(go)
    await areReady
    const all = answers()
    Atomics.store(go, 0, 1)
    Atomics.notify(go, 0)
    t.same(await all, new Array(count).fill(true))
  }
  await Promise.all(workers.map((worker) => worker.terminate()))
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
