/** Who waits, who is served first, and what ends a wait: through the sessions of a whole node. */
import t from 'tap'
import { PauseLevel } from '../../lib/node/pause.ts'
import type { Session } from '../../lib/node/session.ts'
import { NodeCluster } from '../support/node-cluster.ts'
import { NodeHarness } from '../support/node-harness.ts'
import { StreamReader } from '../support/stream-reader.ts'

const NULL_ARRAY = '*-1\r\n'
const UNBLOCKED = '-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n'

/** What BLPOP replies. */
function popped(key: string, element: string): string {
  return `*2\r\n$${key.length}\r\n${key}\r\n$${element.length}\r\n${element}\r\n`
}

function stage(config: Record<string, string> = {}, version = '7.0') {
  const harness = new NodeHarness({ config, version })
  const [a, b, c] = [harness.connect(), harness.connect(), harness.connect()]
  const writer = harness.connect()
  const write = (...lines: string[]) => harness.type(writer, ...lines)
  const info = (field: string) =>
    new RegExp(`^${field}:(.*)\r$`, 'm').exec(write('INFO'))?.[1] ?? 'absent'
  return { harness, a, b, c, writer, write, info }
}

t.test('who waited longest for a key is served first', async (t) => {
  const { harness, a, b, c, write } = stage()
  for (const session of [b, a, c]) t.equal(harness.type(session, 'BLPOP k other 0'), '')
  t.equal(write('RPUSH k 1 2'), ':2\r\n')
  t.equal(harness.take(b), popped('k', '1'))
  t.equal(harness.take(a), popped('k', '2'))
  t.equal(harness.take(c), '')
  t.equal(write('EXISTS k'), ':0\r\n')
  t.equal(write('RPUSH other 3'), ':1\r\n')
  t.equal(harness.take(c), popped('other', '3'))
})

t.test('a client is served before anything else runs', async (t) => {
  const { harness, a, write } = stage()
  harness.type(a, 'BLPOP k 0')
  t.equal(write('RPUSH k 1', 'LLEN k', 'RPUSH k 2', 'LLEN k'), ':1\r\n:0\r\n:1\r\n:1\r\n')
  t.equal(harness.take(a), popped('k', '1'))
})

t.test('a transaction ends before anybody is served', async (t) => {
  const { harness, a, b, write } = stage()
  harness.type(a, 'BLPOP k other 0')
  harness.type(b, 'BLPOP other 0')
  write('MULTI', 'RPUSH other 1', 'RPUSH k 2', 'LPUSH k 3', 'DEL other', 'EXEC')
  t.equal(harness.take(a), popped('k', '3'))
  t.equal(harness.take(b), '', 'what the transaction took back was never there')
})

t.test('keys serve in the order they became ready', async (t) => {
  const { harness, a, write } = stage()
  harness.type(a, 'BLPOP x y 0')
  write('MULTI', 'RPUSH y 1', 'RPUSH x 2', 'EXEC')
  t.equal(harness.take(a), popped('y', '1'))
  t.equal(write('LLEN x'), ':1\r\n')
})

t.test('who is served may make a key ready', async (t) => {
  const { harness, a, b, c, write } = stage()
  harness.type(c, 'BLPOP third 0')
  harness.type(b, 'BLMOVE second third LEFT RIGHT 0')
  harness.type(a, 'BRPOPLPUSH first second 0')
  t.equal(write('RPUSH first 1', 'EXISTS first second third'), ':1\r\n:0\r\n')
  t.equal(harness.take(a), '$1\r\n1\r\n')
  t.equal(harness.take(b), '$1\r\n1\r\n')
  t.equal(harness.take(c), popped('third', '1'))
})

t.test('an error ends the wait and leaves the element to the next', async (t) => {
  const { harness, a, b, write } = stage()
  harness.type(a, 'BLMOVE k text LEFT LEFT 0')
  harness.type(b, 'BLPOP k 0')
  write('SET text x', 'RPUSH k 1')
  t.match(harness.take(a), /^-WRONGTYPE /)
  t.equal(harness.take(b), popped('k', '1'))
  t.match(write('INFO commandstats'), /cmdstat_blmove:calls=1,.*failed_calls=1/)
})

