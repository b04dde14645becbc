import t from 'tap'
import { streamIdOf } from '../../lib/base/stream-id.ts'
import { type Consumer, ConsumerGroup } from '../../lib/data/stream-group.ts'

const id = (ms: number) => streamIdOf(BigInt(ms), 0n)

function given(group: ConsumerGroup, ms: number, consumer: Consumer): void {
  group.assign(id(ms), { consumer, deliveredAtMs: 5, deliveries: 1 }, consumer)
}

t.test('what pends has one owner', async (t) => {
  const group = new ConsumerGroup(id(0), 0)
  const [alice, bob] = [group.addConsumer('alice', 1), group.addConsumer('bob', 2)]
  given(group, 1, alice)
  given(group, 2, alice)
  const entry = group.pending.get(id(1))
  t.equal(alice.pending.get(id(1)), entry)
  if (entry !== undefined) group.assign(id(1), entry, bob)
  t.equal(entry?.consumer, bob)
  t.strictSame([alice.pending.size, bob.pending.size, group.pending.size], [1, 1, 2])
  t.equal(group.release(id(1)), true)
  t.equal(group.release(id(1)), false)
  t.strictSame([alice.pending.size, bob.pending.size, group.pending.size], [1, 0, 1])
  group.deleteConsumer(alice)
  t.strictSame([group.pending.size, group.consumers.size], [0, 1])
})

t.test('a copy goes its own way', async (t) => {
  const group = new ConsumerGroup(id(7), undefined)
  given(group, 1, group.addConsumer('alice', 3))
  const copy = group.copy()
  const pending = copy.pending.get(id(1))
  t.match(copy, { lastId: id(7), entriesRead: undefined })
  t.match(pending, { deliveredAtMs: 5, deliveries: 1 })
  t.equal(pending, copy.consumers.get('alice')?.pending.get(id(1)))
  t.equal(pending?.consumer, copy.consumers.get('alice'))
  t.equal(copy.consumers.get('alice')?.seenAtMs, 3)
  copy.release(id(1))
  t.equal(group.pending.size, 1)
})
