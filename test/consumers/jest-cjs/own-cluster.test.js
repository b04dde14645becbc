const { Cluster } = require('ioredis')
const { ClusterError, startCluster } = require('redis-memory-cluster')

test('a test file starts a cluster of its own', async () => {
  const cluster = await startCluster({ masters: 1, replicas: 1 })
  const client = new Cluster(cluster.addresses)
  await client.set('a', '1')
  expect(await client.get('a')).toBe('1')
  client.disconnect()
  const [replica] = cluster.replicas
  await cluster.kill(replica)
  await cluster.restart(replica)
  await cluster.until((state) => state.ok)
  await cluster.stop()
})

test('errors are known in the sandbox', async () => {
  await expect(startCluster({ masters: 0 })).rejects.toThrow(ClusterError)
  await expect(startCluster({ config: { bogus: 1 } })).rejects.toMatchObject({
    code: 'ERR_BAD_DIRECTIVE',
  })
})
