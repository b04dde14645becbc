/** Commands held back: what waits, for how long, and for which of several reasons. */
import t from 'tap'
import { PauseLevel, Pauses } from '../../lib/node/pause.ts'
import { NodeHarness } from '../support/node-harness.ts'
import { wire } from '../support/replica-wire.ts'

t.test('the strictest reason counts, the same one only grows', async (t) => {
  const pauses = new Pauses()
  const { none, writes, all } = PauseLevel
  pauses.begin('failover', writes, 1000, 0)
  pauses.begin('command', all, 500, 0)
  t.equal(pauses.level, all)
  pauses.begin('command', writes, 100, 0)
  t.equal(pauses.level, all, 'a weaker pause does not weaken it')
  pauses.refresh(499)
  t.equal(pauses.level, all, 'nor does a shorter one shorten it')
  pauses.refresh(500)
  t.same([pauses.level, pauses.has('command'), pauses.has('failover')], [writes, false, true])
  pauses.end('failover', 500)
  t.equal(pauses.level, none)
  pauses.begin('command', all, 400, 500)
  t.equal(pauses.level, none, 'what is over before it begins')
})

t.test('CLIENT PAUSE WRITE lets wait what may reach replicas', async (t) => {
  const harness = new NodeHarness()
  const [writer, publisher, queuer, reader, counter] = Array.from({ length: 5 }, () =>
    harness.connect(),
  )
  if (!writer || !publisher || !queuer || !reader || !counter) throw new Error('five clients')
  harness.type(queuer, 'MULTI', 'PUBLISH a x')
  t.equal(
    harness.type(reader, 'CLIENT PAUSE 1000 WRITE', 'GET k', 'PING'),
    '+OK\r\n$-1\r\n+PONG\r\n',
  )
  t.equal(harness.type(writer, 'SET k v', 'PING'), '')
  t.equal(harness.type(publisher, 'PUBLISH a x'), '')
  t.equal(harness.type(counter, 'PFCOUNT h'), '', 'which may keep what it counted')
  t.equal(harness.type(queuer, 'EXEC'), '')
  t.match(harness.type(reader, `CLIENT LIST ID ${writer.id}`), / flags=b /)
  t.equal(harness.type(reader, 'CLIENT UNPAUSE'), '+OK\r\n')
  t.equal(harness.take(writer), '+OK\r\n+PONG\r\n')
  t.equal(harness.take(publisher), ':0\r\n')
  t.equal(harness.take(counter), ':0\r\n')
  t.equal(harness.take(queuer), '*1\r\n:0\r\n')
})

t.test('CLIENT PAUSE lets everything wait but what is wrong, and ends by itself', async (t) => {
  const harness = new NodeHarness()
  const [first, second] = [harness.connect(), harness.connect()]
  harness.type(first, 'CLIENT PAUSE 1000')
  t.equal(harness.type(first, 'PING', 'PING'), '')
  t.equal(
    harness.type(second, 'NOSUCH'),
    "-ERR unknown command 'NOSUCH', with args beginning with: \r\n",
  )
  t.equal(harness.type(second, 'CLIENT UNPAUSE'), '', 'nobody can end it')
  harness.pass(900)
  t.equal(harness.take(first), '')
  harness.pass(200)
  t.equal(harness.take(first), '+PONG\r\n+PONG\r\n')
  t.equal(harness.take(second), '+OK\r\n')
})

t.test('while commands wait no key expires', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  harness.type(client, 'SET k v PX 100', 'CLIENT PAUSE 5000 WRITE')
  harness.pass(1000)
  t.equal(harness.type(client, 'GET k', 'DBSIZE'), '$-1\r\n:1\r\n', 'unseen, but there')
  harness.type(client, 'CLIENT UNPAUSE')
  harness.pass(100)
  t.equal(harness.type(client, 'DBSIZE'), ':0\r\n')
})

t.test('a manual failover holds writes back whatever clients say', async (t) => {
  const harness = new NodeHarness()
  const [writer, reader] = [harness.connect(), harness.connect()]
  harness.turn(() =>
    harness.node.holding.pause('failover', PauseLevel.writes, harness.clock.now + 5000),
  )
  harness.type(writer, 'SET k v')
  t.equal(harness.type(reader, 'CLIENT PAUSE 100 WRITE', 'CLIENT UNPAUSE'), '+OK\r\n+OK\r\n')
  t.equal(harness.take(writer), '')
  harness.turn(() => harness.node.holding.unpause('failover'))
  t.equal(harness.take(writer), '+OK\r\n')
})

t.test('a replica that is paused hears its master and waits with what it writes', async (t) => {
  const master = new NodeHarness({ port: 7001, config: { 'cluster-enabled': 'no' } })
  const replica = new NodeHarness({
    port: 7002,
    config: { 'cluster-enabled': 'no' },
    id: 'b'.repeat(40),
  })
  const [client, reader] = [master.connect(), replica.connect()]
  const connection = wire(master, replica)
  master.type(client, 'SET a 0')
  connection.pump()
  const field = (name: string) =>
    Number(new RegExp(`^${name}:(.*)\r$`, 'm').exec(replica.type(reader, 'INFO'))?.[1])
  replica.type(reader, 'CLIENT PAUSE 1000 WRITE')
  const before = field('slave_repl_offset')
  master.type(client, 'SET a 1', 'SET b 2')
  connection.pump(7)
  t.equal(replica.type(reader, 'MGET a b'), '*2\r\n$1\r\n0\r\n$-1\r\n')
  t.equal(field('slave_read_repl_offset'), master.node.replication.offset)
  t.equal(field('slave_repl_offset'), before)
  t.equal(field('blocked_clients'), 1, 'the link to the master is one of those that wait')
  replica.type(reader, 'CLIENT UNPAUSE')
  connection.pump()
  t.equal(replica.type(reader, 'MGET a b'), '*2\r\n$1\r\n1\r\n$1\r\n2\r\n')
  t.equal(field('slave_repl_offset'), master.node.replication.offset)
  master.type(client, 'SET c 3')
  connection.pump()
  t.equal(replica.type(reader, 'GET c'), '$1\r\n3\r\n')
})
