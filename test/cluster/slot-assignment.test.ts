import t from 'tap'
import { SLOT_COUNT } from '../../lib/base/crc16.ts'
import { Random } from '../../lib/base/random.ts'
import { NodeFlag } from '../../lib/bus/message.ts'
import { type ClusterNode, newNode } from '../../lib/cluster/cluster-node.ts'
import { becomeReplicaOf } from '../../lib/cluster/role.ts'
import { settle } from '../../lib/cluster/settle.ts'
import {
  assignmentsOf,
  assignRanges,
  assignSlot,
  moveSlots,
  slotRangesOf,
  slotsNow,
  slotWordsOf,
  unassignAll,
  unassignSlot,
} from '../../lib/cluster/slot-assignment.ts'
import {
  emptyBitmap,
  rangesOf,
  type SlotRange,
  sameBitmap,
  setRange,
  slotsOf,
} from '../../lib/cluster/slot-bitmap.ts'
import { newView } from '../../lib/cluster/view.ts'
import { defaultSettings } from './network.ts'

function emptyView() {
  return newView({
    identity: { id: 'm'.repeat(40), ip: '', port: 1, busPort: 2 },
    settings: defaultSettings(),
    random: new Random('slots'),
    now: 0,
    facts: {
      replicationOffset: () => 0,
      countKeysInSlot: () => 0,
      countKeys: () => 0,
      masterLink: () => ({ connected: false, sinceMs: 0 }),
      sendBuffer: () => ({ allocated: 0, used: 0 }),
    },
  })
}

const ALL_SLOTS = Array.from({ length: SLOT_COUNT }, (_, slot) => slot)

t.test('table, bitmaps and counts agree after any assignments', async (t) => {
  const seed = process.env.SEED ?? '1'
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  const view = emptyView()
  const nodes = [view.myself, ...['a', 'b'].map((id) => newNode(id, NodeFlag.master, 0))]
  for (const node of nodes.slice(1)) view.nodes.add(node)
  const taken: { readonly slots: Uint8Array; readonly copy: Uint8Array }[] = []
  for (let i = 0; i < 3000; i++) {
    if (random.below(20) === 0) {
      const slots = slotsNow(random.pick(nodes))
      taken.push({ slots, copy: slots.slice() })
    }
    const asked = random.pick(nodes)
    if (!sameRanges(slotRangesOf(asked), rangesOf(asked.slots))) t.fail('the runs of other slots')
    const slot = random.below(200)
    if (random.below(3) === 0) unassignSlot(view, slot)
    else if (random.below(3) > 0) assignSlot(view, random.pick(nodes), slot)
    else {
      const ranges = [slot, random.below(200)].map(
        (start) => [start, start + random.below(20)] as const,
      )
      assignRanges(view, random.pick(nodes), ranges)
    }
    if (random.below(500) === 0) unassignAll(view, random.pick(nodes))
    if (random.below(50) === 0) {
      const slots = emptyBitmap()
      for (let j = 0; j < 5; j++) setRange(slots, [slot + j * 9, slot + j * 9 + random.below(9)])
      const receiver = random.below(4) === 0 ? undefined : random.pick(nodes)
      moveSlots(view, slots, receiver)
      if (slotsOf(slots).some((moved) => view.owners.of(moved) !== receiver))
        t.fail('not all moved')
    }
  }
  for (const node of nodes) {
    const owned = ALL_SLOTS.filter((slot) => view.owners.of(slot) === node)
    t.same(slotsOf(node.slots), owned)
    t.equal(node.slotCount, owned.length)
    t.same(slotRangesOf(node), rangesOf(node.slots))
  }
  t.ok(
    taken.every(({ slots, copy }) => sameBitmap(slots, copy)),
    'what was taken did not change',
  )
  const told = assignmentsOf(view).flatMap(({ owner, ranges }) =>
    ranges.flatMap(([start, end]) =>
      ALL_SLOTS.slice(start, end + 1).map((slot) => [view.owners.of(slot)?.id, owner]),
    ),
  )
  t.equal(told.length, view.slotsAssigned)
  t.ok(told.every(([id, owner]) => id === owner))
  const total = nodes.reduce((sum, node) => sum + node.slotCount, 0)
  t.equal(view.slotsAssigned, total)
})

