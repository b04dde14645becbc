/** `maxmemory`: what is refused, what goes to make room, who hears of it, and when nothing happens. */
import t from 'tap'
import type { Session } from '../../lib/node/session.ts'
import { NodeHarness } from '../support/node-harness.ts'
import { wire } from '../support/replica-wire.ts'

const OOM = "-OOM command not allowed when used memory > 'maxmemory'.\r\n"

/** A client that has just said something. */
const CLIENT_BYTES = 37_632

/** A node with a limit so many bytes above what it uses when it holds nothing. */
function limited(
  room: number,
  config: Readonly<Record<string, string>> = {},
): { harness: NodeHarness; client: Session } {
  const harness = new NodeHarness({
    config: { maxmemory: String(876_408 + CLIENT_BYTES + room), ...config },
  })
  return { harness, client: harness.connect() }
}

t.test('commands that may take more are refused, others are not', async (t) => {
  const { harness, client } = limited(3000)
  t.equal(harness.type(client, 'SETRANGE k 3999 v'), ':4000\r\n', 'there was room before')
  t.equal(harness.type(client, 'SET l 1'), OOM)
  t.equal(harness.type(client, 'STRLEN k', 'EXPIRE k 100'), ':4000\r\n:1\r\n')
  t.equal(harness.type(client, 'SET'), "-ERR wrong number of arguments for 'set' command\r\n")
  t.equal(harness.type(client, 'DEL k', 'SET l 1'), ':1\r\n+OK\r\n')
  t.match(harness.type(client, 'INFO commandstats'), /cmdstat_set:calls=1,.*,rejected_calls=2,/)
})

t.test('a transaction is not queued, and EXEC of one that takes more does nothing', async (t) => {
  const { harness, client } = limited(5000 + CLIENT_BYTES)
  const other = harness.connect()
  harness.type(client, 'MULTI', 'SET a 1')
  harness.type(other, 'SETRANGE k 9000 v')
  t.equal(
    harness.type(client, 'EXEC'),
    `-EXECABORT Transaction discarded because of: ${OOM.slice(1)}`,
  )
  t.equal(
    harness.type(client, 'MULTI', 'GET k', 'EXEC'),
    `+OK\r\n${OOM}-EXECABORT Transaction discarded because of previous errors.\r\n`,
  )
  t.equal(harness.type(client, 'MULTI', 'DISCARD', 'EXISTS a'), '+OK\r\n+OK\r\n:0\r\n')
  t.equal(harness.type(client, 'MULTI', 'EXEC'), '+OK\r\n*0\r\n')
})

t.test('keys go before a command runs, and are told of', async (t) => {
  const { harness, client } = limited(50_000 + 3 * CLIENT_BYTES, {
    'maxmemory-policy': 'volatile-ttl',
    'notify-keyspace-events': 'Ee',
  })
  const [listener, watcher, tracker] = [0, 1, 2].map(() => harness.connect()) as [
    Session,
    Session,
    Session,
  ]
  harness.type(listener, 'SUBSCRIBE __keyevent@0__:evicted')
  harness.run(client, 'SET', 'soon', 'v', 'EX', '100')
  harness.run(client, 'SET', 'late', 'v', 'EX', '900')
  harness.type(watcher, 'WATCH soon', 'MULTI', 'PING')
  harness.type(tracker, 'HELLO 3', 'CLIENT TRACKING ON', 'GET soon')
  harness.type(client, 'CONFIG SET maxmemory 1')
  t.equal(harness.type(client, 'DBSIZE'), ':0\r\n')
  t.match(harness.take(listener), /evicted\r\n\$4\r\nsoon\r\n.*\$4\r\nlate\r\n$/s)
  t.match(harness.take(tracker), /invalidate\r\n\*1\r\n\$4\r\nsoon/)
  harness.type(client, 'CONFIG SET maxmemory 0')
  t.equal(harness.type(watcher, 'EXEC'), '*-1\r\n')
  t.match(harness.type(client, 'INFO stats'), /\r\nevicted_keys:2\r\n/)
  t.match(
    harness.io.logs.flat().join('\n'),
    /WARNING: the new maxmemory value set via CONFIG SET \(1\) is smaller than the current memory usage \(\d+\)\. This will/,
  )
})

t.test('as many keys as are needed go, not more', async (t) => {
  const { harness, client } = limited(20_000, { 'maxmemory-policy': 'allkeys-lru' })
  for (let i = 0; i < 200; i++) {
    t.equal(harness.run(client, 'SET', `k${i}`, 'v'.repeat(440)), '+OK\r\n')
    harness.clock.now += 1000
  }
  const size = harness.node.databases[0]?.size ?? 0
  // Each takes 504 bytes, and the command some of the room.
  t.ok(size >= 37 && size <= 39, `${size} keys`)
  t.equal(harness.type(client, 'EXISTS k199 k198 k197'), ':3\r\n')
  t.ok(harness.node.memory.usedBytes() < 876_408 + CLIENT_BYTES + 20_000 + 1000)
})

t.test('replicas hear of keys that go, each by itself, before the command', async (t) => {
  for (const [isLazy, word] of [
    ['no', 'DEL'],
    ['yes', 'UNLINK'],
  ] as const) {
    const config = { 'lazyfree-lazy-eviction': isLazy }
    const master = new NodeHarness({ port: 7001, config })
    const replica = new NodeHarness({ port: 7002, id: 'b'.repeat(40) })
    const client = master.connect()
    master.type(client, 'SET a 1', 'SET b 1')
    const connection = wire(master, replica)
    master.type(client, 'CONFIG SET maxmemory-policy allkeys-random', 'CONFIG SET maxmemory 1')
    master.type(client, 'CONFIG SET maxmemory 0', 'SET c 1')
    connection.received = ''
    connection.pump()
    const words = connection.received.replaceAll(/[*$]\d+\r\n/g, '').replaceAll('\r\n', ' ')
    t.match(words, new RegExp(`^SELECT 0 ${word} [ab] ${word} [ab] SET c 1 $`))
    t.equal(replica.node.databases[0]?.size, 1)
  }
})

