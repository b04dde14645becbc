import t from 'tap'
import { streamIdOf } from '../../lib/base/stream-id.ts'
import { defaultEncodingLimits } from '../../lib/data/encoding-limit.ts'
import { StreamNode } from '../../lib/data/stream-node.ts'

const id = (ms: number, seq = 0) => streamIdOf(BigInt(ms), BigInt(seq))

t.test('entries share the fields of the first', async (t) => {
  const node = new StreamNode(id(1), ['f', 'g'])
  node.append(id(1), ['f', 'g'], ['1', '2'])
  node.append(id(2), ['f'], ['1'])
  node.append(id(3), ['g', 'f'], ['1', '2'])
  t.strictSame(
    node.entries.map(({ fields }) => fields === node.fields),
    [true, false, false],
  )
  t.equal(node.lastId, id(3))
})

t.test('its bytes are those of its listpack', async (t) => {
  // The entries that rdb/stream.test.ts has as a real server wrote them.
  const node = new StreamNode(id(1000, 1), ['f'])
  node.append(id(1000, 1), ['f'], ['v'])
  node.append(id(1000, 2), ['f'], ['v2'])
  node.append(id(1001), ['g'], ['v3'])
  t.equal(node.bytes, 0x3b)
  node.delete(1)
  t.equal(node.bytes, 0x3b)
})

t.test('a deleted entry keeps its place', async (t) => {
  const node = new StreamNode(id(1), ['f'])
  for (const ms of [1, 3, 5]) node.append(id(ms), ['f'], ['v'])
  t.equal(node.find(id(3))?.id, id(3))
  t.equal(node.find(id(4)), undefined)
  t.equal(node.delete(node.indexFrom(id(2))), true)
  t.equal(node.delete(1), false)
  t.equal(node.delete(9), false)
  t.equal(node.find(id(3)), undefined)
  t.equal(node.live, 2)
  t.equal(node.entries.length, 3)
})

t.test('it is full by entries, deleted ones too, or by bytes', async (t) => {
  const limits = defaultEncodingLimits()
  limits.streamNodeMaxEntries = 2
  const node = new StreamNode(id(1), ['f'])
  node.append(id(1), ['f'], ['v'])
  t.equal(node.hasRoomFor(2, limits), true)
  node.append(id(2), ['f'], ['v'])
  node.delete(0)
  t.equal(node.hasRoomFor(2, limits), false)
  limits.streamNodeMaxEntries = 0
  t.equal(node.hasRoomFor(2, limits), true)
  limits.streamNodeMaxBytes = node.bytes + 3
  t.equal(node.hasRoomFor(2, limits), true)
  t.equal(node.hasRoomFor(3, limits), false)
  limits.streamNodeMaxBytes = 0
  t.equal(node.hasRoomFor(100_000, limits), true)
  t.equal(node.hasRoomFor(2 ** 30, limits), false)
})

t.test('a copy goes its own way', async (t) => {
  const node = new StreamNode(id(1), ['f'])
  node.append(id(1), ['f'], ['v'])
  const copy = node.copy()
  copy.append(id(2), ['f'], ['v'])
  copy.delete(0)
  t.equal(node.live, 1)
  t.equal(node.find(id(1))?.isDeleted, false)
  t.equal(copy.entries.length, 2)
})