t.test('a key of another type serves nobody', async (t) => {
  const { harness, a, write } = stage()
  harness.type(a, 'BLPOP k 0')
  write('SET k text', 'DEL k', 'HSET k f v', 'DEL k')
  t.equal(harness.take(a), '')
  write('RPUSH k 1')
  t.equal(harness.take(a), popped('k', '1'))
})

t.test('sorted sets serve those who wait for them, and nobody else', async (t) => {
  const { harness, a, b, c, write } = stage()
  harness.type(a, 'BZPOPMAX k 0')
  harness.type(b, 'BZMPOP 0 2 other k MIN COUNT 2')
  harness.type(c, 'BLPOP k 0')
  write('RPUSH other x', 'DEL other')
  t.equal(harness.take(b), '')
  write('ZADD k 1 x 2 y 3 z')
  t.equal(harness.take(a), '*3\r\n$1\r\nk\r\n$1\r\nz\r\n$1\r\n3\r\n')
  t.match(harness.take(b), /^\*2\r\n\$1\r\nk\r\n\*2\r\n\*2\r\n\$1\r\nx\r\n/)
  t.equal(harness.take(c), '')
  t.equal(write('EXISTS k'), ':0\r\n')
})

t.test('however a key comes to be', async (t) => {
  for (const lines of [
    ['COPY source k'],
    ['RENAME source k'],
    ['RENAMENX source k'],
    ['SELECT 1', 'RPUSH k 1', 'MOVE k 0'],
    ['LMOVE source k LEFT LEFT'],
    ['FLUSHALL', 'RPUSH k 1'],
  ]) {
    const { harness, a, write } = stage()
    write('RPUSH source 1')
    harness.type(a, 'BLPOP k 0')
    write(...lines)
    t.equal(harness.take(a), popped('k', '1'), lines.join(', '))
  }
})

t.test('a key whose time is over by the end of the transaction serves nobody', async (t) => {
  const { harness, a, write } = stage()
  harness.type(a, 'BLPOP k 0')
  write('MULTI', 'RPUSH k 1', 'PEXPIRE k -1', 'EXEC')
  t.equal(harness.take(a), '')
})

t.test('what a client sends while it waits runs afterwards, in order', async (t) => {
  const { harness, a, b, write } = stage()
  t.equal(harness.type(a, 'PING', 'BLPOP k 0', 'RPUSH other 1', 'BLPOP k 0', 'PING'), '+PONG\r\n')
  harness.type(b, 'BLPOP other 0')
  harness.type(a, 'ECHO last')
  t.equal(write('RPUSH k 1', 'EXISTS other'), ':1\r\n:0\r\n', 'not before the turn is over')
  t.equal(harness.take(a), `${popped('k', '1')}:1\r\n`)
  t.equal(harness.take(b), popped('other', '1'))
  write('RPUSH k 2')
  t.equal(harness.take(a), `${popped('k', '2')}+PONG\r\n$4\r\nlast\r\n`)
})

t.test('a wait ends once its time has passed', async (t) => {
  const { harness, a, b, c, write, info } = stage()
  harness.type(a, 'BLPOP k 0.05')
  harness.type(b, 'BLMOVE k other LEFT LEFT 0.02')
  harness.type(c, 'BLPOP k 0')
  t.equal(info('blocked_clients'), '3')
  t.equal(info('clients_in_timeout_table'), '2')
  t.equal(harness.io.wakeAtMs, harness.clock.now + 21)
  harness.clock.now += 20
  harness.wake()
  t.equal(harness.take(b), '')
  harness.clock.now++
  harness.wake()
  t.equal(harness.take(b), NULL_ARRAY)
  t.equal(harness.take(a), '')
  harness.clock.now += 30
  harness.wake()
  t.equal(harness.take(a), NULL_ARRAY)
  t.equal(harness.io.wakeAtMs, Number.POSITIVE_INFINITY)
  t.equal(info('blocked_clients'), '1')
  write('RPUSH k 1')
  t.equal(harness.take(c), popped('k', '1'))
})

t.test('a clock that was moved ends waits, too', async (t) => {
  const { harness, a } = stage()
  harness.type(a, 'BLPOP k 5')
  harness.clock.now += 60_000
  harness.turn(() => harness.node.cron())
  t.equal(harness.take(a), NULL_ARRAY)
})

