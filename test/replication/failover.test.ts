/** A master hands over to a replica: nodes on a network in memory, the test's clock. */
import t from 'tap'
import { ReplicaPeer } from '../../lib/replication/replica-peer.ts'
import { MemoryNetwork, type MemoryNode } from '../support/memory-network.ts'

const HOST = '127.0.0.1'

/** A master and its replicas, in step. */
function stage(replicas = 1, pingPeriodMs = 10_000) {
  const network = new MemoryNetwork('failover')
  const settings = { clusterEnabled: false, pingPeriodMs }
  const master = network.add(settings)
  const others = Array.from({ length: replicas }, () => network.add(settings))
  for (const { node } of others) node.follow(HOST, master.port)
  network.advance(2000)
  return { network, master, others, replica: others[0] as MemoryNode }
}

function info({ node }: MemoryNode, name: string): string | number | undefined {
  return node.machine.info(node.now).find(([field]) => field === name)?.[1]
}

function stateOf(node: MemoryNode): unknown {
  return info(node, 'master_failover_state')
}

function set({ node }: MemoryNode, key: string): void {
  node.execute(['SET', key, 'v'])
}

function target({ port }: MemoryNode) {
  return { host: HOST, port }
}

/** What the log says of the handover itself. */
function toldBy({ node }: MemoryNode): string[] {
  return node.log.filter((line) => /failover/i.test(line))
}

t.test('the replica catches up, takes over, and the old master follows', async (t) => {
  const { network, master, replica } = stage()
  const id = info(master, 'master_replid')
  set(master, 'key')
  master.node.beginFailover({ target: target(replica) })
  t.equal(stateOf(master), 'waiting-for-sync')
  t.ok(master.node.isPaused)
  t.equal(master.node.machine.role, 'master')
  network.advance(2000)
  t.equal(stateOf(master), 'no-failover')
  t.notOk(master.node.isPaused)
  t.equal(master.node.machine.role, 'replica')
  t.equal(replica.node.machine.role, 'master')
  t.equal(master.node.machine.linkState, 'connected')
  t.equal(info(replica, 'master_replid2'), id, 'its history goes on')
  t.strictSame(replica.node.machine.stats, { full: 0, partialOk: 1, partialRefused: 0 })
  t.strictSame(toldBy(master), [
    '* FAILOVER requested to 127.0.0.1:7001.',
    '* Failover target 127.0.0.1:7001 is synced, failing over.',
  ])
  t.strictSame(toldBy(replica), [
    `# Failover request received for replid ${id}.`,
    "* MASTER MODE enabled (failover request from '127.0.0.1:7000')",
  ])
  set(replica, 'later')
  network.settle()
  t.strictSame(master.node.contents(), replica.node.contents())
})

t.test('one that is in step already takes over at once', async (t) => {
  const { network, master, replica } = stage()
  set(master, 'key')
  network.advance(1500)
  const { offset } = master.node.machine
  t.match(info(master, 'slave0'), `,offset=${offset},`)
  master.node.beginFailover()
  t.equal(stateOf(master), 'failover-in-progress')
  t.equal(master.node.machine.role, 'replica')
  t.ok(master.node.isPaused, 'until the other one is the master')
  network.settle()
  t.equal(stateOf(master), 'no-failover')
  t.equal(replica.node.machine.role, 'master')
})

t.test('of several the first that has everything takes over, the others stay', async (t) => {
  const { network, master, others } = stage(3)
  const [slow, quick, other] = others as [MemoryNode, MemoryNode, MemoryNode]
  network.takeOff(slow)
  set(master, 'key')
  master.node.beginFailover()
  network.advance(1500)
  t.equal(stateOf(master), 'no-failover')
  t.equal(quick.node.machine.role, 'master')
  t.strictSame(toldBy(master), [
    '* FAILOVER requested to any replica.',
    '* Failover target 127.0.0.1:7002 is synced, failing over.',
  ])
  network.advance(2000)
  t.equal(other.node.machine.linkState, 'connected', 'through the old master')
  t.strictSame(other.node.contents(), quick.node.contents())
})

t.test('a replica that never catches up', async (t) => {
  const { network, master, replica } = stage(1, 1000)
  network.takeOff(replica)
  set(master, 'key')
  const { offset } = master.node.machine
  master.node.beginFailover({ target: target(replica), timeoutMs: 5000 })
  network.advance(4900)
  t.equal(stateOf(master), 'waiting-for-sync')
  t.equal(master.node.machine.offset, offset, 'no sign of life moves the mark')
  network.advance(100)
  t.equal(stateOf(master), 'no-failover')
  t.notOk(master.node.isPaused)
  t.equal(master.node.machine.role, 'master')
  t.equal(
    toldBy(master).at(-1),
    '* FAILOVER to 127.0.0.1:7001 aborted: Replica never caught up before timeout',
  )
  network.advance(2000)
  t.ok(master.node.machine.offset > offset)
})

t.test('without a time-out the master waits, alive, until told otherwise', async (t) => {
  const { network, master, replica } = stage(1, 1000)
  network.takeOff(replica)
  set(master, 'key')
  const { offset } = master.node.machine
  master.node.beginFailover()
  network.advance(30_000)
  t.equal(stateOf(master), 'waiting-for-sync')
  t.ok(master.node.machine.offset > offset, 'replicas hear that it lives')
  master.node.abortFailover()
  t.equal(stateOf(master), 'no-failover')
  t.notOk(master.node.isPaused)
  t.equal(toldBy(master).at(-1), '* FAILOVER to any replica aborted: Failover manually aborted')
  t.equal(master.node.machine.role, 'master')
})

