const { Cluster } = require('ioredis')

const client = new Cluster(process.env.REDIS_CLUSTER_NODES.split(','))
afterAll(() => client.disconnect())

test('ioredis reads what it wrote, on every master', async () => {
  const keys = Array.from({ length: 100 }, (_, i) => `ioredis:${i}`)
  await Promise.all(keys.map((key) => client.set(key, key)))
  expect(await Promise.all(keys.map((key) => client.get(key)))).toEqual(keys)
  const sizes = await Promise.all(client.nodes('master').map((node) => node.dbsize()))
  expect(sizes).toHaveLength(3)
  expect(Math.min(...sizes)).toBeGreaterThan(0)
})
