/** Whole nodes as a cluster: what the machine decides is carried out, in order, and published. */
import t from 'tap'
import { Field } from '../../lib/base/shared-layout.ts'
import type { ConfigKeeping } from '../../lib/node/io.ts'
import { NodeCluster } from '../support/node-cluster.ts'
import { NodeHarness } from '../support/node-harness.ts'
import { StreamReader } from '../support/stream-reader.ts'

t.test('planned nodes find each other and are in step', async (t) => {
  const { nodes } = NodeCluster.start(3, 1)
  for (const [index, harness] of nodes.entries()) {
    const client = harness.connect()
    t.match(
      harness.type(client, 'CLUSTER INFO'),
      /cluster_state:ok\r\n.*cluster_known_nodes:6\r\n/s,
    )
    t.match(harness.type(client, 'ROLE'), index < 3 ? '$6\r\nmaster' : '$9\r\nconnected')
    const get = (name: keyof typeof Field) => harness.shared.get(0, Field[name])
    t.same(
      [get('role'), get('stateOk'), get('knownNodes'), get('linksOut'), get('linksIn')],
      [index < 3 ? 1 : 2, 1, 6, 5, 5],
    )
    t.equal(get('replicationUp'), index < 3 ? 0 : 1)
    t.equal(get('slotsAssigned'), 16384)
  }
})

t.test('keys are written at their master and read at its replica', async (t) => {
  const cluster = NodeCluster.start(3, 1)
  const master = cluster.nodes[2] as NodeHarness
  const reader = cluster.nodes[5] as NodeHarness
  t.equal(master.type(master.connect(), 'SET foo 1'), '+OK\r\n')
  cluster.pump()
  const client = reader.connect()
  t.equal(reader.type(client, 'GET foo'), '-MOVED 12182 127.0.0.1:7002\r\n')
  t.equal(reader.type(client, 'READONLY', 'GET foo'), '+OK\r\n$1\r\n1\r\n')
  t.equal(reader.type(client, 'SET foo 2'), '-MOVED 12182 127.0.0.1:7002\r\n')
  t.equal(reader.shared.replicationOffset(0) > 0, true)
})

t.test('nodes.conf is kept whenever it changes', async (t) => {
  const harness = new NodeHarness({ config: { 'cluster-enabled': 'yes' } })
  t.match(harness.io.clusterConfig, /myself,master - 0 0 0 connected\n/)
  harness.type(harness.connect(), 'CLUSTER ADDSLOTSRANGE 0 99', 'CLUSTER SET-CONFIG-EPOCH 7')
  t.match(harness.io.clusterConfig, /myself,master - 0 0 7 connected 0-99\n/)
  const again = new NodeHarness({
    config: { 'cluster-enabled': 'yes' },
    clusterConfig: harness.io.clusterConfig,
  })
  t.match(again.type(again.connect(), 'CLUSTER NODES'), /myself,master - 0 0 7 connected 0-99\n/)
})

t.test(
  'what a client asked for is written before its answer, and synced only if it must',
  async (t) => {
    const harness = new NodeHarness({ config: { 'cluster-enabled': 'yes' } })
    const seen: ConfigKeeping[] = []
    harness.io.saveClusterConfig = (_, how) => {
      seen.push(how)
    }
    const client = harness.connect()
    harness.type(client, 'CLUSTER ADDSLOTSRANGE 0 99')
    harness.type(client, 'CLUSTER DELSLOTS 7')
    t.strictSame(seen.splice(0), ['written', 'written'])
    t.equal(harness.type(client, 'CLUSTER BUMPEPOCH'), '+BUMPED 1\r\n')
    t.strictSame(seen.splice(0), ['synced'], 'no epoch is given twice, also after a power cut')
    t.equal(harness.type(client, 'CLUSTER BUMPEPOCH'), '+STILL 1\r\n')
    t.strictSame(seen, [])
  },
)

t.test(
  'the master of a planned cluster serves at once, one that was restarted waits',
  async (t) => {
    const clusterConfig = `${'1'.repeat(40)} 127.0.0.1:7000@17000 myself,master - 0 0 1 connected 0-16383\n`
    const start = (isPlanned: boolean) =>
      new NodeHarness({
        config: { 'cluster-enabled': 'yes' },
        failureDetection: 'timeout',
        clusterConfig,
        isPlanned,
      })
    const planned = start(true)
    t.equal(planned.shared.get(0, Field.stateOk), 1)
    t.equal(planned.type(planned.connect(), 'SET foo 1'), '+OK\r\n')
    const restarted = start(false)
    t.equal(restarted.shared.get(0, Field.stateOk), 0)
    t.match(restarted.type(restarted.connect(), 'SET foo 1'), /^-CLUSTERDOWN /)
  },
)

t.test('a hard reset is a new node, also to those who look from outside', async (t) => {
  const harness = new NodeHarness({ config: { 'cluster-enabled': 'yes' } })
  const client = harness.connect()
  const before = harness.shared.id(0)
  harness.type(client, 'CLUSTER ADDSLOTS 1', 'CLUSTER RESET HARD')
  const [, id] = harness.type(client, 'CLUSTER MYID').split('\r\n')
  t.not(id, before)
  t.equal(harness.shared.id(0), id)
  t.equal(harness.shared.get(0, Field.slotsAssigned), 0)
})

