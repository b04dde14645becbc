import { Buffer } from 'node:buffer'
import t from 'tap'
import { bufferOf } from '../../lib/base/bytes.ts'
import type { Session } from '../../lib/node/session.ts'
import { verifiedDump, withDumpFooter } from '../../lib/rdb/dump.ts'
import { NodeCluster } from '../support/node-cluster.ts'
import { NodeHarness } from '../support/node-harness.ts'
import { wire } from '../support/replica-wire.ts'

const V = withDumpFooter(bufferOf('\0\x01v'))

/** A target whose words the test says. */
class Target {
  readonly #harness: NodeHarness

  constructor(harness: NodeHarness) {
    this.#harness = harness
  }

  /** The connection the node asked for last. */
  get peer(): number {
    return this.#harness.io.peers.opened.at(-1)?.peer ?? 0
  }

  accept(): void {
    this.#harness.turn(() => this.#harness.node.peerConnected(this.peer))
  }

  say(text: string): void {
    this.#harness.turn(() => this.#harness.node.peerData(this.peer, Buffer.from(text, 'latin1')))
  }

  hangUp(wasFound = true): void {
    this.#harness.turn(() => this.#harness.node.peerClosed(this.peer, wasFound))
  }

  /** What was sent since the last call, a command a line. */
  heard(): string[] {
    const text = this.#harness.io.peers.sent.splice(0).map(({ bytes }) => bytes)
    return text
      .join('')
      .replaceAll(V, '(v)')
      .split(/(?=\*\d+\r\n)/)
      .filter((part) => part !== '')
      .map((part) =>
        part
          .replace(/[*$]\d+\r\n/g, '')
          .trim()
          .replaceAll('\r\n', ' '),
      )
  }
}

function start(config: Readonly<Record<string, string>> = {}) {
  const harness = new NodeHarness({ config })
  const client = harness.connect()
  const target = new Target(harness)
  return { harness, client, target }
}

/** Begins to migrate `k` to a target that has accepted. */
function inFlight(config: Readonly<Record<string, string>> = {}) {
  const all = start(config)
  all.harness.type(all.client, 'SET k v', 'SET other w')
  all.harness.type(all.client, 'MIGRATE there 7001 k 0 5000')
  all.target.accept()
  return all
}

t.test('a key goes, and leaves when the target has it', async (t) => {
  const { harness, client, target } = start()
  harness.type(client, 'SET k v')
  t.equal(harness.type(client, 'MIGRATE there 7001 k 3 5000'), '', 'no answer yet')
  t.same(harness.io.peers.opened, [{ peer: 1, host: 'there', port: 7001 }])
  t.same(target.heard(), [])
  target.accept()
  t.same(target.heard(), ['SELECT 3', 'RESTORE k 0 (v)'])
  target.say('+OK\r\n+O')
  t.equal(harness.take(client), '')
  target.say('K\r\n')
  t.equal(harness.take(client), '+OK\r\n')
  t.equal(harness.type(client, 'EXISTS k'), ':0\r\n')

  harness.type(client, 'SET a v PX 700', 'SET b v', 'SET c v')
  harness.clock.now += 200
  harness.type(client, 'MIGRATE there 7001 "" 3 5000 COPY REPLACE AUTH2 me secret KEYS a none b c')
  t.equal(harness.io.peers.opened.length, 1, 'over the same connection')
  t.same(
    target.heard(),
    [
      'AUTH me secret',
      'RESTORE a 500 (v) REPLACE',
      'RESTORE b 0 (v) REPLACE',
      'RESTORE c 0 (v) REPLACE',
    ],
    'without another SELECT',
  )
  target.say('+OK\r\n'.repeat(4))
  t.equal(harness.take(client), '+OK\r\n')
  t.equal(harness.type(client, 'EXISTS a b c'), ':3\r\n', 'copies')
})

t.test('nothing to move', async (t) => {
  const { harness, client } = start()
  t.equal(harness.type(client, 'MIGRATE there 7001 k 0 5000'), '+NOKEY\r\n')
  t.equal(harness.type(client, 'MIGRATE there 7001 "" 0 5000 KEYS a b'), '+NOKEY\r\n')
  t.same(harness.io.peers.opened, [])
})

