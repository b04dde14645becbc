import t from 'tap'
import type { ClusterNode } from '../../../lib/host/handle.ts'
import { startForTest } from '../../support/started-cluster.ts'

t.test('what happened to others while a node slept it learns when it wakes', async (t) => {
  const cluster = await startForTest(t, { masters: 3, replicas: 1 })
  const [sleeper, victim] = cluster.masters as [ClusterNode, ClusterNode]
  const [heir] = cluster.replicasOf(victim) as [ClusterNode]
  const [bystander] = cluster.replicasOf(sleeper) as [ClusterNode]
  await cluster.pause(sleeper)
  await cluster.until(({ ok }) => bystander.role === 'master' && ok)
  await cluster.kill(victim)
  await cluster.until(({ ok }) => heir.role === 'master' && ok)
  await cluster.resume(sleeper)
  t.match(sleeper, { role: 'replica', master: bystander, failing: 1, clusterOk: true })
  await cluster.restart(victim)
  t.match(victim, { role: 'replica', master: heir })
  t.equal(sleeper.failing, 0)
})
