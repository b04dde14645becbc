import t from 'tap'
import type { PingMessage } from '../../lib/bus/message.ts'
import { Bot } from './bot.ts'
import { setStage } from './stage.ts'

/** What a stage with this many bots, all joined, gossips to the first of them. */
function gossipWith(bots: number): PingMessage {
  const { stage } = setStage()
  const all = Array.from({ length: bots }, (_, i) => new Bot(stage, i + 1).join())
  all[0]!.ping()
  return all[0]!.heard().at(-1) as PingMessage
}

t.test(
  'two nodes gossip about nobody, three about one, four about two, more about three',
  async (t) => {
    t.same(
      [1, 2, 3, 4, 8].map((bots) => gossipWith(bots).gossip.length),
      [0, 1, 2, 3, 3],
    )
  },
)

t.test('gossip names other nodes, each once', async (t) => {
  const { gossip } = gossipWith(8)
  const ids = gossip.map(({ id }) => id)
  t.equal(new Set(ids).size, ids.length)
  t.notOk(ids.includes('m'.repeat(40)), 'not the sender')
  for (const entry of gossip) t.equal(entry.flags, 1)
})

t.test('times are told in seconds', async (t) => {
  const { stage } = setStage()
  const bots = [1, 2].map((i) => new Bot(stage, i).join())
  bots[1]!.pong()
  bots[0]!.ping()
  const message = bots[0]!.heard().at(-1) as PingMessage
  const told = message.gossip.find(({ id }) => id === bots[1]!.id) ?? message.gossip[0]!
  t.ok(Number.isInteger(told.pongReceivedSeconds))
  t.ok(told.pongReceivedSeconds <= stage.now / 1000)
})

t.test('every suspected node is told, beyond the usual number', async (t) => {
  const { stage, machine } = setStage({ settings: { failureDetection: 'instant' } })
  const bots = Array.from({ length: 10 }, (_, i) => new Bot(stage, i + 1).join())
  for (const bot of bots.slice(4)) stage.step({ type: 'unreachable', node: bot.id })
  t.equal(machine.record().failing, 6)
  bots[0]!.ping()
  const { gossip } = bots[0]!.heard().at(-1) as PingMessage
  const suspects = gossip.filter(({ flags }) => flags === 5)
  t.same(
    suspects.map(({ id }) => id).sort(),
    bots.slice(4).map(({ id }) => id),
  )
  t.equal(gossip.length, 9)
})

t.test('handshakes and nodes without an address are no news', async (t) => {
  const { stage, machine } = setStage()
  const bots = [1, 2].map((i) => new Bot(stage, i).join())
  machine.meet({ ip: '127.0.0.1', port: 1, busPort: 2 })
  machine.meet({ ip: '127.0.0.1', port: 2, busPort: 2 })
  machine.drain()
  for (let i = 0; i < 20; i++) bots[0]!.ping()
  for (const message of bots[0]!.heard()) {
    for (const { id } of (message as PingMessage).gossip) t.ok(bots.some((bot) => bot.id === id))
  }
})
