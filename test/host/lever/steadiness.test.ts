/**
 * The levers again and again in one process: every failure is followed by exactly one failover, every healing by
 * agreement, and nothing piles up. ROUNDS asks for more of it, BUSY=1 for a machine whose cores have other work, NODE_TIMEOUT
 * for nodes that find out by themselves, with this cluster-node-timeout.
 */
import { Worker } from 'node:worker_threads'
import t, { type Test } from 'tap'
import { Random } from '../../../lib/base/random.ts'
import type { Cluster, ClusterNode } from '../../../lib/host/handle.ts'
import type { StartOptions } from '../../../lib/host/options.ts'
import { nodeThreads } from '../../../lib/host/pool.ts'
import { ask, startForTest } from '../../support/started-cluster.ts'
import { strike } from '../../support/strike.ts'

const rounds = Number(process.env.ROUNDS ?? 8)
const seed = process.env.SEED ?? String(Date.now())

const nodeTimeout = Number(process.env.NODE_TIMEOUT ?? 0)
const options: StartOptions = nodeTimeout > 0 ? { failureDetection: 'timeout', nodeTimeout } : {}
/** Time for whatever the nodes do by themselves, milliseconds. */
const patience = { timeout: 10_000 + 20 * nodeTimeout }

t.setTimeout(60_000 + rounds * (5000 + 20 * nodeTimeout))
if (process.env.BUSY !== undefined) keepBusy(t)

/** Two threads that never rest. */
function keepBusy(t: Test): void {
  const workers = [1, 2].map(() => new Worker('for (;;);', { eval: true, execArgv: [] }))
  t.teardown(() => Promise.all(workers.map((worker) => worker.terminate())))
}

/** Handles of this process by kind. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

/** Every slot is served by a master that takes writes. */
async function serves(cluster: Cluster, value: string): Promise<boolean> {
  const keys = ['key:{10}:111', 'key:{test}:111', 'key:{hu}:111']
  const replies = keys.map((key) => ask(cluster.masterFor(key), 'SET', key, value))
  return (await Promise.all(replies)).every((reply) => reply === 'OK')
}

t.test(`${rounds} crashes, failovers and restarts`, async (t) => {
  t.comment(`seed ${seed}`)
  const random = new Random(seed)
  const cluster = await startForTest(t, options)
  const failovers: string[] = []
  cluster.on('failover', ({ node, from }) => failovers.push(`${from?.index} -> ${node.index}`))
  const failoverMs: number[] = []
  const before = resources()
  for (let round = 0; round < rounds; round++) {
    const master = random.pick(cluster.masters)
    const [heir] = cluster.replicasOf(master) as [ClusterNode]
    const begunMs = performance.now()
    const crash = await cluster.kill(master)
    await cluster.until(({ ok }) => heir.role === 'master' && ok, patience)
    failoverMs.push(performance.now() - begunMs)
    t.ok(await serves(cluster, String(round)), `round ${round}: written`)
    await crash.heal()
    t.match(master, { role: 'replica', master: heir, inSync: true })
    t.strictSame(failovers.splice(0), [`${master.index} -> ${heir.index}`], 'one failover')
  }
  const sorted = failoverMs.sort((one, other) => one - other)
  const [median, worst] = [sorted[rounds >> 1] ?? 0, sorted.at(-1) ?? 0]
  t.comment(`failover: median ${median.toFixed(0)} ms, worst ${worst.toFixed(0)} ms`)
  t.comment(`resident ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB`)
  t.strictSame(resources(), before, 'no handle is left over')
  t.ok(nodeThreads.size <= cluster.nodes.length, `${nodeThreads.size} threads`)
})

t.test(`${rounds} faults in random order, one or two at a time`, async (t) => {
  t.comment(`seed ${seed}`)
  const random = new Random(seed).fork('faults')
  const bus = random.pick(['channel', 'tcp'] as const)
  const cluster = await startForTest(t, { ...options, bus })
  for (let round = 0; round < rounds; round++) {
    const strikes = [await strike(cluster, random)]
    if (random.below(2) === 0 && cluster.nodes.every(({ state }) => state === 'running'))
      strikes.push(await strike(cluster, random))
    // Some faults end while the nodes are still about to act on them.
    const isSeen = random.below(2) === 0
    if (isSeen)
      await new Promise((resolve) => setTimeout(resolve, random.below(300 + 4 * nodeTimeout)))
    for (const { fault } of random.shuffle([...strikes])) await fault.heal()
    const what = strikes.map((one) => one.what).join(', ')
    t.comment(what)
    await cluster.until(({ ok }) => ok && cluster.masters.length === 3, patience)
    t.ok(await serves(cluster, String(round)), `round ${round}: ${what}`)
  }
})
