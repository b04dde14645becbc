/** How many databases there are, what they are set to, and who hears of keys that go without a command. */
import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'
import { StreamReader } from '../support/stream-reader.ts'

t.test('as many as configured, one in a cluster', async (t) => {
  t.equal(new NodeHarness().node.databases.length, 16)
  t.equal(new NodeHarness({ config: { databases: '3' } }).node.databases.length, 3)
  t.equal(new NodeHarness({ config: { 'cluster-enabled': 'yes' } }).node.databases.length, 1)
})

t.test('what counts as small follows the configuration', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  harness.type(client, 'HSET before a 1 b 2')
  harness.type(client, 'CONFIG SET hash-max-listpack-entries 1', 'HSET after a 1 b 2')
  t.equal(
    harness.type(client, 'OBJECT ENCODING before', 'OBJECT ENCODING after'),
    '$8\r\nlistpack\r\n$9\r\nhashtable\r\n',
  )
})

t.test('small sets are listpacks where the version knows them', async (t) => {
  for (const [version, encoding] of [
    ['7.0', 'hashtable'],
    ['7.2', 'listpack'],
  ] as const) {
    const harness = new NodeHarness({ version })
    const reply = harness.type(harness.connect(), 'SADD k a', 'OBJECT ENCODING k')
    t.match(reply, new RegExp(`${encoding}\\r\\n$`), version)
  }
})

t.test(
  'replicas are told of a key whose time was over, in the word that is configured',
  async (t) => {
    for (const [setting, word] of [
      ['no', 'DEL'],
      ['yes', 'UNLINK'],
    ] as const) {
      const harness = new NodeHarness({ config: { 'lazyfree-lazy-expire': setting } })
      const reader = new StreamReader(harness)
      harness.type(harness.connect(), 'SET k v PX 10')
      reader.take()
      harness.pass(100)
      t.same(reader.take(), [`${word} k`])
    }
  },
)