t.test('what the target refuses stays here, the rest goes', async (t) => {
  const { harness, client, target } = start()
  harness.type(client, 'SET a v', 'SET b v', 'SET c v')
  harness.type(client, 'MIGRATE there 7001 "" 0 5000 KEYS a b c')
  target.accept()
  target.say('+OK\r\n+OK\r\n-BUSYKEY taken\r\n-ERR other\r\n')
  t.equal(harness.take(client), '-ERR Target instance replied with error: BUSYKEY taken\r\n')
  t.equal(harness.type(client, 'EXISTS a', 'EXISTS b c'), ':0\r\n:2\r\n')
  harness.type(client, 'MIGRATE there 7001 b 0 5000')
  target.heard()
  target.say('-NOAUTH no\r\n-NOAUTH neither\r\n')
  t.equal(harness.take(client), '-ERR Target instance replied with error: NOAUTH no\r\n')
  t.equal(harness.type(client, 'EXISTS b'), ':1\r\n')
  harness.type(client, 'MIGRATE there 7001 b 0 5000')
  t.match(target.heard(), ['SELECT 0', /^RESTORE b/], 'what is selected there is unknown')
})

t.test('what could see a difference waits, in order; all else goes on', async (t) => {
  const { harness, client, target } = inFlight()
  const others = Array.from({ length: 8 }, () => harness.connect())
  const say = (index: number, ...lines: string[]) =>
    harness.type(others[index] as Session, ...lines)
  t.equal(say(0, 'GET other', 'PING', 'SET new 1'), '$1\r\nw\r\n+PONG\r\n+OK\r\n')
  t.equal(say(0, 'GET k', 'PING'), '', 'what follows waits too')
  for (const [index, line] of [
    'APPEND k x',
    'DBSIZE',
    'MGET other k',
    'KEYS none*',
    'MIGRATE there 7001 other 0 5000',
  ].entries()) {
    t.equal(say(index + 1, line), '', line)
  }
  t.equal(say(6, 'MULTI', 'DBSIZE'), '+OK\r\n', 'it is held before it is queued')
  t.equal(say(7, 'WATCH k'), '')
  target.say('+OK\r\n+OK\r\n')
  t.equal(harness.take(client), '+OK\r\n')
  t.same(
    others.slice(0, 5).map((session) => harness.take(session)),
    ['$-1\r\n+PONG\r\n', ':1\r\n', ':3\r\n', '*2\r\n$1\r\nw\r\n$1\r\nx\r\n', '*0\r\n'],
  )
  t.equal(harness.take(others[5] as Session), '', 'the next one flies now')
  t.match(target.heard().at(-1), /^RESTORE other 0/)
  t.equal(harness.take(others[6] as Session), '', 'and holds who comes after it')
  target.say('+OK\r\n')
  t.equal(harness.take(others[5] as Session), '+OK\r\n')
  t.equal(harness.take(others[6] as Session), '+QUEUED\r\n')
  t.equal(harness.take(others[7] as Session), '+OK\r\n')
})

t.test('commands that remove keys without naming them wait', async (t) => {
  for (const line of [
    'FLUSHALL',
    'FLUSHDB',
    'SHUTDOWN',
    'REPLICAOF h 1',
    'CLIENT PAUSE 1 WRITE',
    'PSYNC ? -1',
  ]) {
    const { harness, target } = inFlight()
    const other = harness.connect()
    t.equal(harness.type(other, line), '', line)
    t.equal(harness.io.shutdowns, 0)
    target.say('+OK\r\n+OK\r\n')
    t.ok(harness.take(other) !== '' || harness.io.shutdowns > 0, `${line} after all`)
  }
})

t.test('a transaction waits if one of its commands must', async (t) => {
  const { harness, target } = start()
  const [one, two, mover] = [harness.connect(), harness.connect(), harness.connect()]
  harness.type(mover, 'SET k v', 'SET other w')
  harness.type(one, 'MULTI', 'INCR n', 'GET k')
  harness.type(two, 'MULTI', 'INCR n', 'GET other')
  harness.type(mover, 'MIGRATE there 7001 k 0 5000')
  target.accept()
  t.equal(harness.type(one, 'EXEC'), '')
  t.equal(harness.type(two, 'EXEC'), '*2\r\n:1\r\n$1\r\nw\r\n')
  target.say('+OK\r\n+OK\r\n')
  t.equal(harness.take(one), '*2\r\n:2\r\n$-1\r\n')
})

t.test('the client that migrates waits as a whole', async (t) => {
  const { harness, client, target } = inFlight()
  t.equal(harness.type(client, 'PING', 'EXISTS k'), '')
  target.say('+OK\r\n+OK\r\n')
  t.equal(harness.take(client), '+OK\r\n+PONG\r\n:0\r\n')
})

