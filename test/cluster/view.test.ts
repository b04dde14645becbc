import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { newView, saveLater, setFlags, wakeBy } from '../../lib/cluster/view.ts'
import { defaultSettings } from './network.ts'

function emptyView() {
  return newView({
    identity: { id: 'm'.repeat(40), ip: '10.0.0.1', port: 1, busPort: 2 },
    settings: defaultSettings(),
    random: new Random('view'),
    now: 1000,
    facts: {
      replicationOffset: () => 0,
      countKeysInSlot: () => 0,
      countKeys: () => 0,
      masterLink: () => ({ connected: false, sinceMs: 0 }),
      sendBuffer: () => ({ allocated: 0, used: 0 }),
    },
  })
}

t.test(
  'a fresh view knows itself as a master without slots in a cluster that is down',
  async (t) => {
    const view = emptyView()
    t.same([...view.nodes], [view.myself])
    t.match(view.myself, { flags: 17, ip: '10.0.0.1', slotCount: 0 })
    t.match(view, { state: 'fail', size: 1, currentEpoch: 0, slotsAssigned: 0 })
  },
)

t.test('a synced save is not made a lazy one again', async (t) => {
  const view = emptyView()
  saveLater(view)
  t.equal(view.todo.save, 'lazily')
  saveLater(view, 'synced')
  saveLater(view)
  t.equal(view.todo.save, 'synced')
})

t.test('only a flag that changes is a change', async (t) => {
  const view = emptyView()
  const { version } = view
  setFlags(view, view.myself, 1)
  setFlags(view, view.myself, 0, 512)
  t.equal(view.version, version)
  setFlags(view, view.myself, 512)
  t.equal(view.version, version + 1)
})

t.test('of several wishes to be woken the earliest holds', async (t) => {
  const view = emptyView()
  const wakes = () =>
    view.effects.flatMap((effect) => (effect.type === 'wake' ? [effect.atMs] : []))
  wakeBy(view, 5000)
  wakeBy(view, 6000)
  t.same(wakes(), [5000])
  wakeBy(view, 3000)
  t.same(wakes(), [5000, 3000])
  view.now = 3000
  wakeBy(view, 6000)
  t.same(wakes(), [5000, 3000, 6000], 'a wish whose time has come is no more')
})
