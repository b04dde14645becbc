import t from 'tap'
import {
  followAll,
  listeners,
  ownsForAll,
  rolesKnown,
  waitUntilTold,
} from '../../lib/host/agreement.ts'
import type { ClusterNode } from '../../lib/host/handle.ts'
import { FakeContext } from '../support/fake-context.ts'

t.test('who runs and hears a node counts, nobody else', async (t) => {
  const fake = new FakeContext(4)
  const { context, nodes } = fake
  const [owner, deaf, dead] = nodes as [ClusterNode, ClusterNode, (typeof nodes)[number]]
  fake.give(0, 5, 9)
  t.ok(ownsForAll(context, owner, [5, 9]))
  t.notOk(ownsForAll(context, owner, [5, 10]))
  context.shared.slotView(1)[5] = 3
  context.shared.slotView(2)[5] = 3
  t.notOk(ownsForAll(context, owner, [5]))
  fake.deaf.add('1<0')
  t.notOk(ownsForAll(context, owner, [5]))
  dead.state = 'killed'
  t.ok(ownsForAll(context, owner, [5]))
  t.strictSame(listeners(context, owner), [owner, nodes[3]])
  t.ok(listeners(context, deaf).includes(deaf))
})

t.test('replicas follow when they are in sync', async (t) => {
  const fake = new FakeContext(3)
  const { context, nodes } = fake
  const [master, replica, other] = nodes as [ClusterNode, (typeof nodes)[number], ClusterNode]
  t.notOk(followAll(context, master, [replica]))
  Object.assign(replica, { role: 'replica', master })
  t.notOk(followAll(context, master, [replica]))
  replica.inSync = true
  t.ok(followAll(context, master, [replica]))
  t.notOk(followAll(context, master, [replica, other]))
  fake.deaf.add('2<0')
  t.ok(followAll(context, master, [replica, other]))
})

t.test('roles are known when every CLUSTER NODES has them', async (t) => {
  const fake = new FakeContext(3)
  const [master, replica] = fake.nodes as [ClusterNode, (typeof fake.nodes)[number]]
  Object.assign(replica, { role: 'replica', master })
  const line = (flags: string, of: string) => `${replica.id} h:1@2 ${flags} ${of} 0 0 1 connected`
  const looks = [
    'others h:1@2 master - 0 0 1 connected',
    line('handshake', '-'),
    line('master', '-'),
    line('slave,fail', master.id),
    line('slave', 'x'.repeat(40)),
    line('slave', master.id),
  ]
  let look = 0
  fake.answer = ({ index }) => {
    const text = index === 2 ? looks[look++] : looks.at(-1)
    return `$9\r\n${text}\n\r\n`
  }
  await rolesKnown(fake.context, [replica])
  t.equal(look, looks.length)
})

t.test('who ends meanwhile is not waited for', async (t) => {
  const fake = new FakeContext(1)
  const [node] = fake.nodes as [(typeof fake.nodes)[number]]
  fake.answer = () => {
    if (fake.commands.length > 2) node.state = 'killed'
    return '$0\r\n\r\n'
  }
  await waitUntilTold(fake.context, [node], () => false)
  t.equal(fake.commands.length, 3)
})
