import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCluster } from 'redis'
import { startCluster } from 'redis-memory-cluster'

test('an ES module', async (t) => {
  const cluster = await startCluster({ masters: 3, replicas: 1 })
  t.after(() => cluster.stop())
  const client = createCluster({ rootNodes: cluster.urls.map((url) => ({ url })) })
  await client.connect()
  await client.set('a', '1')
  assert.equal(await client.get('a'), '1')
  await client.close()
})

test('a cluster that nobody stops, but the signal of its test', async (t) => {
  const cluster = await startCluster({ masters: 1, replicas: 0, signal: t.signal })
  assert.equal(cluster.nodes[0].state, 'running')
})
