import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { bytesOf } from '../../lib/base/bytes.ts'
import { RunningCluster } from '../../lib/host/cluster.ts'
import type { ClusterNode } from '../../lib/host/handle.ts'
import { type LogEntry, resolveOptions } from '../../lib/host/options.ts'
import { startCluster } from '../../lib/host/start-cluster.ts'
import { freePorts, listenAt } from '../support/free-ports.ts'
import { nodeDirectory } from '../support/node-directory.ts'
import { RespClient } from '../support/resp-client.ts'
import { ask, refuses, startForTest } from '../support/started-cluster.ts'
import { faultyPool } from '../support/test-threads.ts'
import { waitFor } from '../support/wait.ts'

t.test('three masters and three replicas are ready when the promise resolves', async (t) => {
  const cluster = await startForTest(t)
  t.equal(cluster.nodes.length, 6)
  t.strictSame(
    cluster.masters.map(({ index, slots }) => [index, slots]),
    [
      [0, [{ start: 0, end: 5460 }]],
      [1, [{ start: 5461, end: 10922 }]],
      [2, [{ start: 10923, end: 16383 }]],
    ],
  )
  t.strictSame(
    cluster.replicas.map(({ index, master }) => [index, master?.index]),
    [
      [3, 0],
      [4, 1],
      [5, 2],
    ],
  )
  for (const node of cluster.nodes) {
    t.equal(await ask(node, 'CLUSTER', 'MYID'), node.id)
    const info = await ask(node, 'CLUSTER', 'INFO')
    t.match(info, /cluster_state:ok/)
    t.match(info, /cluster_known_nodes:6/)
    t.match(info, /cluster_current_epoch:6/)
    t.match(node, { state: 'running', clusterOk: true, knownNodes: 6, links: { to: 5, from: 5 } })
  }
  t.strictSame(
    cluster.addresses,
    cluster.nodes.map(({ host, port }) => ({ host, port })),
  )
  t.equal(cluster.urls[5], `redis://127.0.0.1:${cluster.nodes[5]?.port}`)
})

t.test('keys find their master, and reach its replica', async (t) => {
  const cluster = await startForTest(t)
  t.equal(cluster.slotOf('key:{10}:111'), 247)
  t.equal(cluster.slotOf(Buffer.from('key:{test}:111')), 6918)
  t.equal(cluster.slotOf('ключ'), cluster.slotOf(new TextEncoder().encode('ключ')))
  for (const [key, index] of [
    ['key:{10}:111', 0],
    ['key:{test}:111', 1],
    ['key:{hu}:111', 2],
  ] as const) {
    const master = cluster.masterFor(key)
    t.equal(master.index, index)
    t.equal(await ask(master, 'SET', key, 'value'), 'OK')
    t.equal(await ask(master, 'GET', key), 'value')
    t.strictSame(cluster.replicasOf(master), [cluster.nodes[index + 3]])
  }
  await cluster.flush()
  for (const master of cluster.masters) t.equal(await ask(master, 'DBSIZE'), 0)
  t.throws(() => cluster.slotOf(7 as unknown as string), { code: 'ERR_BAD_OPTION' })
})

t.test('one master is a cluster, and so are two', async (t) => {
  const one = await startForTest(t, { masters: 1, replicas: 0 })
  t.strictSame(one.masters[0]?.slots, [{ start: 0, end: 16383 }])
  t.strictSame(one.replicas, [])
  t.equal(await ask(one.masterFor('a'), 'SET', 'a', '1'), 'OK')
  const two = await startForTest(t, { masters: 2, replicas: 2 })
  t.equal(two.nodes.length, 6)
  t.strictSame(
    two.replicas.map(({ master }) => master?.index),
    [0, 1, 0, 1],
  )
})

t.test('fixed ports, a TCP bus beside them, and who comes second', async (t) => {
  const port = await freePorts(6)
  const cluster = await startForTest(t, { port, bus: 'tcp' })
  t.strictSame(
    cluster.nodes.map((node) => [node.port, node.busPort]),
    [0, 1, 2, 3, 4, 5].map((i) => [port + i, port + 10_000 + i]),
  )
  for (const { busPort } of cluster.nodes)
    await t.rejects(listenAt(busPort), { code: 'EADDRINUSE' })
  await t.rejects(startCluster({ port: port + 4, masters: 3, replicas: 0 }), {
    code: 'ERR_PORT_TAKEN',
    message: new RegExp(`${port + 4}.*; .*${port + 5}.*Try another \`port\`, or leave it out`),
  })
  t.notOk(await refuses({ host: '127.0.0.1', port }), 'the first goes on')
  t.ok(await refuses({ host: '127.0.0.1', port: port + 6 }), 'of the second nothing is left')
  await cluster.stop()
  for (const { port } of cluster.nodes) (await listenAt(port)).close()
  for (const { busPort } of cluster.nodes) (await listenAt(busPort)).close()
})

