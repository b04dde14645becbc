import t from 'tap'
import type { ClusterNode } from '../../../lib/host/handle.ts'
import { ask, startForTest } from '../../support/started-cluster.ts'

for (const mode of ['graceful', 'force', 'takeover'] as const) {
  t.test(`${mode}: when it resolves all agree, and healing fails back`, async (t) => {
    const cluster = await startForTest(t, { replicas: 2 })
    const [old] = cluster.masters as [ClusterNode]
    const [replica, sibling] = cluster.replicasOf(old) as [ClusterNode, ClusterNode]
    const reasons: string[] = []
    cluster.on('failover', ({ node, from, reason }) => {
      reasons.push(`${node.index} for ${from?.index}: ${reason}`)
    })
    await ask(old, 'SET', 'key:{10}:111', '1')
    while ((await ask(replica, 'DBSIZE')) !== 1);
    const undo = await cluster.failover(replica, { mode })
    t.match(replica, { role: 'master', slots: [{ start: 0, end: 5460 }], clusterOk: true })
    for (const node of [old, sibling]) {
      t.match(node, { role: 'replica', master: replica, inSync: true })
    }
    t.equal(cluster.masterFor('key:{10}:111'), replica)
    t.equal(await ask(replica, 'GET', 'key:{10}:111'), '1')
    for (const node of cluster.nodes) {
      t.equal(node.currentEpoch, replica.configEpoch)
      t.match(await ask(node, 'CLUSTER', 'NODES'), new RegExp(`^${replica.id} .* 0-5460$`, 'm'))
    }
    await undo.heal()
    t.match(old, { role: 'master', slots: [{ start: 0, end: 5460 }] })
    t.match(replica, { role: 'replica', master: old, inSync: true })
    t.same(reasons, [`${replica.index} for 0: ${mode}`, `0 for ${replica.index}: graceful`])
    await undo.heal()
    t.equal(old.role, 'master', 'healed once')
  })
}

t.test('a killed master: no graceful way, but two others', async (t) => {
  const cluster = await startForTest(t, { failureDetection: 'timeout', nodeTimeout: 60_000 })
  const [old] = cluster.masters as [ClusterNode]
  const [replica] = cluster.replicasOf(old) as [ClusterNode]
  await cluster.kill(old)
  await t.rejects(cluster.failover(replica), {
    code: 'ERR_NODE_STATE',
    message: /its master, node 0, is killed .* try \{ mode: 'force' \}/,
  })
  const undo = await cluster.failover(replica, { mode: 'force' })
  t.match(replica, { role: 'master', slots: [{ start: 0, end: 5460 }] })
  await undo.heal()
  t.equal(replica.role, 'master', 'there is nobody to fail back to')
})

t.test('without a majority only a takeover works', async (t) => {
  const cluster = await startForTest(t, { masters: 3, replicas: 1 })
  const [first, second, third] = cluster.masters as [ClusterNode, ClusterNode, ClusterNode]
  const [replica] = cluster.replicasOf(third) as [ClusterNode]
  await Promise.all([cluster.kill(first), cluster.kill(second)])
  await t.rejects(cluster.failover(replica, { mode: 'force' }), {
    code: 'ERR_TIMEOUT',
    message:
      /node 5 did not become a master in 6 s; .*majority.* Its log:\n.*Manual failover timed out/s,
  })
  await cluster.failover(replica, { mode: 'takeover' })
  t.match(replica, { role: 'master' })
  t.match(third, { role: 'replica', master: replica, inSync: true })
})

t.test('what cannot be promoted is refused', async (t) => {
  const cluster = await startForTest(t)
  const [master] = cluster.masters as [ClusterNode]
  const [replica] = cluster.replicas as [ClusterNode]
  const promote = (node: ClusterNode, options?: object) => cluster.failover(node, options)
  await t.rejects(promote(master), {
    code: 'ERR_NODE_STATE',
    message: /^node 0 cannot be promoted: it is a master already; take one from `replicas`/,
  })
  await t.rejects(promote(replica, { mode: 'gently' }), {
    code: 'ERR_BAD_OPTION',
    message: "`mode` must be 'graceful', 'force' or 'takeover', not 'gently'",
  })
  await t.rejects(promote({} as ClusterNode), { code: 'ERR_BAD_OPTION' })
  await cluster.kill(replica)
  await t.rejects(promote(replica), { code: 'ERR_NODE_STATE', message: /it is not running/ })
  const [other] = cluster.replicas as [ClusterNode]
  const isStopped = { code: 'ERR_STOPPED' }
  await Promise.all([t.rejects(promote(other), isStopped), cluster.stop()])
  await t.rejects(promote(other), { code: 'ERR_STOPPED' })
})
