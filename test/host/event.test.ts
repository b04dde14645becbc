import t from 'tap'
import { type ClusterEvents, EventDesk } from '../../lib/host/event.ts'
import type { ClusterNode } from '../../lib/host/handle.ts'

/** A node that a test can end. */
type Mutable = Omit<ClusterNode, 'state'> & { state: ClusterNode['state'] }

/** A desk with three running nodes that see the cluster as ok, and what it has told. */
function desk() {
  const nodes = ['a', 'b', 'c'].map((id, index) => {
    return { id, index, state: 'running', clusterOk: true } as Mutable
  })
  const told: [keyof ClusterEvents, unknown][] = []
  const events = new EventDesk(nodes, (...event) => told.push(event))
  events.begin()
  const [a, b, c] = nodes as [Mutable, Mutable, Mutable]
  return { events, told: () => told.splice(0), a, b, c }
}

t.test('a failure is told once, and so is its end', async (t) => {
  const { events, told, a, b, c } = desk()
  events.take(b, { type: 'node-recovered', node: 'a' })
  t.same(told(), [], 'who has not failed cannot recover')
  events.take(b, { type: 'node-failed', node: 'a', epoch: 3 })
  events.take(c, { type: 'node-failed', node: 'a', epoch: 3 })
  t.strictSame(told(), [['node-failed', { node: a, by: b, epoch: 3 }]])
  events.take(c, { type: 'node-recovered', node: 'a' })
  events.take(b, { type: 'node-recovered', node: 'a' })
  t.strictSame(told(), [['node-recovered', { node: a, by: c }]])
  events.take(b, { type: 'node-failed', node: 'a', epoch: 4 })
  t.equal(told().length, 1, 'it failed once more')
  events.take(b, { type: 'node-failed', node: 'somebody else', epoch: 4 })
  t.same(told(), [], 'a node that has no handle')
})

t.test(
  'the cluster is ok when all running nodes say so, and no longer when one does not',
  async (t) => {
    const { events, told, a, b, c } = desk()
    events.take(b, { type: 'state', ok: true })
    t.same(told(), [], 'no news')
    events.take(b, { type: 'state', ok: false })
    events.take(c, { type: 'state', ok: false })
    t.strictSame(told(), [['state', { ok: false, node: b }]])
    events.take(b, { type: 'state', ok: true })
    t.same(told(), [])
    events.take(c, { type: 'state', ok: true })
    t.strictSame(told(), [['state', { ok: true, node: c }]])

    events.take(a, { type: 'state', ok: false })
    told()
    a.state = 'killed'
    events.ended(a)
    t.strictSame(told(), [['state', { ok: true, node: undefined }]], 'who is gone has no say')
    a.state = 'running'
    events.take(b, { type: 'state', ok: false })
    events.take(b, { type: 'state', ok: true })
    t.equal(told().length, 1, 'who has come back has to speak')
    events.take(a, { type: 'state', ok: true })
    t.strictSame(told(), [['state', { ok: true, node: a }]])
    for (const node of [a, b, c]) {
      node.state = 'killed'
      events.ended(node)
    }
    t.strictSame(told(), [['state', { ok: false, node: undefined }]], 'nobody is left')
  },
)

t.test('who sleeps has no say, and means when it wakes what it said before', async (t) => {
  const { events, told, a, b, c } = desk()
  const become = (state: ClusterNode['state'], ...nodes: Mutable[]) => {
    for (const node of nodes) {
      node.state = state
      events.pausedOrResumed(node)
    }
    return told()
  }
  t.same(become('paused', a), [])
  t.same(become('running', a), [], 'it said that the cluster is ok')
  events.take(b, { type: 'state', ok: false })
  t.equal(told().length, 1)
  t.strictSame(become('paused', b), [['state', { ok: true, node: undefined }]])
  t.strictSame(become('running', b), [['state', { ok: false, node: b }]])
  events.take(b, { type: 'state', ok: true })
  t.equal(told().length, 1)
  t.strictSame(become('paused', a, b, c), [['state', { ok: false, node: undefined }]])
  t.strictSame(become('running', a), [['state', { ok: true, node: a }]])
})

t.test('ids become handles, and what has none is undefined', async (t) => {
  const { events, told, a, b } = desk()
  const slots = [{ start: 1, end: 5 }]
  events.take(b, { type: 'failover', from: 'a', epoch: 5, reason: 'automatic', votes: 2 })
  events.take(b, { type: 'slot-moved', slots, from: 'a', to: 'b', epoch: 5, reason: 'failover' })
  events.take(b, {
    type: 'slot-moved',
    slots,
    from: 'b',
    to: undefined,
    epoch: 5,
    reason: 'operator',
  })
  events.take(b, { type: 'slot-moved', slots, from: 'x', to: 'b', epoch: 6, reason: 'migration' })
  events.take(a, { type: 'role', role: 'replica', master: 'b' })
  events.take(a, { type: 'role', role: 'master', master: undefined })
  t.strictSame(told(), [
    ['failover', { node: b, from: a, epoch: 5, reason: 'automatic', votes: 2 }],
    ['slot-moved', { slots, from: a, to: b, epoch: 5, reason: 'failover' }],
    ['slot-moved', { slots, from: b, to: undefined, epoch: 5, reason: 'operator' }],
    ['slot-moved', { slots, from: undefined, to: b, epoch: 6, reason: 'migration' }],
    ['role', { node: a, role: 'replica', master: b }],
    ['role', { node: a, role: 'master', master: undefined }],
  ])
})
