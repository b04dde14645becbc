import t from 'tap'
import { Bot } from './bot.ts'
import { formCluster, Network } from './network.ts'
import { setStage } from './stage.ts'

/** Lets time pass while the bots answer every ping on the link it came on. */
function answering(stage: ReturnType<typeof setStage>['stage'], bots: readonly Bot[], ms: number) {
  for (const endMs = stage.now + ms; stage.now < endMs; ) {
    const from = stage.effects.length
    stage.run(100)
    for (const bot of bots) {
      const pinged = stage.effects
        .slice(from)
        .some(
          (effect) =>
            effect.type === 'send' &&
            effect.link === bot.linkFromMachine &&
            effect.message.type === 'ping',
        )
      if (pinged) bot.pong()
    }
  }
}

t.test('about one node a second is pinged', async (t) => {
  const { stage } = setStage({ settings: { nodeTimeoutMs: 60_000 } })
  const bots = Array.from({ length: 5 }, (_, i) => new Bot(stage, i + 1).join())
  for (const bot of bots) bot.pong()
  answering(stage, bots, 2000)
  const from = stage.effectsOf('send').length
  answering(stage, bots, 20_000)
  const pings = stage
    .effectsOf('send')
    .slice(from)
    .filter(({ message }) => message.type === 'ping')
  t.equal(pings.length, 20)
})

t.test('a node whose last pong is older than half the node timeout is pinged', async (t) => {
  const { stage, machine } = setStage({ settings: { nodeTimeoutMs: 2000 } })
  const bots = Array.from({ length: 20 }, (_, i) => new Bot(stage, i + 1).join())
  for (const bot of bots) bot.pong()
  answering(stage, bots, 3000)
  let oldestMs = 0
  for (let i = 0; i < 30; i++) {
    answering(stage, bots, 100)
    for (const bot of bots) {
      oldestMs = Math.max(oldestMs, stage.now - machine.node(bot.id)!.pongReceivedMs)
    }
  }
  t.ok(oldestMs > 900 && oldestMs <= 1100, `${oldestMs} ms`)
})

t.test('a node that does not answer is connected anew, and its silence counts on', async (t) => {
  const { stage, machine } = setStage({ settings: { nodeTimeoutMs: 2000 } })
  const bot = new Bot(stage, 1).join()
  const first = bot.linkFromMachine!
  stage.run(1200)
  const pingSentMs = machine.node(bot.id)!.pingSentMs
  t.not(pingSentMs, 0)
  stage.run(1100)
  const second = bot.linkFromMachine!
  t.not(second, first)
  stage.step({ type: 'link-opened', link: second })
  t.equal(machine.node(bot.id)!.pingSentMs, pingSentMs)
  stage.run(1000)
  t.match(machine.describeNodes(), `${bot.id} 10.0.0.9:8001@18001 master,fail? `)
})

t.test('any sign of life keeps a node from being suspected', async (t) => {
  const { stage, machine } = setStage({ settings: { nodeTimeoutMs: 2000 } })
  const bot = new Bot(stage, 1).join()
  for (let i = 0; i < 10; i++) {
    stage.run(1000)
    bot.ping()
  }
  t.match(machine.describeNodes(), `${bot.id} 10.0.0.9:8001@18001 master - `)
})

t.test('a link with too much to send is closed and counted', async (t) => {
  const { stage, machine, settings, facts } = setStage()
  new Bot(stage, 1).join()
  facts.sendBufferBytes = 1000
  settings.linkSendBufferLimit = 1000
  stage.run(100)
  t.match(machine.describeInfo(), 'total_cluster_links_buffer_limit_exceeded:0')
  facts.sendBufferBytes = 1001
  stage.run(100)
  t.match(machine.describeInfo(), 'total_cluster_links_buffer_limit_exceeded:2')
  t.equal(stage.effectsOf('disconnect').length, 2, 'of both directions')
})

t.test('a cluster at rest stays as it is', async (t) => {
  const network = new Network('rest')
  const nodes = formCluster(network, 3, 1)
  network.run(5000)
  const before = nodes.map((node) => [node.machine.version, node.saves, node.logs.length])
  network.run(60_000)
  t.same(
    nodes.map((node) => [node.machine.version, node.saves, node.logs.length]),
    before,
  )
})
