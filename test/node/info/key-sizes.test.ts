import t from 'tap'
import { keySizesSection } from '../../../lib/node/info/command-section.ts'
import { keySizes } from '../../../lib/node/info/key-sizes.ts'
import { NodeHarness } from '../../support/node-harness.ts'

t.test('values by the power of two of their size, as 8.0.2 tells them', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  const lines = () => keySizesSection(harness.node.databases.flatMap(keySizes))
  t.same(lines(), [])
  harness.type(client, 'SET a 1', 'SET b 12345', 'RPUSH l 1 2 3', 'SADD s 1 2 3 4 5', 'HSET h a 1')
  harness.type(
    client,
    'ZADD z 1 a 2 b',
    'XADD x 1-1 a b',
    'SETRANGE e 1999 x',
    'SELECT 3',
    'SET c 1',
  )
  harness.run(client, 'SET', 'nothing', '')
  t.same(lines(), [
    'db0_distrib_strings_sizes:1=1,4=1,1K=1',
    'db0_distrib_lists_items:2=1',
    'db0_distrib_sets_items:4=1',
    'db0_distrib_zsets_items:2=1',
    'db0_distrib_hashes_items:1=1',
    'db3_distrib_strings_sizes:0=1,1=1',
  ])
})

t.test('INFO tells what clients watch, wait for and are denied', async (t) => {
  const harness = new NodeHarness({ version: '8.0' })
  const [client, waiting, reader] = [harness.connect(), harness.connect(), harness.connect()]
  harness.type(client, 'XGROUP CREATE x g $ MKSTREAM', 'WATCH a b')
  harness.type(waiting, 'BLPOP k l 0')
  harness.type(reader, 'XREADGROUP GROUP g c BLOCK 0 STREAMS x >')
  harness.type(harness.connect(), 'SUBSCRIBE ch')
  harness.type(client, 'AUTH nobody x', 'HSET h f v', 'HPEXPIRE h 1 FIELDS 1 f')
  harness.pass(200)
  const text = harness.type(client, 'INFO')
  for (const line of [
    'pubsub_clients:1',
    'watching_clients:1',
    'total_watched_keys:2',
    'total_blocking_keys:3',
    'total_blocking_keys_on_nokey:1',
    'expired_subkeys:1',
    'acl_access_denied_auth:1',
  ])
    t.match(text, `\r\n${line}\r\n`)
})
