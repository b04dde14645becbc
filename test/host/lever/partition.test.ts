import t from 'tap'
import type { ClusterNode } from '../../../lib/host/handle.ts'
import { RespClient } from '../../support/resp-client.ts'
import { ask, startForTest } from '../../support/started-cluster.ts'

const KEY = 'key:{10}:111'

for (const bus of ['channel', 'tcp'] as const) {
  t.test(`a minority falls silent, the majority replaces its master; ${bus} bus`, async (t) => {
    const cluster = await startForTest(t, { bus })
    const master = cluster.masterFor(KEY)
    const [replica] = cluster.replicasOf(master) as [ClusterNode]
    const others = cluster.nodes.filter((node) => node !== master)
    t.equal(await ask(master, 'SET', KEY, 'old'), 'OK')

    await using split = await cluster.partition([master], others)
    await cluster.until(() => !master.clusterOk)
    t.match(await ask(master, 'SET', KEY, 'lost'), { message: 'CLUSTERDOWN The cluster is down' })
    await cluster.until(() => replica.role === 'master' && others.every((node) => node.clusterOk))
    t.equal(await ask(replica, 'SET', KEY, 'new'), 'OK')
    t.match(master, { role: 'master', failing: 5, state: 'running' })
    for (const node of others) t.equal(node.failing, 1)

    await split.heal()
    t.match(master, { role: 'replica', master: replica, inSync: true, clusterOk: true })
    for (const node of cluster.nodes) {
      t.match(node, { failing: 0, clusterOk: true, links: { to: 5, from: 5 } })
    }
    t.match(await ask(master, 'GET', KEY), { message: `MOVED 247 127.0.0.1:${replica.port}` })
    t.equal(await ask(replica, 'GET', KEY), 'new')
  })
}

t.test('three groups without a majority are all down, and all come back', async (t) => {
  const cluster = await startForTest(t, { masters: 3, replicas: 0 })
  const [a, b, c] = cluster.nodes as [ClusterNode, ClusterNode, ClusterNode]
  await using split = await cluster.partition([a], [b], [c])
  t.ok(cluster.nodes.every(({ failing }) => failing === 2))
  await cluster.until(({ nodes }) => nodes.every((node) => !node.clusterOk))
  await split.heal()
  t.ok(cluster.nodes.every((node) => node.clusterOk && node.role === 'master'))
})

t.test('nodes in no group keep all their links, and partitions add up', async (t) => {
  const cluster = await startForTest(t, { masters: 3, replicas: 0 })
  const [a, b, c] = cluster.nodes as [ClusterNode, ClusterNode, ClusterNode]
  const first = await cluster.partition([a], [b])
  t.strictSame([a.failing, b.failing, c.failing], [1, 1, 0])
  t.ok(a.clusterOk && b.clusterOk && c.clusterOk, 'each sees a majority')
  const second = await cluster.partition([b, c], [a])
  await first.heal()
  t.equal(a.failing, 2)
  await second.heal()
  t.ok(cluster.nodes.every((node) => node.clusterOk && node.failing === 0))
})

t.test('replication does not cross a partition, and goes on after it', async (t) => {
  const cluster = await startForTest(t, { masters: 3, replicas: 1 })
  const master = cluster.masterFor(KEY)
  const [replica] = cluster.replicasOf(master) as [ClusterNode]
  const split = await cluster.partition([master], [replica])
  t.equal(await ask(master, 'SET', KEY, 'value'), 'OK')
  t.equal(await ask(master, 'GET', KEY), 'value')
  t.equal(await ask(replica, 'DBSIZE'), 0)
  t.match(replica, { role: 'replica', master }, 'all others hear the master')
  await split.heal()
  while ((await ask(replica, 'DBSIZE')) !== 1);
})

t.test('clients sit with the first group, if asked to', async (t) => {
  const cluster = await startForTest(t)
  const master = cluster.masterFor(KEY)
  const [replica] = cluster.replicasOf(master) as [ClusterNode]
  const client = await RespClient.connect(master.port)
  t.teardown(() => client.close())
  t.equal((await client.command('PING')).value, 'PONG')
  const rest = cluster.nodes.filter((node) => node !== master)
  const split = await cluster.partition(rest, [master], { clients: true })
  const answer = client.command('GET', KEY)
  await cluster.until(() => replica.role === 'master' && rest.every((node) => node.clusterOk))
  t.equal(await ask(replica, 'SET', KEY, 'new'), 'OK', 'of the first group all are heard')
  t.equal(client.unread, '')
  await split.heal()
  await answer
})

t.test('with timeouts nodes find out by themselves, and Redis takes its time', async (t) => {
  const options = { failureDetection: 'timeout', nodeTimeout: 500 } as const
  const cluster = await startForTest(t, options)
  const master = cluster.masterFor(KEY)
  const [replica] = cluster.replicasOf(master) as [ClusterNode]
  const others = cluster.nodes.filter((node) => node !== master)
  const split = await cluster.partition([master], others)
  t.equal(master.failing, 0, 'nobody was told')
  await cluster.until(() => replica.role === 'master' && !master.clusterOk, { timeout: 30_000 })
  await split.heal()
  await cluster.until(() => master.role === 'replica' && master.inSync, { timeout: 30_000 })
  await cluster.until(({ ok }) => ok, { timeout: 30_000 })
})

t.test('a partition of a cluster that is stopped is no matter', async (t) => {
  const cluster = await startForTest(t, { masters: 2, replicas: 0 })
  const [a, b] = cluster.nodes as [ClusterNode, ClusterNode]
  const split = await cluster.partition([a], [b])
  await cluster.stop()
  await split.heal()
  await t.rejects(cluster.partition([a], [b]), { code: 'ERR_STOPPED' })
})

t.test('what cannot be a partition', async (t) => {
  const cluster = await startForTest(t, { masters: 2, replicas: 0 })
  const other = await startForTest(t, { masters: 1, replicas: 0 })
  const [a, b] = cluster.nodes as [ClusterNode, ClusterNode]
  const wrong: [given: unknown[], message: RegExp][] = [
    [[], /two or more groups/],
    [[[a]], /two or more groups/],
    [[[a], []], /two or more groups/],
    [[[a], [a, b]], /each node once/],
    [[[a], [b], { client: true }], /no option `client`; the only one is `clients`/],
    [[[a], [b], { clients: 1 }], /`clients` must be true or false, not 1/],
    [[{ clients: true }, [a], [b]], /last of all/],
    [[[a], [b], null], /last of all/],
    [[[a], other.nodes], /not a node of this cluster/],
  ]
  for (const [given, message] of wrong) {
    const groups = given as Parameters<typeof cluster.partition>
    await t.rejects(cluster.partition(...groups), { code: 'ERR_BAD_OPTION', message })
  }
})
