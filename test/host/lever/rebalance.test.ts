import t from 'tap'
import type { ClusterNode } from '../../../lib/host/handle.ts'
import { startForTest } from '../../support/started-cluster.ts'

const counts = (nodes: readonly ClusterNode[]) =>
  nodes.map(({ slots }) => slots.reduce((sum, { start, end }) => sum + end - start + 1, 0))

t.test('a new master gets its share only when asked to, and gives it back', async (t) => {
  const cluster = await startForTest(t, { masters: 3, replicas: 0 })
  const node = await cluster.addNode()
  await cluster.rebalance()
  t.strictSame(counts(cluster.masters), [5461, 5462, 5461, 0])
  const undo = await cluster.rebalance({ useEmptyMasters: true })
  t.strictSame(counts(cluster.masters), [4096, 4096, 4096, 4096])
  await undo.heal()
  t.strictSame(counts(cluster.masters), [5461, 5462, 5461, 0])
  t.match(node, { role: 'master', clusterOk: true })
  const [first] = cluster.masters as [ClusterNode]
  await cluster.rebalance({ weights: new Map([[first, 2]]) })
  t.strictSame(counts(cluster.masters), [8192, 4096, 4096, 0])
})

t.test('weights that are none', async (t) => {
  const cluster = await startForTest(t, { masters: 1, replicas: 1 })
  const [replica] = cluster.replicas as [ClusterNode]
  const [master] = cluster.masters as [ClusterNode]
  const rebalance = (options: object) => cluster.rebalance(options as never)
  for (const weights of [{}, 3, new Map([[master, -1]]), new Map([[master, '1']])]) {
    await t.rejects(rebalance({ weights }), {
      code: 'ERR_BAD_OPTION',
      message: /^`weights` must be a Map of masters to numbers from 0 up, not /,
    })
  }
  await t.rejects(rebalance({ weights: new Map([[master, 0]]) }), {
    message: /above 0 for at least one master/,
  })
  await t.rejects(rebalance({ weights: new Map([[replica, 1]]) }), { code: 'ERR_NODE_STATE' })
  await t.rejects(rebalance({ useEmptyMasters: 1 }), { code: 'ERR_BAD_OPTION' })
})
