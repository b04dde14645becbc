/** What clients take and which of them go when together they take too much. */
import t from 'tap'
import type { Session } from '../../lib/node/session.ts'
import { NodeHarness } from '../support/node-harness.ts'
import { StreamReader } from '../support/stream-reader.ts'

const MEGABYTE = 2 ** 20

/** Begins a command of so many bytes that never ends. */
function fill(harness: NodeHarness, client: Session, bytes: number): void {
  harness.send(client, `*2\r\n$${bytes + 1}\r\n${'v'.repeat(bytes)}`)
}

function totalOf(client: Session): number {
  return Number(/tot-mem=(\d+)/.exec(client.describe())?.[1] ?? Number.NaN)
}

t.test('a client takes what it has sent, watches and is subscribed to', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  harness.type(client, 'PING')
  const idle = totalOf(client)
  const growth: number[] = []
  const after = (step: () => void) => {
    const before = totalOf(client)
    step()
    growth.push(totalOf(client) - before)
  }
  after(() => harness.type(client, 'WATCH a b c'))
  after(() => harness.type(client, 'SUBSCRIBE a b'))
  after(() => harness.type(client, 'PSUBSCRIBE a b'))
  after(() => harness.type(client, 'UNSUBSCRIBE', 'PUNSUBSCRIBE', 'UNWATCH', 'MULTI'))
  t.same(growth, [168, 80, 48, -296])
  harness.type(client, 'SET k vvvv')
  const queued = 'SETkvvvv'.length + 3 * 8
  t.equal(totalOf(client) - idle, queued + 24)
  harness.send(client, '*3\r\n$3\r\nSET\r\n$10\r\n0123456789\r\n$5\r\nabc')
  t.equal(totalOf(client) - idle, queued + 24 + 13 + 16, 'the words that are here')
  t.match(client.describe(), / qbuf=3 qbuf-free=20471 argv-mem=13 multi-mem=32 /)
  harness.send(client, 'de\r\n')
  t.equal(totalOf(client) - idle, queued + 18 + 3 * 8 + 2 * 24)
})

t.test('a large word takes all its room once it begins, a short reply none', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  harness.type(client, 'PING')
  const idle = totalOf(client)
  harness.send(client, '*2\r\n$32768\r\nhal')
  const room = 40_960 - 20_480
  t.equal(totalOf(client) - idle, room + 16)
  harness.send(client, 'f'.padEnd(32_765, '.'))
  harness.send(client, '\r\n$32767\r\nhal')
  t.equal(totalOf(client) - idle, room + 32_768 + 16, 'one that is not large makes no more')
  const other = harness.connect()
  harness.type(other, 'PING')
  other.reply.raw('x'.repeat(16_384))
  t.equal(totalOf(other), idle)
  other.reply.raw('yy')
  t.equal(totalOf(other), idle + 20_504, 'but for a block once it is too long')
})

t.test('prefixes that are tracked count', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  harness.type(client, 'PING')
  const idle = totalOf(client)
  harness.type(client, 'HELLO 3', 'CLIENT TRACKING ON BCAST PREFIX abc PREFIX d')
  t.equal(totalOf(client) - idle, 2 * 32 + 4)
})

t.test('the largest clients go first, until the rest fits', async (t) => {
  const harness = new NodeHarness()
  const [small, large, other, control] = [0, 1, 2, 3].map(() => harness.connect()) as [
    Session,
    Session,
    Session,
    Session,
  ]
  fill(harness, small, MEGABYTE / 8)
  fill(harness, large, MEGABYTE)
  fill(harness, other, MEGABYTE / 4)
  t.equal(harness.type(control, 'CONFIG SET maxmemory-clients 1mb'), '+OK\r\n')
  t.same(harness.io.closed, [large])
  t.match(harness.io.logs.at(-1), ['notice', new RegExp(`^Evicting client: id=${large.id} `)])
  t.match(harness.type(control, 'INFO stats'), /\r\nevicted_clients:1\r\n/)
  harness.type(control, 'CONFIG RESETSTAT')
  t.match(harness.type(control, 'INFO stats'), /\r\nevicted_clients:0\r\n/)
})

