/** A whole node: connections and time. */
import t from 'tap'
import type { Session } from '../../lib/node/session.ts'
import { NodeHarness } from '../support/node-harness.ts'
import { wire } from '../support/replica-wire.ts'

t.test('a client that leaves takes with it what it had begun', async (t) => {
  const harness = new NodeHarness()
  const [client, other] = [harness.connect(), harness.connect()]
  harness.type(client, 'WATCH k', 'MULTI', 'SET k 1')
  harness.send(client, '*3\r\n$3\r\nSET\r\n$1\r\nl\r\n$5\r\nhal')
  harness.disconnect(client)
  t.equal(harness.type(other, 'SET k 2', 'EXISTS k l', 'GET k'), '+OK\r\n:1\r\n$1\r\n2\r\n')
  t.equal(harness.node.clients.count, 1)
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