t.test('a client that says CLIENT REPLY is not answered', async (t) => {
  const { harness, client, target } = start()
  harness.type(
    client,
    'SET a v',
    'SET b v',
    'CLIENT REPLY SKIP',
    'MIGRATE there 7001 a 0 5000',
    'PING',
  )
  target.accept()
  target.say('+OK\r\n+OK\r\n')
  t.equal(harness.take(client), '+PONG\r\n')
  harness.type(client, 'CLIENT REPLY OFF', 'MIGRATE there 7001 b 0 5000', 'PING', 'CLIENT REPLY ON')
  target.say('+OK\r\n')
  t.equal(harness.take(client), '+OK\r\n')
})

t.test('a client that hangs up, or is killed, does not stop its keys', async (t) => {
  const { harness, client, target } = inFlight()
  const other = harness.connect()
  t.equal(harness.type(other, `CLIENT KILL ID ${client.id}`), ':1\r\n')
  t.equal(harness.type(other, 'GET k'), '')
  target.say('+OK\r\n+OK\r\n')
  t.equal(harness.take(other), '$-1\r\n')
  t.equal(harness.node.inFlight.isRunning, false)
})

t.test('a target that hangs up is tried once more', async (t) => {
  const { harness, client, target } = inFlight()
  target.say('+OK\r\n')
  target.hangUp()
  t.equal(harness.take(client), '')
  t.equal(harness.io.peers.opened.length, 2)
  target.accept()
  target.heard()
  target.hangUp()
  t.equal(harness.take(client), '-IOERR error or timeout reading to target instance\r\n')
  t.equal(harness.type(client, 'GET k'), '$1\r\nv\r\n')
})

t.test('a target that hangs up after its first word for a key is not', async (t) => {
  const { harness, client, target } = start()
  harness.type(client, 'SET a v', 'SET b v')
  harness.type(client, 'MIGRATE there 7001 "" 0 5000 KEYS a b')
  target.accept()
  target.say('+OK\r\n+OK\r\n')
  target.hangUp()
  t.equal(harness.take(client), '-IOERR error or timeout reading to target instance\r\n')
  t.equal(
    harness.type(client, 'EXISTS a', 'EXISTS b'),
    ':0\r\n:1\r\n',
    'what it confirmed has gone',
  )
  t.equal(harness.io.peers.opened.length, 1)
})

t.test('nobody there', async (t) => {
  const { harness, client, target } = start()
  harness.type(client, 'SET k v')
  harness.type(client, 'MIGRATE there 7001 k 0 5000')
  target.hangUp()
  target.hangUp()
  t.equal(harness.take(client), '-IOERR error or timeout writing to target instance\r\n', 'refused')
  harness.type(client, 'MIGRATE nowhere 70000 k 0 5000')
  t.same(harness.io.peers.opened.at(-1), { peer: 3, host: 'nowhere', port: 4464 })
  target.hangUp(false)
  t.equal(
    harness.take(client),
    '-IOERR error or timeout connecting to the client\r\n',
    'no such host',
  )
  t.equal(harness.type(client, 'EXISTS k'), ':1\r\n')
})

t.test('a silent target', async (t) => {
  const connecting = start()
  connecting.harness.type(connecting.client, 'SET k v', 'MIGRATE there 7001 k 0 5000')
  connecting.harness.take(connecting.client)
  connecting.harness.pass(4900)
  t.equal(connecting.harness.take(connecting.client), '')
  connecting.harness.pass(100)
  t.equal(
    connecting.harness.take(connecting.client),
    '-IOERR error or timeout connecting to the client\r\n',
  )
  t.same(connecting.harness.io.peers.closed, [1])

  const silent = inFlight()
  silent.harness.pass(4000)
  silent.target.say('+OK\r\n')
  silent.harness.pass(4000)
  t.equal(silent.harness.take(silent.client), '', 'each word counts')
  silent.harness.pass(1000)
  t.equal(
    silent.harness.take(silent.client),
    '-IOERR error or timeout reading to target instance\r\n',
  )
  silent.target.say('+OK\r\n')
  t.equal(
    silent.harness.type(silent.client, 'EXISTS k'),
    ':1\r\n',
    'what comes too late counts not',
  )

  const full = inFlight()
  full.harness.io.peers.backlog = 1
  full.harness.pass(5000)
  t.equal(full.harness.take(full.client), '-IOERR error or timeout writing to target instance\r\n')
})