t.test('a slot that is taken stays with its owner', async (t) => {
  const view = emptyView()
  const node = newNode('a', NodeFlag.master, 0)
  assignSlot(view, view.myself, 5)
  assignSlot(view, node, 5)
  t.equal(view.owners.of(5), view.myself)
  t.equal(unassignSlot(view, 5), view.myself)
  t.equal(unassignSlot(view, 5), undefined)
})

t.test('of ranges that overlap the first owner keeps what he has', async (t) => {
  const view = emptyView()
  const node = newNode('a', NodeFlag.master, 0)
  view.nodes.add(node)
  assignRanges(view, view.myself, [
    [0, 99],
    [50, 149],
    [120, 110],
  ])
  t.equal(view.myself.slotCount, 150)
  assignRanges(view, node, [[100, 199]])
  t.same(assignmentsOf(view), [
    { owner: view.myself.id, ranges: [[0, 149]], slotCount: 150 },
    { owner: 'a', ranges: [[150, 199]], slotCount: 50 },
  ])
  t.equal(view.slotsAssigned, 200)
})

t.test('a master that gets its first slot is to have replicas if others have some', async (t) => {
  const view = emptyView()
  const [rich, poor] = ['a', 'b'].map((id) => newNode(id, NodeFlag.master, 0))
  view.nodes.add(rich!)
  view.nodes.add(poor!)
  assignSlot(view, poor!, 1)
  t.equal(poor!.flags & NodeFlag.migrateTo, 0)
  rich!.replicas.push(newNode('c', NodeFlag.slave, 0))
  assignSlot(view, poor!, 2)
  t.equal(poor!.flags & NodeFlag.migrateTo, 0, 'not its first')
  assignSlot(view, view.myself, 3)
  t.equal(view.myself.flags & NodeFlag.migrateTo, NodeFlag.migrateTo)
})

t.test('a slot that our shard loses closes its channels', async (t) => {
  const view = emptyView()
  const [master, other] = ['a', 'b'].map((id) => newNode(id, NodeFlag.master, 0)) as [
    ClusterNode,
    ClusterNode,
  ]
  for (const node of [master, other]) view.nodes.add(node)
  assignRanges(view, view.myself, [[1, 2]])
  assignSlot(view, other, 3)
  for (const slot of [2, 3, 4]) unassignSlot(view, slot)
  t.same(view.todo.closedSlots, [[2, 2]])
  unassignSlot(view, 1)
  becomeReplicaOf(view, master)
  assignSlot(view, master, 5)
  assignSlot(view, other, 6)
  for (const slot of [5, 6]) unassignSlot(view, slot)
  t.same(
    settle(view).find(({ type }) => type === 'close-channels'),
    {
      type: 'close-channels',
      slots: [
        [2, 2],
        [1, 1],
        [5, 5],
      ],
    },
  )
  t.same(view.todo.closedSlots, [])
})

t.test('runs and words are the same until slots change', async (t) => {
  const view = emptyView()
  const { myself } = view
  t.same(slotRangesOf(myself), [])
  t.equal(slotWordsOf(myself), '')
  assignRanges(view, myself, [
    [0, 0],
    [5, 9],
  ])
  const ranges = slotRangesOf(myself)
  t.equal(slotWordsOf(myself), '0 5-9')
  slotsNow(myself)
  assignSlot(view, myself, 7)
  t.equal(slotRangesOf(myself), ranges)
  unassignSlot(view, 7)
  t.equal(slotWordsOf(myself), '0 5-6 8-9')
  t.same(slotRangesOf(myself), rangesOf(myself.slots))
  t.same(ranges, [
    [0, 0],
    [5, 9],
  ])
})

function sameRanges(one: readonly SlotRange[], other: readonly SlotRange[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
