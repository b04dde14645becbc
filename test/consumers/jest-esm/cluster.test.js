import { afterAll, expect, jest, test } from '@jest/globals'
import { Cluster } from 'ioredis'
import { ClusterError, startCluster } from 'redis-memory-cluster'

const password = process.env.REDIS_CLUSTER_PASSWORD
const nodes = process.env.REDIS_CLUSTER_NODES.split(',')
const client = new Cluster(nodes, { redisOptions: { password } })
afterAll(() => client.disconnect())

test('the cluster of the run has the options of the configuration', async () => {
  expect(nodes).toHaveLength(1)
  expect(password).toBe('se/cret')
  await client.set('a', '1')
  expect(await client.get('a')).toBe('1')
})

test('a test file starts a cluster of its own', async () => {
  const cluster = await startCluster({ masters: 3, replicas: 0 })
  expect(cluster.masters).toHaveLength(3)
  await cluster.stop()
  await expect(startCluster({ masters: 0 })).rejects.toThrow(ClusterError)
})

test('frozen timers do not stop it', async () => {
  jest.useFakeTimers()
  try {
    const cluster = await startCluster({ masters: 1, replicas: 0 })
    await expect(cluster.until(() => false, { timeout: 10 })).rejects.toMatchObject({
      code: 'ERR_TIMEOUT',
    })
    await cluster.stop()
  } finally {
    jest.useRealTimers()
  }
})
