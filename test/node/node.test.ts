/** A whole node: connections, requests, time. */
import { Buffer } from 'node:buffer'
import t from 'tap'
import type { Session } from '../../lib/node/session.ts'
import { NodeHarness } from '../support/node-harness.ts'
import { wire } from '../support/replica-wire.ts'

t.test('a request may come in any pieces', async (t) => {
  const requests =
    '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\na\r\nb\r\nPING\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n'
  const replies = '+OK\r\n+PONG\r\n$4\r\na\r\nb\r\n'
  for (const size of [1, 2, 3, 5, 8, 13, 1000]) {
    const harness = new NodeHarness()
    const client = harness.connect()
    let got = ''
    for (let at = 0; at < requests.length; at += size) {
      got += harness.send(client, requests.slice(at, at + size))
    }
    t.equal(got, replies, `pieces of ${size}`)
  }
})

t.test('what was received may be overwritten afterwards', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  const shared = Buffer.from('*2\r\n$4\r\nECHO\r\n$4\r\nab')
  harness.turn(() => harness.node.receive(client, shared, shared.length))
  shared.fill('x')
  t.equal(harness.send(client, 'cd\r\n'), '$4\r\nabcd\r\n')
})

t.test('after QUIT nothing is read', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  t.equal(harness.type(client, 'SET k 1', 'QUIT', 'SET k 2'), '+OK\r\n+OK\r\n')
  t.equal(harness.type(harness.connect(), 'GET k'), '$1\r\n1\r\n')
})

t.test('a client that leaves takes with it what it had begun', async (t) => {
  const harness = new NodeHarness()
  const [client, other] = [harness.connect(), harness.connect()]
  harness.type(client, 'WATCH k', 'MULTI', 'SET k 1')
  harness.send(client, '*3\r\n$3\r\nSET\r\n$1\r\nl\r\n$5\r\nhal')
  harness.disconnect(client)
  t.equal(harness.type(other, 'SET k 2', 'EXISTS k l', 'GET k'), '+OK\r\n:1\r\n$1\r\n2\r\n')
  t.equal(harness.node.clients.count, 1)
})

t.test('a long pipeline is answered in parts, in order', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  let flushes = 0
  const flush = harness.io.flush.bind(harness.io)
  harness.io.flush = (session) => {
    flushes++
    flush(session)
  }
  harness.run(client, 'SET', 'big', 'x'.repeat(100_000))
  flushes = 0
  const replies = harness.type(
    client,
    ...Array.from({ length: 9 }, (_, i) => `GETRANGE big 0 ${99_990 + i}`),
  )
  t.same(
    [...replies.matchAll(/\$(\d+)\r\n/g)].map(([, length]) => Number(length)),
    [99_991, 99_992, 99_993, 99_994, 99_995, 99_996, 99_997, 99_998, 99_999],
  )
  t.equal(flushes, 4, 'three times 256 KB and the rest')
})

t.test('above maxclients connections are told why they are refused', async (t) => {
  const harness = new NodeHarness({ config: { maxclients: '2' } })
  const first = harness.connect()
  harness.connect()
  const refused = harness.connect()
  t.equal(refused.reply.take(), '-ERR max number of clients reached\r\n')
  harness.disconnect(refused)
  t.equal(harness.node.clients.count, 2)
  harness.disconnect(first)
  t.equal(harness.connect().closing, 'no')
  t.equal(harness.connect().closing, 'after-reply', 'full again')
  t.equal(harness.node.stats.connectionsRejected, 2)
})

t.test('idle clients are closed if that is wanted, replicas and masters never', async (t) => {
  const harness = new NodeHarness({ config: { timeout: '5' } })
  const [idle, busy] = [harness.connect(), harness.connect()]
  const replica = harness.connect()
  harness.type(replica, 'PSYNC ? -1')
  harness.pass(4000)
  harness.type(busy, 'PING')
  harness.pass(2000)
  t.same(harness.io.closed, [idle])
  harness.type(busy, 'CONFIG SET timeout 0')
  harness.pass(30_000)
  t.same(harness.io.closed, [idle])
})

