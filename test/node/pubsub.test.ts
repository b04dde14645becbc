/** Who hears what on a node: registry, order among replies, silence, limits, and what the rest of the node tells of it. */
import t from 'tap'
import type { Session } from '../../lib/node/session.ts'
import { NodeCluster } from '../support/node-cluster.ts'
import { type HarnessOptions, NodeHarness } from '../support/node-harness.ts'

const CLUSTER: HarnessOptions = { config: { 'cluster-enabled': 'yes' } }

t.test('a message leaves with the turn it was published in', async (t) => {
  const harness = new NodeHarness()
  const [listener, publisher] = [harness.connect(), harness.connect()]
  t.equal(harness.type(listener, 'SUBSCRIBE a'), '*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n')
  t.equal(
    harness.type(publisher, 'PUBLISH a 1', 'PUBLISH b 2', 'PUBLISH a 3'),
    ':1\r\n:0\r\n:1\r\n',
  )
  t.equal(
    harness.take(listener),
    '*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$1\r\n1\r\n*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$1\r\n3\r\n',
  )
})

t.test('each listener is told in its own protocol', async (t) => {
  const harness = new NodeHarness()
  const [two, three, publisher] = [harness.connect(), harness.connect(), harness.connect()]
  harness.type(two, 'PSUBSCRIBE a*')
  harness.type(three, 'HELLO 3', 'PSUBSCRIBE a*')
  t.equal(harness.type(publisher, 'PUBLISH ab x'), ':2\r\n')
  const message = '4\r\n$8\r\npmessage\r\n$2\r\na*\r\n$2\r\nab\r\n$1\r\nx\r\n'
  t.equal(harness.take(two), `*${message}`)
  t.equal(harness.take(three), `>${message}`)
})

t.test('a client that is gone hears nothing and is counted nowhere', async (t) => {
  const harness = new NodeHarness()
  const [listener, other] = [harness.connect(), harness.connect()]
  harness.type(listener, 'SUBSCRIBE a', 'PSUBSCRIBE a', 'SSUBSCRIBE a')
  harness.disconnect(listener)
  t.equal(harness.type(other, 'PUBLISH a x', 'SPUBLISH a x'), ':0\r\n:0\r\n')
  t.equal(harness.type(other, 'PUBSUB NUMPAT', 'PUBSUB CHANNELS'), ':0\r\n*0\r\n')
})

t.test('nothing is said to a client that is about to go', async (t) => {
  const harness = new NodeHarness()
  const [listener, other] = [harness.connect(), harness.connect()]
  t.match(harness.type(listener, 'SUBSCRIBE a', 'QUIT'), /\+OK\r\n$/)
  harness.type(other, 'PUBLISH a x')
  t.equal(harness.take(listener), '')
})

t.test('RESET ends subscriptions without a word', async (t) => {
  const harness = new NodeHarness()
  const [listener, other] = [harness.connect(), harness.connect()]
  harness.type(listener, 'SUBSCRIBE a', 'PSUBSCRIBE *', 'SSUBSCRIBE a')
  t.equal(harness.type(listener, 'RESET', 'PING'), '+RESET\r\n+PONG\r\n')
  t.equal(harness.type(other, 'PUBLISH a x', 'SPUBLISH a x'), ':0\r\n:0\r\n')
})

