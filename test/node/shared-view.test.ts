/** A node's page of the shared memory: written when something visible changed, announced once. */
import t from 'tap'
import { SLOT_COUNT } from '../../lib/base/crc16.ts'
import { Field, FOREIGN_OWNER, NO_OWNER, SharedMemory } from '../../lib/base/shared-layout.ts'
import type { ClusterRecord } from '../../lib/cluster/record.ts'
import { SharedView } from '../../lib/node/shared-view.ts'

const id = (digit: number) => String(digit).repeat(40)

/** Three nodes of this memory, of which the last has never been there. */
function stage() {
  const shared = new SharedMemory(3)
  for (const index of [0, 1, 2]) shared.setId(index, id(index))
  shared.set(0, Field.life, 2)
  shared.set(1, Field.life, 3)
  const view = new SharedView(shared, 1)
  /** How often the node has announced since the last call. */
  let heard = 0
  const announced = () => {
    view.announce()
    const version = shared.get(1, Field.version)
    const times = version - heard
    heard = version
    return times
  }
  return { shared, view, announced }
}

const record: ClusterRecord = {
  id: id(1),
  role: 'replica',
  masterId: id(0),
  stateOk: true,
  knownNodes: 4,
  linksOut: 3,
  linksIn: 2,
  failing: 3,
  failed: 1,
  currentEpoch: 9,
  configEpoch: 7,
  slotsAssigned: SLOT_COUNT,
}

t.test('slots are those of nodes of this memory, of strangers, or of nobody', async (t) => {
  const { shared, view, announced } = stage()
  const owners = [id(0), id(1), id(2), 'f'.repeat(40)]
  view.publishSlots(
    owners.map((owner, slot) => ({
      owner,
      ranges: [
        [slot, slot],
        [10 * slot + 10, 10 * slot + 11],
      ],
      slotCount: 3,
    })),
  )
  t.same([...shared.slotView(1).subarray(0, 6)], [1, 2, FOREIGN_OWNER, FOREIGN_OWNER, 0, 0])
  t.same([...shared.slotView(1).subarray(19, 23)], [0, 2, 2, 0])
  t.equal(view.mine, 2)
  t.equal(view.slots[1], view.mine)
  t.equal(shared.get(1, Field.slotsAssigned), 12)
  t.equal(
    shared.slotView(0).some((owner) => owner !== NO_OWNER),
    false,
    'others see what they see',
  )
  t.equal(announced(), 1)
  view.publishSlots([])
  t.equal(
    shared.slotView(1).every((owner) => owner === NO_OWNER),
    true,
  )
  t.equal(shared.get(1, Field.slotsAssigned), 0)
  t.equal(announced(), 1, 'who counts no more or fewer may still own others')
})

t.test('slots that change hands, and what stays where it was', async (t) => {
  const { shared, view } = stage()
  const first = {
    owner: id(0),
    ranges: [
      [0, 1],
      [4, 5],
    ] as const,
    slotCount: 4,
  }
  const second = { owner: id(1), ranges: [[2, 3]] as const, slotCount: 2 }
  const table = () => [...shared.slotView(1).subarray(0, 7)]
  view.publishSlots([first, second])
  t.same(table(), [1, 1, 2, 2, 1, 1, 0])
  view.publishSlots([
    {
      ...first,
      ranges: [
        [0, 0],
        [5, 5],
      ],
      slotCount: 2,
    },
    second,
  ])
  t.same(table(), [1, 0, 2, 2, 0, 1, 0], 'given up')
  view.publishSlots([{ ...second, ranges: [[0, 5]], slotCount: 6 }])
  t.same(table(), [2, 2, 2, 2, 2, 2, 0], 'taken')
  t.equal(shared.get(1, Field.slotsAssigned), 6)
  view.publishSlots([first, second])
  t.same(table(), [1, 1, 2, 2, 1, 1, 0], 'and back')
  shared.setId(0, 'e'.repeat(40))
  view.publishSlots([first, second])
  t.same(
    table(),
    [FOREIGN_OWNER, FOREIGN_OWNER, 2, 2, FOREIGN_OWNER, FOREIGN_OWNER, 0],
    'the owner is another node now',
  )
  const heir = new SharedView(shared, 1)
  heir.publishSlots([second])
  t.same(table(), [0, 0, 2, 2, 0, 0, 0], 'nothing of a former life is left')
})

t.test('the record', async (t) => {
  const { shared, view } = stage()
  view.publishRecord(record)
  const get = (name: keyof typeof Field) => shared.get(1, Field[name])
  t.same(
    (['role', 'master', 'stateOk', 'knownNodes', 'linksOut', 'linksIn'] as const).map(get),
    [2, 1, 1, 4, 3, 2],
  )
  t.same([get('failing'), get('failed')], [3, 1])
  t.same([get('currentEpoch'), get('configEpoch')], [9, 7])
  view.publishRecord({ ...record, role: 'master', masterId: undefined, stateOk: false })
  t.same([get('role'), get('master'), get('stateOk')], [1, 0, 0])
  view.publishRecord({ ...record, masterId: 'f'.repeat(40) })
  t.equal(get('master'), 0, 'a stranger has no index')
})

t.test('what changed is announced once, what did not is not', async (t) => {
  const { shared, view, announced } = stage()
  t.equal(announced(), 0)
  view.publishRecord(record)
  view.publishReplication(true)
  view.publishAddress(7000, 17000)
  view.publishLife(2)
  t.equal(announced(), 1)
  t.equal(announced(), 0)
  view.publishRecord(record)
  view.publishReplication(true)
  view.publishAddress(7000, 17000)
  view.publishLife(2)
  t.equal(announced(), 0, 'all that is known')
  view.publishRecord({ ...record, linksIn: 3 })
  t.equal(announced(), 1)
  view.publishReplication(false)
  t.equal(announced(), 1)
  view.publishOffset(1e15)
  t.equal(shared.replicationOffset(1), 1e15)
  t.equal(announced(), 0, 'offsets move all the time')
})

t.test('a new id is news', async (t) => {
  const { shared, view, announced } = stage()
  view.publishRecord(record)
  announced()
  view.publishRecord({ ...record, id: id(8) })
  t.equal(shared.id(1), id(8))
  t.equal(announced(), 1)
})

t.test('a node has settled when it is linked with all, well, and in sync', async (t) => {
  const { view } = stage()
  const settled = (change: Partial<ClusterRecord>, isInSync = true) => {
    view.publishRecord({ ...record, linksIn: 3, ...change })
    view.publishReplication(isInSync)
    return view.isSettled
  }
  t.ok(settled({}))
  t.notOk(settled({}, false))
  t.ok(settled({ role: 'master', masterId: undefined }, false))
  t.notOk(settled({ stateOk: false }))
  t.notOk(settled({ linksIn: 2 }))
  t.notOk(settled({ linksOut: 2 }))
  t.notOk(settled({ knownNodes: 5 }))
})
