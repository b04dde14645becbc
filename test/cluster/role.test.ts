import t from 'tap'
import { Bot } from './bot.ts'
import { setStage } from './stage.ts'

t.test('REPLICATE refuses what makes no sense', async (t) => {
  const { stage, machine, facts } = setStage()
  const bot = new Bot(stage, 1).join()
  const replica = new Bot(stage, 2).replicate(bot.id).join()
  replica.ping()
  t.throws(() => machine.replicate('zz'), { message: 'ERR Unknown node zz' })
  t.throws(() => machine.replicate(machine.myId), { message: "ERR Can't replicate myself" })
  t.throws(() => machine.replicate(replica.id), {
    message: 'ERR I can only replicate a master, not a replica.',
  })
  const occupied = {
    message: 'ERR To set a master the node must be empty and without assigned slots.',
  }
  facts.keys.set(1, 1)
  t.throws(() => machine.replicate(bot.id), occupied)
  facts.keys.clear()
  machine.addSlots([1])
  t.throws(() => machine.replicate(bot.id), occupied)
  machine.deleteSlots([1])
  machine.replicate(bot.id)
  t.equal(machine.role, 'replica')
})

t.test('a replica may change its master freely, keys or not', async (t) => {
  const { stage, machine, facts } = setStage()
  const [a, b] = [1, 2].map((i) => new Bot(stage, i).join()) as [Bot, Bot]
  machine.replicate(a.id)
  facts.keys.set(1, 1)
  machine.replicate(b.id)
  machine.replicate(b.id)
  stage.effects.push(...machine.drain())
  t.same(
    stage.effectsOf('follow').map(({ master }) => master?.id),
    [a.id, b.id, b.id],
    'the same master again means a new connection',
  )
  t.same(machine.node(a.id)!.replicas, [])
  t.equal(machine.node(b.id)!.replicas.length, 1)
  t.equal(machine.myShardId, b.id)
})

t.test('becoming a replica closes open slots', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).claim(1, [4]).join()
  machine.setSlotImporting(4, bot.id)
  machine.replicate(bot.id)
  t.notOk(machine.isImporting(4))
})

t.test('a master without address is followed once it has one', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).join()
  const message = { type: 'pong', gossip: [], extensions: [] } as const
  const header = { ...bot.header, sender: 'z'.repeat(40) }
  stage.step({ type: 'message', link: bot.linkFromMachine!, message: { ...message, header } })
  machine.replicate(bot.id)
  stage.effects.push(...machine.drain())
  stage.run(300)
  t.same(stage.effectsOf('follow'), [])
  bot.ping()
  stage.run(100)
  t.same(
    stage.effectsOf('follow').map(({ master }) => master),
    [{ id: bot.id, ip: '10.0.0.9', port: 8001 }],
  )
})
