import t from 'tap'
import type { ClusterNode } from '../../../lib/host/handle.ts'
import { RespClient } from '../../support/resp-client.ts'
import { ask, refuses, startForTest } from '../../support/started-cluster.ts'

const KEY = 'key:{10}:111'

for (const bus of ['channel', 'tcp'] as const) {
  t.test(
    `a paused master accepts, answers nothing, and wakes as a replica; ${bus} bus`,
    async (t) => {
      const cluster = await startForTest(t, { bus })
      const master = cluster.masterFor(KEY)
      const [replica] = cluster.replicasOf(master) as [ClusterNode]
      const before = await RespClient.connect(master.port)
      t.teardown(() => before.close())
      t.equal((await before.command('SET', KEY, 'old')).value, 'OK')

      await using nap = await cluster.pause(master)
      t.equal(master.state, 'paused')
      const during = await RespClient.connect(master.port)
      t.teardown(() => during.close())
      const answers = [before, during].map((client) => client.command('SET', KEY, 'stale'))
      await cluster.until(({ ok }) => replica.role === 'master' && ok)
      t.equal(await ask(replica, 'SET', KEY, 'new'), 'OK')

      await nap.heal()
      for (const answer of answers) {
        t.match(await answer, { value: { message: `MOVED 247 127.0.0.1:${replica.port}` } })
      }
      t.match(master, { state: 'running', role: 'replica', master: replica, inSync: true })
      for (const node of cluster.nodes) t.match(node, { failing: 0, clusterOk: true })
      t.equal(await ask(replica, 'GET', KEY), 'new')
    },
  )
}

t.test('without a replica the slots come back with their master', async (t) => {
  const cluster = await startForTest(t, { masters: 3, replicas: 0 })
  const master = cluster.masterFor(KEY)
  t.equal(await ask(master, 'SET', KEY, 'kept'), 'OK')
  await cluster.pause(master)
  await cluster.until(({ nodes }) => nodes.every((node) => node === master || !node.clusterOk))
  await cluster.resume(master)
  t.ok(cluster.nodes.every((node) => node.clusterOk))
  t.equal(await ask(master, 'GET', KEY), 'kept')
})

t.test('the one that holds the cluster for down sleeps, and the others say it is ok', async (t) => {
  const cluster = await startForTest(t)
  const [first, ...rest] = cluster.nodes as [ClusterNode, ...ClusterNode[]]
  const states: [ok: boolean, by: number | undefined][] = []
  cluster.on('state', ({ ok, node }) => states.push([ok, node?.index]))
  await cluster.partition([first], rest)
  await cluster.until(({ nodes }) => nodes.every(({ clusterOk }, at) => clusterOk === (at !== 0)))
  states.length = 0
  await cluster.pause(first)
  // Or another's word, that all is well, came only now.
  t.strictSame(
    states.map(([ok]) => ok),
    [true],
  )
  let isUp = false
  const up = cluster
    .until(() => first.state === 'running')
    .then(() => {
      isUp = true
    })
  t.equal(isUp, false)
  await cluster.resume(first)
  await up
  t.strictSame(states.slice(1), [[false, first.index]])
})

t.test('a paused replica is missed, and catches up', async (t) => {
  const cluster = await startForTest(t, { masters: 3, replicas: 1 })
  const master = cluster.masterFor(KEY)
  const [replica] = cluster.replicasOf(master) as [ClusterNode]
  const others = cluster.nodes.filter((node) => node !== replica)
  await cluster.pause(replica)
  t.ok(others.every(({ failing }) => failing === 1))
  t.equal(await ask(master, 'SET', KEY, 'value'), 'OK')
  await cluster.resume(replica)
  t.ok(cluster.nodes.every(({ failing }) => failing === 0))
  while ((await ask(replica, 'DBSIZE')) !== 1);
})

t.test('with timeouts its peers notice by themselves', async (t) => {
  const options = { failureDetection: 'timeout', nodeTimeout: 500 } as const
  const cluster = await startForTest(t, options)
  const master = cluster.masterFor(KEY)
  const [replica] = cluster.replicasOf(master) as [ClusterNode]
  await cluster.pause(master)
  t.equal(replica.role, 'replica', 'nobody was told')
  await cluster.until(({ ok }) => replica.role === 'master' && ok, { timeout: 30_000 })
  await cluster.resume(master)
  await cluster.until(() => master.role === 'replica' && master.inSync, { timeout: 30_000 })
})

t.test('a paused node can be killed, restarted and stopped', async (t) => {
  const cluster = await startForTest(t, { masters: 3, replicas: 0 })
  const [first, second, third] = cluster.nodes as [ClusterNode, ClusterNode, ClusterNode]
  await using nap = await cluster.pause(first)
  await cluster.kill(first)
  t.ok(await refuses(first))
  t.equal(first.state, 'killed')
  await nap.heal()
  t.equal(first.state, 'killed', 'there is nothing to wake')
  await cluster.pause(second)
  await cluster.restart(second)
  t.match(second, { state: 'running', role: 'master' })
  await cluster.pause(third)
  await cluster.stop()
  t.equal(third.state, 'stopped')
  t.ok(await refuses(third))
})

t.test('only a node that runs is paused, only one that is paused goes on', async (t) => {
  const cluster = await startForTest(t, { masters: 1, replicas: 1 })
  const [node] = cluster.replicas as [ClusterNode]
  await t.rejects(cluster.resume(node), { code: 'ERR_NODE_STATE', message: /it is not paused/ })
  await cluster.pause(node)
  await t.rejects(cluster.pause(node), { code: 'ERR_NODE_STATE', message: /'paused'/ })
  await cluster.kill(node)
  await t.rejects(cluster.pause(node), { code: 'ERR_NODE_STATE', message: /'killed'/ })
})
