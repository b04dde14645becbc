/**
 * Clients command the cluster while levers are at it: CLUSTER RESET, CLUSTER FORGET, SHUTDOWN. Every lever ends, well or with an
 * error that says what happened, and the cluster can be stopped.
 */
import t, { type Test } from 'tap'
import { ClusterError } from '../../../lib/host/cluster-error.ts'
import type { Cluster, ClusterNode } from '../../../lib/host/handle.ts'
import { ask, startForTest } from '../../support/started-cluster.ts'
import { waitFor } from '../../support/wait.ts'

t.setTimeout(300_000)

interface Scene {
  readonly cluster: Cluster
  readonly first: ClusterNode
  readonly second: ClusterNode
  readonly replica: ClusterNode
}

const LEVERS: Record<string, (scene: Scene) => Promise<unknown>> = {
  'kill and restart': async ({ cluster, first }) => (await cluster.kill(first)).heal(),
  failover: ({ cluster, replica }) => cluster.failover(replica),
  migrateSlots: ({ cluster, second }) =>
    cluster.migrateSlots({ slots: { start: 0, end: 999 }, to: second }),
  until: ({ cluster }) => cluster.until(({ ok }) => !ok, { timeout: 500 }),
}

const INTRUSIONS: Record<string, (scene: Scene) => Promise<unknown>> = {
  'CLUSTER RESET SOFT at the master': ({ first }) => ask(first, 'CLUSTER', 'RESET', 'SOFT'),
  'CLUSTER RESET HARD at the master': ({ first }) => ask(first, 'CLUSTER', 'RESET', 'HARD'),
  'CLUSTER RESET HARD at another master': ({ second }) => ask(second, 'CLUSTER', 'RESET', 'HARD'),
  'CLUSTER RESET SOFT at the replica': ({ replica }) => ask(replica, 'CLUSTER', 'RESET', 'SOFT'),
  'SHUTDOWN NOSAVE of the master': ({ first }) => ask(first, 'SHUTDOWN', 'NOSAVE'),
  'SHUTDOWN NOSAVE of another master': ({ second }) => ask(second, 'SHUTDOWN', 'NOSAVE'),
  'SHUTDOWN NOSAVE of the replica': ({ replica }) => ask(replica, 'SHUTDOWN', 'NOSAVE'),
  'CLUSTER FORGET of the master everywhere': ({ cluster, first }) =>
    Promise.all(cluster.nodes.map((node) => ask(node, 'CLUSTER', 'FORGET', first.id))),
}

async function start(t: Test): Promise<Scene> {
  const cluster = await startForTest(t)
  const [first, second] = cluster.masters as [ClusterNode, ClusterNode]
  const [replica] = cluster.replicasOf(first) as [ClusterNode]
  return { cluster, first, second, replica }
}

const intrusions = Object.entries(INTRUSIONS)

for (const [lever, pull] of Object.entries(LEVERS)) {
  t.test(`while ${lever} is at it`, { timeout: 120_000 }, async (t) => {
    const play = async ([intrusion, intrude]: (typeof intrusions)[number]): Promise<void> => {
      const scene = await start(t)
      const work = pull(scene).then(
        () => 'done',
        (error: unknown) => error,
      )
      // Who sends it, or who is asked, may be gone before it is answered.
      await intrude(scene).catch(() => {})
      const outcome = await work
      t.ok(outcome === 'done' || outcome instanceof ClusterError, `${intrusion}: ${outcome}`)
      t.notMatch(String(outcome), /overloaded/, 'slowness is not what is blamed')
      await scene.cluster.stop()
    }
    // Most of their time goes by until it is clear that nothing will come of it.
    const half = Math.ceil(intrusions.length / 2)
    await Promise.all(intrusions.slice(0, half).map(play))
    await Promise.all(intrusions.slice(half).map(play))
  })
}

t.test('a lever pulled when a node has left the others goes on without it', async (t) => {
  const { cluster, first, second, replica } = await start(t)
  const [outcast] = cluster.replicasOf(second) as [ClusterNode]
  t.equal(await ask(outcast, 'CLUSTER', 'RESET', 'SOFT'), 'OK')
  await cluster.failover(replica)
  t.equal(replica.role, 'master')
  await using crash = await cluster.kill(replica)
  await cluster.until(() => first.role === 'master' && first.clusterOk)
  await crash.heal()
  t.match(replica, { state: 'running', role: 'replica', master: first, inSync: true })
})

t.test('a node that is told to forget one that runs is named', async (t) => {
  const { cluster, first, second } = await start(t)
  const [third] = cluster.masters.slice(2) as [ClusterNode]
  t.equal(await ask(third, 'CLUSTER', 'FORGET', second.id), 'OK')
  const nap = await cluster.pause(first)
  await t.rejects(nap.heal(), {
    code: 'ERR_NODE_STATE',
    message: new RegExp(`node ${third.index} knows 5 of the 6 nodes that run`),
  })
})

t.test('a node that a client has forgotten before it was known to all does not join', async (t) => {
  const { cluster, first, second } = await start(t)
  // The second hears late of the newcomer, so there is time for the first to forget it.
  const others = cluster.nodes.filter((node) => node !== second)
  for (const other of others) await cluster.link(other, second).delay(10_000)
  const joining = cluster.addNode().then(
    () => 'done',
    (error: unknown) => error,
  )
  const newcomer = await waitFor(
    'the newcomer at the first node',
    async () => {
      const lines = String(await ask(first, 'CLUSTER', 'NODES')).split('\n')
      const ids = lines.map((line) => line.slice(0, 40)).filter((id) => id !== '')
      return ids.filter((id) => !cluster.nodes.slice(0, 6).some((node) => node.id === id))
    },
    ([id]) => id !== undefined,
  )
  await ask(first, 'CLUSTER', 'FORGET', newcomer[0] ?? '')
  t.match(await joining, {
    code: 'ERR_NODE_STATE',
    message:
      /^node 6 was not known to all: node \d knows \d of the 7 nodes that run; a client has sent/,
  })
  t.equal(cluster.nodes.length, 6)
})
