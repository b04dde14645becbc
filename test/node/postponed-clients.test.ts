/** Clients whose request waits: in what order they go on, and what becomes of those that do not wait to see it. */
import t from 'tap'
import { PauseLevel } from '../../lib/node/pause.ts'
import { PostponedClients } from '../../lib/node/postponed-clients.ts'
import { NodeHarness } from '../support/node-harness.ts'

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

t.test('who is released while others go on goes on with them', async (t) => {
  const harness = new NodeHarness()
  const [first, second, gone] = [harness.connect(), harness.connect(), harness.connect()]
  const clients = new PostponedClients()
  for (const client of [first, second, gone]) clients.postpone(client, ['PING'], PauseLevel.all)
  t.equal(clients.count, 3)
  t.notOk(clients.mayGoOn(true, PauseLevel.all))
  t.ok(clients.mayGoOn(true, PauseLevel.writes), 'less is held than when they came')
  t.ok(clients.mayGoOn(false, PauseLevel.none))
  clients.forget(gone)
  const [waiting, ...others] = clients.takeWaiting()
  t.equal(waiting, first)
  t.same([clients.count, clients.hasReleased], [0, false])
  clients.release(first)
  const order: number[] = []
  clients.goOn((client) => {
    order.push(client.id)
    for (const other of others.splice(0)) clients.release(other)
  })
  t.same(order, [first.id, second.id])
  t.notOk(clients.hasReleased)
})
