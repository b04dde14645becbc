import t from 'tap'
import { EstrangementWatch, isOutcast } from '../../lib/host/estrangement.ts'
import { FakeContext } from '../support/fake-context.ts'
import { waitFor } from '../support/wait.ts'

/** Three nodes that know each other, and whether the watch of one that waits has had enough. */
function scene(patienceMs = 0) {
  const fake = new FakeContext(3)
  const { context } = fake
  const watch = new EstrangementWatch(context, patienceMs)
  const look = (): unknown => {
    try {
      watch.look('it did not happen')
    } catch (error) {
      return error
    }
    return undefined
  }
  return { fake, context, look, watch }
}

t.test('a node that knows too few for a while is named', async (t) => {
  const { fake, look } = scene()
  const [, stranger] = fake.nodes
  t.equal(look(), undefined)
  Object.assign(stranger ?? {}, { knownNodes: 2 })
  t.equal(look(), undefined, 'it may hear of the third yet')
  const error = await waitFor('the error', look, (seen) => seen !== undefined)
  t.match(error, {
    code: 'ERR_NODE_STATE',
    message: /^it did not happen: node 1 knows 2 of the 3 nodes that run; .*\nall of them$/s,
  })
})

t.test('one that hears of the others in time is not', async (t) => {
  const { fake, look, watch } = scene(60_000)
  const [node] = fake.nodes
  Object.assign(node ?? {}, { knownNodes: 1 })
  t.equal(look(), undefined)
  Object.assign(node ?? {}, { knownNodes: 3 })
  t.equal(look(), undefined)
  watch.stop()
})

t.test('nobody misses who is on the way, in or out', async (t) => {
  const { fake, context, look } = scene()
  const { nodes } = fake
  for (const node of nodes) node.knownNodes = 1
  context.joined.delete(nodes[0] as never)
  context.forgotten.add(nodes[1]?.id ?? '')
  for (let i = 0; i < 3; i++) {
    t.equal(look(), undefined)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
})

t.test('an outcast is alone among nodes that are not', async (t) => {
  const { fake } = scene()
  const { nodes } = fake
  const [one] = nodes as [(typeof nodes)[number]]
  t.notOk(isOutcast(one, nodes))
  one.knownNodes = 1
  t.ok(isOutcast(one, nodes))
  for (const node of nodes) node.knownNodes = 1
  t.notOk(isOutcast(one, nodes), 'all are blank')
})
