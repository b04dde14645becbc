import t from 'tap'
import type { ClusterNode } from '../../../lib/host/handle.ts'
import { RespClient } from '../../support/resp-client.ts'
import { ask, startForTest } from '../../support/started-cluster.ts'
import { waitFor } from '../../support/wait.ts'

t.test('slots move, all nodes agree, and healing moves them back', async (t) => {
  const cluster = await startForTest(t)
  const [first, second, third] = cluster.masters as [ClusterNode, ClusterNode, ClusterNode]
  const moves: string[] = []
  cluster.on('slot-moved', ({ slots, from, to, reason }) => {
    for (const { start, end } of slots) {
      moves.push(`${start}-${end} from ${from?.index} to ${to?.index}: ${reason}`)
    }
  })
  const undo = await cluster.migrateSlots({
    slots: [7, { start: 100, end: 199 }, 16383],
    to: second,
  })
  t.match(second.slots, [
    { start: 7, end: 7 },
    { start: 100, end: 199 },
    { start: 5461, end: 10922 },
    { start: 16383, end: 16383 },
  ])
  for (const node of cluster.nodes) {
    const reply = await ask(node, 'CLUSTER', 'NODES')
    t.match(reply, new RegExp(`^${second.id} .* connected 7 100-199 5461-10922 16383( |$)`, 'm'))
    t.notMatch(reply, /\[/, 'no slot is open')
  }
  await undo.heal()
  t.strictSame(
    [first, second, third].map(({ slots }) => slots),
    [[{ start: 0, end: 5460 }], [{ start: 5461, end: 10922 }], [{ start: 10923, end: 16383 }]],
  )
  t.ok(moves.includes('16383-16383 from 2 to 1: migration'))
  t.ok(moves.includes('7-7 from 1 to 0: migration'))
})

t.test('a master that gives all becomes a replica, and a master again when it heals', async (t) => {
  const cluster = await startForTest(t, { masters: 2, replicas: 1 })
  const [first, second] = cluster.masters as [ClusterNode, ClusterNode]
  const [orphan] = cluster.replicasOf(first) as [ClusterNode]
  const undo = await cluster.migrateSlots({ slots: first.slots, to: second })
  for (const node of [first, orphan])
    t.match(node, { role: 'replica', master: second, inSync: true })
  t.equal(cluster.masters.length, 1)
  await undo.heal()
  t.match(first, { role: 'master', slots: [{ start: 0, end: 8191 }], knownNodes: 4 })
  t.match(second, { slots: [{ start: 8192, end: 16383 }] })
  for (const node of cluster.nodes) t.equal(node.clusterOk, true)
})

t.test('what cannot move is refused, and nothing has moved', async (t) => {
  const cluster = await startForTest(t)
  const [first, second, third] = cluster.masters as [ClusterNode, ClusterNode, ClusterNode]
  const [replica] = cluster.replicas as [ClusterNode]
  const table: [options: unknown, error: { code: string; message: RegExp }][] = [
    [undefined, { code: 'ERR_BAD_OPTION', message: /takes an object/ }],
    [
      { slots: 16384, to: second },
      { code: 'ERR_BAD_OPTION', message: /from 0 to 16383/ },
    ],
    [
      { slots: [], to: second },
      { code: 'ERR_BAD_OPTION', message: /`slots` is empty/ },
    ],
    [{ slots: 1 }, { code: 'ERR_BAD_OPTION', message: /not a node of this cluster/ }],
    [
      { slots: 1, to: replica },
      { code: 'ERR_NODE_STATE', message: /it is a replica/ },
    ],
    [
      { slots: 1, to: first },
      { code: 'ERR_BAD_OPTION', message: /node 0 already; leave it out/ },
    ],
    [
      { slots: 1, to: second, from: third },
      { code: 'ERR_BAD_OPTION', message: /slot 1 is served by node 0, not by node 2/ },
    ],
  ]
  for (const [options, error] of table)
    await t.rejects(cluster.migrateSlots(options as never), error)
  const moving = cluster.migrateSlots({ slots: { start: 0, end: 99 }, to: second })
  await t.rejects(cluster.migrateSlots({ slots: 99, to: third }), { code: 'ERR_SLOT_BUSY' })
  await moving
  await cluster.pause(second)
  await t.rejects(cluster.migrateSlots({ slots: 200, to: second }), { message: /not running/ })
  await cluster.kill(third)
  await t.rejects(cluster.migrateSlots({ slots: 200, to: third }), { message: /not running/ })
})

t.test('slots of nobody', async (t) => {
  const cluster = await startForTest(t, { masters: 3, replicas: 0 })
  const [first, second] = cluster.masters as [ClusterNode, ClusterNode]
  await cluster.kill(first)
  await t.rejects(cluster.migrateSlots({ slots: [5, 6000], to: second }), {
    code: 'ERR_SLOT_UNSERVED',
    message: /no running master serves slot 5; wait for one/,
  })
})

t.test('a target that dies half-way: the rest stays, and the error says what moved', async (t) => {
  const cluster = await startForTest(t)
  const [first, second] = cluster.masters as [ClusterNode, ClusterNode]
  let kill: Promise<unknown> | undefined
  cluster.once('slot-moved', () => {
    kill = cluster.kill(second)
  })
  const moving = cluster.migrateSlots({ slots: { start: 0, end: 5000 }, to: second })
  await t.rejects(moving, {
    message: /could not all move from node 0 to node 1: .*; (moved: |none has moved|at node 4: )/s,
  })
  await kill
  await cluster.until(({ ok }) => ok)
  for (const node of cluster.masters) {
    t.notMatch(await ask(node, 'CLUSTER', 'NODES'), /\[/, `node ${node.index} has no open slot`)
  }
  t.ok(first.slots.length > 0)
})

t.test(
  'a successor that never heard of the slots its master got has them all the same',
  async (t) => {
    const cluster = await startForTest(t)
    const [, second] = cluster.masters as [ClusterNode, ClusterNode]
    const [heir] = cluster.replicasOf(second) as [ClusterNode]
    // With the greatest epoch the target has nothing more to say than its slots.
    await cluster.migrateSlots({ slots: 0, to: second })
    const key = '{10}'
    const slot = cluster.slotOf(key)
    await ask(cluster.masterFor(key), 'SET', key, 'value')
    await cluster.link(second, heir, { oneWay: true }).drop(1)
    let kill: Promise<unknown> | undefined
    cluster.on('slot-moved', ({ slots, to }) => {
      if (slots[0]?.start !== slot || to !== second) return
      const count = () => ask(heir, 'CLUSTER', 'COUNTKEYSINSLOT', `${slot}`)
      const arrival = waitFor('the key at the replica', count, (reply) => reply === 1)
      kill = arrival.then(() => cluster.kill(second))
    })
    const moving = cluster.migrateSlots({ slots: { start: slot, end: slot + 250 }, to: second })
    await t.rejects(moving, { message: new RegExp(`; at node ${heir.index}: ${slot}-`) })
    await kill
    await cluster.until(({ ok }) => ok)
    t.equal(cluster.masterFor(key), heir)
    t.equal(await ask(heir, 'GET', key), 'value')
  },
)

t.test('stopping the cluster ends it', async (t) => {
  const cluster = await startForTest(t)
  const [, second] = cluster.masters as [ClusterNode, ClusterNode]
  const moving = t.rejects(cluster.migrateSlots({ slots: { start: 0, end: 5000 }, to: second }), {
    code: 'ERR_STOPPED',
  })
  await Promise.all([moving, cluster.stop()])
})

t.test(
  'keys of all kinds of size go with their slot, to a target with a password too',
  async (t) => {
    const cluster = await startForTest(t, { masters: 2, replicas: 1, password: 'secret' })
    const [from, to] = cluster.masters as [ClusterNode, ClusterNode]
    const client = await RespClient.connect(from.port)
    t.teardown(() => client.close())
    await client.command('AUTH', 'secret')
    const keys = Array.from({ length: 700 }, (_, i) => `{10}${i}`)
    for (const key of keys) await client.command('SET', key, key.repeat(50), 'EX', '1000')
    const slot = cluster.slotOf('{10}')
    await cluster.migrateSlots({ slots: [slot, slot + 1], to })
    t.equal((await client.command('CLUSTER', 'COUNTKEYSINSLOT', `${slot}`)).value, 0)
    const other = await RespClient.connect(to.port)
    t.teardown(() => other.close())
    await other.command('AUTH', 'secret')
    t.equal((await other.command('CLUSTER', 'COUNTKEYSINSLOT', `${slot}`)).value, keys.length)
    t.equal((await other.command('GET', '{10}699')).value, '{10}699'.repeat(50))
    t.ok(Number((await other.command('TTL', '{10}0')).value) > 900)
  },
)
