import t from 'tap'
import { Bot } from './bot.ts'
import { Network } from './network.ts'
import { setStage } from './stage.ts'

t.test('of two masters with one epoch the one with the smaller id takes a new one', async (t) => {
  const { stage, machine } = setStage({ id: '0'.repeat(40) })
  const bot = new Bot(stage, 1).join()
  t.equal(machine.record().configEpoch, 1)
  t.equal(machine.record().currentEpoch, 1)
  t.ok(stage.logged(`WARNING: configEpoch collision with node ${bot.id}. configEpoch set to 1`))
  t.ok(stage.effectsOf('save').some(({ sync }) => sync))
})

t.test('the one with the greater id never moves', async (t) => {
  const { stage, machine } = setStage({ id: 'z'.repeat(40) })
  new Bot(stage, 1).join().ping()
  t.equal(machine.record().configEpoch, 0)
})

t.test('a replica does not collide', async (t) => {
  const { stage, machine } = setStage({ id: 'z'.repeat(40) })
  const [master, other] = [1, 2].map((i) => new Bot(stage, i).join()) as [Bot, Bot]
  machine.replicate(master.id)
  other.claim(0, []).ping()
  t.equal(machine.record().configEpoch, 0)
})

t.test('fresh nodes give themselves distinct epochs', async (t) => {
  const network = new Network('epochs')
  const nodes = network.addMany(5)
  for (const node of nodes.slice(1)) network.meet(nodes[0]!, node)
  const epochs = () => nodes.map((node) => node.machine.record().configEpoch)
  network.until('distinct epochs', () => new Set(epochs()).size === 5)
  network.run(5000)
  t.equal(new Set(epochs()).size, 5)
  for (const node of nodes) {
    t.equal(node.machine.record().currentEpoch, Math.max(...epochs()))
  }
})

t.test(
  'a header raises our currentEpoch, never lowers it; configEpochs do not raise it',
  async (t) => {
    const { stage, machine } = setStage()
    const bot = new Bot(stage, 1).join()
    bot.header = { ...bot.header, currentEpoch: 7, configEpoch: 9 }
    bot.ping()
    t.equal(machine.record().currentEpoch, 7)
    t.equal(machine.node(bot.id)!.configEpoch, 9)
    bot.header = { ...bot.header, currentEpoch: 2, configEpoch: 3 }
    bot.ping()
    t.equal(machine.record().currentEpoch, 7)
    t.equal(machine.node(bot.id)!.configEpoch, 9)
  },
)

t.test('BUMPEPOCH takes the next epoch unless ours is the greatest', async (t) => {
  const { stage, machine } = setStage()
  t.equal(machine.bumpEpoch(), 'BUMPED 1')
  t.equal(machine.bumpEpoch(), 'STILL 1')
  const bot = new Bot(stage, 1).claim(5, []).join()
  bot.ping()
  t.equal(machine.bumpEpoch(), 'BUMPED 6')
  t.equal(machine.bumpEpoch(), 'STILL 6')
})

t.test('SET-CONFIG-EPOCH is for a node that is alone and has none', async (t) => {
  const { stage, machine } = setStage()
  machine.setConfigEpoch(0)
  machine.setConfigEpoch(4)
  t.match(machine.record(), { configEpoch: 4, currentEpoch: 4 })
  t.throws(() => machine.setConfigEpoch(5), {
    message: 'ERR Node config epoch is already non-zero',
  })
  new Bot(stage, 1).join()
  t.throws(() => machine.setConfigEpoch(5), {
    message:
      'ERR The user can assign a config epoch only when the node does not know any other node.',
  })
})