t.test('within a transaction nobody waits', async (t) => {
  const { harness, a } = stage()
  t.equal(
    harness.type(a, 'MULTI', 'BLPOP k 0', 'BLMOVE k o LEFT LEFT 0', 'BLMPOP 0 1 k LEFT', 'EXEC'),
    `+OK\r\n${'+QUEUED\r\n'.repeat(3)}*3\r\n${NULL_ARRAY}$-1\r\n${NULL_ARRAY}`,
  )
})

t.test('CLIENT UNBLOCK', async (t) => {
  const { harness, a, write } = stage()
  const { id } = a
  harness.type(a, 'BLPOP k 0', 'PING')
  t.match(write(`CLIENT LIST ID ${id}`), /flags=b .* cmd=blpop /)
  t.equal(write(`CLIENT UNBLOCK ${id}`), ':1\r\n')
  t.equal(harness.take(a), `${NULL_ARRAY}+PONG\r\n`)
  t.equal(write(`CLIENT UNBLOCK ${id}`, 'CLIENT UNBLOCK 99'), ':0\r\n:0\r\n')
  harness.type(a, 'BLPOP k 0')
  t.equal(write(`CLIENT UNBLOCK ${id} error`), ':1\r\n')
  t.equal(harness.take(a), UNBLOCKED)
  t.match(write(`CLIENT LIST ID ${id}`), /flags=N /)
})

t.test('a client that leaves waits no longer', async (t) => {
  const { harness, a, b, write, info } = stage()
  harness.type(a, 'BLPOP k 0', 'SET trace 1')
  harness.type(b, 'BLPOP k 0')
  harness.disconnect(a)
  t.equal(info('blocked_clients'), '1')
  write('RPUSH k 1')
  t.equal(harness.take(b), popped('k', '1'))
  t.equal(write('EXISTS trace'), ':0\r\n')
  harness.type(b, 'BLPOP k 0')
  write(`CLIENT KILL ID ${b.id}`)
  t.equal(info('blocked_clients'), '0')
  write('RPUSH k 2')
  t.equal(write('LLEN k'), ':1\r\n')
})

t.test('a client that wants no replies gets none', async (t) => {
  const { harness, a, write } = stage()
  t.equal(harness.type(a, 'CLIENT REPLY SKIP', 'BLPOP k 0', 'PING'), '')
  write('RPUSH k 1')
  t.equal(harness.take(a), '+PONG\r\n')
  harness.type(a, 'CLIENT REPLY OFF', 'BLPOP k 0', 'CLIENT REPLY ON')
  write('RPUSH k 1')
  t.equal(harness.take(a), '+OK\r\n')
})

t.test('an idle client that waits is not closed', async (t) => {
  const { harness, a, write } = stage({ timeout: '1' })
  harness.type(a, 'BLPOP k 0')
  harness.pass(5000)
  t.equal(a.closing, 'no')
  t.equal(write('PING'), '+PONG\r\n')
})

t.test('the host waits like any other', async (t) => {
  const { harness, write } = stage()
  let answer: string | undefined
  harness.turn(() =>
    harness.node.runForHost([['BLPOP', 'k', '0']], ([reply]) => {
      answer = reply
    }),
  )
  t.equal(answer, undefined)
  write('RPUSH k 1')
  t.equal(answer, popped('k', '1'))
})

t.test('replicas hear what the clients took, each a unit of its own', async (t) => {
  const { harness, a, b, c, write } = stage()
  const reader = new StreamReader(harness)
  reader.take()
  harness.type(a, 'BLPOP k 0')
  harness.type(b, 'BLMPOP 0 1 k RIGHT COUNT 5')
  harness.type(c, 'BLMOVE other third RIGHT LEFT 0')
  write('MULTI', 'RPUSH k 1 2 3', 'SET x 1', 'EXEC', 'RPUSH other 9')
  t.same(reader.take(), [
    'SELECT 0',
    'MULTI',
    'RPUSH k 1 2 3',
    'SET x 1',
    'EXEC',
    'LPOP k',
    'RPOP k 2',
    'RPUSH other 9',
    'LMOVE other third right left',
  ])
  write('RPUSH k 1 2 3')
  harness.type(a, 'BRPOP k 0', 'BLMPOP 0 1 k LEFT', 'BLMOVE k other LEFT RIGHT 0')
  t.same(reader.take(), ['RPUSH k 1 2 3', 'RPOP k', 'LPOP k 1', 'LMOVE k other LEFT RIGHT'])
})

