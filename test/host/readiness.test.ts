import t from 'tap'
import { Field, SharedMemory } from '../../lib/base/shared-layout.ts'
import type { ClusterNode } from '../../lib/host/handle.ts'
import { allAgree, isBack, isOk, isSettled } from '../../lib/host/readiness.ts'

/** A node that is as well as can be in a cluster of three. */
function node(index: number, differences: Partial<ClusterNode> = {}): ClusterNode {
  return {
    index,
    id: String(index),
    host: '127.0.0.1',
    port: 1,
    busPort: 2,
    state: 'running',
    role: 'master',
    master: undefined,
    slots: [],
    clusterOk: true,
    knownNodes: 3,
    failing: 0,
    slotsAssigned: 16384,
    links: { to: 2, from: 2 },
    inSync: false,
    configEpoch: 1,
    currentEpoch: 1,
    log: [],
    ...differences,
  }
}

t.test('a cluster is ready when nothing is missing at any node', async (t) => {
  const shared = new SharedMemory(3)
  const all = [node(0), node(1), node(2, { role: 'replica', inSync: true })]
  t.ok(allAgree(all, shared))
  const table: Partial<ClusterNode>[] = [
    { clusterOk: false },
    { knownNodes: 2 },
    { knownNodes: 4 },
    { links: { to: 1, from: 2 } },
    { links: { to: 2, from: 1 } },
    { slotsAssigned: 16383 },
    { role: 'replica', inSync: false },
  ]
  for (const differences of table) {
    t.notOk(allAgree([node(0), node(1, differences), node(2)], shared), JSON.stringify(differences))
  }
})

t.test('the cluster is ok when all that run say so and know which master is gone', async (t) => {
  const shared = new SharedMemory(3)
  const all = [node(0), node(1), node(2)]
  t.ok(isOk(all, shared))
  t.notOk(isOk([], shared), 'nobody says so')
  t.notOk(isOk([node(0), node(1, { clusterOk: false }), node(2)], shared))
  const killed = [node(0), node(1), node(2, { state: 'killed', clusterOk: false })]
  t.ok(isOk(killed, shared), 'who is gone has no say')
  shared.slotView(1)[16383] = 3
  t.ok(isOk(all, shared))
  t.notOk(isOk(killed, shared), 'a node takes one that is gone for the owner of a slot')
  shared.set(1, Field.failed, 1)
  t.ok(isOk(killed, shared), 'it knows, and is ok all the same')
  t.notOk(isOk([node(0), node(1, { clusterOk: false }), killed[2] as ClusterNode], shared))
  const more = [node(0, { state: 'paused' }), ...killed.slice(1)]
  t.notOk(isOk(more, shared), 'it knows of one, and another is gone')
})

t.test('all must see the same slots', async (t) => {
  const shared = new SharedMemory(3)
  const all = [node(0), node(1), node(2)]
  shared.slotView(2)[16383] = 1
  t.notOk(allAgree(all, shared))
  shared.slotView(0)[16383] = 1
  shared.slotView(1)[16383] = 1
  t.ok(allAgree(all, shared))
})

t.test('one node alone is a cluster', async (t) => {
  const alone = node(0, { knownNodes: 1, links: { to: 0, from: 0 } })
  t.ok(allAgree([alone], new SharedMemory(1)))
})

t.test('a node is back when it is linked with all that run, and as well as they are', async (t) => {
  const killed = node(2, { state: 'killed', clusterOk: false })
  const back = (differences: Partial<ClusterNode>, ...others: ClusterNode[]) => {
    const returning = node(0, differences)
    return isBack(returning, [returning, ...others])
  }
  t.ok(back({}, node(1), node(2)))
  t.notOk(back({ links: { to: 1, from: 2 } }, node(1), node(2)))
  t.notOk(back({ links: { to: 2, from: 1 } }, node(1), node(2)))
  t.ok(back({ links: { to: 1, from: 1 } }, node(1), killed))
  t.notOk(back({ clusterOk: false }, node(1), node(2)))
  t.ok(back({ clusterOk: false }, node(1, { clusterOk: false }), node(2, { clusterOk: false })))
  const master = node(1)
  t.notOk(back({ role: 'replica', master }, master, node(2)))
  t.ok(back({ role: 'replica', master, inSync: true }, master, node(2)))
  t.ok(back({ role: 'replica', master: killed }, node(1), node(2)), 'its master is gone')
  t.ok(back({}), 'alone')
})

t.test('a node that is cut off from another one can be back without it', async (t) => {
  const master = node(1, { links: { to: 1, from: 1 } })
  const isLost = (observer: ClusterNode, subject: ClusterNode) =>
    observer.index === 1 && subject.index === 0
  const returning = node(0, { role: 'replica', master, links: { to: 1, from: 1 } })
  const nodes = [returning, master, node(2)]
  t.ok(isBack(returning, nodes, isLost), 'one direction is enough to keep them apart')
  t.notOk(isBack(returning, nodes))
  const failed = node(0, { role: 'replica', master, links: { to: 1, from: 1 }, clusterOk: false })
  t.ok(isBack(failed, [failed, master, node(2)], isLost), 'it remembers the lost one for failed')
  t.notOk(isBack(returning, [returning, master, node(2, { links: { to: 1, from: 2 } })], isLost))
})

t.test('a fault is over when nothing is left of it', async (t) => {
  const nobody = () => false
  const settled = (nodes: ClusterNode[], isLost = nobody, shared = new SharedMemory(3)) =>
    isSettled(nodes, shared, isLost as (observer: ClusterNode, subject: ClusterNode) => boolean)
  const replica = node(2, { role: 'replica', master: node(0), inSync: true })
  t.ok(settled([node(0), node(1), replica]))
  t.ok(settled([0, 1].map((i) => node(i, { clusterOk: false }))), 'all see the same trouble')
  t.ok(settled([node(0), node(1, { links: { to: 1, from: 1 } })]), 'all others are linked')
  t.ok(settled([0, 1].map((i) => node(i, { knownNodes: 1, links: { to: 0, from: 0 } }))), 'blank')
  for (const differences of [
    { failing: 1 },
    { links: { to: 1, from: 2 } },
    { links: { to: 2, from: 1 } },
    { clusterOk: false },
  ]) {
    t.notOk(settled([node(0), node(1, differences), node(2)]), JSON.stringify(differences))
  }
  const master = node(0)
  t.notOk(settled([master, node(1), node(2, { role: 'replica', master, inSync: false })]))
  const shared = new SharedMemory(3)
  shared.slotView(1)[0] = 1
  t.notOk(settled([node(0), node(1), node(2)], nobody, shared))
})

t.test('other faults that go on do not keep one from being over', async (t) => {
  const killed = node(2, { state: 'killed', clusterOk: false })
  const missing = (_: ClusterNode, subject: ClusterNode) => subject.state !== 'running'
  const shared = new SharedMemory(3)
  const pair = [0, 1].map((i) => node(i, { failing: 1, links: { to: 1, from: 1 } }))
  t.ok(isSettled([...pair, killed], shared, missing))
  shared.slotView(1)[0] = 1
  t.notOk(isSettled([...pair, killed], shared, missing), 'those that run have to agree')
  const cut = (one: ClusterNode, other: ClusterNode) => one.index + other.index === 1
  const apart = [
    node(0, { failing: 1, links: { to: 1, from: 1 } }),
    node(1, { failing: 1, links: { to: 1, from: 1 }, clusterOk: false }),
    node(2),
  ]
  t.ok(isSettled(apart, shared, cut))
  t.notOk(isSettled([...apart.slice(0, 2), node(2, { failing: 3 })], shared, cut))
})
