import { Cluster } from 'ioredis'
import { startCluster } from 'redis-memory-cluster'
import t from 'tap'

t.test('a cluster ends with its test', async (t) => {
  const cluster = await startCluster()
  t.teardown(() => cluster.stop())
  const client = new Cluster(cluster.addresses, { scaleReads: 'slave' })
  t.teardown(() => client.disconnect())
  await client.set('a', '1')
  t.equal(cluster.nodes.length, 6)
  t.equal(cluster.replicasOf(cluster.masterFor('a')).length, 1)
})
