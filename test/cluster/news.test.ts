import t from 'tap'
import type { NodeEvent } from '../../lib/control/event.ts'
import { agree, formCluster, Network, type SimulatedNode } from './network.ts'
import { setStage } from './stage.ts'

function eventsOf(node: SimulatedNode): NodeEvent[] {
  return node.effects.flatMap((effect) => (effect.type === 'event' ? [effect.event] : []))
}

/** A formed cluster whose nodes have told nothing yet. */
function quiet(seed: string, masters = 3, replicas = 1) {
  const network = new Network(seed, { failureDetection: 'instant' })
  const nodes = formCluster(network, masters, replicas)
  network.run(5000)
  for (const node of nodes) node.effects.length = 0
  return { network, nodes }
}

t.test('a killed master: who found the majority, who won and with what, who forgave', async (t) => {
  const { network, nodes } = quiet('killed')
  const [dead, heir] = [nodes[0]!, nodes[3]!]
  network.kill(dead)
  network.until('all agree', () => heir.machine.role === 'master' && agree(nodes))
  const epoch = heir.machine.record().configEpoch
  const failures = nodes.flatMap(eventsOf).filter(({ type }) => type === 'node-failed')
  t.ok(failures.length > 0)
  t.same(failures[0], { type: 'node-failed', node: dead.id, epoch: epoch - 1 })
  const slots = [{ start: 0, end: 5460 }]
  t.match(
    eventsOf(heir).filter(({ type }) => type !== 'node-failed'),
    [
      { type: 'failover', from: dead.id, epoch, reason: 'automatic', votes: 2 },
      { type: 'role', role: 'master', master: undefined },
      { type: 'slot-moved', slots, from: dead.id, to: heir.id, reason: 'failover', epoch },
    ],
  )
  network.restart(dead)
  network.until('it is back', () => agree(nodes) && nodes[1]!.flags(dead) === 'slave')
  t.same(eventsOf(dead), [{ type: 'role', role: 'replica', master: heir.id }])
  t.ok(nodes.flatMap(eventsOf).some(({ type }) => type === 'node-recovered'))
  t.equal(eventsOf(nodes[1]!).filter(({ type }) => type === 'slot-moved').length, 0)
})

t.test('an operator who fails over: why', async (t) => {
  for (const reason of ['graceful', 'force', 'takeover'] as const) {
    const { network, nodes } = quiet(reason)
    const [master, replica] = [nodes[0]!, nodes[3]!]
    network.tell(replica, (machine) => machine.failover(reason))
    network.until('done', () => agree(nodes) && replica.machine.role === 'master')
    const [event] = eventsOf(replica).filter(({ type }) => type === 'failover')
    t.match(event, { from: master.id, reason })
    t.equal(event?.type === 'failover' && event.votes > 0, reason !== 'takeover')
    t.same(eventsOf(master), [{ type: 'role', role: 'replica', master: replica.id }])
  }
})

t.test('slots that an operator moves are told by who gets them, in one event a step', async (t) => {
  const { network, nodes } = quiet('slots', 2, 0)
  const [source, target] = [nodes[0]!, nodes[1]!]
  network.tell(target, (machine) => machine.setSlotImporting(7, source.id))
  network.tell(target, (machine) => {
    for (const slot of [5, 6, 8]) machine.setSlotNode(slot, target.id)
    machine.setSlotNode(7, target.id)
    machine.setSlotNode(7, target.id)
  })
  network.run(1000)
  const from = source.id
  const to = target.id
  t.match(eventsOf(target), [
    {
      type: 'slot-moved',
      slots: [
        { start: 5, end: 6 },
        { start: 8, end: 8 },
      ],
      from,
      to,
      reason: 'operator',
    },
    { type: 'slot-moved', slots: [{ start: 7, end: 7 }], from, to, reason: 'migration' },
  ])
  t.same(eventsOf(source), [])
})

t.test('slots of nobody: taken, given back, and not told by others', async (t) => {
  const { stage, machine } = setStage()
  const told = () => {
    stage.effects.length = 0
    stage.effects.push(...machine.drain())
    return stage.effectsOf('event').map(({ event }) => event)
  }
  machine.addSlots([1, 2, 9])
  const { myId } = machine
  const added = [
    { start: 1, end: 2 },
    { start: 9, end: 9 },
  ]
  t.match(told(), [{ slots: added, from: undefined, to: myId, reason: 'operator' }])
  machine.deleteSlots([2])
  t.match(told(), [{ slots: [{ start: 2, end: 2 }], from: myId, to: undefined }])
  machine.flushSlots()
  t.match(told(), [
    {
      slots: [
        { start: 1, end: 1 },
        { start: 9, end: 9 },
      ],
      from: myId,
    },
  ])
  machine.addSlots([3])
  told()
  machine.reset('hard')
  t.match(told(), [{ slots: [{ start: 3, end: 3 }], from: myId, to: undefined }])
})
