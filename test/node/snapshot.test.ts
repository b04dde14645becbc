import { Buffer } from 'node:buffer'
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import type { Snapshot } from '../../lib/node/snapshot.ts'
import { families } from '../conformance/generator/family.ts'
import { smallSamples } from '../support/key-sample.ts'
import { NodeHarness } from '../support/node-harness.ts'

const seed = process.env.SEED ?? `${Date.now()}`
const config = { 'enable-debug-command': 'yes' }
const { acl: _acl, declared: _declared, ...generators } = families

function digestOf(harness: NodeHarness): string {
  return harness.run(harness.connect(), 'DEBUG', 'DIGEST')
}

/** What a node has that loads these chunks. */
function digestIn(chunks: readonly Buffer[], like: NodeHarness): string {
  const other = new NodeHarness({ config, nowMs: like.clock.now })
  other.node.dataset.read(Buffer.concat(chunks))
  return digestOf(other)
}

t.test('commands of all families change nothing of what was asked for', async (t) => {
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  const harness = new NodeHarness({ config })
  const clients = [harness.connect(), harness.connect()] as const
  harness.type(clients[1], 'SELECT 3')
  const generateAny = () => random.pick(Object.values(generators))(random)
  const change = (count: number) => {
    for (let i = 0; i < count; i++) {
      harness.run(random.pick(clients), ...generateAny())
      if (random.below(20) === 0) harness.clock.now += random.below(100)
    }
  }
  change(2000)
  for (let round = 0; round < 10; round++) {
    const digest = digestOf(harness)
    const { now } = harness.clock
    const snapshot = harness.node.dataset.write('all', [])
    change(300)
    const chunks = [...snapshot]
    harness.clock.now = now
    t.equal(digestIn(chunks, harness), digest, `round ${round}`)
    harness.clock.now = now + random.below(1000)
  }
})

t.test('it is drawn by and by, whatever happens between two chunks', async (t) => {
  const random = new Random(seed)
  for (const during of ['changes', 'FLUSHALL', 'SWAPDB 0 1', 'FLUSHDB'] as const) {
    const harness = new NodeHarness({ config })
    const client = harness.connect()
    for (let i = 0; i < 200; i++) {
      for (const [kind, sample] of Object.entries(smallSamples)) {
        for (const argv of sample(`${kind}${i}`, random)) harness.run(client, ...argv)
      }
    }
    harness.type(client, 'SELECT 1', 'MSET a 1 b 2', 'SELECT 0')
    const digest = digestOf(harness)
    const snapshot = harness.node.dataset.write('all', [])
    const chunks: Buffer[] = []
    for (const chunk of snapshot) {
      chunks.push(chunk)
      if (during !== 'changes') harness.type(client, during)
      for (let i = 0; i < 100; i++) {
        const key = `${random.pick(Object.keys(smallSamples))}${random.below(400)}`
        harness.run(client, 'DEL', key)
        harness.run(client, 'SET', key, 'changed')
      }
    }
    t.ok(chunks.length > 2, `${chunks.length} chunks`)
    t.equal(digestIn(chunks, harness), digest, during)
    t.equal(snapshot.keys, 200 * Object.keys(smallSamples).length + 2)
  }
})

t.test('returned, it keeps nothing', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  harness.type(client, 'SET a 1')
  const snapshot: Snapshot = harness.node.dataset.write('all', [])
  snapshot.return()
  harness.type(client, 'SET a 2')
  t.equal(snapshot.keys, 0)
  t.strictSame([...snapshot], [])
})
