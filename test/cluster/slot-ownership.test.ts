import t from 'tap'
import type { UpdateMessage } from '../../lib/bus/message.ts'
import { setSlot, slotsOf } from '../../lib/cluster/slot-bitmap.ts'
import { Bot } from './bot.ts'
import { range } from './network.ts'
import { setStage } from './stage.ts'

t.test('ADDSLOTS takes all slots or none', async (t) => {
  const { machine } = setStage()
  machine.addSlots([1, 2])
  t.throws(() => machine.addSlots([3, 2]), { message: 'ERR Slot 2 is already busy' })
  t.throws(() => machine.addSlots([3, 3]), { message: 'ERR Slot 3 specified multiple times' })
  t.equal(machine.ownerOf(3), undefined)
  t.equal(machine.ownerOf(1), machine.myId)
})

t.test('DELSLOTS gives up all slots or none, those of others too', async (t) => {
  const { stage, machine } = setStage()
  new Bot(stage, 1).claim(1, [7, 8]).join()
  machine.addSlots([1])
  t.throws(() => machine.deleteSlots([7, 5]), { message: 'ERR Slot 5 is already unassigned' })
  t.throws(() => machine.deleteSlots([7, 7]), { message: 'ERR Slot 7 specified multiple times' })
  machine.deleteSlots([1, 7])
  t.same(
    [1, 7, 8].map((slot) => machine.ownerOf(slot) !== undefined),
    [false, false, true],
  )
})

t.test('FLUSHSLOTS needs an empty database', async (t) => {
  const { machine, facts } = setStage()
  machine.addSlots(range(0, 9))
  facts.keys.set(3, 1)
  t.throws(() => machine.flushSlots(), {
    message: 'ERR DB must be empty to perform CLUSTER FLUSHSLOTS.',
  })
  facts.keys.clear()
  machine.flushSlots()
  t.equal(machine.record().slotsAssigned, 0)
})

t.test('ADDSLOTS ends an import and does not touch the epoch', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).join()
  machine.setSlotImporting(5, bot.id)
  machine.addSlots([5])
  t.notOk(machine.isImporting(5))
  t.equal(machine.record().configEpoch, 0)
})

t.test('a claim wins what nobody has, and what an owner with a smaller epoch has', async (t) => {
  const { stage, machine } = setStage()
  const [low, high] = [1, 2].map((i) => new Bot(stage, i).join()) as [Bot, Bot]
  low.claim(1, [10, 11]).ping()
  t.equal(machine.ownerOf(10), low.id)
  high.claim(1, [10]).ping()
  t.equal(machine.ownerOf(10), low.id, 'an equal epoch wins nothing')
  high.claim(2, [10]).ping()
  t.equal(machine.ownerOf(10), high.id)
  t.equal(machine.ownerOf(11), low.id)
})

t.test('an owner that stops claiming keeps the slot until somebody else claims it', async (t) => {
  const { stage, machine } = setStage()
  const [owner, other] = [1, 2].map((i) => new Bot(stage, i).join()) as [Bot, Bot]
  owner.claim(5, [10, 11]).ping()
  owner.claim(5, [11]).ping()
  t.equal(machine.ownerOf(10), owner.id)
  other.claim(1, [10]).ping()
  t.equal(machine.ownerOf(10), other.id, 'even with a smaller epoch')
})

t.test('a slot that is being imported is left alone', async (t) => {
  const { stage, machine } = setStage()
  const [source, thief] = [1, 2].map((i) => new Bot(stage, i).join()) as [Bot, Bot]
  source.claim(1, [10]).ping()
  machine.setSlotImporting(10, source.id)
  thief.claim(9, [10]).ping()
  t.equal(machine.ownerOf(10), source.id)
})

t.test('keys of a slot that is lost are deleted', async (t) => {
  const { stage, machine, facts } = setStage()
  machine.addSlots([1, 2, 3])
  stage.effects.push(...machine.drain())
  facts.keys.set(2, 4)
  new Bot(stage, 1).claim(3, [1, 2]).join()
  t.same(stage.effectsOf('drop-slots'), [{ type: 'drop-slots', slots: [2] }])
})

