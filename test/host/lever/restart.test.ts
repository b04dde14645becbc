import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { ClusterNode } from '../../../lib/host/handle.ts'
import { nodeDirectory } from '../../support/node-directory.ts'
import { RespClient } from '../../support/resp-client.ts'
import { ask, startForTest } from '../../support/started-cluster.ts'

t.test('a master that restarts is what it was', async (t) => {
  const cluster = await startForTest(t, { masters: 3, replicas: 0 })
  const node = cluster.nodes[1] as ClusterNode
  await cluster.restart(node)
  t.match(node, { state: 'running', role: 'master', clusterOk: true })
  t.strictSame(node.slots, [{ start: 5461, end: 10922 }])
  t.equal(await ask(node, 'SET', 'key:{test}:111', '1'), 'OK')
})

t.test('the data of a new life has a history of its own', async (t) => {
  const cluster = await startForTest(t, { masters: 1, replicas: 1, seed: 1 })
  const [node] = cluster.masters as [ClusterNode]
  const historyOf = async (): Promise<string | undefined> => {
    const text = String(await ask(node, 'INFO', 'replication'))
    return /^master_replid:(\S+)/m.exec(text)?.[1]
  }
  const before = await historyOf()
  t.match(before, /^[0-9a-f]{40}$/)
  await cluster.restart(node)
  await cluster.until(() => cluster.replicas.every(({ inSync }) => inSync))
  t.not(await historyOf(), before, 'a replica that was away cannot mistake it for the old one')
})

t.test('with a directory nodes find themselves there again', async (t) => {
  const dir = nodeDirectory(t)
  const cluster = await startForTest(t, { masters: 1, replicas: 1, dir })
  const [replica] = cluster.replicas as [ClusterNode]
  const { id } = replica
  t.match(readFileSync(join(dir, 'node-1', 'nodes.conf'), 'utf8'), `${id} 127.0.0.1:`)
  await cluster.kill(replica)
  await cluster.restart(replica)
  t.match(replica, { id, role: 'replica', inSync: true })
})

t.test('a node that a client shuts down can be restarted', async (t) => {
  const cluster = await startForTest(t, { masters: 1, replicas: 1 })
  const [replica] = cluster.replicas as [ClusterNode]
  const client = await RespClient.connect(replica.port)
  client.send('SHUTDOWN NOSAVE\r\n')
  await client.closed
  await cluster.until(() => replica.state === 'stopped')
  await cluster.restart(replica)
  t.match(replica, { state: 'running', inSync: true })
})

t.test('what was saved is there again, with a directory or without', async (t) => {
  for (const dir of [undefined, nodeDirectory(t)]) {
    const cluster = await startForTest(t, { masters: 1, replicas: 0, ...(dir && { dir }) })
    const [node] = cluster.nodes as [ClusterNode]
    await ask(node, 'SET', 'saved', 'v')
    t.equal(await ask(node, 'SAVE'), 'OK')
    await ask(node, 'SET', 'later', 'v')
    await cluster.kill(node)
    await cluster.restart(node)
    t.equal(await ask(node, 'GET', 'saved'), 'v')
    t.equal(await ask(node, 'GET', 'later'), null)
    await ask(node, 'SET', 'last', 'v')
    await cluster.restart(node)
    t.equal(await ask(node, 'GET', 'last'), dir === undefined ? null : 'v', 'a stop saves, on disk')
  }
})

t.test('a directory whose data is broken is refused', async (t) => {
  const dir = nodeDirectory(t)
  const cluster = await startForTest(t, { masters: 1, replicas: 0, dir })
  const [node] = cluster.nodes as [ClusterNode]
  await cluster.kill(node)
  writeFileSync(join(dir, 'node-0', 'dump.rdb'), 'REDIS0010 and nonsense')
  await t.rejects(cluster.restart(node), { code: 'ERR_BAD_DIRECTORY' })
})

t.test('one restart of a node at a time', async (t) => {
  const cluster = await startForTest(t, { masters: 1, replicas: 0 })
  const [node] = cluster.nodes as [ClusterNode]
  const restarting = cluster.restart(node)
  await t.rejects(cluster.restart(node), {
    code: 'ERR_NODE_STATE',
    message: /it is being restarted/,
  })
  await restarting
  await cluster.restart(node)
})
