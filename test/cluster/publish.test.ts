import t from 'tap'
import { Bot } from './bot.ts'
import { setStage } from './stage.ts'

t.test('PUBLISH goes to all nodes, SPUBLISH to those of our shard', async (t) => {
  const { stage, machine } = setStage()
  const replica = new Bot(stage, 1).replicate(machine.myId).join()
  const stranger = new Bot(stage, 2).join()
  replica.ping()
  const told = (bot: Bot) =>
    bot
      .heard()
      .flatMap((message) =>
        'channel' in message ? [[message.type, message.channel, message.payload]] : [],
      )
  stage.step({ type: 'publish', channel: 'news', payload: 'a\xff', sharded: false })
  stage.step({ type: 'publish', channel: 'local', payload: 'b', sharded: true })
  t.same(told(stranger), [['publish', 'news', 'a\xff']])
  t.same(told(replica), [
    ['publish', 'news', 'a\xff'],
    ['publishshard', 'local', 'b'],
  ])
})

t.test("a replica sends SPUBLISH to its master and the master's other replicas", async (t) => {
  const { stage, machine } = setStage()
  const master = new Bot(stage, 1).join()
  const fellow = new Bot(stage, 2).replicate(master.id).join()
  fellow.ping()
  machine.replicate(master.id)
  stage.effects.push(...machine.drain())
  stage.step({ type: 'publish', channel: 'local', payload: 'b', sharded: true })
  for (const bot of [master, fellow]) t.equal(bot.heard().at(-1)?.type, 'publishshard')
})

t.test('what a known node publishes is delivered here, from a stranger not', async (t) => {
  const { stage } = setStage()
  const bot = new Bot(stage, 1).join()
  const stranger = new Bot(stage, 2)
  for (const from of [bot, stranger]) {
    for (const type of ['publish', 'publishshard'] as const) {
      from.say({ type, header: from.header, channel: 'news', payload: 'hi' })
    }
  }
  t.same(stage.effectsOf('published'), [
    { type: 'published', channel: 'news', payload: 'hi', sharded: false },
    { type: 'published', channel: 'news', payload: 'hi', sharded: true },
  ])
})