t.test('a password', async (t) => {
  const cluster = await startForTest(t, { masters: 1, replicas: 1, password: 'sé/cret' })
  const [master] = cluster.masters as [ClusterNode]
  t.match(await ask(master, 'GET', 'a'), { message: /^NOAUTH/ })
  t.equal(await ask(master, 'AUTH', bytesOf('sé/cret')), 'OK')
  t.equal(cluster.urls[0], `redis://:s%C3%A9%2Fcret@127.0.0.1:${master.port}`)
  await cluster.flush()
})

t.test('directives of redis.conf', async (t) => {
  const config = { 'cluster-require-full-coverage': false, 'hash-max-listpack-entries': 7 }
  const cluster = await startForTest(t, { masters: 1, replicas: 0, nodeTimeout: 1234, config })
  const [node] = cluster.nodes as [ClusterNode]
  t.strictSame(await ask(node, 'CONFIG', 'GET', 'cluster-node-timeout'), [
    'cluster-node-timeout',
    '1234',
  ])
  t.strictSame(await ask(node, 'CONFIG', 'GET', 'cluster-require-full-coverage'), [
    'cluster-require-full-coverage',
    'no',
  ])
  for (const bad of [{ 'no-such-directive': '1' }, { 'cluster-node-timeout': 'soon' }]) {
    await t.rejects(startCluster({ config: bad }), {
      code: 'ERR_BAD_DIRECTIVE',
      message: new RegExp(Object.keys(bad)[0] ?? ''),
    })
  }
})

t.test('blank nodes know nobody', async (t) => {
  const cluster = await startForTest(t, { masters: 2, replicas: 1, form: false })
  t.equal(cluster.nodes.length, 4)
  for (const node of cluster.nodes) {
    t.match(node, { role: 'master', slots: [], knownNodes: 1, clusterOk: false })
    t.match(await ask(node, 'CLUSTER', 'INFO'), /cluster_state:fail/)
  }
  t.throws(() => cluster.masterFor('a'), {
    code: 'ERR_SLOT_UNSERVED',
    message: /no running master serves slot 15495; .*\n {2}node 0 /,
  })
  const [first, ...others] = cluster.nodes as [ClusterNode, ...ClusterNode[]]
  for (const { host, port, busPort } of others) {
    await ask(first, 'CLUSTER', 'MEET', host, String(port), String(busPort))
  }
  await cluster.until(({ nodes }) => nodes.every(({ knownNodes }) => knownNodes === 4))
})

t.test('the same seed gives the same ids', async (t) => {
  const ids = async (seed: number) => {
    const cluster = await startForTest(t, { masters: 2, replicas: 0, seed })
    t.equal(cluster.seed, String(seed))
    return cluster.nodes.map(({ id }) => id)
  }
  t.strictSame(await ids(7), await ids(7))
  t.notSame(await ids(7), await ids(8))
})

t.test('a node that cannot keep its nodes.conf ends and says why', async (t) => {
  const dir = nodeDirectory(t)
  const lines: string[] = []
  const write = ({ text }: LogEntry) => void lines.push(text)
  const cluster = await startForTest(t, {
    masters: 1,
    replicas: 0,
    dir,
    log: { level: 'warning', write },
  })
  const [node] = cluster.nodes as [ClusterNode]
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
  const file = join(dir, 'node-0', 'nodes.conf')
  rmSync(file)
  mkdirSync(file)
  t.match(await ask(node, 'CLUSTER', 'SAVECONFIG'), {
    message: 'ERR error saving the cluster node config: Is a directory',
  })
  await t.rejects(ask(node, 'CLUSTER', 'DELSLOTS', '0'), 'it is gone before it answers')
  await cluster.until(() => node.state === 'crashed')
  t.match(await warned, { code: 'ERR_NODE_CRASHED', message: /nodes\.conf/ })
  t.ok(lines.includes("Fatal: can't update cluster config file."), lines.join('\n'))
})