/** What XREAD replies when an entry of one field came. */
const entry = (key: string, id: string) =>
  `*1\r\n*2\r\n$${key.length}\r\n${key}\r\n*1\r\n*2\r\n$${id.length}\r\n${id}\r\n*2\r\n$1\r\nf\r\n$1\r\nv\r\n`
const GONE = '-UNBLOCKED the stream key no longer exists\r\n'
const NO_GROUP = '-NOGROUP the consumer group this client was blocked on no longer exists\r\n'

t.test('an entry of a stream serves all who wait for it', async (t) => {
  const { harness, a, b, c, write } = stage()
  write('XADD s 1 f v', 'XGROUP CREATE s g $')
  harness.type(a, 'XREAD BLOCK 0 STREAMS s $')
  harness.type(b, 'XREADGROUP GROUP g alice BLOCK 0 STREAMS s >')
  harness.type(c, 'XREADGROUP GROUP g bob BLOCK 50 STREAMS s >')
  write('XADD s 2 f v')
  t.equal(harness.take(a), entry('s', '2-0'))
  t.equal(harness.take(b), entry('s', '2-0'))
  t.equal(harness.take(c), '', 'a group is given an entry once')
  harness.pass(60)
  t.equal(harness.take(c), NULL_ARRAY)
  t.match(write('XPENDING s g - + 9'), /^\*1\r\n.*2-0\r\n\$5\r\nalice\r\n/s)
})

t.test('a member of a group is told when the group or the stream goes', async (t) => {
  for (const [line, reply] of [
    ['XGROUP DESTROY s g', NO_GROUP],
    ['DEL s', GONE],
    ['SET s text', GONE],
    ['FLUSHDB', GONE],
    ['RENAME other s', NO_GROUP],
  ] as const) {
    const { harness, a, b, write } = stage()
    write('XADD other 1 f v', 'XGROUP CREATE s g $ MKSTREAM')
    harness.type(a, 'XREADGROUP GROUP g alice BLOCK 0 STREAMS s >')
    harness.type(b, 'XREAD BLOCK 0 STREAMS s 5')
    write('XGROUP CREATECONSUMER s g bob', 'XSETID s 3')
    t.equal(harness.take(a), '')
    write(line)
    t.equal(harness.take(a), reply, line)
    t.equal(harness.take(b), '', 'who reads without a group waits on')
    write('DEL s', 'XADD s 6 f v')
    t.equal(harness.take(b), entry('s', '6-0'))
  }
})

t.test('from 7.2 on a member is told what it would be if it asked again', async (t) => {
  const gone = "-NOGROUP No such key 's' or consumer group 'g' in XREADGROUP with GROUP option\r\n"
  for (const [line, reply] of [
    ['XGROUP DESTROY s g', gone],
    ['DEL s', gone],
    ['FLUSHDB', gone],
    ['RENAME other s', gone],
    ['SET s text', '-WRONGTYPE Operation against a key holding the wrong kind of value\r\n'],
  ] as const) {
    const { harness, a, write } = stage({}, '7.2')
    write('XADD other 1 f v', 'XGROUP CREATE s g $ MKSTREAM')
    harness.type(a, 'XREADGROUP GROUP g alice BLOCK 0 STREAMS s >')
    write(line)
    t.equal(harness.take(a), reply, line)
  }
})

t.test('a member of a group is told when the time of the stream is over', async (t) => {
  const { harness, a, write } = stage()
  write('XGROUP CREATE s g $ MKSTREAM', 'PEXPIRE s 20')
  harness.type(a, 'XREADGROUP GROUP g alice BLOCK 0 STREAMS s >')
  harness.pass(200)
  t.equal(harness.take(a), GONE)
})

t.test('replicas hear what the members of groups were given', async (t) => {
  const { harness, a, b, write } = stage()
  const reader = new StreamReader(harness)
  write('XGROUP CREATE s g $ MKSTREAM', 'XGROUP CREATE s h $')
  harness.type(a, 'XREADGROUP GROUP g alice BLOCK 0 STREAMS s >')
  harness.type(b, 'XREADGROUP GROUP h bob NOACK BLOCK 0 STREAMS s >')
  reader.take()
  write('XADD s 1 f v')
  t.same(reader.take(), [
    'XADD s 1 f v',
    `XCLAIM s g alice 0 1-0 TIME ${harness.clock.now} RETRYCOUNT 1 FORCE JUSTID LASTID 1-0`,
    'MULTI',
    'XGROUP CREATECONSUMER s h bob',
    'XGROUP SETID s h 1-0 ENTRIESREAD 1',
    'EXEC',
  ])
})

