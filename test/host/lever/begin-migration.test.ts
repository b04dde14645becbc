import t, { type Test } from 'tap'
import type { ClusterNode } from '../../../lib/host/handle.ts'
import { ask, startForTest } from '../../support/started-cluster.ts'

const SLOT = 247
const KEYS = Array.from({ length: 20 }, (_, i) => `key:{10}:${i}`)

/** Twenty keys in a slot of the first master. */
async function scene(t: Test) {
  const cluster = await startForTest(t, { masters: 3, replicas: 1 })
  const [from, to] = cluster.masters as [ClusterNode, ClusterNode]
  for (const key of KEYS) await ask(from, 'SET', key, 'value')
  const size = async (node: ClusterNode) => ask(node, 'CLUSTER', 'COUNTKEYSINSLOT', String(SLOT))
  const isClosed = async () => {
    for (const node of cluster.masters) {
      t.notMatch(await ask(node, 'CLUSTER', 'NODES'), /\[/, `no slot is open at ${node.index}`)
    }
  }
  return { cluster, from, to, size, isClosed }
}

t.test('half-moved: ASK for keys that are gone, the rest is here; then all of it', async (t) => {
  const { cluster, from, to, size, isClosed } = await scene(t)
  const move = await cluster.beginMigration({ slot: SLOT, to })
  t.match(move, { slot: SLOT, from, to })
  t.match(await ask(from, 'CLUSTER', 'NODES'), `[${SLOT}->-${to.id}]`)
  t.match(await ask(to, 'CLUSTER', 'NODES'), `[${SLOT}-<-${from.id}]`)
  t.strictSame([await size(from), await size(to)], [20, 0])
  await move.moveKeys([KEYS[3] as string, Buffer.from(KEYS[4] as string), 'key:{10}:none'])
  t.match(await ask(from, 'GET', KEYS[3] as string), {
    message: `ASK ${SLOT} 127.0.0.1:${to.port}`,
  })
  t.equal(await ask(from, 'GET', KEYS[0] as string), 'value')
  await move.moveKeys(5)
  t.strictSame([await size(from), await size(to)], [13, 7])
  await move.moveKeys([])
  await t.rejects(cluster.migrateSlots({ slots: SLOT, to }), { code: 'ERR_SLOT_BUSY' })
  await move.finish()
  t.strictSame([await size(from), await size(to)], [0, 20])
  t.equal(cluster.masterFor(KEYS[0] as string), to)
  await isClosed()
  await t.rejects(move.abort(), { code: 'ERR_SLOT_BUSY', message: /is over/ })
  await cluster.migrateSlots({ slots: SLOT, to: from })
  t.equal(await size(from), 20)
})

t.test('aborted, at the latest at the end of the block: as if nothing had been', async (t) => {
  const { cluster, from, to, size, isClosed } = await scene(t)
  const move = await cluster.beginMigration({ slot: SLOT, to })
  await move.moveKeys(7)
  await move[Symbol.asyncDispose]()
  t.strictSame([await size(from), await size(to)], [20, 0])
  await isClosed()
  await move[Symbol.asyncDispose]()
  t.equal(cluster.masterFor(KEYS[0] as string), from)
})

t.test('the source dies: its replica has the slot, and abort brings it the keys', async (t) => {
  const { cluster, from, to, size, isClosed } = await scene(t)
  const [heir] = cluster.replicasOf(from) as [ClusterNode]
  const move = await cluster.beginMigration({ slot: SLOT, to })
  await move.moveKeys(7)
  await cluster.kill(from)
  await cluster.until(() => heir.role === 'master')
  await move.abort()
  t.strictSame([await size(heir), await size(to)], [20, 0])
  await isClosed()
})

t.test('what is no slot, no key of it, no count', async (t) => {
  const { cluster, from, to } = await scene(t)
  const begin = (options: unknown) => cluster.beginMigration(options as never)
  await t.rejects(begin(undefined), { code: 'ERR_BAD_OPTION', message: /takes an object/ })
  await t.rejects(begin({ slot: 16384, to }), { code: 'ERR_BAD_OPTION' })
  await t.rejects(begin({ slot: SLOT, to: from }), { message: /served by node 0 already/ })
  const move = await cluster.beginMigration({ slot: SLOT, to })
  await t.rejects(move.moveKeys(['foo']), {
    code: 'ERR_BAD_OPTION',
    message: "key 'foo' is in slot 12182; only keys of slot 247 move here",
  })
  await t.rejects(move.moveKeys(-1), { code: 'ERR_BAD_OPTION' })
  await cluster.stop()
  await t.rejects(move.finish(), { code: 'ERR_STOPPED' })
  await move[Symbol.asyncDispose]()
})
