import t from 'tap'
import { Bot } from './bot.ts'
import { setStage } from './stage.ts'

t.test('pings go out on our own link, the pong to a ping on the link it came on', async (t) => {
  const { stage } = setStage()
  const bot = new Bot(stage, 1).join()
  const sends = (link: number) => stage.effectsOf('send').filter((effect) => effect.link === link)
  stage.run(1200)
  t.same(new Set(sends(bot.linkFromMachine!).map(({ message }) => message.type)), new Set(['ping']))
  t.same(new Set(sends(-1).map(({ message }) => message.type)), new Set(['pong']))
})

t.test('an announcement is a PONG to everybody but those in a handshake', async (t) => {
  const { stage, machine } = setStage()
  const bots = [1, 2].map((i) => new Bot(stage, i).join())
  machine.meet({ ip: '127.0.0.1', port: 1, busPort: 2 })
  stage.run(100)
  const effects = stage.step({ type: 'announce' })
  t.same(
    effects.flatMap((effect) =>
      effect.type === 'send' ? [[effect.link, effect.message.type]] : [],
    ),
    bots.map((bot) => [bot.linkFromMachine, 'pong']),
  )
})

t.test('a message to a link that is still connecting is sent all the same', async (t) => {
  const { stage } = setStage()
  const bot = new Bot(stage, 1).join()
  stage.step({ type: 'link-closed', link: bot.linkFromMachine! })
  stage.run(100)
  const [send] = stage.step({ type: 'announce' }).filter(({ type }) => type === 'send')
  t.match(send, { link: bot.linkFromMachine })
})

t.test('in instant mode what changes here is told at once', async (t) => {
  for (const [failureDetection, count] of [
    ['instant', 1],
    ['timeout', 0],
  ] as const) {
    const { stage, machine } = setStage({ settings: { failureDetection } })
    const bot = new Bot(stage, 1).join()
    const before = bot.heard().length
    machine.addSlots([5, 6])
    machine.bumpEpoch()
    stage.effects.push(...machine.drain())
    t.equal(bot.heard().slice(before).length, count, failureDetection)
  }
})
