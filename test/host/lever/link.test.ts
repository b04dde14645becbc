import t from 'tap'
import type { ClusterNode } from '../../../lib/host/handle.ts'
import { ask, startForTest } from '../../support/started-cluster.ts'

const KEY = 'key:{10}:111'

t.test('two masters cut apart suspect each other, and nobody else does', async (t) => {
  const cluster = await startForTest(t, { masters: 3, replicas: 0 })
  const [a, b, c] = cluster.nodes as [ClusterNode, ClusterNode, ClusterNode]
  await using cut = await cluster.link(a, b).cut()
  t.strictSame([a.failing, b.failing, c.failing], [1, 1, 0])
  t.match(await ask(a, 'CLUSTER', 'NODES'), new RegExp(`${b.id} .* master,fail\\? `))
  await cut.heal()
  t.ok(cluster.nodes.every(({ failing }) => failing === 0))
})

t.test('one way, only who hears nothing suspects', async (t) => {
  const cluster = await startForTest(t, { masters: 3, replicas: 0 })
  const [a, b] = cluster.nodes as [ClusterNode, ClusterNode]
  const cut = await cluster.link(a, b, { oneWay: true }).cut()
  t.strictSame([a.failing, b.failing], [0, 1])
  await cut.heal()
  t.equal(b.failing, 0)
})

t.test('replication takes as long as its path', async (t) => {
  const cluster = await startForTest(t)
  const master = cluster.masterFor(KEY)
  const [replica] = cluster.replicasOf(master) as [ClusterNode]
  await using slow = await cluster.link(master, replica).delay({ min: 60, max: 80 })
  const begunMs = performance.now()
  t.equal(await ask(master, 'SET', KEY, 'value'), 'OK')
  while ((await ask(replica, 'DBSIZE')) !== 1);
  t.ok(performance.now() - begunMs >= 55)
  await slow.heal()
  t.equal(await ask(master, 'DEL', KEY), 1)
  while ((await ask(replica, 'DBSIZE')) !== 0);
})

t.test(
  'a loss of every message of the bus is survived by those who are told the truth',
  async (t) => {
    const cluster = await startForTest(t)
    const master = cluster.masterFor(KEY)
    const [replica] = cluster.replicasOf(master) as [ClusterNode]
    const lossy = await cluster.link(master, replica).drop(1)
    t.equal(await ask(master, 'SET', KEY, 'value'), 'OK')
    while ((await ask(replica, 'DBSIZE')) !== 1);
    t.ok(cluster.nodes.every(({ failing }) => failing === 0))
    await lossy.heal()
  },
)

t.test('a link is of two nodes, and faults have their bounds', async (t) => {
  const cluster = await startForTest(t, { masters: 2, replicas: 0 })
  const [a, b] = cluster.nodes as [ClusterNode, ClusterNode]
  t.throws(() => cluster.link(a, a), { code: 'ERR_BAD_OPTION', message: /two different nodes/ })
  t.throws(() => cluster.link(a, b, { oneWay: 1 as unknown as boolean }), {
    code: 'ERR_BAD_OPTION',
  })
  const link = cluster.link(a, b)
  for (const ms of [-1, Number.NaN, '5', { min: 2, max: 1 }, { min: 1 }, null, 1e9]) {
    await t.rejects(link.delay(ms as number), {
      code: 'ERR_BAD_OPTION',
      message: /^`delay` must be milliseconds from 0 to 3600000, or \{ min, max \} of them, not /,
    })
  }
  for (const probability of [-0.1, 1.1, Number.NaN, '1']) {
    await t.rejects(link.drop(probability as number), {
      code: 'ERR_BAD_OPTION',
      message: /^`drop` must be a probability from 0 to 1, not /,
    })
  }
  await cluster.stop()
  await t.rejects(link.cut(), { code: 'ERR_STOPPED' })
})
