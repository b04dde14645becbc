import t from 'tap'
import { Bot } from './bot.ts'
import { formCluster, Network } from './network.ts'
import { setStage } from './stage.ts'

t.test('a PING from another address moves the node', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).join()
  const link = bot.linkFromMachine!
  bot.header = { ...bot.header, ip: '10.0.0.8', port: 9000, busPort: 9001 }
  bot.ping()
  t.match(machine.node(bot.id), { ip: '10.0.0.8', port: 9000, busPort: 9001 })
  t.ok(stage.effectsOf('disconnect').some((effect) => effect.link === link))
  t.ok(stage.logged(`Address updated for node ${bot.id}, now 10.0.0.8:9000`))
  stage.run(100)
  t.match(stage.effectsOf('connect').at(-1), { ip: '10.0.0.8', busPort: 9001 })
})

t.test('a node that announces no ip has that of its connection', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).join()
  bot.header = { ...bot.header, ip: '', port: 9000 }
  bot.ping()
  t.match(machine.node(bot.id), { ip: '10.0.0.9', port: 9000 })
})

t.test('a PONG, or anything on our own link, moves nobody', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).join()
  bot.header = { ...bot.header, port: 9000 }
  bot.pong()
  t.equal(machine.node(bot.id)?.port, 8001)
  const link = bot.linkFromMachine!
  const message = { type: 'ping', header: bot.header, gossip: [], extensions: [] } as const
  stage.step({ type: 'message', link, message })
  t.equal(machine.node(bot.id)?.port, 8001)
})

t.test('a node without address gets one back by its PING', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).join()
  stage.step({
    type: 'message',
    link: bot.linkFromMachine!,
    message: {
      type: 'pong',
      header: { ...bot.header, sender: 'z'.repeat(40) },
      gossip: [],
      extensions: [],
    },
  })
  t.match(machine.describeNodes(), `${bot.id} :0@0 master,noaddr `)
  bot.ping()
  t.match(machine.describeNodes(), `${bot.id} 10.0.0.9:8001@18001 master `)
})

t.test('replication follows a master that moves', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).join()
  machine.replicate(bot.id)
  stage.effects.push(...machine.drain())
  bot.header = { ...bot.header, port: 9000 }
  bot.ping()
  t.same(stage.effectsOf('follow').at(-1)?.master, { id: bot.id, ip: '10.0.0.9', port: 9000 })
})

t.test('what is announced replaces what is', async (t) => {
  const { stage, machine, settings } = setStage()
  settings.announceIp = '1.2.3.4'
  settings.announcePort = 5
  settings.announceBusPort = 6
  settings.announceHostname = 'me.example'
  stage.run(100)
  t.match(machine.describeNodes(), ' 1.2.3.4:5@6,me.example myself,master ')
  const bot = new Bot(stage, 1)
  bot.ping([], 'meet')
  t.match(machine.describeNodes(), ' 1.2.3.4:5@6,me.example myself', 'a MEET does not change it')
  const pong = bot.heard()[0]
  t.match(pong, {
    header: { ip: '1.2.3.4', port: 5, busPort: 6 },
    extensions: [{ type: 'hostname', hostname: 'me.example' }],
  })
  settings.announcePort = 0
  settings.announceHostname = ''
  stage.run(100)
  t.match(machine.describeNodes(), ' 1.2.3.4:7000@6 myself,master ')
})

t.test('a whole cluster hears of a changed port and hostname', async (t) => {
  const network = new Network('announce')
  const nodes = formCluster(network, 3)
  nodes[0]!.settings.announceHostname = 'one.example'
  nodes[0]!.settings.announcePort = 4242
  const heardMs = network.until('all heard', () =>
    nodes.every((node) => node.line(nodes[0]!).includes(':4242@17000,one.example ')),
  )
  t.ok(heardMs <= 2200, `${heardMs} ms`)
})
