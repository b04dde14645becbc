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
