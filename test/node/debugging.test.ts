import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'
import { wire } from '../support/replica-wire.ts'

t.test('SLEEP holds the node up', async (t) => {
  const harness = new NodeHarness({ config: { 'enable-debug-command': 'yes' } })
  const client = harness.connect()
  const before = harness.clock.now
  t.equal(harness.type(client, 'DEBUG SLEEP 0.25'), '+OK\r\n')
  t.equal(harness.clock.now - before, 250)
  t.equal(harness.type(client, 'DEBUG SLEEP -1', 'DEBUG SLEEP x'), '+OK\r\n+OK\r\n')
  t.equal(harness.clock.now - before, 250)
})

t.test('a transaction happens at one time, however long it is held up', async (t) => {
  const harness = new NodeHarness({ config: { 'enable-debug-command': 'yes' } })
  const client = harness.connect()
  harness.type(client, 'MULTI', 'SET a 1 PX 50', 'DEBUG SLEEP 0.1', 'GET a')
  t.equal(harness.type(client, 'EXEC'), '*3\r\n+OK\r\n+OK\r\n$1\r\n1\r\n')
  t.equal(harness.type(client, 'GET a'), '$-1\r\n')
  harness.type(client, 'SET b 1 PX 50')
  t.equal(harness.type(client, 'DEBUG SLEEP 0.1', 'GET b'), '+OK\r\n$-1\r\n')
})

t.test('CHANGE-REPL-ID ends what replicas share with the node', async (t) => {
  const master = new NodeHarness({ port: 7001, config: { 'enable-debug-command': 'yes' } })
  const replica = new NodeHarness({ port: 7002 })
  const connection = wire(master, replica)
  const client = master.connect()
  t.equal(master.type(client, 'DEBUG CHANGE-REPL-ID'), '+OK\r\n')
  t.match(master.io.logs.at(-1), [
    'notice',
    'Changing replication IDs after receiving change-repl-id',
  ])
  connection.cut()
  replica.pass(1100)
  connection.pump()
  t.match(master.type(client, 'INFO stats'), /sync_full:2\r\nsync_partial_ok:0\r/)
})