t.test('a target that is gone cannot come back before the end', async (t) => {
  const { network, master, others } = stage(2)
  const [replica] = others as [MemoryNode]
  set(master, 'key')
  master.node.beginFailover({ target: target(replica) })
  network.cut(replica)
  network.advance(3000)
  t.equal(stateOf(master), 'waiting-for-sync')
  t.equal(info(master, 'connected_slaves'), 1)
  t.ok(replica.node.log.some((line) => line.includes("Can't SYNC while failing over")))
  master.node.abortFailover()
  network.advance(3000)
  t.equal(replica.node.machine.linkState, 'connected')
})

t.test('by force the replica takes over with what it has', async (t) => {
  const { network, master, replica } = stage()
  network.takeOff(replica)
  set(master, 'lost')
  master.node.beginFailover({ target: target(replica), timeoutMs: 300, isForced: true })
  network.advance(5000)
  t.equal(stateOf(master), 'failover-in-progress', 'nobody answers')
  t.equal(master.node.machine.role, 'replica')
  t.ok(master.node.isPaused)
  network.putBack(replica)
  network.advance(2000)
  t.equal(stateOf(master), 'no-failover')
  t.notOk(master.node.isPaused)
  t.equal(replica.node.machine.role, 'master')
  t.equal(toldBy(master).at(-1), '* FAILOVER to 127.0.0.1:7001 time out exceeded, failing over.')
  t.equal(replica.node.machine.stats.full, 1, 'the old master was ahead')
  t.strictSame(master.node.contents(), replica.node.contents())
})

t.test('a handover nobody answers can be taken back', async (t) => {
  const { network, master, others } = stage(2)
  const [replica, other] = others as [MemoryNode, MemoryNode]
  const id = info(master, 'master_replid')
  network.takeOff(replica)
  master.node.beginFailover({ target: target(replica), timeoutMs: 100, isForced: true })
  network.advance(1000)
  t.equal(stateOf(master), 'failover-in-progress')
  master.node.abortFailover()
  t.equal(stateOf(master), 'no-failover')
  t.notOk(master.node.isPaused)
  t.equal(master.node.machine.role, 'master')
  t.equal(info(master, 'master_replid2'), id, 'under a new name')
  set(master, 'key')
  network.advance(2000)
  t.strictSame(other.node.contents(), master.node.contents())
  t.equal(master.node.machine.stats.partialOk, 1)
})

t.test('a target that refuses leaves the master what it was', async (t) => {
  const network = new MemoryNetwork('refusal')
  const master = network.add({ clusterEnabled: false })
  const replica = network.add({ clusterEnabled: true })
  replica.node.follow(HOST, master.port)
  network.advance(2000)
  master.node.beginFailover()
  network.advance(3000)
  t.equal(stateOf(master), 'no-failover')
  t.notOk(master.node.isPaused)
  t.equal(master.node.machine.role, 'master')
  t.equal(replica.node.machine.linkState, 'connected')
  t.strictSame(master.node.machine.stats, { full: 1, partialOk: 1, partialRefused: 1 })
  t.strictSame(
    master.node.log.filter((line) => /PSYNC from|PSYNC or|aborted/.test(line)),
    [
      '* Master does not support PSYNC or is in error state (reply: -ERR FAILOVER not allowed in cluster mode. Use CLUSTER FAILOVER command instead.)',
      '* FAILOVER to 127.0.0.1:7001 aborted: Failover target rejected psync request',
    ],
  )
})

t.test('who may not hand over, and to whom', async (t) => {
  const { network, master, replica } = stage()
  const lone = network.add({ clusterEnabled: false })
  const refuses = (node: MemoryNode, request: Parameters<typeof node.node.beginFailover>[0]) => {
    try {
      node.node.beginFailover(request)
    } catch (error) {
      return (error as Error).message
    }
    return 'OK'
  }
  t.equal(refuses(lone, { isForced: true }), 'ERR FAILOVER requires connected replicas.')
  t.equal(refuses(replica, {}), 'ERR FAILOVER is not valid when server is a replica.')
  const forced = 'ERR FAILOVER with force option requires both a timeout and target HOST and IP.'
  t.equal(refuses(master, { isForced: true, timeoutMs: 1 }), forced)
  t.equal(refuses(master, { isForced: true, target: target(replica) }), forced)
  t.equal(
    refuses(master, { target: { host: 'localhost', port: replica.port } }),
    'ERR FAILOVER target HOST and PORT is not a replica.',
  )
  const { machine } = master.node
  const late = new ReplicaPeer(99, HOST)
  late.port = 7009
  machine.synchronize(late, ['?', '-1'], false, network.now)
  late.state = 'send_bulk'
  t.equal(
    refuses(master, { target: { host: HOST, port: 7009 } }),
    'ERR FAILOVER target replica is not online.',
  )
  t.throws(() => master.node.abortFailover(), { message: 'ERR No failover in progress.' })
  t.equal(stateOf(master), 'no-failover')
  t.notOk(master.node.isPaused)

  set(master, 'key')
  t.equal(refuses(master, { target: target(replica) }), 'OK')
  t.equal(refuses(master, {}), 'ERR FAILOVER already in progress.')
  t.throws(() => machine.synchronize(new ReplicaPeer(98, HOST), [], false, network.now), {
    message: "NOMASTERLINK Can't SYNC while failing over",
  })
})
