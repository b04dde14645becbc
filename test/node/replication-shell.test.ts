/** Two whole nodes, one the other's replica, wired by hand: what comes over, what counts, what is hidden. */

import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'
import { snapshotOf } from '../support/rdb-file.ts'
import { contentOf } from '../support/record-content.ts'
import { ReplicaWire, wire } from '../support/replica-wire.ts'

/** All keys of a node with values and expiries, in a form that compares. */
function contents({ node }: NodeHarness): string[] {
  return node.databases
    .flatMap((database) =>
      [...snapshotOf(database).records].map(({ key, value, expiryMs }) => {
        return JSON.stringify([database.index, key, contentOf(value), expiryMs])
      }),
    )
    .sort()
}

function stage(config: Record<string, string> = {}) {
  const master = new NodeHarness({ port: 7001, config })
  const replica = new NodeHarness({ port: 7002, config, id: 'b'.repeat(40) })
  const client = master.connect()
  const reader = replica.connect()
  const info = (harness: NodeHarness, field: string) =>
    new RegExp(`^${field}:(.*)\r$`, 'm').exec(harness.type(harness.connect(), 'INFO'))?.[1]
  /** Both nodes stand at the same offset. */
  const inStep = () => master.node.replication.offset === replica.node.replication.offset
  return { master, replica, client, reader, info, inStep }
}

t.test(
  'a full synchronization brings everything over, whatever its type and database',
  async (t) => {
    const { master, replica, client, reader, info } = stage()
    master.type(client, 'SET number 12345', 'SET text "some text"', 'SET timed 1 PX 5000')
    master.type(client, 'APPEND raw a', 'APPEND raw b', 'HSET small a 1 b 2')
    master.run(client, 'HSET', 'large', 'field', 'x'.repeat(100))
    master.run(
      client,
      'SET',
      '\x00\xff\r\n',
      Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join(''),
    )
    master.run(client, 'SET', 'long', 'abc'.repeat(50_000))
    master.type(client, 'SELECT 3', 'SET elsewhere 1')
    replica.type(reader, 'SET leftover 1')
    wire(master, replica)
    t.same(contents(replica), contents(master))
    t.equal(contents(master).length, 9)
    t.equal(
      replica.type(reader, 'OBJECT ENCODING number', 'OBJECT ENCODING large'),
      '$3\r\nint\r\n$9\r\nhashtable\r\n',
    )
    t.equal(info(replica, 'master_link_status'), 'up')
    t.equal(info(master, 'slave0'), 'ip=127.0.0.1,port=7002,state=online,offset=0,lag=0')
  },
)

t.test('the stream, in one piece and byte for byte', async (t) => {
  for (const pieceBytes of [Number.POSITIVE_INFINITY, 1, 7]) {
    const { master, replica, client, inStep } = stage()
    const connection = wire(master, replica)
    master.type(client, 'SET a 1', 'INCR a', 'HSET h f v', 'MULTI', 'SET b 1', 'INCR b', 'EXEC')
    master.type(client, 'SELECT 2', 'SET c 1', 'SELECT 0', 'DEL h')
    connection.pump(pieceBytes)
    t.same(contents(replica), contents(master))
    t.ok(inStep(), `offsets in pieces of ${pieceBytes}`)
    t.equal(contents(master).length, 3)
  }
})

t.test('a transaction counts when it has run, and runs as a whole', async (t) => {
  const { master, replica, client, inStep } = stage()
  wire(master, replica)
  const apply = (bytes: string) =>
    replica.turn(() => replica.node.masterData(Buffer.from(bytes, 'latin1')))
  const before = replica.node.replication.offset
  const words = (...words: string[]) =>
    `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`
  const transaction = words('MULTI') + words('SET', 'a', '1') + words('SET', 'b', '2')
  apply(transaction)
  t.equal(replica.node.replication.offset, before)
  t.same(contents(replica), [])
  apply(words('EXEC'))
  t.equal(replica.node.replication.offset, before + transaction.length + words('EXEC').length)
  t.equal(contents(replica).length, 2)
  t.notOk(inStep(), 'the master has not said that')
  t.same(client.closing, 'no')
})

