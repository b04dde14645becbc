import t from 'tap'
import { copyDatabases } from '../../lib/node/dataset-copy.ts'
import { NodeHarness } from '../support/node-harness.ts'

function start() {
  const harness = new NodeHarness()
  const client = harness.connect()
  harness.type(
    client,
    'SET s text',
    'SETRANGE e 2 x',
    'SET n 12 PX 5000',
    'RPUSH l a b',
    'HSET h f v',
    'SADD set a b',
    'ZADD z 1 a 2 b',
    'XADD x 1-1 f v',
    'XGROUP CREATE x g 0',
    'SELECT 5',
    'SET other 1',
    'SELECT 0',
  )
  return { harness, client, databases: harness.node.databases }
}

t.test('every database has its keys once more', async (t) => {
  const { harness, databases } = start()
  const copies = copyDatabases(databases)
  t.equal(copies.length, databases.length)
  t.same(
    copies.map(({ index, size, expiring }) => [index, size, expiring]),
    databases.map(({ index, size, expiring }) => [index, size, expiring]),
  )
  const [first] = copies
  t.equal(first?.readString('s'), 'text')
  t.equal(first?.expiryOf('n'), harness.clock.now + 5000)
  t.same([...(first?.readList('l')?.values() ?? [])], ['a', 'b'])
  t.equal(copies[5]?.readString('other'), '1')
})

t.test('what happens to the one does not happen to the other', async (t) => {
  const { harness, client, databases } = start()
  const before = { ...harness.node.keyspaceStats, dirty: harness.node.changes.dirty }
  const [copy] = copyDatabases(databases)
  copy?.writeList('l')?.push('right', 'c')
  copy?.delete('s')
  copy?.replace('new', 'v')
  copy?.read('h')
  copy?.flush({ isLazy: true })
  t.same({ ...harness.node.keyspaceStats, dirty: harness.node.changes.dirty }, before)
  t.equal(harness.type(client, 'LLEN l', 'GET s', 'EXISTS new'), ':2\r\n$4\r\ntext\r\n:0\r\n')
  const [second] = copyDatabases(databases)
  harness.type(client, 'DEL l', 'SET s other', 'HSET h f w')
  t.equal(second?.readString('s'), 'text')
  t.equal(second?.readHash('h')?.get('f'), 'v')
})

t.test('a replica hides what its master has not deleted, and so does the copy', async (t) => {
  const { harness, databases } = start()
  harness.node.becomeReplica(true)
  t.equal(copyDatabases(databases)[0]?.expiry, 'hide')
})
