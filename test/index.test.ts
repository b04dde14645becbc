import { createRequire } from 'node:module'
import t from 'tap'

const require = createRequire(import.meta.url)

t.test('both builds export the same names', async (t) => {
  const names = ['ClusterError', 'startCluster']
  t.strictSame(Object.keys(await import('redis-memory-cluster')).sort(), names)
  t.strictSame(Object.keys(require('redis-memory-cluster')).sort(), names)
})

t.test('both builds start the same worker, and know the errors of each other', async (t) => {
  const esm = await import('redis-memory-cluster')
  const cjs: typeof esm = require('redis-memory-cluster')
  t.not(esm.ClusterError, cjs.ClusterError, 'two copies')
  for (const [one, other] of [
    [esm, cjs],
    [cjs, esm],
  ] as const) {
    const error = await one.startCluster({ masters: 0 }).catch((error: unknown) => error)
    t.ok(error instanceof other.ClusterError)
    t.equal((error as Error).constructor.name, 'ClusterError')
    const cluster = await one.startCluster({ masters: 1, replicas: 1 })
    t.equal(cluster.replicas.length, 1)
    await cluster.stop()
  }
})
