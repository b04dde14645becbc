import t from 'tap'
import { Bot } from './bot.ts'
import { setStage } from './stage.ts'

t.test('the PONG leaves before the news of the PING is applied', async (t) => {
  const { stage, machine } = setStage({ id: 'z'.repeat(40) })
  const bot = new Bot(stage, 1).join()
  bot.claim(4, [1]).ping()
  const pong = bot.heard().at(-1)
  t.match(pong, { type: 'pong', header: { currentEpoch: 4 } }, 'epochs count before')
  t.equal(machine.ownerOf(1), bot.id, 'slots after')
})

t.test('who a link belongs to is trusted over what a message says', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).join()
  const header = { ...bot.claim(2, [9]).header, sender: 'z'.repeat(40) }
  bot.say({ type: 'ping', header, gossip: [], extensions: [] })
  t.equal(machine.ownerOf(9), bot.id)
})

t.test('a role is learned from the master a node names', async (t) => {
  const { stage, machine } = setStage()
  const [a, b] = [1, 2].map((i) => new Bot(stage, i).join()) as [Bot, Bot]
  a.replicate(b.id).ping()
  t.match(machine.describeNodes(), new RegExp(`${a.id} \\S+ slave ${b.id} `))
  t.equal(machine.node(b.id)!.replicas.length, 1)
  a.replicate('f'.repeat(40)).ping()
  t.match(machine.describeNodes(), new RegExp(`${a.id} \\S+ slave ${b.id} `), 'unknown: no news')
  a.header = { ...a.header, masterId: undefined }
  a.ping()
  t.match(machine.describeNodes(), new RegExp(`${a.id} \\S+ master - `))
  t.equal(machine.node(b.id)!.replicas.length, 0)
})

t.test('nofailover follows the header of every ping', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).join()
  bot.header = { ...bot.header, flags: 1 | 512 }
  bot.ping()
  t.match(machine.describeNodes(), `${bot.id} 10.0.0.9:8001@18001 master,nofailover `)
  bot.header = { ...bot.header, flags: 1 }
  bot.ping()
  t.match(machine.describeNodes(), `${bot.id} 10.0.0.9:8001@18001 master - `)
})

t.test('modules are counted and left alone', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).join()
  const effects = bot.say({
    type: 'module',
    header: bot.header,
    moduleId: '12345678',
    moduleType: 1,
    payload: 'x',
  })
  t.same(effects, [])
  t.match(machine.describeInfo(), 'cluster_stats_messages_module_received:1')
})

t.test('votes, updates and manual failovers of strangers are not heard', async (t) => {
  const { stage, machine } = setStage()
  machine.addSlots([1])
  stage.effects.push(...machine.drain())
  const stranger = new Bot(stage, 1)
  for (const type of ['auth-req', 'auth-ack', 'mfstart'] as const) {
    t.same(stranger.say({ type, header: stranger.header }), [], type)
  }
})

t.test('a type that is not to be heard counts and does nothing', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).join()
  machine.ignoreMessages(0)
  bot.claim(4, [1]).ping()
  t.equal(machine.ownerOf(1), undefined)
  t.match(machine.describeInfo(), /cluster_stats_messages_ping_received:[1-9]/)
  machine.ignoreMessages(-1)
  bot.ping()
  t.equal(machine.ownerOf(1), bot.id)
})