t.test(
  'line ends between commands count, also before the rest of a command has come',
  async (t) => {
    const { master, replica } = stage()
    wire(master, replica)
    const before = replica.node.replication.offset
    const apply = (bytes: string) => {
      replica.turn(() => replica.node.masterData(Buffer.from(bytes, 'latin1')))
      return replica.node.replication.offset - before
    }
    t.equal(apply('\n'), 1)
    t.equal(apply('\n\r\n'), 4)
    t.equal(apply('*1\r\n$4\r\npi'), 4)
    t.equal(apply('ng\r\n'), 18)
    t.equal(apply('\n*1\r\n$4\r\nping\r\n\n'), 34)
  },
)

t.test('GETACK is answered with what was applied before it', async (t) => {
  const { master, replica } = stage()
  wire(master, replica)
  const offset = replica.node.replication.offset
  const ask = '*3\r\n$8\r\nREPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n'
  replica.io.toMaster.length = 0
  replica.turn(() => replica.node.masterData(Buffer.from(`\n${ask}${ask}`)))
  t.same(
    replica.io.toMaster
      .join('')
      .match(/ACK\r\n\$\d+\r\n\d+/g)
      ?.map((ack) => Number(ack.split('\n')[2])),
    [offset, offset + 1 + ask.length],
  )
  t.equal(replica.node.replication.offset, offset + 1 + 2 * ask.length)
})

t.test('a replica waits for its master with keys whose time is over', async (t) => {
  const { master, replica, client, reader } = stage()
  const connection = wire(master, replica)
  master.type(client, 'SET k 1 PX 10', 'SET n 1 PX 10', 'SET gone 1 PX 10')
  connection.pump()
  for (const harness of [master, replica]) harness.clock.now += 11
  replica.pass(1000)
  t.equal(replica.type(reader, 'GET k', 'EXISTS k', 'TTL k'), '$-1\r\n:0\r\n:-2\r\n', 'hidden')
  t.equal(replica.type(reader, 'DBSIZE'), ':3\r\n', 'and still there')
  const incr = '*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n'
  replica.turn(() => replica.node.masterData(Buffer.from(incr)))
  t.match(
    contents(replica),
    [/"gone"/, /"k"/, '[0,"n","2",1700000000010]'],
    'the master wrote before it was over',
  )
  master.pass(100)
  connection.pump()
  t.equal(replica.type(reader, 'DBSIZE'), ':0\r\n')
})

t.test('a link that broke goes on where it was', async (t) => {
  const { master, replica, client, info, inStep } = stage()
  const connection = wire(master, replica)
  master.type(client, 'SELECT 5', 'SET a 1')
  connection.pump()
  connection.cut()
  t.equal(info(replica, 'master_link_status'), 'down')
  master.type(client, 'SET b 1', 'MULTI', 'SET c 1', 'SET d 1', 'EXEC')
  connection.pump()
  t.same(contents(replica), contents(master), 'in the database that was selected')
  t.ok(inStep())
  t.equal(info(master, 'sync_full'), '1')
  t.equal(info(master, 'sync_partial_ok'), '1')
})

t.test('a link that breaks in the midst of a transaction begins it again', async (t) => {
  const { master, replica, client } = stage()
  const connection = wire(master, replica)
  master.type(client, 'MULTI', 'SET a 1', 'INCR a', 'EXEC')
  const stream = master.take(connection.session)
  replica.turn(() => replica.node.masterData(Buffer.from(stream.slice(0, stream.indexOf('INCR')))))
  connection.cut()
  connection.pump()
  t.same(contents(replica), contents(master))
  t.equal(contents(master)[0], '[0,"a","2",null]')
})

t.test('a replica of a replica gets the same bytes', async (t) => {
  const { master, replica, client } = stage()
  const middle = wire(master, replica)
  const last = new NodeHarness({ port: 7003, id: 'c'.repeat(40) })
  master.type(client, 'SELECT 4', 'SET a 1')
  middle.pump()
  const below = wire(replica, last)
  master.type(client, 'SET b 1', 'MULTI', 'INCR b', 'INCR b', 'EXEC')
  const before = below.received.length
  const stream = middle.received.length
  middle.pump()
  below.pump()
  t.equal(below.received.slice(before), middle.received.slice(stream))
  t.same(contents(last), contents(master))
  t.equal(last.node.replication.offset, master.node.replication.offset)
})

