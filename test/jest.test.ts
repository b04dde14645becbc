import t from 'tap'
import setup from '../lib/jest.ts'
import teardown from '../lib/jest-teardown.ts'
import { RespClient } from './support/resp-client.ts'

t.beforeEach(() => {
  delete process.env.REDIS_CLUSTER_NODES
  delete process.env.REDIS_CLUSTER_PASSWORD
})
t.afterEach(() => teardown())

function nodes(): { host: string; port: number }[] {
  const list = process.env.REDIS_CLUSTER_NODES?.split(',') ?? []
  return list.map((address) => {
    const [host = '', port] = address.split(':')
    return { host, port: Number(port) }
  })
}

t.test('setup names six nodes, teardown ends them', async (t) => {
  await setup({}, {})
  const addresses = nodes()
  t.equal(addresses.length, 6)
  t.notOk('REDIS_CLUSTER_PASSWORD' in process.env)
  const [first] = addresses as [{ host: string; port: number }]
  const client = await RespClient.connect(first.port, first.host)
  t.match((await client.command('CLUSTER', 'INFO')).value, /cluster_state:ok/)
  await client.close()
  await teardown()
  t.notOk('REDIS_CLUSTER_NODES' in process.env)
  await t.rejects(RespClient.connect(first.port, first.host), { code: 'ECONNREFUSED' })
  await teardown()
})

t.test("options come from the globals of Jest's configuration", async (t) => {
  const redisMemoryCluster = { masters: 1, replicas: 0, password: 'a/b' }
  await setup({}, { globals: { redisMemoryCluster } })
  t.equal(nodes().length, 1)
  t.equal(process.env.REDIS_CLUSTER_PASSWORD, 'a/b')
  await teardown()
  t.notOk('REDIS_CLUSTER_PASSWORD' in process.env)
})

t.test('a wrong option says where it stands', async (t) => {
  await t.rejects(setup({}, { globals: { redisMemoryCluster: { masters: 0 } } }), {
    code: 'ERR_BAD_OPTION',
    message: /^globals\.redisMemoryCluster in Jest's configuration: `masters` must be/,
  })
  t.notOk('REDIS_CLUSTER_NODES' in process.env)
})

t.test('a cluster that is there already is used', async (t) => {
  process.env.REDIS_CLUSTER_NODES = '10.0.0.1:7000'
  await setup({}, { globals: { redisMemoryCluster: { masters: 0 } } })
  await teardown()
  t.equal(process.env.REDIS_CLUSTER_NODES, '10.0.0.1:7000', 'and left alone')
})

t.test('a second project finds the cluster of the first', async (t) => {
  await setup({}, { globals: { redisMemoryCluster: { masters: 1, replicas: 0 } } })
  const before = nodes()
  await setup({}, {})
  t.strictSame(nodes(), before)
})
