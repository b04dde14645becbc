import t from 'tap'
import type { ClusterNode } from '../../../lib/host/handle.ts'
import { freePorts } from '../../support/free-ports.ts'
import { nodeDirectory } from '../../support/node-directory.ts'
import { ask, refuses, startForTest } from '../../support/started-cluster.ts'

for (const bus of ['channel', 'tcp'] as const) {
  t.test(`a master joins and is known to all; ${bus} bus`, async (t) => {
    const cluster = await startForTest(t, { bus })
    const before = cluster.nodes.length
    const node = await cluster.addNode()
    t.equal(cluster.nodes.length, before + 1)
    t.equal(cluster.nodes.at(-1), node)
    t.match(node, { index: 6, role: 'master', slots: [], clusterOk: true, state: 'running' })
    t.equal(cluster.addresses.at(-1)?.port, node.port)
    for (const each of cluster.nodes) {
      t.match(each, { knownNodes: 7, links: { to: 6, from: 6 }, failing: 0 })
      t.match(await ask(each, 'CLUSTER', 'NODES'), new RegExp(`^${node.id} .*master`, 'm'))
    }
    t.match(await ask(node, 'GET', 'key:{10}:111'), { message: /^MOVED 247 / })
    await cluster.kill(node)
    await cluster.restart(node)
    t.match(node, { index: 6, knownNodes: 7 })
  })
}

t.test('a replica joins, has the data, and leaves at the end of the block', async (t) => {
  const cluster = await startForTest(t, { masters: 3, replicas: 0 })
  const [master] = cluster.masters as [ClusterNode]
  await ask(master, 'SET', 'key:{10}:111', 'here')
  const node = await cluster.addNode({ replicaOf: master })
  t.match(node, { role: 'replica', master, inSync: true })
  t.equal(await ask(node, 'DBSIZE'), 1)
  for (const each of cluster.nodes) {
    t.match(
      await ask(each, 'CLUSTER', 'NODES'),
      new RegExp(`^${node.id} .*slave ${master.id}`, 'm'),
    )
  }
  const { id } = node
  await node[Symbol.asyncDispose]()
  t.match(node, { state: 'removed', id })
  t.equal(cluster.nodes.length, 3)
  t.ok(await refuses(node))
  await node[Symbol.asyncDispose]()
})

t.test('ports follow the last one; a place is used again when there is no other', async (t) => {
  const port = await freePorts(17)
  const cluster = await startForTest(t, { masters: 1, replicas: 0, port, nodeTimeout: 500 })
  const first = await cluster.addNode()
  t.equal(first.port, port + 1)
  const second = await cluster.addNode()
  t.equal(second.port, port + 2)
  for (let i = 3; i <= 16; i++) await cluster.addNode()
  await t.rejects(cluster.addNode(), {
    code: 'ERR_BAD_OPTION',
    message: /has its 17 nodes, 16 more than it was started with/,
  })
  await cluster.removeNode(first)
  const again = await cluster.addNode()
  t.match(again, { index: 1, port: port + 1, state: 'running', knownNodes: 17 })
  t.not(again.id, first.id)
  t.match(first, { state: 'removed', slots: [], knownNodes: 0 })
})

t.test('what cannot join is refused, and leaves nothing', async (t) => {
  const cluster = await startForTest(t)
  const [replica] = cluster.replicas as [ClusterNode]
  await t.rejects(cluster.addNode({ replicaOf: replica }), {
    code: 'ERR_NODE_STATE',
    message: /^node 3 cannot be replicated: it is a replica; take a master/,
  })
  await t.rejects(cluster.addNode({ replicaOf: {} as ClusterNode }), { code: 'ERR_BAD_OPTION' })
  const [master] = cluster.masters as [ClusterNode]
  await cluster.kill(master)
  await t.rejects(cluster.addNode({ replicaOf: master }), { code: 'ERR_NODE_STATE' })
  t.equal(cluster.nodes.length, 6)
  const isStopped = { code: 'ERR_STOPPED' }
  await Promise.all([t.rejects(cluster.addNode(), isStopped), cluster.stop()])
  await t.rejects(cluster.addNode(), isStopped)
})

t.test('a directory of an older node does not make the new one that node', async (t) => {
  const dir = nodeDirectory(t)
  const older = await startForTest(t, { masters: 2, replicas: 0, dir })
  await ask(older.nodes[1] as ClusterNode, 'SET', 'key:{test}:111', 'left over')
  t.equal(await ask(older.nodes[1] as ClusterNode, 'SAVE'), 'OK')
  const { id } = older.nodes[1] as ClusterNode
  await older.stop()
  const cluster = await startForTest(t, { masters: 1, replicas: 0, dir })
  const node = await cluster.addNode()
  t.strictSame(node.slots, [])
  t.match(node, { role: 'master', knownNodes: 2 })
  t.not(node.id, id)
  t.equal(await ask(node, 'DBSIZE'), 0)
  t.match(cluster.nodes[0], { slots: [{ start: 0, end: 16383 }], knownNodes: 2, clusterOk: true })
})
