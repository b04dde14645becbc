import t from 'tap'
import { RdbError } from '../../lib/rdb/format.ts'
import { NodeHarness } from '../support/node-harness.ts'

t.test('what is written is read again, with the facts given', async (t) => {
  const one = new NodeHarness()
  const client = one.connect()
  one.type(client, 'SET a 1', 'SET b 2 PX 10', 'SELECT 5', 'SADD s x y')
  const file = Buffer.concat([...one.node.dataset.write('all', [['repl-id', 'me']])])
  t.equal(one.node.dataset.write('all', []).totalKeys, 3)

  const other = new NodeHarness()
  other.clock.now = one.clock.now + 1000
  const loaded = other.node.dataset.read(file, () => {})
  t.equal(loaded.keys, 2)
  t.equal(loaded.expiredKeys, 1)
  t.equal(loaded.auxiliary.get('repl-id'), 'me')
  t.equal(loaded.auxiliary.get('redis-ver'), '7.0.15')
  other.node.dataset.clear()
  t.equal(other.node.dataset.write('all', []).totalKeys, 0)
  t.equal(other.node.dataset.read(file).keys, 3)
})

t.test('a file of no data, and files that are none', async (t) => {
  const { dataset } = new NodeHarness().node
  const empty = Buffer.concat([...dataset.write('nothing', [])])
  t.equal(dataset.read(empty, () => {}).keys, 0)
  t.throws(() => dataset.read(Buffer.from('nonsense nonsense'), () => {}), RdbError)
  const few = new NodeHarness({ config: { databases: '1' } }).node.dataset
  const source = new NodeHarness()
  source.type(source.connect(), 'SELECT 5', 'SET a 1')
  const file = Buffer.concat([...source.node.dataset.write('all', [])])
  t.throws(() => few.read(file, () => {}), /keys of database 5/)
})

t.test('how keys were used is kept where they are evicted by it', async (t) => {
  const from = (policy: string) => {
    const harness = new NodeHarness({ config: { 'maxmemory-policy': policy } })
    const client = harness.connect()
    harness.type(client, 'SET a 1')
    if (policy.endsWith('lfu')) {
      harness.node.databases[0]?.setFrequency('a', 77)
    } else if (policy.endsWith('lru')) harness.node.databases[0]?.setIdle('a', 5000)
    return Buffer.concat([...harness.node.dataset.write('all', [])])
  }
  const seen = (policy: string, file: Buffer) => {
    const harness = new NodeHarness({ config: { 'maxmemory-policy': policy } })
    harness.node.dataset.read(file)
    const client = harness.connect()
    return policy.endsWith('lfu')
      ? harness.type(client, 'OBJECT FREQ a')
      : harness.type(client, 'OBJECT IDLETIME a')
  }
  t.equal(seen('allkeys-lru', from('volatile-lru')), ':5000\r\n')
  t.equal(seen('noeviction', from('volatile-lru')), ':5000\r\n')
  t.equal(seen('allkeys-lfu', from('volatile-lfu')), ':77\r\n')
  t.equal(seen('allkeys-lfu', from('allkeys-lru')), ':5\r\n', 'a time is no frequency')
  t.equal(seen('allkeys-lru', from('allkeys-lfu')), ':0\r\n')
  t.equal(seen('allkeys-lru', from('volatile-ttl')), ':0\r\n')
})

t.test('memory of many keys is given back at once', async (t) => {
  const { node, io } = new NodeHarness()
  const [database] = node.databases
  for (let i = 0; i < 99_999; i++) database?.load(`${i}`, 'x')
  node.dataset.clear()
  t.equal(io.releases, 0)
  for (let i = 0; i < 100_000; i++) database?.load(`${i}`, 'x')
  node.dataset.clear()
  t.equal(io.releases, 1)
})