t.test('who becomes a replica sends its blocked clients away', async (t) => {
  const { harness, a, b, write } = stage()
  harness.type(a, 'BLPOP k 0')
  harness.type(b, 'PING')
  t.equal(write('REPLICAOF 127.0.0.1 1'), '+OK\r\n')
  t.equal(
    harness.take(a),
    '-UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)\r\n',
  )
  t.equal(a.closing, 'after-reply')
  t.equal(b.closing, 'no')
})

t.test('while writes are paused nobody is served, and time goes on', async (t) => {
  const { harness, a, b, writer } = stage()
  harness.type(a, 'BLPOP k 0')
  harness.type(b, 'BLPOP k 1')
  harness.turn(() =>
    harness.node.holding.pause('failover', PauseLevel.writes, harness.clock.now + 5000),
  )
  t.equal(harness.type(writer, 'RPUSH k 1'), '')
  harness.pass(1100)
  t.equal(harness.take(b), NULL_ARRAY)
  t.equal(harness.take(a), '')
  harness.turn(() => harness.node.holding.unpause('failover'))
  t.equal(harness.take(a), popped('k', '1'))
})

t.test('WAIT counts the replicas that have what the client wrote', async (t) => {
  const { harness, a, b, write } = stage()
  t.equal(harness.type(a, 'WAIT 0 0', 'WAIT -1 0'), ':0\r\n:0\r\n')
  const first = new StreamReader(harness)
  const second = new StreamReader(harness)
  const acknowledge = (reader: StreamReader) =>
    harness.type(reader.session, `REPLCONF ACK ${harness.node.replication.offset}`)
  t.equal(harness.type(a, 'WAIT 2 0'), ':2\r\n', 'it wrote nothing')
  first.take()
  t.equal(harness.type(a, 'SET k 1', 'WAIT 1 0', 'PING'), '+OK\r\n')
  harness.type(b, 'SET k 2')
  t.equal(harness.type(b, 'WAIT 2 100'), '')
  t.match(first.take().join(), /SET k 1,REPLCONF GETACK \*,SET k 2,REPLCONF GETACK \*$/)
  acknowledge(first)
  t.equal(harness.take(a), ':1\r\n+PONG\r\n')
  t.equal(harness.take(b), '')
  harness.pass(200)
  t.equal(harness.take(b), ':1\r\n', 'so many they were when the time was over')
  t.equal(harness.type(b, 'SET k 3', 'MULTI', 'WAIT 2 0', 'EXEC').split('\r\n').at(-2), ':0')
  harness.type(b, 'WAIT 2 0')
  acknowledge(first)
  acknowledge(second)
  t.equal(harness.take(b), ':2\r\n')
  harness.type(b, 'SET k 4', 'WAIT 1 0')
  write(`CLIENT UNBLOCK ${b.id}`)
  t.equal(harness.take(b), ':0\r\n')
  harness.type(a, 'SET k 5', 'WAIT 2 0')
  harness.disconnect(second.session)
  acknowledge(first)
  t.equal(harness.take(a), '', 'one has gone and one is too few')
})

t.test('WAIT asks nothing while writes are paused', async (t) => {
  const { harness, a } = stage()
  const reader = new StreamReader(harness)
  harness.type(a, 'SET k 1')
  reader.take()
  harness.turn(() =>
    harness.node.holding.pause('failover', PauseLevel.writes, harness.clock.now + 50),
  )
  harness.type(a, 'WAIT 1 0')
  t.same(reader.take(), [])
  harness.pass(100)
  t.same(reader.take(), ['REPLCONF GETACK *'])
})

t.test('WAIT on a replica', async (t) => {
  const { harness, a } = stage()
  harness.type(a, 'REPLICAOF 127.0.0.1 1')
  t.match(harness.type(a, 'WAIT 0 0'), /^-ERR WAIT cannot be used with replica instances\. /)
})

