import { inspect } from 'node:util'
import t from 'tap'
import { Field, SharedMemory } from '../../lib/base/shared-layout.ts'
import type { ClusterNode } from '../../lib/host/handle.ts'
import { describeNode, NodeHandle, rangesOf } from '../../lib/host/node-handle.ts'
import { NodeRunner } from '../../lib/host/node-runner.ts'
import { bootFor, faultyPool } from '../support/test-threads.ts'

t.test('ranges of a slot view', async (t) => {
  const view = new Uint16Array(16384)
  t.strictSame(rangesOf(view, 1), [])
  view.fill(1, 0, 3)
  view[5] = 1
  view[16383] = 1
  view[6] = 2
  t.strictSame(rangesOf(view, 1), [
    { start: 0, end: 2 },
    { start: 5, end: 5 },
    { start: 16383, end: 16383 },
  ])
  t.strictSame(rangesOf(view, 2), [{ start: 6, end: 6 }])
  t.strictSame(rangesOf(new Uint16Array(16384).fill(3), 3), [{ start: 0, end: 16383 }])
})

t.test('a handle says what the node has written, as it changes', async (t) => {
  const shared = new SharedMemory(2)
  const pool = faultyPool(t)
  const nodes: ClusterNode[] = []
  for (const index of [0, 1]) {
    const [{ port, control, ...boot }, host] = bootFor(index)
    control.close()
    host.close()
    const template = { ...boot, shared: shared.buffer, capacity: 2 }
    const listener = { ended() {}, log() {}, told() {} }
    const runner = new NodeRunner(template, { pool, shared, listener, port: 7000 + index })
    nodes.push(new NodeHandle(runner, { shared, nodes, host: '10.0.0.1' }))
  }
  const [master, replica] = nodes as [ClusterNode, ClusterNode]
  shared.setId(0, 'a'.repeat(40))
  shared.set(0, Field.role, 1)
  shared.set(1, Field.role, 2)
  shared.set(1, Field.master, 1)
  shared.slotView(0).fill(1, 0, 100)
  t.match(master, { index: 0, id: 'a'.repeat(40), host: '10.0.0.1', port: 7000, state: 'stopped' })
  t.match(master, { role: 'master', master: undefined, slots: [{ start: 0, end: 99 }] })
  t.match(replica, { role: 'replica', master, slots: [], inSync: false })
  const fields: [keyof typeof Field, keyof ClusterNode][] = [
    ['knownNodes', 'knownNodes'],
    ['failing', 'failing'],
    ['slotsAssigned', 'slotsAssigned'],
    ['configEpoch', 'configEpoch'],
    ['currentEpoch', 'currentEpoch'],
  ]
  for (const [field, name] of fields) {
    shared.set(1, Field[field], 7)
    t.equal(replica[name], 7, name)
  }
  shared.set(1, Field.stateOk, 1)
  shared.set(1, Field.linksOut, 1)
  shared.set(1, Field.linksIn, 2)
  shared.set(1, Field.replicationUp, 1)
  t.match(replica, { clusterOk: true, links: { to: 1, from: 2 }, inSync: true })
  t.strictSame(JSON.parse(JSON.stringify(replica)).master, 'a'.repeat(40))
  t.match(inspect(replica), /role: 'replica'/)
  t.equal(
    describeNode(replica),
    'node 1 10.0.0.1:7001 stopped: replica of 0, in sync; cluster ok, knows 7 nodes, 7 failing, ' +
      'links 1 out 2 in, 7 slots assigned, epoch 7 of 7',
  )
  t.match(
    describeNode(master),
    /^node 0 10\.0\.0\.1:7000 stopped: master, slots 0-99; cluster fail/,
  )
  shared.set(1, Field.role, 1)
  t.equal(replica.master, undefined, 'a master replicates nobody')
})