t.test('what the target said while this thread was busy counts', async (t) => {
  const { harness, client, target } = inFlight()
  harness.take(client)
  harness.clock.now += 9000
  harness.turn(() => harness.node.wake())
  t.equal(harness.take(client), '', 'it may have answered long ago')
  t.equal(harness.io.wakeAtMs, harness.clock.now, 'after one look at the sockets')
  target.say('+OK\r\n')
  harness.clock.now += 4999
  harness.wake()
  t.equal(harness.take(client), '', 'and each word counts again')
  target.say('+OK\r\n')
  t.equal(harness.take(client), '+OK\r\n')
})

t.test('keys do not expire while others are in flight', async (t) => {
  const { harness, client, target } = start()
  harness.type(client, 'SET k v PX 300', 'SET short v PX 100')
  harness.type(client, 'MIGRATE there 7001 k 0 5000')
  target.accept()
  harness.pass(400)
  t.equal(harness.node.databases[0]?.size, 2)
  target.say('+OK\r\n+OK\r\n')
  t.equal(harness.take(client), '+OK\r\n')
  harness.pass(100)
  t.equal(harness.node.databases[0]?.size, 0)
})

t.test('a transaction stops half-way and goes on', async (t) => {
  const { harness, client, target } = start()
  const other = harness.connect()
  harness.type(client, 'SET k v', 'SET l v', 'MULTI', 'INCR n')
  harness.type(client, 'MIGRATE there 7001 k 0 5000', 'INCR n', 'MIGRATE there 7001 l 0 5000')
  harness.type(client, 'EXISTS k l', 'MIGRATE there 7001 k 0 5000')
  t.equal(harness.type(client, 'EXEC', 'PING'), '', 'nothing is said until all is')
  target.accept()
  t.equal(harness.type(other, 'GET n'), '', 'nobody sees the half of it')
  t.same(target.heard(), ['SELECT 0', 'RESTORE k 0 (v)'])
  target.say('+OK\r\n+OK\r\n')
  t.equal(harness.take(client), '')
  t.same(target.heard(), ['RESTORE l 0 (v)'])
  t.equal(harness.take(other), '')
  target.say('-ERR no\r\n')
  t.equal(
    harness.take(client),
    '*6\r\n:1\r\n+OK\r\n:2\r\n-ERR Target instance replied with error: ERR no\r\n:1\r\n+NOKEY\r\n+PONG\r\n',
  )
  t.equal(harness.take(other), '$1\r\n2\r\n')
  t.equal(harness.type(client, 'EXEC'), '-ERR EXEC without MULTI\r\n')
})

t.test('the host can migrate', async (t) => {
  const { harness, client, target } = start()
  harness.type(client, 'SET k v')
  const answers: string[] = []
  harness.turn(() =>
    harness.node.runForHost([['MIGRATE', 'there', '7001', 'k', '0', '5000']], (replies) =>
      answers.push(...replies),
    ),
  )
  target.accept()
  t.same(answers, [])
  target.say('+OK\r\n+OK\r\n')
  t.same(answers, ['+OK\r\n'])
})

t.test('connections are kept for a while', async (t) => {
  const { harness, client, target } = inFlight()
  target.say('+OK\r\n+OK\r\n')
  harness.pass(10_000)
  t.same(harness.io.peers.closed, [])
  harness.pass(200)
  t.same(harness.io.peers.closed, [1])
  harness.type(client, 'MIGRATE there 7001 other 0 5000')
  target.accept()
  target.heard()
  target.say('+OK\r\n+OK\r\n')
  target.hangUp()
  harness.type(client, 'SET k v', 'MIGRATE there 7001 k 0 5000')
  t.equal(harness.io.peers.opened.length, 3, 'one that has ended is not used')
})

t.test('payloads are what DUMP returns', async (t) => {
  const { harness, client } = start()
  harness.type(client, 'HSET h f v', 'MIGRATE there 7001 h 0 5000')
  harness.turn(() => harness.node.peerConnected(1))
  const words = harness.io.peers.sent[0]?.bytes.split('\r\n') ?? []
  t.ok(verifiedDump(words.at(-2) ?? ''))
})

/** A cluster of three masters with a replica each, where `{10}k` is on its way from the first. */
function clusterInFlight() {
  const cluster = NodeCluster.start(3, 1)
  const [source, , , replica] = cluster.nodes as [
    NodeHarness,
    NodeHarness,
    NodeHarness,
    NodeHarness,
  ]
  const client = source.connect()
  const target = new Target(source)
  source.type(client, 'SET {10}k v', 'SET {10}l v')
  source.type(client, 'MULTI', 'SET {10}l w', 'MIGRATE there 7001 {10}k 0 5000', 'SET {10}l x')
  cluster.pass(100)
  return { cluster, source, replica, client, target }
}

