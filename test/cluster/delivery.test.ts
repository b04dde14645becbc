import t from 'tap'
import type { ClusterEffect } from '../../lib/cluster/effect.ts'
import { hasSlot } from '../../lib/cluster/slot-bitmap.ts'
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

t.test('the greeting on a link that is still connecting tells the news, too', async (t) => {
  const { stage, machine } = setStage({ settings: { failureDetection: 'instant' } })
  const bot = new Bot(stage, 1).join()
  const sent = (effects: readonly ClusterEffect[]) =>
    effects.flatMap((effect) => (effect.type === 'send' ? [effect] : []))
  stage.step({ type: 'link-closed', link: bot.linkFromMachine! })
  stage.run(100)
  machine.addSlots([5])
  t.strictSame(sent(machine.drain()), [])
  t.strictSame(sent(stage.step({ type: 'announce' })), [])
  const [greeting, ...others] = sent(
    stage.step({ type: 'link-opened', link: bot.linkFromMachine! }),
  )
  t.strictSame(others, [])
  t.match(greeting?.message, { type: 'ping', header: { currentEpoch: 0 } })
  t.ok(hasSlot(greeting!.message.header.slots, 5))
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
