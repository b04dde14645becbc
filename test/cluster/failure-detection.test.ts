import t from 'tap'
import { Bot } from './bot.ts'
import { formCluster, Network, type SimulatedNode } from './network.ts'
import { setStage } from './stage.ts'

t.test(
  'a killed master is suspected after the node timeout and failed by the majority',
  async (t) => {
    const network = new Network('kill', { replicaNoFailover: true })
    const nodes = formCluster(network, 3, 1)
    const dead = nodes[0]!
    const living = nodes.slice(1)
    network.kill(dead)
    const suspectMs = network.until('somebody suspects', () =>
      living.some((node) => node.flags(dead).includes('fail?')),
    )
    t.ok(suspectMs >= 2000 && suspectMs <= 3200, `suspected after ${suspectMs} ms`)
    const failMs = network.until('all know', () =>
      living.every((node) => node.flags(dead) === 'master,fail'),
    )
    t.ok(failMs < 1500, `failed ${failMs} ms later`)
    const logs = living.flatMap((node) => node.logs)
    t.ok(logs.includes(`Marking node ${dead.id} as failing (quorum reached).`))
    t.ok(logs.some((line) => /^FAIL message received from \S+ about /.test(line)))
    t.ok(living.some((node) => node.info('cluster_stats_messages_fail_received') !== undefined))
    for (const node of living) t.equal(node.info('cluster_state'), 'fail', 'slots are not served')
  },
)

t.test('a master that is back is forgiven two node timeouts after its failure', async (t) => {
  const network = new Network('back', { replicaNoFailover: true })
  const nodes = formCluster(network, 3)
  const dead = nodes[0]!
  network.kill(dead)
  network.until('failed', () => nodes[1]!.flags(dead) === 'master,fail')
  const failedAt = network.now
  network.restart(dead)
  network.until('forgiven', () => nodes[1]!.flags(dead) === 'master')
  const tookMs = network.now - failedAt
  t.ok(tookMs > 4000 && tookMs < 6000, `${tookMs} ms`)
  t.ok(
    nodes[1]!.logged(
      `Clear FAIL state for node ${dead.id}: is reachable again and nobody is serving its slots after some time.`,
    ),
  )
})

t.test('a replica that is back is forgiven at once', async (t) => {
  const network = new Network('replica back')
  const nodes = formCluster(network, 3, 1)
  const dead = nodes[5]!
  network.kill(dead)
  network.until('failed', () => nodes[0]!.flags(dead) === 'slave,fail')
  network.restart(dead)
  const tookMs = network.until('forgiven', () => nodes[0]!.flags(dead) === 'slave')
  t.ok(tookMs < 500, `${tookMs} ms`)
  t.ok(nodes[0]!.logged(`Clear FAIL state for node ${dead.id}: replica is reachable again.`))
})

t.test('one master alone condemns nobody', async (t) => {
  const network = new Network('alone', { failureDetection: 'instant', replicaNoFailover: true })
  const nodes = formCluster(network, 3)
  network.step(nodes[1]!, { type: 'unreachable', node: nodes[0]!.id })
  network.run(20_000)
  t.equal(nodes[1]!.flags(nodes[0]!), 'master,fail?')
  t.equal(nodes[2]!.flags(nodes[0]!), 'master')
  t.equal(nodes[2]!.machine.failureReports(nodes[0]!.id), 1)
  t.equal(nodes[1]!.machine.failureReports(nodes[0]!.id), 0, 'our own opinion is no report')
})

t.test('in instant mode a kill is a failure within a few messages', async (t) => {
  const network = new Network('instant', { failureDetection: 'instant', replicaNoFailover: true })
  const nodes = formCluster(network, 3, 1)
  network.kill(nodes[0]!)
  for (const node of nodes.slice(1)) t.equal(node.flags(nodes[0]!), 'master,fail?')
  const tookMs = network.until('failed for all', () =>
    nodes.slice(1).every((node) => node.flags(nodes[0]!) === 'master,fail'),
  )
  t.ok(tookMs <= 5, `${tookMs} ms`)
})

t.test('in instant mode no silence makes a suspect', async (t) => {
  const { stage, machine } = setStage({ settings: { failureDetection: 'instant' } })
  const bot = new Bot(stage, 1).join()
  stage.run(60_000)
  t.not(machine.node(bot.id)!.flags & 4, 4)
})

t.test('in instant mode an answer that was under way does not clear the suspicion', async (t) => {
  const { stage, machine } = setStage({ settings: { failureDetection: 'instant' } })
  const bot = new Bot(stage, 1).join()
  stage.step({ type: 'unreachable', node: bot.id })
  bot.pong()
  t.equal(machine.node(bot.id)!.flags, 5)
  stage.step({ type: 'reachable', node: bot.id })
  stage.step({ type: 'link-opened', link: bot.linkFromMachine! })
  t.equal(machine.node(bot.id)!.flags, 5)
  bot.pong()
  t.equal(machine.node(bot.id)!.flags, 1)
})