t.test('a master that loses its last slot follows the winner', async (t) => {
  const { stage, machine, facts } = setStage()
  machine.addSlots([1, 2])
  stage.effects.push(...machine.drain())
  facts.keys.set(2, 4)
  const bot = new Bot(stage, 1).claim(3, [1, 2, 3]).join()
  t.equal(machine.role, 'replica')
  t.same(stage.effectsOf('follow').at(-1)?.master, { id: bot.id, ip: '10.0.0.9', port: 8001 })
  t.ok(
    stage.logged(`Configuration change detected. Reconfiguring myself as a replica of ${bot.id}`),
  )
  t.same(stage.effectsOf('drop-slots'), [], 'replication replaces the data')
})

t.test('without replica migration it follows only who took over exactly its slots', async (t) => {
  for (const [slots, role] of [
    [[1, 2, 3], 'master'],
    [[1, 2], 'replica'],
  ] as const) {
    const { stage, machine } = setStage({ settings: { allowReplicaMigration: false } })
    machine.addSlots([1, 2])
    stage.effects.push(...machine.drain())
    new Bot(stage, 1).claim(3, slots).join()
    t.equal(machine.role, role)
  }
})

t.test('a replica whose master lost its last slot follows the winner', async (t) => {
  const { stage, machine } = setStage()
  const [master, winner] = [1, 2].map((i) => new Bot(stage, i).join()) as [Bot, Bot]
  master.claim(1, [1, 2]).ping()
  machine.replicate(master.id)
  stage.effects.push(...machine.drain())
  winner.claim(2, [1, 2]).ping()
  t.equal(machine.myself.master?.id, winner.id)
})

t.test('a master that turned replica loses its slots here', async (t) => {
  const { stage, machine } = setStage()
  const [a, b] = [1, 2].map((i) => new Bot(stage, i).join()) as [Bot, Bot]
  a.claim(1, [1, 2]).ping()
  a.replicate(b.id).ping()
  t.match(machine.describeNodes(), new RegExp(`${a.id} \\S+ slave ${b.id} `))
  t.equal(machine.record().slotsAssigned, 0)
})

t.test("in instant mode what it had is its master's at once", async (t) => {
  const all = Array.from({ length: 16_384 }, (_, slot) => slot)
  const { stage, machine } = setStage({ settings: { failureDetection: 'instant' } })
  const [a, b, c] = [1, 2, 3].map((i) => new Bot(stage, i).join()) as [Bot, Bot, Bot]
  a.claim(1, all.slice(1)).ping()
  c.claim(3, [0]).ping()
  machine.replicate(a.id)
  stage.effects.push(...machine.drain())
  stage.run(100)
  t.match(machine.describeInfo(), /cluster_state:ok/)
  // Its new master has all of it, and what another has with a greater epoch.
  a.claim(2, all).replicate(b.id, a.header.slots).ping()
  t.match(machine.describeInfo(), /cluster_state:ok/)
  t.notOk(stage.logged('Cluster state changed: fail'))
  t.match(machine.describeNodes(), new RegExp(`${b.id} .* 2 connected 1-16383\n`))
  t.match(machine.describeNodes(), new RegExp(`${c.id} .* 3 connected 0\n`))
  t.equal(machine.myself.master?.id, b.id)
})

t.test(
  'a master that turned replica leaves nobody what its new master is not known to have',
  async (t) => {
    const { stage, machine } = setStage({ settings: { failureDetection: 'instant' } })
    const [a, b] = [1, 2].map((i) => new Bot(stage, i).join()) as [Bot, Bot]
    a.claim(2, [1, 2, 3]).ping()
    b.claim(1, [3, 4])
    a.replicate(b.id, b.header.slots)
    // A word from before the epoch that we know it has.
    a.header = { ...a.header, configEpoch: 1 }
    a.ping()
    t.equal(machine.record().slotsAssigned, 0)
    b.ping()
    b.claim(3, [3, 4]).ping()
    t.equal(machine.record().slotsAssigned, 2)
    a.header = { ...a.header, masterId: undefined, flags: 1 }
    a.claim(4, [1, 2, 5]).ping()
    a.claim(5, [2, 3]).replicate(machine.myself.id, a.header.slots).ping()
    t.equal(machine.record().slotsAssigned, 2)
  },
)

