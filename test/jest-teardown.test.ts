import { createRequire } from 'node:module'
import t from 'tap'
import setup from '../lib/jest.ts'

const require = createRequire(import.meta.url)

t.test('without a setup there is nothing to end', async () => {
  const { default: teardown } = await import('../lib/jest-teardown.ts')
  await teardown()
})

t.test('setup and teardown may be loaded from different builds', async (t) => {
  delete process.env.REDIS_CLUSTER_NODES
  await setup({}, { globals: { redisMemoryCluster: { masters: 1, replicas: 0 } } })
  t.ok(process.env.REDIS_CLUSTER_NODES)
  const teardown: { default(): Promise<void> } = require('redis-memory-cluster/jest-teardown')
  await teardown.default()
  t.notOk(process.env.REDIS_CLUSTER_NODES)
})
