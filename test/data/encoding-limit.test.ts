import t from 'tap'
import { defaultEncodingLimits } from '../../lib/data/encoding-limit.ts'
import { HashValue } from '../../lib/data/hash.ts'
import { NodeHarness } from '../support/node-harness.ts'

t.test('the defaults are those of redis.conf, and each node has its own', async (t) => {
  const limits = defaultEncodingLimits()
  const { config } = new NodeHarness({ version: '8.0' })
  for (const [name, value] of Object.entries(limits)) {
    // Not for anybody to choose: the version says it.
    if (name === 'listsMayBeListpacks') continue
    const directive = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    t.equal(value, config.number(directive), directive)
  }
  limits.hashMaxListpackEntries = 0
  t.equal(defaultEncodingLimits().hashMaxListpackEntries, 512)
})

t.test('a change is seen by values that exist', async (t) => {
  const limits = defaultEncodingLimits()
  const hash = new HashValue(limits)
  hash.set('a', '1')
  limits.hashMaxListpackEntries = 1
  t.equal(hash.encoding(), 'listpack')
  hash.set('b', '2')
  t.equal(hash.encoding(), 'hashtable')
})