t.test('a replica refuses writes, and takes them when told to', async (t) => {
  const { master, replica, reader } = stage()
  wire(master, replica)
  const refused = "-READONLY You can't write against a read only replica.\r\n"
  t.equal(replica.type(reader, 'SET a 1'), refused)
  t.equal(replica.type(reader, 'FLUSHALL'), refused)
  t.match(replica.type(reader, 'MULTI', 'SET a 1', 'EXEC'), /-READONLY .*\r\n-EXECABORT/)
  replica.type(reader, 'CONFIG SET replica-read-only no')
  t.equal(replica.type(reader, 'SET a 1'), '+OK\r\n')
  replica.type(reader, 'CONFIG SET replica-read-only yes')
  t.equal(replica.type(reader, 'SET a 1'), refused)
})

t.test('a replica without its master answers, or does not', async (t) => {
  const { master, replica, reader } = stage()
  const connection = wire(master, replica)
  master.type(master.connect(), 'SET a 1')
  connection.pump()
  const queued = replica.connect()
  replica.type(queued, 'MULTI', 'GET a')
  connection.cut()
  t.equal(replica.type(reader, 'GET a'), '$1\r\n1\r\n')
  replica.type(reader, 'CONFIG SET replica-serve-stale-data no')
  const down =
    "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.\r\n"
  t.equal(replica.type(reader, 'GET a'), down)
  t.match(replica.type(reader, 'INFO replication'), 'master_link_status:down')
  t.equal(
    replica.type(queued, 'EXEC'),
    down.replace('-', '-EXECABORT Transaction discarded because of: '),
  )
  t.match(replica.type(queued, 'MULTI', 'ECHO a', 'EXEC'), /\*1\r\n\$1\r\na\r\n$/)
  connection.pump()
  t.equal(replica.type(reader, 'GET a'), '$1\r\n1\r\n')
})

t.test('a master that wants good replicas refuses writes without them', async (t) => {
  const { master, replica, client } = stage()
  master.type(client, 'CONFIG SET min-replicas-to-write 1')
  const refused = '-NOREPLICAS Not enough good replicas to write.\r\n'
  t.equal(master.type(client, 'SET a 1'), refused)
  const connection = wire(master, replica)
  t.equal(master.type(client, 'SET a 1'), '+OK\r\n')
  master.pass(12_000)
  t.equal(master.type(client, 'SET a 2'), refused, 'one that has not been heard of is none')
  replica.pass(1000)
  connection.pump()
  t.equal(master.type(client, 'SET a 2'), '+OK\r\n')
  t.match(master.type(client, 'MULTI', 'SET a 3', 'EXEC'), /\*1\r\n\+OK\r\n$/)
})

t.test('what follows a promotion in the same breath belongs to the new history', async (t) => {
  const { master, replica, reader, info } = stage()
  const connection = wire(master, replica)
  const last = new NodeHarness({ port: 7003, id: 'c'.repeat(40) })
  const below = wire(replica, last)
  replica.type(reader, 'REPLICAOF NO ONE', 'SET a 1')
  connection.pump()
  below.pump()
  t.equal(info(replica, 'role'), 'master')
  t.same(contents(last), contents(replica))
  t.equal(last.node.replication.offset, replica.node.replication.offset)
  t.equal(info(replica, 'sync_partial_ok'), '1')
  t.same(contents(master), [])
})

t.test('a master that hands over ends waits, and what was held back meets a replica', async (t) => {
  const { master, replica, client, info } = stage({ 'cluster-enabled': 'no' })
  const forth = wire(master, replica)
  const back = new ReplicaWire(master, () => replica)
  const [waiting, writer] = [master.connect(), master.connect()]
  master.type(client, 'SET a 1')
  master.type(waiting, 'BLPOP list 0')
  t.equal(master.type(client, 'FAILOVER'), '+OK\r\n')
  t.equal(info(master, 'master_failover_state'), 'waiting-for-sync')
  t.equal(master.type(writer, 'SET a 2'), '', 'it waits')
  t.equal(master.take(waiting), '')
  forth.pump()
  replica.pass(1100)
  forth.pump()
  t.match(master.take(waiting), /^-UNBLOCKED /)
  t.equal(info(master, 'master_failover_state'), 'failover-in-progress')
  t.equal(master.take(writer), '')
  back.pump()
  t.equal(info(master, 'master_failover_state'), 'no-failover')
  t.match(master.take(writer), /^-READONLY /)
  t.match(back.received, /\+CONTINUE/)
  t.equal(replica.type(replica.connect(), 'SET a 3'), '+OK\r\n')
  back.pump()
  t.equal(master.type(client, 'GET a'), '$1\r\n3\r\n')
})

