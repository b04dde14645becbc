import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import type { MessagePort } from 'node:worker_threads'
import t from 'tap'
import type { NodeMessage } from '../../lib/control/message.ts'
import { packForNode, unpackFromNode } from '../../lib/control/pack.ts'
import { type NodeThread, ThreadPool } from '../../lib/host/pool.ts'
import { bootFor, faultyPool, faultyWorkerUrl } from '../support/test-threads.ts'

type Fault = Parameters<typeof bootFor>[1]

/** A node on a thread, up to its first message. */
async function start(
  pool: ThreadPool,
  index = 0,
  fault?: Fault,
): Promise<{ thread: NodeThread; host: MessagePort; threadId: number }> {
  const [boot, host] = bootFor(index, fault)
  const thread = pool.start(boot, [boot.control])
  const message = await nextMessage(host)
  return { thread, host, threadId: message.type === 'listening' ? message.threadId : 0 }
}

async function nextMessage(host: MessagePort): Promise<NodeMessage> {
  const [frame] = await once(host, 'message')
  return unpackFromNode(frame)[0] as NodeMessage
}

async function stop({ thread, host }: Awaited<ReturnType<typeof start>>): Promise<void> {
  host.postMessage(packForNode({ type: 'stop' }))
  const message = await nextMessage(host)
  if (message.type !== 'stopped') throw new Error(`got ${message.type}`)
  thread.release()
  host.close()
}

t.test('every node has a thread of its own, warm ones are used again', async (t) => {
  const pool = faultyPool(t)
  const first = await Promise.all([0, 1, 2].map((index) => start(pool, index)))
  const ids = new Set(first.map(({ threadId }) => threadId))
  t.equal(ids.size, 3)
  t.equal(pool.occupied, 3)
  await Promise.all(first.map(stop))
  t.equal(pool.occupied, 0)
  t.equal(pool.size, 3, 'the threads stay')

  const second = await Promise.all([0, 1, 2, 3].map((index) => start(pool, index)))
  const again = new Set(second.map(({ threadId }) => threadId))
  t.equal(again.size, 4)
  for (const id of ids) t.ok(again.has(id), 'a warm thread is used')
  t.equal(pool.size, 4)
  await Promise.all(second.map(stop))
})

t.test('a thread with a node gets no second one', async (t) => {
  const pool = faultyPool(t)
  const nodes = []
  for (let index = 0; index < 4; index++) nodes.push(await start(pool, index))
  t.equal(new Set(nodes.map(({ threadId }) => threadId)).size, 4)
  await Promise.all(nodes.map(stop))
})

t.test('many boots at once make as many threads, not one more', async (t) => {
  const pool = faultyPool(t)
  const nodes = await Promise.all(Array.from({ length: 12 }, (_, index) => start(pool, index)))
  t.equal(pool.size, 12)
  await Promise.all(nodes.map(stop))
})

t.test('a terminated thread is gone, alone and without an error', async (t) => {
  const pool = faultyPool(t)
  const [one, other] = await Promise.all([start(pool, 0), start(pool, 1)])
  await one?.thread.terminate()
  t.equal(await one?.thread.ended, undefined)
  t.equal(pool.size, 1)
  t.equal(pool.occupied, 1)
  await one?.thread.terminate()
  if (other !== undefined) await stop(other)
})

t.test('a thread that ends by itself says why', async (t) => {
  const pool = faultyPool(t)
  for (const [fault, message] of [
    ['throws-at-boot', 'boot went wrong'],
    ['exits-at-boot', 'the thread ended with exit code 3'],
  ] as const) {
    const [boot, host] = bootFor(0, fault)
    const thread = pool.start(boot, [boot.control])
    t.match(await thread.ended, { message }, fault)
    t.equal(pool.occupied, 0)
    host.close()
  }
})

t.test('a boot that hangs can be terminated, and so can one that is still queued', async (t) => {
  const pool = faultyPool(t)
  const [hanging, host] = bootFor(0, 'hangs-at-boot')
  const thread = pool.start(hanging, [hanging.control])
  const other = await start(pool, 1)
  await thread.terminate()
  t.equal(await thread.ended, undefined)
  const [queued, queuedHost] = bootFor(2)
  const early = pool.start(queued, [queued.control])
  await early.terminate()
  t.equal(await early.ended, undefined)
  t.equal(pool.occupied, 1)
  await stop(other)
  for (const port of [host, queuedHost]) port.close()
})

t.test('a worker that cannot be loaded fails every boot', async (t) => {
  const pool = new ThreadPool(new URL('./none.js', import.meta.url))
  t.teardown(() => pool.destroy())
  const boots = [0, 1, 2].map((index) => bootFor(index))
  const threads = boots.map(([boot]) => pool.start(boot, [boot.control]))
  for (const thread of threads) t.match(await thread.ended, { message: /Cannot find module/ })
  t.equal(pool.occupied, 0)
  for (const [, host] of boots) host.close()
})

t.test('threads end some time after the last node, unless one comes', async (t) => {
  const pool = faultyPool(t, 1)
  const node = await start(pool)
  await stop(node)
  while (pool.size > 0) await new Promise((resolve) => setTimeout(resolve, 1))
  t.equal(pool.size, 0)
  const next = await start(pool)
  t.equal(pool.size, 1)
  await stop(next)
})

t.test('threads do not inherit the loaders of the process', async (t) => {
  const hook = 'data:text/javascript,globalThis.hooked=true;console.log("hooked")'
  const script = `
    import { ThreadPool } from ${JSON.stringify(new URL('../../lib/host/pool.js', import.meta.url).href)}
    import { bootFor } from ${JSON.stringify(new URL('../support/test-threads.js', import.meta.url).href)}
    const pool = new ThreadPool(new URL(${JSON.stringify(faultyWorkerUrl.href)}))
    const [boot, host] = bootFor(0)
    pool.start(boot, [boot.control])
    host.once('message', () => process.exit(0))
  `
  const child = spawnSync(
    process.execPath,
    ['--import', hook, '--input-type=module', '-e', script],
    {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: `--import=${hook}` },
      timeout: 30_000,
    },
  )
  t.equal(child.status, 0, child.stderr)
  t.equal(child.stdout.match(/hooked/g)?.length, 1, 'loaded in the main thread alone')
})

t.test('a process with nodes and nothing else to do ends by itself', async (t) => {
  const script = `
    import { ThreadPool } from ${JSON.stringify(new URL('../../lib/host/pool.js', import.meta.url).href)}
    import { bootFor } from ${JSON.stringify(new URL('../support/test-threads.js', import.meta.url).href)}
    const pool = new ThreadPool(new URL(${JSON.stringify(faultyWorkerUrl.href)}))
    const [boot, host] = bootFor(0)
    pool.start(boot, [boot.control])
    host.once('message', () => console.log('listening'))
  `
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 30_000,
  })
  t.equal(child.stdout, 'listening\n', child.stderr)
  t.equal(child.status, 0)
})