t.test('in a cluster', async (t) => {
  const cluster = NodeCluster.start(2, 0)
  const [first, second] = cluster.nodes as [NodeHarness, NodeHarness]
  const admin = first.connect()
  const other = second.connect()
  const [idOfFirst, idOfSecond] = [first.shared.id(0), second.shared.id(0)]
  /** A client of the first node that waits for a key of slot 12182. */
  const blocked = (): Session => {
    first.type(admin, `CLUSTER SETSLOT 12182 NODE ${idOfFirst}`)
    const session = first.connect()
    t.equal(first.type(session, 'BLPOP foo 0'), '')
    return session
  }
  second.type(other, `CLUSTER SETSLOT 12182 NODE ${idOfFirst}`)
  first.type(admin, `CLUSTER SETSLOT 12182 NODE ${idOfFirst}`, 'CLUSTER BUMPEPOCH')
  cluster.pass(200)

  const leaving = blocked()
  first.type(admin, `CLUSTER SETSLOT 12182 MIGRATING ${idOfSecond}`)
  t.equal(first.take(leaving), '', 'while its slot migrates a client waits on')
  first.type(admin, `CLUSTER SETSLOT 12182 NODE ${idOfSecond}`)
  t.equal(first.take(leaving), '-MOVED 12182 127.0.0.1:7001\r\n')

  const unserved = blocked()
  const waiting = first.connect()
  first.type(waiting, 'WAIT 1 0')
  first.type(admin, 'CONFIG SET cluster-require-full-coverage no', 'CLUSTER DELSLOTS 12182')
  t.equal(first.take(unserved), '-CLUSTERDOWN Hash slot not served\r\n')

  first.type(admin, 'CLUSTER ADDSLOTS 12182', 'CONFIG SET cluster-require-full-coverage yes')
  const stranded = blocked()
  first.type(admin, 'CLUSTER DELSLOTS 1')
  cluster.pass(200)
  t.equal(first.take(stranded), '-CLUSTERDOWN The cluster is down\r\n')
  t.equal(first.take(waiting), '', 'who waits for replicas is left alone')
})

t.test('SWAPDB serves who waits for a key that it brings', async (t) => {
  const { harness, a, b, write } = stage({ 'cluster-enabled': 'no' })
  t.equal(harness.type(a, 'SELECT 9', 'BLPOP k 0'), '+OK\r\n')
  t.equal(harness.type(b, 'SELECT 9', 'BLPOP elsewhere 0'), '+OK\r\n')
  write('SELECT 1', 'RPUSH k 1')
  t.equal(harness.take(a), '')
  t.equal(write('SWAPDB 9 1'), '+OK\r\n')
  t.equal(harness.take(a), popped('k', '1'))
  t.equal(harness.take(b), '')
  t.equal(write('SELECT 9', 'EXISTS k'), '+OK\r\n:0\r\n')
})

t.test(
  'a key whose time is over before it serves anybody ends, and replicas hear it alone',
  async (t) => {
    const { harness, a, write } = stage({ 'cluster-enabled': 'no', 'enable-debug-command': 'yes' })
    const reader = new StreamReader(harness)
    write('SELECT 1', 'RPUSH k 1', 'PEXPIRE k 100')
    t.equal(harness.type(a, 'SELECT 9', 'BLPOP k 0'), '+OK\r\n')
    harness.clock.now += 101
    reader.take()
    t.equal(write('SWAPDB 1 9', 'SET x 1'), '+OK\r\n+OK\r\n')
    t.same(reader.take(), ['SWAPDB 1 9', 'SELECT 9', 'DEL k', 'SELECT 1', 'SET x 1'])
    write('SELECT 9', 'MULTI', 'RPUSH k 1', 'PEXPIRE k 100', 'DEBUG SLEEP 0.2', 'EXEC')
    const atMs = harness.clock.now - 100
    t.same(reader.take(), [
      'SELECT 9',
      'MULTI',
      'RPUSH k 1',
      `PEXPIREAT k ${atMs}`,
      'EXEC',
      'DEL k',
    ])
    t.equal(harness.take(a), '')
  },
)

t.test('SWAPDB ends the wait for a stream that goes', async (t) => {
  const { harness, a, write } = stage({ 'cluster-enabled': 'no' })
  write('XGROUP CREATE s g $ MKSTREAM')
  t.equal(harness.type(a, 'XREADGROUP GROUP g c BLOCK 0 STREAMS s >'), '')
  write('SWAPDB 0 1')
  t.match(harness.take(a), /^-NOGROUP|^-UNBLOCKED/)
})