t.test('a handover that is given up half-way makes the node the master it was', async (t) => {
  const { master, replica, client, info } = stage({ 'cluster-enabled': 'no' })
  const forth = wire(master, replica)
  master.type(client, 'SET a 0')
  master.type(client, 'FAILOVER TO 127.0.0.1 7002 TIMEOUT 200 FORCE')
  const writer = master.connect()
  master.type(writer, 'SET a 1')
  master.pass(300)
  t.equal(info(master, 'role'), 'slave')
  t.equal(master.take(writer), '')
  t.equal(master.type(client, 'FAILOVER ABORT'), '+OK\r\n')
  t.equal(info(master, 'role'), 'master')
  t.equal(master.take(writer), '+OK\r\n')
  forth.pump()
  t.equal(replica.type(replica.connect(), 'GET a'), '$1\r\n1\r\n')
})

t.test('a master that becomes a replica may go on partially', async (t) => {
  const { master, replica, client, reader, info } = stage()
  wire(master, replica)
  master.type(client, 'SET a 1')
  replica.type(reader, 'REPLICAOF NO ONE')
  t.equal(info(replica, 'role'), 'master')
  const back = wire(replica, master)
  t.equal(info(master, 'role'), 'slave')
  t.match(back.received, /\+FULLRESYNC/, 'it had written what the other has not')
  t.same(contents(master), contents(replica))
  const forth = new NodeHarness({ port: 7003, id: 'c'.repeat(40) })
  const connection = wire(replica, forth)
  replica.type(reader, 'SET b 1')
  connection.pump()
  forth.type(forth.connect(), 'REPLICAOF NO ONE')
  const again = wire(forth, replica)
  t.match(again.received, /\+CONTINUE/)
})

t.test('a snapshot that cannot be read leaves nothing, and is asked for again', async (t) => {
  const { master, info } = stage()
  const small = new NodeHarness({ port: 7004, id: 'd'.repeat(40), config: { databases: '1' } })
  master.type(master.connect(), 'SET a 1', 'SELECT 9', 'SET b 1')
  small.type(small.connect(), 'SET old 1')
  const connection = wire(master, small)
  t.same(contents(small), [])
  t.equal(info(small, 'master_link_status'), 'down')
  t.ok(small.io.logs.some(([, text]) => text.includes('database 9')))
  master.type(master.connect(), 'SELECT 9', 'DEL b')
  small.pass(1000)
  connection.pump()
  t.same(contents(small), contents(master))
})

t.test('PSYNC is refused while replies wait, in the node or in the socket', async (t) => {
  const { master } = stage()
  const refused = '-ERR SYNC and PSYNC are invalid with pending output\r\n'
  t.equal(master.type(master.connect(), 'PING', 'PSYNC ? -1'), `+PONG\r\n${refused}`)
  const slow = master.connect()
  slow.output = { waitingBytes: 1 }
  t.equal(master.type(slow, 'PSYNC ? -1'), refused)
  slow.output = { waitingBytes: 0 }
  t.match(master.type(slow, 'PSYNC ? -1'), /^\+FULLRESYNC /)
})

t.test('a snapshot holds everything up to its offset and nothing after', async (t) => {
  const { master, replica, client, inStep } = stage()
  master.type(client, 'SET a 1')
  const first = wire(master, replica)
  const second = new NodeHarness({ port: 7003, id: 'c'.repeat(40) })
  master.type(client, 'INCR a')
  const other = wire(master, second)
  master.type(client, 'INCR a')
  first.pump()
  other.pump()
  t.same(contents(replica), contents(master))
  t.same(contents(second), contents(master))
  t.ok(inStep())
})