t.test('what until waits for', async (t) => {
  const cluster = await startForTest(t, { masters: 1, replicas: 0 })
  await cluster.until((state) => state.ok && state.masters.length === 1 && state.nodes.length === 1)
  await t.rejects(
    cluster.until(({ replicas }) => replicas.length === 1, { timeout: 5 }),
    {
      code: 'ERR_TIMEOUT',
      message: /in 5 ms; last seen:\n {2}node 0 127\.0\.0\.1:\d+ running: master, slots 0-16383; /,
    },
  )
  await t.rejects(cluster.until(null as unknown as () => boolean), { code: 'ERR_BAD_OPTION' })
  await t.rejects(
    cluster.until(() => true, { timeout: -1 }),
    { code: 'ERR_BAD_OPTION' },
  )
  const wrong = () => {
    throw new TypeError('mine')
  }
  await t.rejects(cluster.until(wrong), { name: 'TypeError', message: 'mine' })
  const waiting = t.rejects(
    cluster.until(() => false),
    { code: 'ERR_STOPPED' },
  )
  await cluster.stop()
  await waiting
})

t.test('a stopped cluster stays stopped', async (t) => {
  const cluster = await startForTest(t, { masters: 1, replicas: 1 })
  const [node] = cluster.nodes as [ClusterNode]
  await Promise.all([cluster.stop(), cluster.stop()])
  await cluster.stop()
  t.equal(node.state, 'stopped')
  for (const address of cluster.addresses) t.ok(await refuses(address))
  const refusals: Promise<unknown>[] = [
    cluster.kill(node),
    cluster.restart(node),
    cluster.flush(),
    cluster.until(() => true),
  ]
  for (const refusal of refusals) await t.rejects(refusal, { code: 'ERR_STOPPED' })
})

t.test('a node of another cluster is none of this one', async (t) => {
  const one = await startForTest(t, { masters: 1, replicas: 0 })
  const other = await startForTest(t, { masters: 1, replicas: 0 })
  const [stranger] = other.nodes as [ClusterNode]
  await t.rejects(one.kill(stranger), { code: 'ERR_BAD_OPTION', message: /not a node of this/ })
  t.throws(() => one.replicasOf(stranger), { code: 'ERR_BAD_OPTION' })
  t.equal(stranger.state, 'running')
})

t.test('await using stops the cluster', async (t) => {
  let address: { host: string; port: number } | undefined
  {
    await using cluster = await startCluster({ masters: 1, replicas: 0 })
    address = cluster.addresses[0]
    t.notOk(await refuses(address ?? { host: '', port: 0 }))
  }
  t.ok(await refuses(address ?? { host: '', port: 0 }))
})

t.test('a signal aborts the start, or stops the cluster', async (t) => {
  const reason = new Error('enough')
  await t.rejects(startCluster({ signal: AbortSignal.abort(reason) }), {
    code: 'ERR_ABORTED',
    cause: reason,
  })
  const during = new AbortController()
  const starting = startCluster({ signal: during.signal })
  setImmediate(() => during.abort(reason))
  await t.rejects(starting, { code: 'ERR_ABORTED', cause: reason })
  const after = new AbortController()
  const cluster = await startForTest(t, { masters: 1, replicas: 0, signal: after.signal })
  after.abort()
  await cluster.stop()
  for (const address of cluster.addresses) t.ok(await refuses(address))
})

t.test('the log of the nodes comes to the caller', async (t) => {
  const entries: LogEntry[] = []
  const log = { level: 'notice', write: (entry: LogEntry) => void entries.push(entry) } as const
  await startForTest(t, { masters: 1, replicas: 1, log })
  t.ok(entries.some(({ node, text }) => node === 0 && text.includes('Cluster state changed: ok')))
  t.ok(entries.every(({ timeMs, level }) => timeMs > 0 && level !== 'debug' && level !== 'verbose'))
})

t.test('events tell a failover from the kill to the return, with handles', async (t) => {
  const cluster = await startForTest(t)
  const [dead, , , heir] = cluster.nodes
  if (dead === undefined || heir === undefined) throw new Error('a node is missing')
  const told: [string, unknown][] = []
  const names = [
    'node-failed',
    'failover',
    'slot-moved',
    'state',
    'role',
    'node-recovered',
  ] as const
  for (const name of names) cluster.on(name, (event) => told.push([name, event]))
  let once = 0
  cluster.once('state', () => once++)
  const ignored = () => t.fail('it was taken off')
  cluster.on('state', ignored).off('state', ignored)
  const promoted = new Promise<void>((resolve) => {
    cluster.once('failover', ({ node }) => {
      t.equal(node.role, 'master', 'what is told can be seen')
      t.same(node.slots, [{ start: 0, end: 5460 }])
      resolve()
    })
  })
  await cluster.kill(dead)
  await promoted
  await cluster.until(({ ok }) => ok)
  const recovered = new Promise<void>((resolve) => cluster.once('node-recovered', () => resolve()))
  await cluster.restart(dead)
  await recovered
  const of = (name: string) => told.filter(([other]) => other === name).map(([, event]) => event)
  const epoch = heir.configEpoch
  t.match(of('node-failed'), [{ node: dead, epoch: epoch - 1 }])
  t.match(of('failover'), [{ node: heir, from: dead, epoch, reason: 'automatic', votes: 2 }])
  const slots = [{ start: 0, end: 5460 }]
  t.match(of('slot-moved'), [{ slots, from: dead, to: heir, epoch, reason: 'failover' }])
  t.match(of('role'), [
    { node: heir, role: 'master' },
    { node: dead, role: 'replica', master: heir },
  ])
  t.match(of('node-recovered'), [{ node: dead }])
  t.equal(once, 1)
})

