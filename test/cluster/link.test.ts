import t from 'tap'
import { Bot } from './bot.ts'
import { setStage } from './stage.ts'

t.test('a newer link from the same node replaces the older one', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).join()
  const older = machine.node(bot.id)!.inbound!
  const again = new Bot(stage, 1)
  again.header = bot.header
  again.ping()
  t.not(machine.node(bot.id)!.inbound, older)
  t.ok(stage.effectsOf('disconnect').some(({ link }) => link === older.id))
})

t.test('a link from a node is its own as soon as the node is known', async (t) => {
  const { stage, machine } = setStage()
  const teller = new Bot(stage, 1).join()
  const early = new Bot(stage, 2)
  early.ping()
  t.equal(machine.node(early.id), undefined)
  teller.ping([early.entry()])
  t.ok(machine.node(early.id)?.inbound)
})

t.test('what comes on a link that is gone is nothing', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).join()
  const { inbound } = machine.node(bot.id)!
  stage.step({ type: 'link-closed', link: inbound!.id })
  t.equal(machine.node(bot.id)!.inbound, undefined)
  t.same(bot.ping(), [])
  t.same(stage.step({ type: 'link-closed', link: 4711 }), [])
  t.same(stage.step({ type: 'link-opened', link: 4711 }), [])
})

t.test('a connection that failed is tried again with the next tick', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).join()
  stage.step({ type: 'link-closed', link: bot.linkFromMachine! })
  t.equal(machine.node(bot.id)!.outbound, undefined)
  for (let i = 0; i < 3; i++) {
    stage.run(100)
    const link = bot.linkFromMachine!
    t.notOk(machine.node(bot.id)!.outbound!.open)
    stage.step({ type: 'connect-failed', link })
    t.equal(machine.node(bot.id)!.outbound, undefined)
  }
  t.not(machine.node(bot.id)!.pingSentMs, 0, 'its silence is being timed')
})

t.test('ids of outbound links are never used twice', async (t) => {
  const { stage } = setStage()
  const bot = new Bot(stage, 1).join()
  for (let i = 0; i < 5; i++) {
    stage.step({ type: 'link-closed', link: bot.linkFromMachine! })
    stage.run(100)
  }
  const links = stage.effectsOf('connect').map(({ link }) => link)
  t.equal(new Set(links).size, links.length)
  t.ok(links.every((link) => link > 0))
})
