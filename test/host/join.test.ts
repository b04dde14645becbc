import t from 'tap'
import type { ClusterNode } from '../../lib/host/handle.ts'
import { join, rejoinAsMaster } from '../../lib/host/join.ts'
import { FakeContext } from '../support/fake-context.ts'

/** Two nodes that are linked and know each other's roles. */
function scene() {
  const fake = new FakeContext(2)
  for (const node of fake.nodes) Object.assign(node, { links: { to: 1, from: 1 }, busPort: 17_000 })
  const roles = fake.nodes.map(({ id }) => `${id} h:1@2 master - 0 0 1 connected\n`).join('')
  fake.answer = (_, argv) => (argv[1] === 'NODES' ? `$9\r\n${roles}\r\n` : '+OK\r\n')
  const [contact, node] = fake.nodes as [ClusterNode, (typeof fake.nodes)[number]]
  return { fake, contact, node }
}

t.test('a node meets one and is awaited by all', async (t) => {
  const { fake, contact, node } = scene()
  await join(fake.context, node, contact)
  t.strictSame(fake.commands, [
    '1: CLUSTER MEET h 7000 17000',
    '0: CLUSTER NODES',
    '1: CLUSTER NODES',
  ])
  node.links = { to: 0, from: 1 }
  await t.rejects(join(fake.context, node, contact), { message: 'it does not hold' })
  Object.assign(node, { links: { to: 0, from: 0 }, knownNodes: 1 })
  await t.rejects(join(fake.context, node, contact), { message: 'it does not hold' })
  node.state = 'killed'
  await t.rejects(join(fake.context, node, contact), { code: 'ERR_NODE_STATE' })
})

t.test('a replica that shall be a master forgets, and meets the others anew', async (t) => {
  const { fake, node } = scene()
  await rejoinAsMaster(fake.context, node)
  t.strictSame(fake.commands.slice(0, 2), ['1: CLUSTER RESET SOFT', '1: CLUSTER MEET h 7000 17000'])
})
