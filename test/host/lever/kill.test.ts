import t from 'tap'
import type { ClusterNode } from '../../../lib/host/handle.ts'
import { RespClient } from '../../support/resp-client.ts'
import { ask, refuses, startForTest } from '../../support/started-cluster.ts'

t.test('a killed node resets its clients, its peers miss it, and it comes back', async (t) => {
  const cluster = await startForTest(t)
  const [victim] = cluster.replicas as [ClusterNode]
  const { id, port, busPort } = victim
  const client = await RespClient.connect(port)
  t.equal((await client.command('PING')).value, 'PONG')
  await cluster.kill(victim)
  await client.closed
  t.ok(await refuses(victim))
  t.match(victim, { state: 'killed', clusterOk: false })
  t.equal(cluster.replicas.length, 2)
  const others = cluster.nodes.filter((node) => node !== victim)
  await cluster.until(() => others.every(({ links }) => links.to === 4 && links.from === 4))
  await t.rejects(cluster.kill(victim), {
    code: 'ERR_NODE_STATE',
    message: /its state is 'killed'/,
  })

  await cluster.restart(victim)
  t.match(victim, { id, port, busPort, state: 'running', role: 'replica', inSync: true })
  for (const node of cluster.nodes) t.match(node.links, { to: 5, from: 5 })
  t.equal(await ask(victim, 'CLUSTER', 'MYID'), id)
})

t.test('a killed master is replaced by its replica and comes back as one', async (t) => {
  const cluster = await startForTest(t)
  const [victim] = cluster.masters as [ClusterNode]
  const [replica] = cluster.replicasOf(victim) as [ClusterNode]
  t.equal(await ask(victim, 'SET', 'key:{10}:111', 'kept'), 'OK')
  while ((await ask(replica, 'DBSIZE')) !== 1);
  await cluster.kill(victim)
  await cluster.until((state) => replica.role === 'master' && state.ok)
  t.equal(cluster.masterFor('key:{10}:111'), replica)
  t.equal(await ask(replica, 'GET', 'key:{10}:111'), 'kept')
  await cluster.restart(victim)
  t.match(victim, { role: 'replica', master: replica, inSync: true, slots: [] })
})

const slowly = { failureDetection: 'timeout', nodeTimeout: 500 } as const

t.test('the cluster is not ok while nobody has noticed that a master is gone', async (t) => {
  const cluster = await startForTest(t, slowly)
  for (const lever of ['kill', 'pause'] as const) {
    const [master] = cluster.masters as [ClusterNode]
    const [replica] = cluster.replicasOf(master) as [ClusterNode]
    await using crash = await cluster[lever](master)
    await cluster.until(({ ok }) => ok)
    t.equal(replica.role, 'master', `${lever}: it has become so by the replica's promotion`)
    await crash.heal()
  }
})

t.test('a master is gone and not all slots need to be covered', async (t) => {
  const config = { 'cluster-require-full-coverage': 'no' }
  const cluster = await startForTest(t, { ...slowly, replicas: 0, config })
  const [master, ...others] = cluster.masters as [ClusterNode, ...ClusterNode[]]
  await cluster.kill(master)
  await cluster.until(({ ok }) => ok)
  for (const node of others) t.match(await ask(node, 'CLUSTER', 'NODES'), /,fail -/)
})

t.test('healing a crash restarts the node, unless it is back already', async (t) => {
  const cluster = await startForTest(t, { masters: 1, replicas: 1 })
  const [replica] = cluster.replicas as [ClusterNode]
  {
    await using crash = await cluster.kill(replica)
    t.equal(replica.state, 'killed')
    await crash.heal()
    t.match(replica, { state: 'running', inSync: true })
    await cluster.kill(replica)
  }
  t.equal(replica.state, 'killed', 'healed once is healed')
  await cluster.restart(replica)
  const crash = await cluster.kill(replica)
  await cluster.restart(replica)
  const client = await RespClient.connect(replica.port)
  await crash.heal()
  t.equal((await client.command('PING')).value, 'PONG', 'the restarted node was left alone')
  await client.close()
})