t.test('what INFO and CLIENT LIST tell', async (t) => {
  const harness = new NodeHarness()
  const [listener, other] = [harness.connect(), harness.connect()]
  harness.type(listener, 'SUBSCRIBE a b', 'PSUBSCRIBE a* b* c*', 'SSUBSCRIBE s')
  harness.type(other, 'HELLO 3', 'SUBSCRIBE a')
  const stats = harness.type(other, 'INFO stats')
  t.match(stats, /^pubsub_channels:2\r$/m)
  t.match(stats, /^pubsub_patterns:3\r$/m)
  t.match(stats, /^pubsubshard_channels:1\r$/m)
  t.match(
    harness.type(other, `CLIENT LIST ID ${listener.id}`),
    / flags=P db=0 sub=2 psub=3 ssub=1 /,
  )
  harness.type(listener, 'UNSUBSCRIBE', 'PUNSUBSCRIBE')
  t.match(harness.type(other, 'CLIENT LIST TYPE pubsub'), / sub=0 psub=0 ssub=1 /)
  harness.type(listener, 'SUNSUBSCRIBE')
  t.notMatch(harness.type(other, 'CLIENT LIST TYPE pubsub'), `id=${listener.id} `)
})

t.test('the output of subscribers has a limit of its own', async (t) => {
  const harness = new NodeHarness({
    config: { 'client-output-buffer-limit': 'pubsub 1000 0 0 normal 0 0 0' },
  })
  const [listener, other] = [harness.connect(), harness.connect()]
  for (const client of [listener, other]) {
    client.output = { waitingBytes: 2000 }
    harness.node.checkOutputLimit(client)
    t.same(harness.io.closed, [])
  }
  harness.type(listener, 'SUBSCRIBE a')
  harness.node.checkOutputLimit(listener)
  t.same(harness.io.closed, [listener])
})

t.test('subscribers may be idle', async (t) => {
  const harness = new NodeHarness({ config: { timeout: '10' } })
  const [listener, other] = [harness.connect(), harness.connect()]
  harness.type(listener, 'SUBSCRIBE a')
  harness.type(other, 'PING')
  harness.pass(12_000)
  t.same(harness.io.closed, [other])
})

t.test('on a standalone node messages are in the stream, alone or as a unit', async (t) => {
  const harness = new NodeHarness()
  const fed: (readonly string[])[] = []
  harness.node.replication.feed = (_database, argv) => fed.push(argv)
  harness.node.propagation.feedsReplicas = true
  const client = harness.connect()
  harness.type(client, 'PUBLISH a 1', 'SPUBLISH b 2')
  harness.node.propagation.feedsReplicas = true
  harness.type(client, 'MULTI', 'PUBLISH a 3', 'SET k v', 'EXEC')
  t.same(fed, [
    ['PUBLISH', 'a', '1'],
    ['SPUBLISH', 'b', '2'],
    ['MULTI'],
    ['PUBLISH', 'a', '3'],
    ['SET', 'k', 'v'],
    ['EXEC'],
  ])
})

t.test('in a cluster they are not', async (t) => {
  const harness = new NodeHarness(CLUSTER)
  const fed: (readonly string[])[] = []
  harness.node.replication.feed = (_database, argv) => fed.push(argv)
  harness.node.propagation.feedsReplicas = true
  const client = harness.connect()
  harness.type(client, 'CLUSTER ADDSLOTSRANGE 0 16383')
  harness.pass(3000)
  harness.node.propagation.feedsReplicas = true
  t.equal(harness.type(client, 'PUBLISH a 1', 'SPUBLISH b 2'), ':0\r\n:0\r\n')
  t.same(fed, [])
})

t.test('channels close in the order of slots, then of names', async (t) => {
  const harness = new NodeHarness(CLUSTER)
  const [listener, operator] = [harness.connect(), harness.connect()]
  harness.type(operator, 'CLUSTER ADDSLOTSRANGE 0 16383')
  harness.pass(3000)
  harness.type(listener, 'SSUBSCRIBE {b}2 {b}1', 'SSUBSCRIBE {a}', 'SUBSCRIBE {b}1')
  t.equal(harness.type(operator, 'CLUSTER FLUSHSLOTS'), '+OK\r\n')
  const closed = (channel: string, left: number) =>
    `*3\r\n$12\r\nsunsubscribe\r\n$${channel.length}\r\n${channel}\r\n:${left}\r\n`
  // {b} is slot 3300, {a} 15495.
  t.equal(harness.take(listener), closed('{b}1', 2) + closed('{b}2', 1) + closed('{a}', 0))
  t.match(harness.type(operator, `CLIENT LIST ID ${listener.id}`), / sub=1 psub=0 ssub=0 /)
})