t.test('watchers on a replica hear of the stream and of a new snapshot', async (t) => {
  const { master, replica, client, reader } = stage()
  const connection = wire(master, replica)
  replica.type(reader, 'WATCH a')
  master.type(client, 'SET a 1')
  connection.pump()
  t.match(replica.type(reader, 'MULTI', 'GET a', 'EXEC'), /\*-1\r\n$/)
  replica.type(reader, 'WATCH a')
  const other = new NodeHarness({ port: 7005, id: 'e'.repeat(40) })
  wire(other, replica)
  t.match(replica.type(reader, 'MULTI', 'GET a', 'EXEC'), /\*-1\r\n$/)
})

t.test('a replica whose command is answered is no replica', async (t) => {
  const { master, replica, client } = stage()
  const { session } = wire(master, replica)
  master.type(session, 'REPLCONF ACK 0')
  master.type(client, 'SET a 1')
  t.notOk(master.io.closed.includes(session), 'it may acknowledge')
  master.type(session, 'PING')
  t.ok(master.io.closed.includes(session))
  const line = master.io.logs.find(([, text]) => text.startsWith('Replica generated'))
  t.match(line, [
    'warning',
    /^Replica generated a reply to command 'ping', disconnecting it: id=\d+ addr=/,
  ])
  t.notOk(master.io.logs.some(([, text]) => text.includes('CRITICAL')))
})

t.test('a replica whose command fails is no replica, and its error is told', async (t) => {
  for (const [command, text] of [
    ['GET a', "Replica can't interact with the keyspace"],
    ['SET a 1', "Replica can't interact with the keyspace"],
    ['AUTH a b', '-WRONGPASS invalid username-password pair or user is disabled.'],
  ] as const) {
    const { master, replica, client, info } = stage()
    const { session } = wire(master, replica)
    master.type(session, command)
    t.ok(master.io.closed.includes(session))
    t.strictSame(
      master.io.logs.find(([, text]) => text.includes('CRITICAL')),
      [
        'warning',
        `== CRITICAL == This master is sending an error to its replica: '${text}' after processing the command '${command.split(' ')[0]?.toLowerCase()}'`,
      ],
      command,
    )
    t.equal(info(master, 'unexpected_error_replies'), '1')
    t.equal(master.type(client, 'DBSIZE'), ':0\r\n')
  }
})

t.test('keys that clients of a writable replica gave an end go by themselves', async (t) => {
  const { master, replica, client, reader, info } = stage({
    'cluster-enabled': 'no',
    'replica-read-only': 'no',
  })
  const connection = wire(master, replica)
  master.type(client, 'SET theirs 1 PX 50')
  connection.pump()
  replica.type(reader, 'SET own 1 PX 50', 'SET kept 1 PX 50', 'PERSIST kept')
  replica.pass(200)
  t.equal(replica.type(reader, 'DBSIZE'), ':2\r\n', "its master's key waits for the DEL")
  t.equal(info(replica, 'expired_keys'), '1')
  t.equal(replica.type(reader, 'EXISTS kept'), ':1\r\n')
})

t.test(
  'key-load-delay: a replica that loads refuses what needs data, and tells no offset',
  async (t) => {
    const { master, replica, client, reader, info } = stage({ 'key-load-delay': '10000' })
    master.type(client, ...Array.from({ length: 50 }, (_, i) => `SET key:${i} v`))
    const connection = wire(master, replica)
    const loading = '-LOADING Redis is loading the dataset in memory\r\n'
    t.equal(info(replica, 'loading'), '1')
    t.equal(info(replica, 'master_link_status'), 'down')
    t.equal(replica.node.replication.offset, 0)
    t.equal(replica.type(reader, 'GET key:1', 'DBSIZE'), loading + loading)
    t.equal(
      replica.type(reader, 'CONFIG SET repl-diskless-load swapdb'),
      loading,
      'some directives cannot change meanwhile',
    )
    replica.pass(400)
    t.equal(replica.type(reader, 'GET key:1'), loading)
    replica.pass(200)
    connection.pump()
    t.equal(replica.type(reader, 'GET key:1', 'DBSIZE'), '$1\r\nv\r\n:50\r\n')
    t.equal(info(replica, 'loading'), '0')
    t.equal(info(replica, 'master_link_status'), 'up')
  },
)

