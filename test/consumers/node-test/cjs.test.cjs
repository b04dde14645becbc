const assert = require('node:assert/strict')
const { test } = require('node:test')
const { Cluster } = require('ioredis')
const { startCluster } = require('redis-memory-cluster')

test('a CommonJS module', async (t) => {
  const cluster = await startCluster({ masters: 1, replicas: 0 })
  t.after(() => cluster.stop())
  const client = new Cluster(cluster.addresses)
  t.after(() => client.disconnect())
  await client.set('a', '1')
  assert.equal(await client.get('a'), '1')
})