/** Waits without letting this thread hear anything. */
function spinUntil(check: () => boolean): void {
  const deadlineMs = performance.now() + 20_000
  while (!check()) if (performance.now() > deadlineMs) throw new Error('it did not happen')
}

t.test('who waited for a change has heard what the nodes told of it', async (t) => {
  const cluster = await startForTest(t, { masters: 1, replicas: 0 })
  const [node] = cluster.nodes as [ClusterNode]
  const client = await RespClient.connect(node.port)
  t.teardown(() => client.close())
  const told: boolean[] = []
  cluster.on('state', ({ ok }) => told.push(ok))
  const before = node.log.length
  const waiting = cluster.until(({ ok }) => !ok)
  // This thread hears nothing until the node has ended that turn, and another one.
  for (const slot of [0, 1]) {
    client.send(`CLUSTER DELSLOTS ${slot}\r\n`)
    spinUntil(() => node.slotsAssigned === 16_383 - slot)
  }
  await waiting
  t.strictSame(told, [false])
  const texts = node.log.slice(before).map(({ text }) => text)
  t.strictSame(texts, ['Cluster state changed: fail'])
})

t.test('a node has its log, and keeps it over a restart', async (t) => {
  const cluster = await startForTest(t, { masters: 1, replicas: 1 })
  const [node] = cluster.nodes
  if (node === undefined) throw new Error('a node is missing')
  const texts = () => node.log.map(({ text }) => text)
  await waitFor('the last line', texts, (lines) => lines.includes('Ready to accept connections'))
  t.ok(node.log.every((entry) => entry.node === 0 && entry.level !== 'debug'))
  const before = texts()
  await cluster.restart(node)
  t.same(texts().slice(0, before.length), before)
  t.ok(texts().length > before.length)
})

t.test('a start that fails says why and leaves nothing', async (t) => {
  const pool = faultyPool(t)
  for (const [fault, message] of [
    ['throws-at-boot@2', /^node 2: it crashed: boot went wrong$/],
    ['exits-at-boot@0', /^node 0: it crashed: the thread ended with exit code 3$/],
    ['fails-when-formed@5', /^node 5 \(127\.0\.0\.1:\d+\): an invariant is broken$/],
  ] as const) {
    const options = resolveOptions({ config: { fault } })
    await t.rejects(RunningCluster.start(options, pool), { code: 'ERR_NODE_CRASHED', message })
    t.equal(pool.occupied, 0, fault)
  }
})

t.test('a start can be given up while nodes do not agree', async (t) => {
  const pool = faultyPool(t)
  for (const fault of ['hangs-at-boot@1', 'never-agrees@1']) {
    const stop = new AbortController()
    const options = resolveOptions({ config: { fault }, signal: stop.signal })
    const starting = RunningCluster.start(options, pool)
    setTimeout(() => stop.abort(), 300)
    await t.rejects(starting, { code: 'ERR_ABORTED' }, fault)
    t.equal(pool.occupied, 0, fault)
  }
})

t.test('a node that crashes later is reported, and the cluster goes on', async (t) => {
  const pool = faultyPool(t)
  const config = { fault: 'crashes-on-command@1' }
  const cluster = await RunningCluster.start(resolveOptions({ config }), pool)
  t.teardown(() => cluster.stop())
  const warned = new Promise((resolve) => process.once('warning', resolve))
  await t.rejects(cluster.flush(), { code: 'ERR_NODE_CRASHED', message: /it broke on a command/ })
  t.match(await warned, { code: 'ERR_NODE_CRASHED', message: /^node 1 / })
  t.strictSame(
    cluster.masters.map(({ index }) => index),
    [0, 2],
  )
  t.equal(cluster.nodes[1]?.state, 'crashed')
})
