/** A whole node: connections, paused writers, the host's word, time. */
import { Buffer } from 'node:buffer'
import t from 'tap'
import { PauseLevel } from '../../lib/node/pause.ts'
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

/** A node whose writers are paused. */
function paused(config: Record<string, string> = {}) {
  const harness = new NodeHarness({ config })
  const [a, b, reader] = [harness.connect(), harness.connect(), harness.connect()]
  harness.type(a, 'SET k 0')
  const pause = (ms: number | undefined) =>
    harness.turn(() => {
      if (ms === undefined) harness.node.unpause('failover')
      else harness.node.pause('failover', PauseLevel.writes, harness.clock.now + ms)
    })
  pause(10_000)
  return { harness, a, b, reader, pause }
}

t.test('while writers are paused reads go on', async (t) => {
  const { harness, a, reader, pause } = paused()
  t.equal(harness.type(a, 'GET k', 'SET k 1', 'GET k', 'PING'), '$1\r\n0\r\n')
  t.equal(harness.type(a, 'GET k'), '', 'nobody overtakes himself')
  t.equal(harness.type(reader, 'GET k', 'PING'), '$1\r\n0\r\n+PONG\r\n')
  t.match(harness.type(reader, 'CLIENT LIST ID 1'), / flags=b .* cmd=set /)
  pause(undefined)
  t.equal(harness.take(a), '+OK\r\n$1\r\n1\r\n+PONG\r\n$1\r\n1\r\n')
  t.match(harness.type(reader, 'CLIENT LIST ID 1'), / flags=N /)
})

t.test('postponed writes run in the order they came, not in that of the clients', async (t) => {
  const { harness, a, b, pause } = paused()
  harness.type(b, 'APPEND k b1', 'GET k')
  harness.type(a, 'APPEND k a1', 'GET k')
  harness.type(b, 'APPEND k b2')
  pause(undefined)
  t.equal(harness.take(b), ':3\r\n$3\r\n0b1\r\n:5\r\n')
  t.equal(harness.take(a), ':7\r\n$7\r\n0b1b2a1\r\n')
})

t.test('the pause ends by itself', async (t) => {
  const { harness, a, b } = paused()
  harness.type(a, 'SET k 1')
  harness.pass(9_900)
  t.equal(harness.take(a), '')
  harness.pass(200)
  t.equal(harness.take(a), '+OK\r\n')
  t.equal(harness.type(b, 'SET k 2'), '+OK\r\n')
})

t.test('a pause can be made longer, not shorter', async (t) => {
  const { harness, a, pause } = paused()
  harness.type(a, 'SET k 1')
  pause(20_000)
  harness.pass(15_000)
  t.equal(harness.take(a), '')
  pause(100)
  harness.pass(200)
  t.equal(harness.take(a), '')
  harness.pass(5000)
  t.equal(harness.take(a), '+OK\r\n')
})

t.test(
  'a transaction that writes waits when it is to run, and when it queues a write',
  async (t) => {
    const { harness, a, b, pause } = paused()
    pause(undefined)
    harness.type(b, 'MULTI', 'SET k 5')
    pause(1000)
    t.equal(harness.type(b, 'EXEC'), '')
    t.equal(harness.type(a, 'MULTI', 'GET k', 'EXEC'), '+OK\r\n+QUEUED\r\n*1\r\n$1\r\n0\r\n')
    t.equal(harness.type(a, 'MULTI', 'GET k', 'SET k 7', 'EXEC'), '+OK\r\n+QUEUED\r\n')
    pause(undefined)
    t.equal(harness.take(b), '*1\r\n+OK\r\n')
    t.equal(harness.take(a), '+QUEUED\r\n*2\r\n$1\r\n5\r\n+OK\r\n')
  },
)

t.test('who leaves or is killed does not write any more', async (t) => {
  const { harness, a, b, reader, pause } = paused()
  harness.type(a, 'SET k 1')
  harness.type(b, 'SET k 2')
  harness.disconnect(a)
  harness.type(reader, `CLIENT KILL ID ${b.id}`)
  pause(undefined)
  t.equal(harness.type(reader, 'GET k'), '$1\r\n0\r\n')
  t.equal(harness.take(b), '')
})

t.test('what was asked for before the write still holds for it', async (t) => {
  const { harness, a, pause } = paused()
  t.equal(harness.type(a, 'CLIENT REPLY SKIP', 'SET k 1', 'GET k'), '')
  pause(undefined)
  t.equal(harness.take(a), '$1\r\n1\r\n', 'SET is not answered, GET is')
})

t.test('errors in a write are told at once', async (t) => {
  const { harness, a, b } = paused()
  t.match(harness.type(a, 'SET k'), /^-ERR wrong number/)
  t.match(harness.type(b, 'NOSUCH', 'PING'), /^-ERR unknown command.*\+PONG\r\n$/s)
})

t.test('while writers are paused nothing expires', async (t) => {
  const { harness, a, reader, pause } = paused()
  pause(undefined)
  harness.type(a, 'SET t 1 PX 50')
  pause(1000)
  harness.pass(100)
  t.equal(harness.type(reader, 'GET t', 'DBSIZE'), '$-1\r\n:2\r\n')
  harness.pass(1000)
  t.equal(harness.type(reader, 'DBSIZE'), ':1\r\n')
})

t.test('the host runs commands as nobody else can, and waits like anybody', async (t) => {
  const { harness, reader, pause } = paused({ requirepass: 'secret' })
  const replies: string[] = []
  const run = (...argv: string[]) =>
    harness.turn(() => harness.node.runForHost([argv], (all) => replies.push(...all)))
  run('DBSIZE')
  t.same(replies.splice(0), [':0\r\n'], 'a client without a password wrote nothing')
  run('SET', 'k', '1')
  run('FLUSHALL')
  run('PING')
  t.same(replies.splice(0), ['+PONG\r\n'])
  pause(undefined)
  t.same(replies, ['+OK\r\n', '+OK\r\n'])
  t.match(harness.type(reader, 'PING'), /^-NOAUTH/)
  t.notMatch(harness.type(reader, 'AUTH secret', 'CLIENT LIST'), /id=0 /, 'it is no client')
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
