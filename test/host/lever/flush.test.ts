import t from 'tap'
import type { ClusterNode } from '../../../lib/host/handle.ts'
import { ask, startForTest } from '../../support/started-cluster.ts'

t.test('all keys of all masters go', async (t) => {
  const cluster = await startForTest(t, { masters: 2, replicas: 0 })
  for (const [index, key] of ['foo', 'bar'].entries()) {
    t.equal(await ask(cluster.masterFor(key), 'SET', key, String(index)), 'OK')
  }
  t.not(cluster.masterFor('foo'), cluster.masterFor('bar'), 'on two masters')
  await cluster.flush()
  for (const node of cluster.nodes as ClusterNode[]) t.equal(await ask(node, 'DBSIZE'), 0)
})
