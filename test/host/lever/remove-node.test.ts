import t from 'tap'
import type { ClusterNode } from '../../../lib/host/handle.ts'
import { ask, refuses, startForTest } from '../../support/started-cluster.ts'

t.test('a master leaves: its slots go to the others, its replica follows another', async (t) => {
  const cluster = await startForTest(t)
  const [first, second, third] = cluster.masters as [ClusterNode, ClusterNode, ClusterNode]
  const [orphan] = cluster.replicasOf(first) as [ClusterNode]
  await cluster.removeNode(first)
  t.match(first, { state: 'removed' })
  t.ok(await refuses(first))
  t.equal(cluster.nodes.length, 5)
  const counts = [second, third].map(({ slots }) => {
    return slots.reduce((sum, { start, end }) => sum + end - start + 1, 0)
  })
  t.strictSame(counts, [8192, 8192])
  t.equal(orphan.inSync, true)
  t.ok([second, third].includes(orphan.master as ClusterNode))
  for (const node of cluster.nodes) {
    t.match(node, { knownNodes: 5, clusterOk: true, links: { to: 4, from: 4 } })
    t.notMatch(await ask(node, 'CLUSTER', 'NODES'), new RegExp(first.id))
  }
  await t.rejects(cluster.kill(first), { code: 'ERR_BAD_OPTION', message: /or no longer/ })
})

t.test('a replica leaves; one that was away then forgets it too', async (t) => {
  const cluster = await startForTest(t)
  const [gone, away] = cluster.replicas as [ClusterNode, ClusterNode]
  await cluster.kill(away)
  await cluster.removeNode(gone)
  await cluster.restart(away)
  for (const node of cluster.nodes) {
    t.notMatch(await ask(node, 'CLUSTER', 'NODES'), new RegExp(gone.id), `node ${node.index}`)
    t.match(node, { knownNodes: 5, clusterOk: true })
  }
  const nap = await cluster.pause(away)
  await nap.heal()
  t.match(away, { state: 'running', inSync: true }, 'faults are healed without the one that left')
})

t.test('a killed node leaves once its slots are served by others', async (t) => {
  const cluster = await startForTest(t, { masters: 3, replicas: 1 })
  const [dead, , third] = cluster.masters as [ClusterNode, ClusterNode, ClusterNode]
  const [heir] = cluster.replicasOf(dead) as [ClusterNode]
  await cluster.kill(dead)
  await cluster.until(({ ok }) => heir.role === 'master' && ok)
  await cluster.removeNode(dead)
  for (const node of cluster.nodes) t.match(node, { knownNodes: 5, failing: 0, clusterOk: true })
  const [last] = cluster.replicasOf(third) as [ClusterNode]
  await cluster.kill(last)
  await cluster.kill(third)
  await t.rejects(cluster.removeNode(third), {
    code: 'ERR_NODE_STATE',
    message: /^node 2 cannot be removed: others still hold it for the owner of slots, .*restart it/,
  })
})

t.test('a killed node leaves when all have heard who replaces it', async (t) => {
  const cluster = await startForTest(t)
  const [dead, other] = cluster.masters as [ClusterNode, ClusterNode]
  const [heir] = cluster.replicasOf(dead) as [ClusterNode]
  const [late] = cluster.replicasOf(other) as [ClusterNode]
  await cluster.link(heir, late).delay(300)
  await cluster.kill(dead)
  await cluster.until(() => heir.role === 'master')
  await cluster.removeNode(dead)
  t.match(late, { knownNodes: 5, failing: 0, clusterOk: true })
})

t.test('the last master stays', async (t) => {
  const cluster = await startForTest(t, { masters: 1, replicas: 1 })
  const [master] = cluster.masters as [ClusterNode]
  await t.rejects(cluster.removeNode(master), {
    code: 'ERR_NODE_STATE',
    message: /no other master runs; stop the cluster instead/,
  })
  await t.rejects(cluster.removeNode({} as ClusterNode), { code: 'ERR_BAD_OPTION' })
})
