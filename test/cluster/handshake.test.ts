import t from 'tap'
import { Bot } from './bot.ts'
import { formCluster, Network } from './network.ts'
import { setStage } from './stage.ts'

const address = { ip: '127.0.0.1', port: 7001, busPort: 17_001 }

t.test('MEET shows an entry with a random id, flagged handshake alone, at once', async (t) => {
  const { machine } = setStage()
  machine.meet(address)
  t.match(
    machine.describeNodes(),
    /^[0-9a-f]{40} 127\.0\.0\.1:7001@17001 handshake - 0 0 0 disconnected$/m,
  )
  t.match(machine.describeInfo(), 'cluster_known_nodes:2')
  t.equal(machine.record().knownNodes, 1, 'a handshake is not yet a node for those who wait')
})

t.test('a second MEET to the same address during the handshake does nothing', async (t) => {
  const { machine } = setStage()
  machine.meet(address)
  machine.meet(address)
  t.match(machine.describeInfo(), 'cluster_known_nodes:2')
  machine.meet({ ...address, busPort: 5 })
  t.match(machine.describeInfo(), 'cluster_known_nodes:3')
})

t.test('the next tick connects, and the open link hears MEET once', async (t) => {
  const { stage, machine } = setStage()
  machine.meet(address)
  stage.run(100)
  const connect = stage.effectsOf('connect')[0]!
  t.match(connect, { ip: '127.0.0.1', busPort: 17_001 })
  stage.step({ type: 'link-opened', link: connect.link })
  stage.step({ type: 'link-closed', link: connect.link })
  stage.run(100)
  const again = stage.effectsOf('connect')[1]!
  stage.step({ type: 'link-opened', link: again.link })
  t.same(
    stage.effectsOf('send').map(({ message }) => message.type),
    ['meet', 'ping'],
  )
})

t.test('a handshake dies when older than the node timeout, and than one second', async (t) => {
  for (const [nodeTimeoutMs, lifeMs] of [
    [500, 1000],
    [1500, 1500],
  ] as const) {
    const { stage, machine } = setStage({ settings: { nodeTimeoutMs } })
    machine.meet(address)
    stage.run(lifeMs)
    t.match(machine.describeInfo(), 'cluster_known_nodes:2')
    stage.run(100)
    t.match(machine.describeInfo(), 'cluster_known_nodes:1')
  }
})

t.test('a MEET from a stranger makes an entry for it, and is answered', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1)
  t.match(machine.describeNodes(), / :7000@17000 myself/, 'a fresh node does not know its own ip')
  bot.ping([], 'meet')
  t.match(machine.describeNodes(), / 10\.0\.0\.1:7000@17000 myself/, 'now it does')
  t.match(machine.describeNodes(), / 10\.0\.0\.9:8001@18001 handshake /)
  t.notMatch(machine.describeNodes(), bot.id, 'under a random id')
  t.same(
    bot.heard().map(({ type }) => type),
    ['pong'],
  )
  stage.run(100)
  t.equal(stage.effectsOf('connect').length, 1)
})

t.test('a PING from a stranger is answered, and nothing is stored', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1)
  bot.ping()
  t.same(
    bot.heard().map(({ type }) => type),
    ['pong'],
  )
  t.match(machine.describeInfo(), 'cluster_known_nodes:1')
  t.equal(machine.myself.ip, '10.0.0.1', 'but our own address is learned even from it')
})

t.test('the first PONG only renames; slots count from the next message on', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).claim(3, [1, 2, 3])
  bot.ping([], 'meet')
  stage.run(100)
  const { link } = stage.effectsOf('connect')[0]!
  stage.step({ type: 'link-opened', link })
  const message = { type: 'pong', header: bot.header, gossip: [], extensions: [] } as const
  stage.step({ type: 'message', link, message })
  t.match(machine.node(bot.id), { flags: 1, configEpoch: 0, slotCount: 0 })
  t.equal(machine.record().currentEpoch, 0)
  stage.step({ type: 'message', link, message })
  t.match(machine.node(bot.id), { configEpoch: 3, slotCount: 3 })
  t.equal(machine.record().currentEpoch, 3)
})

t.test('MEET of a node that is known leaves one entry', async (t) => {
  const network = new Network('known')
  const [a, b] = formCluster(network, 2) as [never, never]
  network.meet(a, b)
  network.run(500)
  const nodes = network.nodes[0]!
  t.equal(nodes.lines().length, 2)
  t.ok(nodes.logged('we already know node'))
})

t.test('a node that meets itself does not know itself twice', async (t) => {
  const network = new Network('self')
  const node = network.add()
  network.meet(node, node)
  network.run(2500)
  t.equal(node.lines().length, 1)
  t.match(node.lines()[0], /myself,master/)
})

t.test('an answer under another id makes the node one without address', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).join()
  const link = bot.linkFromMachine!
  stage.step({
    type: 'message',
    link,
    message: {
      type: 'pong',
      header: { ...bot.header, sender: 'z'.repeat(40) },
      gossip: [],
      extensions: [],
    },
  })
  t.match(machine.describeNodes(), `${bot.id} :0@0 master,noaddr - `)
  t.ok(stage.effectsOf('disconnect').some((effect) => effect.link === link))
  const connects = stage.effectsOf('connect').length
  stage.run(1000)
  t.equal(stage.effectsOf('connect').length, connects, 'nobody connects to it')
})

t.test('an address that cannot be one is refused', async (t) => {
  const { machine } = setStage()
  for (const [ip, port, busPort] of [
    ['x', 1, 2],
    ['1', 1, 2],
    ['127.0.0.1', 0, 2],
    ['127.0.0.1', 65_536, 2],
    ['127.0.0.1', 60_000, 70_000],
  ] as const) {
    t.throws(() => machine.meet({ ip, port, busPort }), {
      message: `ERR Invalid node address specified: ${ip}:${port}`,
    })
  }
  machine.meet({ ip: '0:0:0:0:0:0:0:1', port: 1, busPort: 2 })
  t.match(machine.describeNodes(), ' ::1:1@2 handshake ')
})

t.test('in instant mode a node that joins is known to all at once', async (t) => {
  const network = new Network('join', { failureDetection: 'instant' })
  const nodes = formCluster(network, 3, 1)
  const joining = network.add()
  network.meet(joining, nodes[4]!)
  const tookMs = network.until('links both ways between all', () =>
    [...nodes, joining].every((node) => {
      const { linksIn, linksOut } = node.machine.record()
      return linksIn === 6 && linksOut === 6
    }),
  )
  t.ok(tookMs < 50, `${tookMs} ms`)
  network.run(200)
  t.equal(joining.info('cluster_state'), 'ok')
})