t.test('who asked to be spared stays, and counts', async (t) => {
  const harness = new NodeHarness({ config: { 'maxmemory-clients': '1mb' } })
  const [spared, client] = [harness.connect(), harness.connect()]
  harness.type(spared, 'CLIENT NO-EVICT ON')
  fill(harness, spared, 2 * MEGABYTE)
  t.same(harness.io.closed, [])
  harness.type(client, 'PING')
  t.same(harness.io.closed, [client], 'the others pay for it')
})

t.test('a command that is too large does not run', async (t) => {
  const harness = new NodeHarness({ config: { 'maxmemory-clients': '1mb' } })
  const client = harness.connect()
  t.equal(harness.run(client, 'SET', 'k', 'v'.repeat(MEGABYTE / 2)), '+OK\r\n')
  harness.run(client, 'SET', 'l', 'v'.repeat(MEGABYTE))
  t.same(harness.io.closed, [client])
  t.match(harness.type(harness.connect(), 'EXISTS k l'), ':1\r\n')
})

t.test('what a client does not read counts', async (t) => {
  const harness = new NodeHarness({ config: { 'maxmemory-clients': '1mb' } })
  const [reader, writer] = [harness.connect(), harness.connect()]
  const queue = { waitingBytes: 0 }
  reader.output = queue
  harness.type(reader, 'PING')
  queue.waitingBytes = 2 * MEGABYTE
  harness.pass(100)
  t.same(harness.io.closed, [reader])
  t.equal(harness.type(writer, 'PING'), '+PONG\r\n')
})

t.test('a percentage is one of maxmemory, and no limit is very low', async (t) => {
  const harness = new NodeHarness({ config: { 'maxmemory-clients': '50%' } })
  const client = harness.connect()
  t.equal(harness.node.clientMemory.limitBytes, Number.POSITIVE_INFINITY)
  harness.type(client, 'CONFIG SET maxmemory 10mb')
  t.equal(harness.node.clientMemory.limitBytes, 5 * MEGABYTE)
  harness.type(client, 'CONFIG SET maxmemory-clients 1')
  t.equal(harness.node.clientMemory.limitBytes, MEGABYTE / 8)
  t.equal(harness.type(client, 'PING'), '+PONG\r\n')
})

t.test('sums are those of the clients that are there', async (t) => {
  const harness = new NodeHarness({ config: { maxmemory: '100mb' } })
  const clients = [0, 1, 2].map(() => harness.connect()) as [Session, Session, Session]
  fill(harness, clients[0], 1000)
  harness.type(clients[1], 'WATCH a', 'SUBSCRIBE b')
  harness.disconnect(clients[0])
  const sum = clients.slice(1).reduce((bytes, client) => bytes + client.memoryBytes, 0)
  harness.pass(100)
  t.equal(harness.node.clientMemory.bytes, sum)
  harness.node.clientMemory.follow(false)
  harness.node.clientMemory.refresh()
  t.equal(harness.node.clientMemory.bytes, sum)
})

t.test('the stream takes what waits for the replica that is furthest behind', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  const bytes = () =>
    Number(/mem_total_replication_buffers:(\d+)/.exec(harness.type(client, 'INFO memory'))?.[1])
  const [near, far] = [new StreamReader(harness), new StreamReader(harness)]
  const backlog = bytes()
  near.session.output = { waitingBytes: 3 * MEGABYTE }
  far.session.output = { waitingBytes: 5 * MEGABYTE }
  client.output = { waitingBytes: 7 * MEGABYTE }
  t.equal(bytes(), 5 * MEGABYTE)
  far.session.output = { waitingBytes: 0 }
  t.equal(bytes(), 3 * MEGABYTE)
  near.session.output = { waitingBytes: 10 }
  t.equal(bytes(), backlog)
})