t.test('slots lost with their keys: replicas hear of each key', async (t) => {
  const cluster = NodeCluster.start(2, 0)
  const [loser, winner] = cluster.nodes as [NodeHarness, NodeHarness]
  const [client, operator] = [loser.connect(), winner.connect()]
  loser.type(client, 'SET {bar}1 a', 'SET {bar}2 b', 'SET {abc}1 c')
  const reader = new StreamReader(loser)
  const myid = (harness: NodeHarness) => harness.shared.id(0)
  winner.type(operator, `CLUSTER SETSLOT 5061 IMPORTING ${myid(loser)}`)
  t.equal(winner.type(operator, `CLUSTER SETSLOT 5061 NODE ${myid(winner)}`), '+OK\r\n')
  cluster.pass(200)
  t.equal(loser.type(client, 'GET {bar}1'), '-MOVED 5061 127.0.0.1:7001\r\n')
  t.equal(loser.type(client, 'DBSIZE'), ':1\r\n')
  t.same(
    reader.take().filter((command) => !command.startsWith('ping')),
    ['SELECT 0', 'DEL {bar}2', 'DEL {bar}1'],
  )
})

t.test('a replica that is reset is empty', async (t) => {
  const cluster = NodeCluster.start(1, 1)
  const [master, replica] = cluster.nodes as [NodeHarness, NodeHarness]
  master.type(master.connect(), 'SET a 1')
  cluster.pump()
  const client = replica.connect()
  t.equal(replica.type(client, 'DBSIZE'), ':1\r\n')
  t.equal(replica.type(client, 'CLUSTER RESET', 'DBSIZE'), '+OK\r\n:0\r\n', 'at once')
  t.match(replica.type(client, 'ROLE'), '$6\r\nmaster')
  t.equal(replica.io.followsMaster, false)
})

t.test('a failover in good order loses nothing and misdirects nobody', async (t) => {
  const cluster = NodeCluster.start(1, 1)
  const [old, replica] = cluster.nodes as [NodeHarness, NodeHarness]
  const [writer, other, operator] = [old.connect(), old.connect(), replica.connect()]
  old.type(writer, 'SET a 1')
  t.equal(replica.type(operator, 'CLUSTER FAILOVER'), '+OK\r\n')
  // The request is on its way; as soon as it is there writers wait.
  for (let i = 0; i < 100 && !old.node.holding.isPausedFor('failover'); i++) cluster.pumpOnce()
  t.equal(old.type(writer, 'SET a 2', 'GET a'), '', 'a write waits, and what comes behind it')
  t.equal(old.type(other, 'GET a'), '$1\r\n1\r\n', 'reads go on')
  cluster.pass(1000)
  const moved = '-MOVED 15495 127.0.0.1:7001\r\n'
  t.equal(old.take(writer), moved + moved, 'nothing waits for ever')
  t.equal(replica.type(operator, 'GET a', 'SET a 3'), '$1\r\n1\r\n+OK\r\n')
  cluster.pump()
  t.equal(old.type(other, 'READONLY', 'GET a'), '+OK\r\n$1\r\n3\r\n')
  t.match(old.type(other, 'ROLE'), '$9\r\nconnected')
  t.equal(old.node.holding.isPausedFor('failover'), false)
})

t.test('a takeover takes effect within its own turn', async (t) => {
  const cluster = NodeCluster.start(1, 1)
  const [master, replica] = cluster.nodes as [NodeHarness, NodeHarness]
  master.type(master.connect(), 'SET a 1')
  cluster.pump()
  const client = replica.connect()
  t.equal(
    replica.type(client, 'CLUSTER FAILOVER TAKEOVER', 'SET a 2', 'GET a'),
    '+OK\r\n+OK\r\n$1\r\n2\r\n',
  )
  cluster.pass(1000)
  t.match(master.type(master.connect(), 'READONLY', 'GET a'), /\$1\r\n2\r\n$/)
})

t.test('a node that the host says is gone is replaced', async (t) => {
  const cluster = NodeCluster.start(3, 1)
  const [dead, ...others] = cluster.nodes as [NodeHarness, ...NodeHarness[]]
  dead.type(dead.connect(), 'SET bar 1')
  cluster.pump()
  const id = dead.shared.id(0)
  cluster.isolate(dead)
  for (const harness of others) {
    harness.turn(() => harness.node.clusterInput({ type: 'unreachable', node: id }))
  }
  cluster.pass(1000)
  const heir = others[2] as NodeHarness
  t.match(heir.type(heir.connect(), 'GET bar'), '$1\r\n1\r\n')
  for (const harness of others) t.equal(harness.shared.get(0, Field.failing), 1)
  cluster.rejoin(dead)
  for (const harness of others) {
    harness.turn(() => harness.node.clusterInput({ type: 'reachable', node: id }))
  }
  cluster.pass(3000)
  t.match(dead.type(dead.connect(), 'ROLE'), '$9\r\nconnected', 'and comes back as a replica')
})

t.test('what CONFIG SET lets a node announce it tells at once', async (t) => {
  const cluster = NodeCluster.start(1, 0)
  const [harness] = cluster.nodes
  if (harness === undefined) throw new Error('one node')
  const client = harness.connect()
  harness.type(client, 'CONFIG SET cluster-announce-hostname me.com cluster-announce-port 6000')
  t.match(harness.type(client, 'CLUSTER NODES'), ' 127.0.0.1:6000@17000,me.com myself,master ')
  harness.type(client, 'CONFIG SET cluster-replica-no-failover yes')
  t.match(harness.type(client, 'CLUSTER NODES'), ' myself,master,nofailover ')
  cluster.pass(100)
  t.match(harness.io.clusterConfig, /me\.com myself,master,nofailover /)
})
