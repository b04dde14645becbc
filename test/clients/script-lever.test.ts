/** Scripts of ioredis when their master changes: the one that takes over has never seen them, and is told. */
import { createHash } from 'node:crypto'
import { Cluster as IoredisCluster } from 'ioredis'
import t from 'tap'
import type { Cluster, ClusterNode } from '../../lib/host/handle.ts'
import { ask, startForTest } from '../support/started-cluster.ts'

const lua = `return redis.call('INCR', KEYS[1])`
const sha = createHash('sha1').update(lua).digest('hex')

const levers: Readonly<Record<string, (cluster: Cluster, replica: ClusterNode) => unknown>> = {
  'a failover that was asked for': (cluster, replica) => cluster.failover(replica),
  'the death of the master': async (cluster) => {
    await cluster.kill(cluster.masterFor('key'))
    await cluster.until(({ ok }) => ok)
  },
}

for (const [name, pull] of Object.entries(levers)) {
  t.test(`defineCommand and ${name}`, async (t) => {
    const cluster = await startForTest(t)
    const redis = new IoredisCluster([...cluster.addresses])
    t.teardown(() => redis.disconnect())
    redis.defineCommand('count', { numberOfKeys: 1, lua })
    const { count } = redis as unknown as { count(key: string): Promise<number> }
    const counted = () => count.call(redis, 'key')
    t.same([await counted(), await counted()], [1, 2])
    const master = cluster.masterFor('key')
    const [replica] = cluster.replicasOf(master) as [ClusterNode]
    const connection = redis.nodes('master').find(({ options }) => options.port === master.port)
    t.equal(await connection?.wait(1, 10_000), 1)
    t.same(await ask(replica, 'SCRIPT', 'EXISTS', sha), [0], 'effects are replicated, not scripts')

    await pull(cluster, replica)
    t.equal(cluster.masterFor('key'), replica)
    await t.rejects(redis.evalsha(sha, 1, 'key'), { message: /^NOSCRIPT No matching script/ })
    t.same([await counted(), await counted()], [3, 4])
    t.same(await ask(replica, 'SCRIPT', 'EXISTS', sha), [1])
    t.equal(await redis.evalsha(sha, 1, 'key'), 5)
  })
}
