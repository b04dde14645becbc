/**
 * Clients that write all the time while the cluster is changed under them: no call fails, and no write that was
 * acknowledged is lost. After a crash some may be: replication is asynchronous; they are counted.
 */
import { Cluster as IoredisCluster } from 'ioredis'
import { createCluster } from 'redis'
import t, { type Test } from 'tap'
import type { Cluster, ClusterNode } from '../../lib/host/handle.ts'
import { startForTest } from '../support/started-cluster.ts'

// Eight clusters, and a busy machine.
t.setTimeout(180_000)

interface Store {
  set(key: string, value: string): Promise<unknown>
  get(key: string): Promise<string | null>
  close(): Promise<unknown> | unknown
}

async function ioredis(cluster: Cluster): Promise<Store> {
  const client = new IoredisCluster([...cluster.addresses], { slotsRefreshTimeout: 5000 })
  client.on('error', () => {})
  return {
    set: (key, value) => client.set(key, value),
    get: (key) => client.get(key),
    close: () => client.disconnect(),
  }
}

async function nodeRedis(cluster: Cluster): Promise<Store> {
  const client = createCluster({ rootNodes: cluster.urls.map((url) => ({ url })) })
  client.on('error', () => {})
  await client.connect()
  return {
    set: (key, value) => client.set(key, value),
    get: (key) => client.get(key) as Promise<string | null>,
    close: () => client.destroy(),
  }
}

/** Writes one key after the other, each by its own chain, until told to stop. */
class Writers {
  readonly acknowledged = new Map<string, string>()
  readonly failures: unknown[] = []
  readonly #store: Store
  readonly #work: Promise<void>[]
  #isOver = false

  constructor(store: Store, chains: number) {
    this.#store = store
    this.#work = Array.from({ length: chains }, (_, chain) => this.#write(chain))
  }

  async #write(chain: number): Promise<void> {
    for (let i = 0; !this.#isOver; i++) {
      const key = `${chain}:${i % 200}`
      try {
        await this.#store.set(key, String(i))
        this.acknowledged.set(key, String(i))
      } catch (error) {
        this.failures.push(error)
      }
    }
  }

  /** Stops and reads everything back; returns the keys whose last acknowledged value is gone. */
  async stop(): Promise<string[]> {
    this.#isOver = true
    await Promise.all(this.#work)
    const lost: string[] = []
    for (const [key, value] of this.acknowledged) {
      if ((await this.#store.get(key)) !== value) lost.push(key)
    }
    return lost
  }
}

/** Runs something while a client writes. */
async function underWrites(
  t: Test,
  connect: (cluster: Cluster) => Promise<Store>,
  change: (cluster: Cluster) => Promise<void>,
) {
  const cluster = await startForTest(t)
  const store = await connect(cluster)
  t.teardown(() => store.close())
  const writers = new Writers(store, 8)
  await change(cluster)
  const lost = await writers.stop()
  return { lost, failures: writers.failures, written: writers.acknowledged.size }
}

const changes: Readonly<Record<string, (cluster: Cluster) => Promise<void>>> = {
  async migrateSlots(cluster) {
    const [, second] = cluster.masters as [ClusterNode, ClusterNode]
    const undo = await cluster.migrateSlots({ slots: { start: 0, end: 499 }, to: second })
    await undo.heal()
  },
  async failover(cluster) {
    const [replica] = cluster.replicas as [ClusterNode]
    const undo = await cluster.failover(replica)
    await undo.heal()
  },
  async 'addNode and rebalance'(cluster) {
    await cluster.addNode()
    await cluster.rebalance({ useEmptyMasters: true })
  },
  async removeNode(cluster) {
    const [master] = cluster.masters as [ClusterNode]
    await cluster.removeNode(master)
  },
}

for (const [name, connect] of Object.entries({ ioredis, nodeRedis })) {
  for (const [what, change] of Object.entries(changes)) {
    // When a node has left, node-redis drops its connection with whatever is queued on it.
    if (name === 'nodeRedis' && what === 'removeNode') continue
    t.test(`${name} writes through ${what}`, async (t) => {
      const { lost, failures, written } = await underWrites(t, connect, change)
      t.ok(written > 0)
      t.strictSame(failures.map(String), [])
      t.strictSame(lost, [])
    })
  }
}

t.test('ioredis writes through the death of a master: what was lost is told', async (t) => {
  const { lost, written } = await underWrites(t, ioredis, async (cluster) => {
    const [master] = cluster.masters as [ClusterNode]
    const undo = await cluster.kill(master)
    await cluster.until(({ ok }) => ok)
    await undo.heal()
  })
  t.comment(`${lost.length} of ${written} keys lost their last acknowledged value`)
  // Each of the eight writers has one write in flight: no more than the last few can be lost.
  t.ok(lost.length <= 8, `${lost}`)
})