t.test('a load that takes its time ends when the delay goes, or the master', async (t) => {
  for (const end of ['delay', 'master'] as const) {
    const { master, replica, client, reader, info } = stage({
      'cluster-enabled': 'no',
      'key-load-delay': '1000000',
    })
    master.type(client, 'SET a 1', 'SET b 1')
    wire(master, replica)
    replica.pass(200)
    t.equal(info(replica, 'loading'), '1')
    if (end === 'delay') replica.type(reader, 'CONFIG SET key-load-delay 0')
    else replica.turn(() => replica.node.replication.followMaster(undefined))
    replica.pass(100)
    t.equal(info(replica, 'loading'), '0', end)
    t.equal(replica.type(reader, 'DBSIZE'), end === 'delay' ? ':2\r\n' : ':0\r\n')
  }
})

t.test('the master that is followed stands in the configuration, and in its file', async (t) => {
  let text = ''
  const file = {
    read: () => text,
    write(written: string) {
      text = written
    },
  }
  const harness = new NodeHarness({ file })
  const client = harness.connect()
  harness.type(client, 'REPLICAOF 127.0.0.1 7001')
  t.match(harness.type(client, 'CONFIG GET replicaof'), /\r\n127\.0\.0\.1 7001\r\n$/)
  harness.type(client, 'CONFIG REWRITE')
  t.match(text, /^replicaof 127\.0\.0\.1 7001$/m)
  harness.type(client, 'REPLICAOF NO ONE', 'CONFIG REWRITE')
  t.notMatch(text, /replicaof/)
})

t.test(
  'a master that speaks as a person types is none: everything is asked for anew',
  async (t) => {
    const { master, replica, client, reader, info } = stage()
    const connection = wire(master, replica)
    master.type(client, 'SET a 1')
    connection.pump()
    replica.turn(() => replica.node.masterData(Buffer.from('SET a 2\r\n')))
    t.equal(replica.type(reader, 'GET a'), '$1\r\n1\r\n')
    t.match(
      replica.io.logs.map(([, text]) => text).join('\n'),
      /Protocol error \(Master using the inline protocol\. Desync\?\) from master: "SET a 2/,
    )
    connection.pump()
    t.equal(info(master, 'sync_full'), '2')
    t.equal(info(master, 'sync_partial_ok'), '0')
    t.equal(info(replica, 'master_link_status'), 'up')
  },
)

t.test('an error of a replica is no secret: its data differs', async (t) => {
  const { master, replica, client, info } = stage({ 'enable-debug-command': 'yes' })
  const connection = wire(master, replica)
  const lines = () => replica.io.logs.splice(0).map(([, line]) => line)
  master.type(client, 'SET a 1')
  connection.pump()
  lines()
  master.type(client, 'DEBUG REPLICATE fake-command-1 x y')
  connection.pump()
  t.same(lines(), [
    "== CRITICAL == This replica is sending an error to its master: 'unknown command 'fake-command-1', with args beginning with: 'x' 'y' ' after processing the command '<unknown>'",
    `Latest backlog is: '"*2\\r\\n$6\\r\\nSELECT\\r\\n$1\\r\\n0\\r\\n*3\\r\\n$3\\r\\nSET\\r\\n$1\\r\\na\\r\\n$1\\r\\n1\\r\\n"'`,
  ])
  master.type(client, 'DEBUG REPLICATE incrby a x', 'DEBUG REPLICATE SET b 1', 'GET b')
  connection.pump()
  t.match(
    lines()[0],
    /sending an error to its master: 'value is not an integer or out of range' after processing the command 'incrby'$/,
  )
  t.equal(info(replica, 'unexpected_error_replies'), '2')
  t.equal(replica.type(replica.connect(), 'GET b'), '$1\r\n1\r\n')
  t.equal(master.type(client, 'GET b'), '$-1\r\n')
  t.equal(info(master, 'sync_full'), '1')
  master.type(client, 'CONFIG RESETSTAT')
  t.equal(info(master, 'sync_full'), '0')
})