t.test('the cron deletes what is over, without being asked', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  const many = Array.from({ length: 500 }, (_, i) => `SET k${i} 1 PX ${10 + i}`)
  harness.type(client, ...many, 'SET stays 1', 'SET late 1 PX 100000')
  harness.pass(200)
  t.equal(harness.type(client, 'DBSIZE'), ':312\r\n')
  harness.pass(1000)
  t.equal(harness.type(client, 'DBSIZE'), ':2\r\n')
})

t.test('a replica closes nobody and expires nothing while it waits for its master', async (t) => {
  const master = new NodeHarness({ port: 7001 })
  const harness = new NodeHarness({ config: { timeout: '2' } })
  const connection = wire(master, harness)
  master.type(master.connect(), 'SET k 1 PX 10')
  connection.pump()
  harness.pass(5000)
  t.equal(harness.node.databases[0]?.size, 1)
  const kinds = [...harness.node.clients.all()].map(({ kind }: Session) => kind)
  t.ok(kinds.includes('master'))
  t.notOk(harness.io.closed.some(({ kind }) => kind === 'master'))
})

t.test('a protocol error ends the connection with its reason, after what was right', async (t) => {
  const harness = new NodeHarness()
  for (const [bytes, reply] of [
    ['*1\r\n:4\r\n', "-ERR Protocol error: expected '$', got ':'\r\n"],
    ['PING\r\nECHO "a\r\n', '+PONG\r\n-ERR Protocol error: unbalanced quotes in request\r\n'],
    ['*-5\r\n*0\r\n\r\nPING\r\n', '+PONG\r\n'],
  ] as const) {
    const client = harness.connect()
    t.equal(harness.send(client, bytes), reply)
    t.equal(client.closing, reply.includes('-ERR') ? 'after-reply' : 'no')
  }
})

t.test('encoding limits can be changed', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  const encoding = (key: string) => harness.type(client, `OBJECT ENCODING ${key}`)
  harness.type(client, 'HSET a f 1 g 2')
  t.equal(encoding('a'), '$8\r\nlistpack\r\n')
  harness.type(client, 'CONFIG SET hash-max-listpack-entries 1', 'HSET b f 1 g 2')
  t.equal(encoding('b'), '$9\r\nhashtable\r\n')
  harness.type(
    client,
    'CONFIG SET hash-max-listpack-entries 100 hash-max-listpack-value 3',
    'HSET c f long',
  )
  t.equal(encoding('c'), '$9\r\nhashtable\r\n')
})

t.test('protected mode keeps other machines away until there is a password', async (t) => {
  const harness = new NodeHarness({ heedsProtectedMode: true })
  const visit = (address: string) => {
    const session = harness.node.openSession({ address, localAddress: '?:0', descriptor: 9 })
    const said = session.reply.take()
    harness.disconnect(session)
    return said
  }
  const here = harness.connect()
  const far = '192.0.2.1:50000'
  t.match(visit(far), /^-DENIED Redis is running in protected mode because /)
  t.equal(visit('[::1]:50000'), '')
  t.equal(visit('/tmp/redis.sock:0'), '')
  t.match(harness.type(here, 'INFO stats'), 'rejected_connections:1\r\n')
  harness.type(here, 'CONFIG SET requirepass secret')
  t.equal(visit(far), '')
  harness.type(here, 'CONFIG SET requirepass ""')
  t.match(visit(far), /^-DENIED /)
  harness.type(here, 'CONFIG SET protected-mode no')
  t.equal(visit(far), '')
  t.equal(
    new NodeHarness().node
      .openSession({ address: far, localAddress: '?:0', descriptor: 9 })
      .reply.take(),
    '',
  )
})