t.test('a replica of a replica goes to the grandmaster', async (t) => {
  const { stage, machine } = setStage()
  const [master, grandmaster] = [1, 2].map((i) => new Bot(stage, i).join()) as [Bot, Bot]
  machine.replicate(master.id)
  stage.effects.push(...machine.drain())
  master.replicate(grandmaster.id).ping()
  grandmaster.claim(4, [1]).ping()
  t.equal(machine.myself.master?.id, grandmaster.id)
  t.ok(stage.logged("I'm a sub-replica! Reconfiguring myself as a replica of grandmaster"))
})

t.test('a stale claim is answered with one UPDATE about the owner', async (t) => {
  const { stage, machine } = setStage()
  const [owner, stale] = [1, 2].map((i) => new Bot(stage, i).join()) as [Bot, Bot]
  owner.claim(5, [10, 11, 12]).ping()
  owner.claim(5, [10, 11]).ping()
  stale.claim(3, [10, 11]).ping()
  const updates = stale.heard().filter(({ type }) => type === 'update') as UpdateMessage[]
  t.equal(updates.length, 1)
  t.match(updates[0], { node: owner.id, configEpoch: 5 })
  t.same(slotsOf(updates[0]!.slots), [10, 11], 'without the slots that it stopped to claim')
  t.equal(machine.ownerOf(10), owner.id)
  t.ok(
    stage.logged(
      `Node ${stale.id} has old slots configuration, sending an UPDATE message about ${owner.id}`,
    ),
  )
})

t.test('the stale claim of a master is told to its replica as well', async (t) => {
  const { stage } = setStage()
  const [owner, stale] = [1, 2].map((i) => new Bot(stage, i).join()) as [Bot, Bot]
  owner.claim(5, [10]).ping()
  const replica = new Bot(stage, 3).replicate(stale.id, stale.claim(3, [10]).header.slots).join()
  replica.ping()
  t.ok(replica.heard().some(({ type }) => type === 'update'))
})

t.test('an UPDATE with a greater epoch is obeyed, another is not', async (t) => {
  const { stage, machine } = setStage()
  const [teller, subject] = [1, 2].map((i) => new Bot(stage, i).join()) as [Bot, Bot]
  const slots = new Uint8Array(2048)
  setSlot(slots, 77)
  const update = (configEpoch: number, node = subject.id, by = teller) =>
    by.say({ type: 'update', header: by.header, node, configEpoch, slots })
  update(0)
  t.equal(machine.ownerOf(77), undefined)
  update(4, subject.id, new Bot(stage, 3))
  t.equal(machine.ownerOf(77), undefined, 'not from a stranger')
  update(4)
  t.equal(machine.ownerOf(77), subject.id)
  t.equal(machine.node(subject.id)!.configEpoch, 4)
})

t.test('an UPDATE makes its subject a master', async (t) => {
  const { stage, machine } = setStage()
  const teller = new Bot(stage, 1).join()
  const subject = new Bot(stage, 2).replicate(teller.id).join()
  subject.ping()
  t.equal(machine.node(subject.id)!.flags, 2)
  const slots = new Uint8Array(2048)
  setSlot(slots, 77)
  teller.say({ type: 'update', header: teller.header, node: subject.id, configEpoch: 4, slots })
  t.match(machine.node(subject.id), { flags: 1 | 256, master: undefined, slotCount: 1 })
})

t.test('an UPDATE about ourselves is discarded', async (t) => {
  const { stage, machine } = setStage()
  const teller = new Bot(stage, 1).join()
  const slots = new Uint8Array(2048)
  setSlot(slots, 77)
  teller.say({
    type: 'update',
    header: teller.header,
    node: machine.myId,
    configEpoch: 40,
    slots,
  })
  t.equal(machine.ownerOf(77), undefined)
  t.ok(stage.logged('Discarding UPDATE message about myself.'))
})

t.test('keys loaded into slots that are not ours are taken care of', async (t) => {
  const { stage, machine, facts } = setStage()
  const bot = new Bot(stage, 1).claim(1, [9]).join()
  facts.keys.set(8, 1).set(9, 1)
  stage.step({ type: 'data-loaded' })
  t.equal(machine.ownerOf(8), machine.myId)
  t.ok(machine.isImporting(9))
  t.match(machine.describeNodes(), `[9-<-${bot.id}]`)
  t.ok(stage.logged('I have keys for unassigned slot 8. Taking responsibility for it.'))
})