t.test('beside data of the same history, which is served meanwhile', async (t) => {
  for (const end of ['success', 'failure', 'promotion'] as const) {
    const { master, client, info } = stage()
    const replica = new NodeHarness({
      id: 'b'.repeat(40),
      config: {
        'repl-diskless-load': 'swapdb',
        'replica-read-only': 'no',
        databases: '4',
        save: '',
      },
    })
    const reader = replica.connect()
    const library = (text: string) => [
      'FUNCTION',
      'LOAD',
      `#!lua name=l\nredis.register_function('f', function() return '${text}' end)`,
    ]
    master.type(client, ...Array.from({ length: 20 }, (_, i) => `SET key:${i} v`))
    const connection = wire(master, replica)
    master.run(client, ...library('new'))
    connection.pump()
    // The replica misses some of it and has to have everything anew.
    replica.type(reader, 'SET mine 1', 'SELECT 3', 'SET elsewhere 1', 'SELECT 0', 'WATCH mine')
    replica.run(reader, 'FUNCTION', 'FLUSH')
    replica.run(reader, ...library('old'))
    replica.type(reader, 'CONFIG SET key-load-delay 1000000')
    master.type(client, 'CONFIG SET repl-backlog-size 16384')
    connection.cut()
    master.run(client, 'SET', 'big', 'x'.repeat(40_000))
    if (end === 'failure') master.type(client, 'SELECT 9', 'SET other 1')
    connection.pump()
    t.equal(info(replica, 'loading'), '0')
    t.equal(info(replica, 'async_loading'), '1')
    t.equal(
      replica.type(reader, 'GET mine', 'FCALL f 0', 'DBSIZE'),
      '$1\r\n1\r\n$3\r\nold\r\n:21\r\n',
    )
    const loading = '-LOADING Redis is loading the dataset in memory\r\n'
    for (const refused of ['REPLICAOF NO ONE', 'SAVE', 'BGSAVE', 'CONFIG SET appendonly no']) {
      t.equal(replica.type(reader, refused), loading, refused)
    }
    if (end === 'promotion') {
      replica.turn(() => replica.node.replication.followMaster(undefined))
    } else {
      replica.type(reader, 'CONFIG SET key-load-delay 0')
      replica.pass(200)
      connection.pump()
    }
    t.equal(info(replica, 'async_loading'), '0')
    const isNew = end === 'success'
    t.equal(
      replica.type(reader, 'EXISTS mine', 'FCALL f 0', 'DBSIZE', 'SELECT 3', 'DBSIZE'),
      isNew ? ':0\r\n$3\r\nnew\r\n:21\r\n+OK\r\n:0\r\n' : ':1\r\n$3\r\nold\r\n:21\r\n+OK\r\n:1\r\n',
      end,
    )
    replica.type(reader, 'SELECT 0', 'MULTI', 'PING')
    t.equal(replica.type(reader, 'EXEC'), isNew ? '*-1\r\n' : '*1\r\n+PONG\r\n')
  }
})

t.test('peers hear once that a replica has data', async (t) => {
  const [masterId, replicaId] = ['a'.repeat(40), 'b'.repeat(40)]
  const lines = (self: string) =>
    [
      `${masterId} 127.0.0.1:7001@17001 ${self === masterId ? 'myself,' : ''}master - 0 0 1 connected 0-16383`,
      `${replicaId} 127.0.0.1:7002@17002 ${self === replicaId ? 'myself,' : ''}slave ${masterId} 0 0 1 connected`,
      'vars currentEpoch 1 lastVoteEpoch 0',
      '',
    ].join('\n')
  const member = (id: string, port: number) =>
    new NodeHarness({ id, port, config: { 'cluster-enabled': 'yes' }, clusterConfig: lines(id) })
  const master = member(masterId, 7001)
  const replica = member(replicaId, 7002)
  const wires = new ReplicaWire(replica, () => master)
  for (let ms = 0; ms < 1000 && replica.io.links.length === 0; ms += 100) replica.pass(100)
  const [{ link } = { link: 0 }] = replica.io.links
  replica.turn(() => replica.node.clusterInput({ type: 'link-opened', link }))
  const before = replica.io.sent.length
  wires.pump()
  const said = replica.io.sent.slice(before).map(({ message }) => message)
  t.equal(replica.node.replication.machine.masterLink.connected, true)
  t.match(said, [{ type: 'pong', header: { offset: replica.node.replication.offset } }])
  t.equal(said.length, 1)
})
