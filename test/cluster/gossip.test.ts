import t from 'tap'
import { Bot } from './bot.ts'
import { setStage } from './stage.ts'

t.test('an unknown node in the gossip of a known one is added as told', async (t) => {
  const { stage, machine } = setStage()
  const known = new Bot(stage, 1).join()
  const unknown = new Bot(stage, 2)
  known.ping([unknown.entry(1)])
  t.match(machine.describeNodes(), `${unknown.id} 10.0.0.9:8002@18002 master - 0 0 0 disconnected`)
  stage.run(100)
  t.ok(stage.effectsOf('connect').some(({ busPort }) => busPort === 18_002))
})

t.test('its link gets a PING, not a MEET', async (t) => {
  const { stage } = setStage()
  const known = new Bot(stage, 1).join()
  const unknown = new Bot(stage, 2)
  known.ping([unknown.entry(1)])
  stage.run(100)
  stage.step({ type: 'link-opened', link: unknown.linkFromMachine! })
  t.ok(unknown.heard().length > 0)
  t.same(new Set(unknown.heard().map(({ type }) => type)), new Set(['ping']))
})

t.test('gossip of strangers adds nobody', async (t) => {
  const { stage, machine } = setStage()
  const stranger = new Bot(stage, 1)
  stranger.ping([new Bot(stage, 2).entry()])
  stranger.ping([new Bot(stage, 2).entry()], 'meet')
  t.equal(machine.nodes().length, 2, 'ourselves and the handshake')
})

t.test('nodes without an address are not added', async (t) => {
  const { stage, machine } = setStage()
  new Bot(stage, 1).join().ping([new Bot(stage, 2).entry(1 | 64)])
  t.equal(machine.nodes().length, 2)
})

t.test(
  'a newer pong time is believed, unless it lies in the future or a ping is pending',
  async (t) => {
    const { stage, machine } = setStage()
    const teller = new Bot(stage, 1).join()
    const told = new Bot(stage, 2).join()
    told.pong()
    const heardMs = machine.node(told.id)!.pongReceivedMs
    const tell = (seconds: number) =>
      teller.ping([{ ...told.entry(), pongReceivedSeconds: seconds }])
    const nowSeconds = Math.floor(stage.now / 1000)
    tell(nowSeconds + 5)
    t.equal(machine.node(told.id)!.pongReceivedMs, heardMs)
    stage.now += 3000
    tell(nowSeconds + 2)
    t.equal(machine.node(told.id)!.pongReceivedMs, (nowSeconds + 2) * 1000, 'a whole second')
    stage.run(2000)
    t.not(machine.node(told.id)!.pingSentMs, 0)
    tell(Math.floor(stage.now / 1000))
    t.equal(machine.node(told.id)!.pongReceivedMs, (nowSeconds + 2) * 1000)
  },
)

t.test('the address of a node that fails here and works for others is believed', async (t) => {
  const { stage, machine } = setStage({ settings: { failureDetection: 'instant' } })
  const teller = new Bot(stage, 1).join()
  const moved = new Bot(stage, 2).join()
  const entry = { ...moved.entry(), ip: '10.0.0.7', port: 5, busPort: 6 }
  teller.ping([entry])
  t.match(machine.node(moved.id), { ip: '10.0.0.9', port: 8002 }, 'not while it works here')
  stage.step({ type: 'unreachable', node: moved.id })
  teller.ping([entry])
  t.match(machine.node(moved.id), { ip: '10.0.0.7', port: 5, busPort: 6 })
})