t.test('replicas hear of what has left, and of a transaction as a whole', async (t) => {
  const { cluster, source, replica, client, target } = clusterInFlight()
  const reader = replica.connect()
  replica.type(reader, 'READONLY')
  source.type(client, 'EXEC')
  target.accept()
  cluster.pass(1000)
  t.equal(replica.type(reader, 'GET {10}l'), '$1\r\nv\r\n')
  t.match(target.heard(), ['SELECT 0', /^RESTORE-ASKING \{10\}k/])
  target.say('+OK\r\n+OK\r\n')
  cluster.pass(100)
  t.equal(source.take(client), '*3\r\n+OK\r\n+OK\r\n+OK\r\n')
  t.equal(replica.type(reader, 'GET {10}l', 'EXISTS {10}k'), '$1\r\nx\r\n:0\r\n')
  t.equal(source.node.replication.offset, replica.node.replication.offset)
})

t.test('a manual failover begins when the keys have landed', async (t) => {
  const { cluster, source, replica, client, target } = clusterInFlight()
  const operator = replica.connect()
  source.type(client, 'EXEC')
  target.accept()
  t.equal(replica.type(operator, 'CLUSTER FAILOVER'), '+OK\r\n')
  cluster.pass(1000)
  t.equal(source.node.isReplica, false)
  target.say('+OK\r\n+OK\r\n')
  cluster.pass(2000)
  t.equal(source.take(client), '*3\r\n+OK\r\n+OK\r\n+OK\r\n')
  t.equal(source.node.isReplica, true)
  t.equal(replica.node.isReplica, false)
  t.equal(replica.type(operator, 'EXISTS {10}k', 'GET {10}l'), ':0\r\n$1\r\nx\r\n')
})

t.test('FAILOVER hands over when the keys have landed', async (t) => {
  const config = { 'cluster-enabled': 'no' }
  const { harness, client, target } = start({ ...config, port: '7001' })
  const replica = new NodeHarness({ port: 7002, config, id: 'b'.repeat(40) })
  const connection = wire(harness, replica)
  harness.type(client, 'SET k v')
  harness.type(client, 'MIGRATE there 7009 k 0 5000')
  target.accept()
  const operator = harness.connect()
  t.equal(harness.type(operator, 'FAILOVER TO 127.0.0.1 7002 TIMEOUT 100 FORCE'), '+OK\r\n')
  harness.pass(500)
  t.equal(harness.node.isReplica, false, 'whatever the time')
  target.say('+OK\r\n+OK\r\n')
  harness.pass(100)
  t.equal(harness.take(client), '+OK\r\n')
  t.equal(harness.node.isReplica, true)
  connection.pump()
  t.equal(replica.type(replica.connect(), 'EXISTS k'), ':0\r\n', 'it heard what has left')
})

t.test('a master that becomes a replica gives up what is in flight', async (t) => {
  const { cluster, source, replica, client, target } = clusterInFlight()
  const operator = replica.connect()
  source.type(client, 'EXEC')
  target.accept()
  t.equal(replica.type(operator, 'CLUSTER FAILOVER TAKEOVER'), '+OK\r\n')
  cluster.pass(2000)
  t.equal(source.node.isReplica, true)
  t.equal(
    source.take(client),
    '*3\r\n+OK\r\n-IOERR error or timeout reading to target instance\r\n+OK\r\n',
  )
  t.equal(replica.type(operator, 'EXISTS {10}k'), ':1\r\n', 'unconfirmed, so it is still here')
  t.equal(source.node.databases[0]?.size, 2, 'on its replica too')
})

t.test('who waited for an element that goes to a key in flight waits for both', async (t) => {
  const { harness, target } = start()
  const [mover, other, writer] = [harness.connect(), harness.connect(), harness.connect()]
  harness.type(writer, 'RPUSH k 0')
  harness.type(mover, 'BLMOVE list k LEFT RIGHT 0')
  harness.type(other, 'BLPOP elsewhere 0')
  harness.type(harness.connect(), 'MIGRATE there 7001 k 0 5000')
  target.accept()
  t.equal(harness.type(writer, 'RPUSH list 1', 'RPUSH elsewhere 2'), ':1\r\n:1\r\n')
  t.equal(harness.take(mover), '')
  t.match(harness.take(other), /elsewhere/, 'all others are served')
  target.say('+OK\r\n+OK\r\n')
  t.equal(harness.take(mover), '$1\r\n1\r\n')
  t.equal(harness.type(writer, 'LRANGE k 0 -1'), '*1\r\n$1\r\n1\r\n', 'nothing is lost')
})
