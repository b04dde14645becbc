import t from 'tap'
import type { PingMessage } from '../../lib/bus/message.ts'
import { Bot } from './bot.ts'
import { agree, formCluster, Network } from './network.ts'
import { setStage } from './stage.ts'

function withPartner() {
  const set = setStage()
  const bot = new Bot(set.stage, 1).claim(5, [9]).join()
  const replica = new Bot(set.stage, 2).replicate(bot.id, bot.header.slots).join()
  replica.ping()
  set.machine.addSlots([1, 2])
  set.stage.effects.push(...set.machine.drain())
  return { ...set, bot, replica }
}

t.test('MIGRATING is for slots we own, to a master we know', async (t) => {
  const { machine, bot, replica } = withPartner()
  t.throws(() => machine.setSlotMigrating(9, 'zz'), {
    message: "ERR I'm not the owner of hash slot 9",
  })
  t.throws(() => machine.setSlotMigrating(1, 'zz'), { message: "ERR I don't know about node zz" })
  t.throws(() => machine.setSlotMigrating(1, replica.id), {
    message: 'ERR Target node is not a master',
  })
  machine.setSlotMigrating(1, bot.id)
  t.ok(machine.isMigrating(1))
  machine.setSlotMigrating(1, machine.myId)
  t.ok(machine.isMigrating(1), 'even to ourselves')
})

t.test('IMPORTING is for slots we do not own, from a master we know', async (t) => {
  const { machine, bot, replica } = withPartner()
  t.throws(() => machine.setSlotImporting(1, bot.id), {
    message: "ERR I'm already the owner of hash slot 1",
  })
  t.throws(() => machine.setSlotImporting(9, 'zz'), { message: "ERR I don't know about node zz" })
  t.throws(() => machine.setSlotImporting(9, replica.id), {
    message: 'ERR Target node is not a master',
  })
  machine.setSlotImporting(9, bot.id)
  t.ok(machine.isImporting(9))
})

t.test('STABLE ends both', async (t) => {
  const { machine, bot } = withPartner()
  machine.setSlotMigrating(1, bot.id)
  machine.setSlotImporting(9, bot.id)
  machine.setSlotStable(1)
  machine.setSlotStable(9)
  t.notOk(machine.hasOpenSlots)
})

t.test('NODE needs an empty slot to give it away', async (t) => {
  const { machine, bot, replica, facts } = withPartner()
  facts.keys.set(1, 3)
  t.throws(() => machine.setSlotNode(1, bot.id), {
    message:
      "ERR Can't assign hashslot 1 to a different node while I still hold keys for this hash slot.",
  })
  t.throws(() => machine.setSlotNode(1, 'zz'), { message: 'ERR Unknown node zz' })
  t.throws(() => machine.setSlotNode(1, replica.id), {
    message: 'ERR Target node is not a master',
  })
  machine.setSlotMigrating(1, bot.id)
  facts.keys.clear()
  machine.setSlotNode(1, bot.id)
  t.equal(machine.ownerOf(1), bot.id)
  t.notOk(machine.isMigrating(1))
})

t.test(
  'NODE of an imported slot to ourselves takes a greater epoch and tells all at once',
  async (t) => {
    const { stage, machine, bot } = withPartner()
    machine.setSlotImporting(9, bot.id)
    const heard = bot.heard().length
    machine.setSlotNode(9, machine.myId)
    stage.effects.push(...machine.drain())
    t.equal(machine.ownerOf(9), machine.myId)
    t.notOk(machine.isImporting(9))
    t.equal(machine.record().configEpoch, 6)
    t.ok(stage.logged('configEpoch updated after importing slot 9'))
    const told = bot.heard().slice(heard) as PingMessage[]
    t.same(
      told.map(({ type, header }) => [type, header.configEpoch]),
      [['pong', 6]],
    )
  },
)

t.test('giving away the last slot makes a replica, if replicas may migrate', async (t) => {
  for (const [allowReplicaMigration, role] of [
    [true, 'replica'],
    [false, 'master'],
  ] as const) {
    const { machine, bot, settings } = withPartner()
    settings.allowReplicaMigration = allowReplicaMigration
    machine.setSlotNode(1, bot.id)
    t.equal(machine.role, 'master')
    machine.setSlotNode(2, bot.id)
    t.equal(machine.role, role)
  }
})

t.test('a slot moves as redis-cli moves it, and all agree', async (t) => {
  for (const failureDetection of ['instant', 'timeout'] as const) {
    const network = new Network('move', { failureDetection })
    const nodes = formCluster(network, 3, 1)
    const [source, target, third] = nodes as [never, never, never]
    const [from, to] = [nodes[0]!, nodes[1]!]
    network.tell(target, (machine) => machine.setSlotImporting(7, from.id))
    network.tell(source, (machine) => machine.setSlotMigrating(7, to.id))
    for (const node of [target, source, third]) {
      network.tell(node, (machine) => machine.setSlotNode(7, to.id))
    }
    network.until('agreement', () => agree(nodes))
    for (const node of nodes) t.equal(node.machine.ownerOf(7), to.id)
  }
})
