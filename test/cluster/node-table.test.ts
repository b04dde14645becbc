import t from 'tap'
import { AssertionError } from '../../lib/base/assert.ts'
import { Random } from '../../lib/base/random.ts'
import { newNode } from '../../lib/cluster/cluster-node.ts'
import { NodeTable } from '../../lib/cluster/node-table.ts'

t.test('nodes are found by id, in the order they came', async (t) => {
  const table = new NodeTable()
  const nodes = ['a', 'b', 'c'].map((id) => newNode(id, 1, 0))
  for (const node of nodes) table.add(node)
  t.equal(table.get('b'), nodes[1])
  t.same(
    [...table].map(({ id }) => id),
    ['a', 'b', 'c'],
  )
  table.remove(nodes[0]!)
  t.equal(table.size, 2)
  t.equal(table.get('a'), undefined)
})

t.test('a renamed node is found by its new id alone and keeps its place', async (t) => {
  const table = new NodeTable()
  const nodes = ['a', 'b'].map((id) => newNode(id, 1, 0))
  for (const node of nodes) table.add(node)
  table.rename(nodes[0]!, 'z')
  t.equal(table.get('a'), undefined)
  t.equal(table.get('z'), nodes[0])
  t.same(
    [...table].map(({ id }) => id),
    ['z', 'b'],
  )
})

t.test('an id is there once', async (t) => {
  const table = new NodeTable()
  const node = newNode('a', 1, 0)
  table.add(node)
  t.throws(() => table.add(newNode('a', 1, 0)), AssertionError)
  t.throws(() => table.remove(newNode('a', 1, 0)), AssertionError)
})

t.test('the table may change while a copy of it is walked; any node may be drawn', async (t) => {
  const table = new NodeTable()
  for (const id of ['a', 'b', 'c']) table.add(newNode(id, 1, 0))
  for (const node of table.all()) table.remove(node)
  t.equal(table.size, 0)
  for (const id of ['a', 'b', 'c']) table.add(newNode(id, 1, 0))
  const random = new Random('pick')
  const drawn = new Set(Array.from({ length: 50 }, () => table.pick(random).id))
  t.equal(drawn.size, 3)
})
