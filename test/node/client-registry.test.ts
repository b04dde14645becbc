/** Who is connected, who is shown, who is closed: CLIENT LIST and CLIENT KILL through the sessions of a node. */
import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'
import { wire } from '../support/replica-wire.ts'
import { StreamReader } from '../support/stream-reader.ts'

const peer = { address: '1.2.3.4:5', localAddress: '127.0.0.1:7000', descriptor: 9 }

/** The numbers in the lines of a CLIENT LIST reply. */
function ids(reply: string): number[] {
  return [...reply.matchAll(/^id=(\d+) /gm)].map(([, id]) => Number(id))
}

t.test('everybody is listed, oldest first, and never a number twice', async (t) => {
  const harness = new NodeHarness()
  const [first, second, third] = [harness.connect(), harness.connect(), harness.connect()]
  t.same(ids(harness.type(third, 'CLIENT LIST')), [3, 4, 5], 'the first two are taken')
  t.equal(harness.node.clients.count, 3)
  harness.disconnect(second)
  const fourth = harness.connect()
  t.same(ids(harness.type(first, 'CLIENT LIST')), [3, 5, 6])
  t.equal(fourth.id, 6)
  t.same([...harness.node.clients.all()], [first, third, fourth])
})

t.test('CLIENT LIST shows those asked for', async (t) => {
  const master = new NodeHarness({ port: 7001 })
  const harness = new NodeHarness()
  wire(master, harness)
  const client = harness.connect()
  const reader = new StreamReader(harness)
  const { id: link } = [...harness.node.clients.all()].find(({ kind }) => kind === 'master') ?? {}
  t.same(ids(harness.type(client, 'CLIENT LIST TYPE normal')), [3, client.id])
  t.same(ids(harness.type(client, 'CLIENT LIST TYPE replica')), [reader.session.id])
  t.same(ids(harness.type(client, 'CLIENT LIST TYPE master')), [link])
  t.same(ids(harness.type(client, 'CLIENT LIST TYPE pubsub')), [])
  t.same(ids(harness.type(client, `CLIENT LIST ID ${client.id} 99 3`)), [client.id, 3])
})

t.test('CLIENT KILL by each option', async (t) => {
  const harness = new NodeHarness()
  const caller = harness.connect()
  const victims = Array.from({ length: 5 }, () => harness.connect())
  const stranger = harness.node.openSession(peer)
  const kill = (words: string) => harness.type(caller, `CLIENT KILL ${words}`)
  const closed = () => harness.io.closed.splice(0).map(({ id }) => id)
  t.equal(kill(`ID ${victims[1]?.id}`), ':1\r\n')
  t.same(closed(), [victims[1]?.id])
  t.equal(kill(`ID ${victims[1]?.id}`), ':0\r\n', 'it is closing already')
  t.equal(kill(`ADDR ${victims[2]?.peer.address}`), ':1\r\n')
  t.same(closed(), [victims[2]?.id])
  t.equal(kill('1.2.3.4:5'), '+OK\r\n')
  t.same(closed(), [stranger.id])
  t.equal(kill('1.2.3.4:5'), '-ERR No such client\r\n')
  t.equal(kill('LADDR 127.0.0.1:7001'), ':0\r\n')
  t.equal(kill('TYPE replica'), ':0\r\n')
  t.equal(kill(`ID ${victims[0]?.id} TYPE replica`), ':0\r\n', 'all options have to fit')
  t.equal(kill('TYPE normal USER default LADDR 127.0.0.1:7000'), ':3\r\n', 'but the caller')
  t.same(
    closed(),
    [0, 3, 4].map((index) => victims[index]?.id),
  )
  t.equal(caller.closing, 'no')
})

t.test('who kills himself hears of it first', async (t) => {
  const harness = new NodeHarness()
  const byId = harness.connect()
  t.equal(harness.type(byId, `CLIENT KILL ID ${byId.id}`, 'PING'), ':0\r\n+PONG\r\n')
  t.equal(harness.type(byId, `CLIENT KILL ID ${byId.id} SKIPME no`, 'PING'), ':1\r\n')
  t.equal(byId.closing, 'after-reply')
  const byAddress = harness.connect()
  t.equal(harness.type(byAddress, `CLIENT KILL ${byAddress.peer.address}`, 'PING'), '+OK\r\n')
  t.equal(byAddress.closing, 'after-reply')
  t.same(harness.io.closed, [])
})

t.test('the link to the master can be killed, and comes back where it was', async (t) => {
  const master = new NodeHarness({ port: 7001 })
  const harness = new NodeHarness()
  const connection = wire(master, harness)
  const client = harness.connect()
  const listed = harness.type(client, 'CLIENT LIST TYPE master')
  t.match(listed, / addr=127\.0\.0\.1:7001 .* flags=M .* user=\(superuser\) /)
  t.equal(harness.type(client, 'CLIENT KILL USER default'), ':1\r\n', 'whoever came before us')
  t.equal(harness.type(client, 'CLIENT KILL TYPE master'), ':1\r\n')
  t.same(ids(harness.type(client, 'CLIENT LIST TYPE master')), [])
  master.type(master.connect(), 'SET a 1')
  connection.pump()
  t.equal(harness.type(client, 'READONLY', 'GET a').slice(-7), '$1\r\n1\r\n')
  t.match(master.type(master.connect(), 'INFO stats'), /sync_full:1\r\nsync_partial_ok:1\r\n/)
})

t.test('a killed replica is gone at once', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  const reader = new StreamReader(harness)
  t.match(harness.type(client, 'INFO replication'), 'connected_slaves:1')
  t.equal(harness.type(client, 'CLIENT KILL TYPE slave'), ':1\r\n')
  t.same(harness.io.closed, [reader.session])
  harness.disconnect(reader.session)
  t.match(harness.type(client, 'INFO replication'), 'connected_slaves:0')
})

t.test('who is closed is not listed any more, although its socket is still there', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  const slow = harness.connect()
  t.equal(ids(harness.type(client, 'CLIENT LIST')).length, 2)
  harness.io.close(slow)
  t.equal(ids(harness.type(client, 'CLIENT LIST')).length, 1)
})
