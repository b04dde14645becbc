import t from 'tap'
import { Bot } from './bot.ts'
import { setStage } from './stage.ts'

t.test('a forgotten node is not brought back by gossip for a minute, then it is', async (t) => {
  const { stage, machine } = setStage()
  const known = new Bot(stage, 1).join()
  const other = new Bot(stage, 2).join()
  machine.forget(other.id)
  stage.effects.push(...machine.drain())
  t.equal(machine.node(other.id), undefined)
  stage.now += 59_000
  known.ping([other.entry()])
  t.equal(machine.node(other.id), undefined)
  stage.now += 1100
  known.ping([other.entry()])
  t.match(machine.node(other.id), { id: other.id })
})

t.test('a forgotten node may come back by MEET at once', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).join()
  machine.forget(bot.id)
  stage.effects.push(...machine.drain())
  new Bot(stage, 1).join()
  t.match(machine.node(bot.id), { flags: 1 })
})