t.test('a healed partition leaves no trace', async (t) => {
  for (const failureDetection of ['instant', 'timeout'] as const) {
    const network = new Network('heal', { failureDetection, replicaNoFailover: true })
    const nodes = formCluster(network, 3, 1)
    network.cut(nodes.slice(0, 1), nodes.slice(1))
    network.until('minority is down', () => nodes[0]!.machine.state === 'fail')
    network.until('majority is down', () => nodes[1]!.machine.state === 'fail')
    network.heal(nodes.slice(0, 1), nodes.slice(1))
    network.until('all well', () =>
      nodes.every((node) => node.machine.state === 'ok' && node.machine.record().failing === 0),
    )
    t.pass(failureDetection)
  }
})

t.test('reports run out after two node timeouts', async (t) => {
  const { stage, machine } = setStage()
  const [teller, other] = [1, 2].map((i) => new Bot(stage, i).join()) as [Bot, Bot]
  teller.ping([other.entry(1 | 4)])
  t.equal(machine.failureReports(other.id), 1)
  t.ok(stage.logged(`Node ${teller.id} reported node ${other.id} as not reachable.`))
  stage.run(4000)
  t.equal(machine.failureReports(other.id), 1)
  stage.run(100)
  t.equal(machine.failureReports(other.id), 0)
})

t.test('a report is taken back by the one who made it', async (t) => {
  const { stage, machine } = setStage()
  const [teller, other] = [1, 2].map((i) => new Bot(stage, i).join()) as [Bot, Bot]
  teller.ping([other.entry(1 | 8)])
  teller.ping([other.entry(1)])
  t.equal(machine.failureReports(other.id), 0)
  t.ok(stage.logged(`Node ${teller.id} reported node ${other.id} is back online.`))
})

t.test('only masters report', async (t) => {
  const { stage, machine } = setStage()
  const [master, other] = [1, 2].map((i) => new Bot(stage, i).join()) as [Bot, Bot]
  const replica = new Bot(stage, 3).replicate(master.id).join()
  replica.ping([other.entry(1 | 8)])
  t.equal(machine.failureReports(other.id), 0)
})

t.test('FAIL from a known node is believed, from an unknown one not', async (t) => {
  const { stage, machine } = setStage()
  const [known, other] = [1, 2].map((i) => new Bot(stage, i).join()) as [Bot, Bot]
  const stranger = new Bot(stage, 3)
  stranger.say({ type: 'fail', header: stranger.header, node: other.id })
  t.equal(machine.node(other.id)!.flags, 1)
  t.ok(stage.logged(`Ignoring FAIL message from unknown node ${stranger.id} about ${other.id}`))
  known.say({ type: 'fail', header: known.header, node: other.id })
  t.equal(machine.node(other.id)!.flags, 9)
  t.ok(stage.logged(`FAIL message received from ${known.id} about ${other.id}`))
  known.say({ type: 'fail', header: known.header, node: machine.myId })
  t.equal(machine.myself.flags & 8, 0, 'we know better about ourselves')
})

t.test('in instant mode late news of a failure are asked after at once', async (t) => {
  const { stage, machine } = setStage({ settings: { failureDetection: 'instant' } })
  const [master, other] = [1, 2].map((i) => new Bot(stage, i).join()) as [Bot, Bot]
  const replica = new Bot(stage, 3).replicate(master.id).join()
  const pingsTo = (bot: Bot) => bot.heard().filter(({ type }) => type === 'ping').length
  replica.pong()
  const before = pingsTo(replica)
  master.say({ type: 'fail', header: master.header, node: replica.id })
  t.equal(pingsTo(replica), before + 1)
  other.say({ type: 'fail', header: other.header, node: replica.id })
  t.equal(pingsTo(replica), before + 1, 'once')
  replica.pong()
  t.notOk(machine.node(replica.id)!.flags & 8, 'it is there')
  stage.step({ type: 'unreachable', node: replica.id })
  master.say({ type: 'fail', header: master.header, node: replica.id })
  t.equal(pingsTo(replica), before + 1, 'the host knows that it is gone')
})

t.test('the number of reports asked for an unknown node is an error', async (t) => {
  const { machine } = setStage()
  t.throws(() => machine.failureReports('zz'), { message: 'ERR Unknown node zz' })
})

t.test(
  'in instant mode an answer that came too early to forgive counts as soon as it may',
  async (t) => {
    const network = new Network('early', { failureDetection: 'instant', replicaNoFailover: true })
    const nodes = formCluster(network, 3)
    const [dead, peer] = nodes as [SimulatedNode, SimulatedNode]
    network.kill(dead)
    network.until('failed', () => peer.flags(dead) === 'master,fail')
    network.restart(dead)
    network.run(50)
    t.equal(peer.flags(dead), 'master,fail', 'it has answered already')
    const tookMs = network.until('forgiven', () =>
      nodes.every((node) => node === dead || node.flags(dead) === 'master'),
    )
    t.ok(tookMs < 500, `${tookMs} ms`)
  },
)