t.test('a replica leaves it to its master unless told otherwise', async (t) => {
  const { harness, client } = limited(3000, { 'maxmemory-policy': 'allkeys-lru' })
  harness.node.becomeReplica(true)
  t.equal(harness.node.memory.isLimited, false)
  harness.type(client, 'CONFIG SET replica-ignore-maxmemory no')
  t.equal(harness.node.memory.isLimited, true)
  harness.node.becomeReplica(false)
  harness.type(client, 'CONFIG SET maxmemory 0')
  t.equal(harness.node.memory.isLimited, false)
})

t.test('nothing goes while the data has to stand still', async (t) => {
  const { harness, client } = limited(3000, { 'maxmemory-policy': 'allkeys-lru' })
  harness.type(client, 'SET a 1', 'CLIENT PAUSE 1000 WRITE', 'CONFIG SET maxmemory 1')
  t.equal(harness.type(client, 'EXISTS a'), ':1\r\n')
  harness.type(client, 'CLIENT UNPAUSE')
  t.equal(harness.type(client, 'EXISTS a'), ':0\r\n')
})

t.test('many keys go in several runs, each short', async (t) => {
  const harness = new NodeHarness({
    config: { 'maxmemory-policy': 'allkeys-random', 'maxmemory-eviction-tenacity': '0' },
  })
  const client = harness.connect()
  for (let i = 0; i < 100; i++) harness.type(client, `SET k${i} 1`)
  harness.type(client, 'CONFIG SET maxmemory 1')
  const left = () => harness.node.databases[0]?.size ?? 0
  t.ok(left() > 0 && left() < 100, `${left()} after the first run`)
  t.match(harness.io.wakeAtMs, harness.clock.now)
  harness.clock.now += 5
  while (left() > 0 && harness.io.wakeAtMs <= harness.clock.now) harness.wake()
  t.equal(left(), 0)
  harness.clock.now += 5
  const stats = harness.type(client, 'INFO stats')
  t.match(stats, /\r\ntotal_eviction_exceeded_time:10\r\ncurrent_eviction_exceeded_time:10\r\n/)
  harness.type(client, 'CONFIG SET maxmemory 0')
  t.match(harness.type(client, 'INFO stats'), /time:10\r\ncurrent_eviction_exceeded_time:0\r\n/)
})

t.test('what replicas do not read is no reason for keys to go', async (t) => {
  const policy = { 'maxmemory-policy': 'allkeys-random' }
  const { harness, client } = limited(2_000_000, { ...policy, 'repl-backlog-size': '16kb' })
  const replica = new NodeHarness({ port: 7002, id: 'b'.repeat(40) })
  harness.type(client, 'SET k 1')
  wire(harness, replica).session.output = { waitingBytes: 10_000_000 }
  harness.pass(100)
  t.equal(harness.type(client, 'EXISTS k'), ':1\r\n')
  t.match(harness.type(client, 'INFO memory'), /\r\nmem_not_counted_for_evict:100\d{5}\r\n/)
})

t.test('the policies that count use begin with the policy', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  harness.type(
    client,
    'SET k 1',
    'CONFIG SET maxmemory-policy allkeys-lfu',
    'CONFIG SET lfu-log-factor 0',
  )
  harness.type(client, 'SET l 1', ...new Array(20).fill('GET l'))
  t.equal(harness.type(client, 'OBJECT FREQ l'), ':25\r\n')
  harness.clock.now += 3 * 60_000
  t.equal(harness.type(client, 'OBJECT FREQ l'), ':22\r\n')
  harness.type(client, 'CONFIG SET lfu-decay-time 0')
  t.equal(harness.type(client, 'OBJECT FREQ l'), ':25\r\n')
})

t.test('small integers are not shared while keys have ages', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  harness.type(client, 'SET a 1', 'CONFIG SET maxmemory-policy allkeys-lru')
  t.equal(harness.type(client, 'OBJECT REFCOUNT a'), ':2147483647\r\n')
  harness.type(client, 'CONFIG SET maxmemory 1gb')
  t.equal(harness.type(client, 'OBJECT REFCOUNT a'), ':1\r\n')
})

t.test('what is used grows and shrinks with what is stored', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  const used = () =>
    Number(/\r\nused_memory:(\d+)/.exec(harness.type(client, 'INFO memory'))?.[1] ?? Number.NaN)
  const before = used()
  harness.run(client, 'SADD', 's', ...Array.from({ length: 10_000 }, (_, i) => `member:${i}`))
  t.ok(used() > before + 500_000)
  harness.type(client, 'UNLINK s')
  t.ok(used() < before + 1000)
  t.match(harness.type(client, 'INFO memory'), /\r\nlazyfreed_objects:1\r\n/)
})

t.test('the tenacity of 100 never lets go', async (t) => {
  const harness = new NodeHarness({
    config: { 'maxmemory-policy': 'allkeys-random', 'maxmemory-eviction-tenacity': '100' },
  })
  const client = harness.connect()
  for (let i = 0; i < 1000; i++) harness.type(client, `SET k${i} 1`)
  t.equal(harness.type(client, 'CONFIG SET maxmemory 1', 'DBSIZE'), '+OK\r\n:0\r\n')
})
