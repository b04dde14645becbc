const { createCluster } = require('redis')

const client = createCluster({
  rootNodes: process.env.REDIS_CLUSTER_NODES.split(',').map((node) => ({ url: `redis://${node}` })),
})
beforeAll(() => client.connect())
afterAll(() => client.close())

test('node-redis reads what it wrote', async () => {
  const keys = Array.from({ length: 100 }, (_, i) => `node-redis:${i}`)
  await Promise.all(keys.map((key) => client.set(key, key)))
  expect(await Promise.all(keys.map((key) => client.get(key)))).toEqual(keys)
  expect(client.masters).toHaveLength(3)
})