t.test('in RESP2 a subscriber may do little else', async (t) => {
  const harness = new NodeHarness(CLUSTER)
  const client = harness.connect()
  harness.type(client, 'CLUSTER ADDSLOTSRANGE 1 16383', 'SUBSCRIBE a')
  const only = (name: string) =>
    `-ERR Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context\r\n`
  t.equal(harness.type(client, 'config get x'), only('config|get'))
  t.equal(harness.type(client, 'MULTI'), only('multi'))
  t.match(harness.type(client, 'GET'), /^-ERR wrong number of arguments/, 'what is wrong wins')
  // Slot 0.
  t.match(harness.type(client, 'GET 06S'), /^-CLUSTERDOWN Hash slot not served/, 'as do slots')
  t.equal(
    harness.type(client, 'SUNSUBSCRIBE'),
    '*3\r\n$12\r\nsunsubscribe\r\n$-1\r\n:0\r\n',
    'without a channel there is no slot',
  )
  t.equal(harness.type(client, 'PING'), '*2\r\n$4\r\npong\r\n$0\r\n\r\n')
})

t.test('messages of other nodes come whole and in order', async (t) => {
  const cluster = NodeCluster.start(3, 1)
  const listeners = cluster.nodes.map((harness) => harness.connect())
  for (const [i, harness] of cluster.nodes.entries()) {
    harness.type(listeners[i] as Session, 'SUBSCRIBE "\\x00\\xff"', 'SSUBSCRIBE {10}')
  }
  const publish = (from: number, ...lines: string[]) => {
    const harness = cluster.nodes[from] as NodeHarness
    const reply = harness.type(harness.connect(), ...lines)
    cluster.pump()
    return reply
  }
  const numbers = Array.from({ length: 100 }, (_, i) => `${i}\\r\\n`)
  publish(4, ...numbers.map((number) => `PUBLISH "\\x00\\xff" "${number}"`))
  for (const [i, harness] of cluster.nodes.entries()) {
    t.same(
      harness.take(listeners[i] as Session).match(/\d+(?=\r\n\r\n)/g),
      numbers.map((_, n) => `${n}`),
      `node ${i}`,
    )
  }
  t.equal(publish(0, 'SPUBLISH {10} mine'), ':1\r\n')
  t.equal(publish(3, 'SPUBLISH {10} ours'), ':1\r\n')
  t.match(publish(1, 'SPUBLISH {10} theirs'), /^-MOVED 247 127.0.0.1:7000/)
  for (const [i, harness] of cluster.nodes.entries()) {
    const heard = harness.take(listeners[i] as Session)
    if (i % 3 === 0) t.match(heard, /mine.*ours\r\n$/s)
    else t.equal(heard, '', `node ${i} is of another shard`)
  }
})

t.test('a failover ends the shard channels of the old master, not those of the new', async (t) => {
  const cluster = NodeCluster.start(3, 1)
  const [master, replica] = [cluster.nodes[0] as NodeHarness, cluster.nodes[3] as NodeHarness]
  const [old, young] = [master.connect(), replica.connect()]
  master.type(old, 'SSUBSCRIBE {10}')
  replica.type(young, 'SSUBSCRIBE {10}')
  replica.type(replica.connect(), 'CLUSTER FAILOVER')
  cluster.pass(1000)
  t.match(master.type(master.connect(), 'ROLE'), /slave/)
  t.equal(master.take(old), '*3\r\n$12\r\nsunsubscribe\r\n$4\r\n{10}\r\n:0\r\n')
  t.equal(replica.take(young), '')
  replica.type(replica.connect(), 'SPUBLISH {10} hi')
  t.match(replica.take(young), /smessage/)
})
