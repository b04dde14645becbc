import t from 'tap'
import type { ClusterEffect } from '../../lib/cluster/effect.ts'
import type { ClusterSettings } from '../../lib/cluster/settings.ts'
import { Bot } from './bot.ts'
import { agree, formCluster, Network, type SimulatedNode } from './network.ts'
import { setStage } from './stage.ts'

t.test(
  'a killed master is replaced by its replica, and comes back as a replica of it',
  async (t) => {
    for (const failureDetection of ['timeout', 'instant'] as const) {
      const network = new Network('failover', { failureDetection })
      const nodes = formCluster(network, 3, 1)
      const [dead, heir] = [nodes[0]!, nodes[3]!]
      network.run(1000)
      network.kill(dead)
      const tookMs = network.until(
        'the cluster works',
        () => heir.machine.role === 'master' && agree(nodes),
      )
      t.equal(heir.machine.ownerOf(0), heir.id)
      t.equal(heir.following, undefined)
      t.comment(`${failureDetection}: ${tookMs} ms`)
      t.ok(tookMs < (failureDetection === 'instant' ? 50 : 5000))
      network.restart(dead)
      network.until('it is back', () => agree(nodes) && nodes[1]!.flags(dead) === 'slave')
      t.equal(dead.machine.role, 'replica')
      t.equal(dead.following?.id, heir.id)
      t.equal(heir.machine.record().configEpoch, heir.machine.record().currentEpoch)
    }
  },
)

t.test('the log tells the steps in order', async (t) => {
  const network = new Network('log')
  const nodes = formCluster(network, 3, 1)
  const heir = nodes[3]!
  network.kill(nodes[0]!)
  network.until('promoted', () => heir.machine.role === 'master')
  const epoch = heir.machine.record().configEpoch
  const steps = [
    / as failing \(quorum reached\)\.$|^FAIL message received from /,
    /^Cluster state changed: fail$/,
    /^Start of election delayed for \d+ milliseconds \(rank #0, offset 0\)\.$/,
    new RegExp(`^Starting a failover election for epoch ${epoch}\\.$`),
    /^Failover election won: I'm the new master\.$/,
    new RegExp(`^configEpoch set to ${epoch} after successful failover$`),
    /^Cluster state changed: ok$/,
  ]
  let from = heir.logs.findIndex((line) => line.includes('possibly failing'))
  t.ok(from >= 0)
  for (const step of steps) {
    const at = heir.logs.findIndex((line, i) => i > from && step.test(line))
    t.ok(at > from, `${step}`)
    from = at
  }
  const voter = nodes[1]!
  t.ok(voter.logged(`Failover auth granted to ${heir.id} for epoch ${epoch}`))
})

t.test('the replica with more data goes first', async (t) => {
  for (const failureDetection of ['timeout', 'instant'] as const) {
    const network = new Network('rank', { failureDetection })
    const nodes = formCluster(network, 3, 2)
    const [behind, ahead] = [nodes[3]!, nodes[6]!]
    network.run(1000)
    network.kill(nodes[0]!)
    behind.offset = 100
    ahead.offset = 200
    network.until('promoted', () => [behind, ahead].some((node) => node.machine.role === 'master'))
    t.equal(ahead.machine.role, 'master', failureDetection)
    network.until('all agree', () => agree(nodes))
    t.equal(behind.machine.myself.master?.id, ahead.id)
  }
})

/** How often a node asked for votes. */
function attempts(node: SimulatedNode): number {
  return node.logs.filter((line) => line.includes('Starting a failover election')).length
}

t.test('of replicas with the same data only one asks in instant mode', async (t) => {
  for (let seed = 0; seed < 4; seed++) {
    const network = new Network(`same ${seed}`, { failureDetection: 'instant' })
    const nodes = formCluster(network, 3, 2)
    const replicas = [nodes[3]!, nodes[6]!].sort((a, b) => (a.id < b.id ? -1 : 1))
    const [first, second] = replicas as [SimulatedNode, SimulatedNode]
    network.run(1000)
    network.kill(nodes[0]!)
    network.until('promoted', () => first.machine.role === 'master')
    network.until('followed', () => second.machine.myself.master?.id === first.id)
    t.same(replicas.map(attempts), [1, 0], `seed ${seed}`)
  }
})

t.test('no replica waits for a fellow that is down in instant mode', async (t) => {
  const network = new Network('fellow', { failureDetection: 'instant' })
  const nodes = formCluster(network, 3, 2)
  const replicas = [nodes[3]!, nodes[6]!].sort((a, b) => (a.id < b.id ? -1 : 1))
  const [down, heir] = replicas as [SimulatedNode, SimulatedNode]
  network.run(1000)
  network.kill(down)
  network.kill(nodes[0]!)
  network.until('promoted', () => heir.machine.role === 'master')
  t.match(
    heir.logs.find((line) => line.includes('Start of election')),
    /\(rank #0, offset 0\)/,
  )
})

/** Masters with their replicas, by the id of the master. */
function shards(nodes: readonly SimulatedNode[]): [SimulatedNode, SimulatedNode][] {
  const count = nodes.length / 2
  return nodes
    .slice(0, count)
    .map((master, i): [SimulatedNode, SimulatedNode] => [master, nodes[count + i]!])
    .sort(([a], [b]) => (a.id < b.id ? -1 : 1))
}

t.test(
  'of masters that fail at once none waits for a second attempt in instant mode',
  async (t) => {
    for (const [masters, killed] of [
      [5, 2],
      [7, 3],
    ] as const) {
      for (let seed = 0; seed < 4; seed++) {
        const network = new Network(`together ${seed}`, { failureDetection: 'instant' })
        const nodes = formCluster(network, masters, 1)
        network.run(1000)
        const failing = network.random.shuffle(shards(nodes)).slice(0, killed)
        for (const [master] of failing) network.kill(master)
        network.until('all are replaced', () =>
          failing.every(([, heir]) => heir.machine.role === 'master'),
        )
        t.same(
          failing.map(([, heir]) => attempts(heir)),
          failing.map(() => 1),
          `${killed} of ${masters}, seed ${seed}`,
        )
      }
    }
  },
)

t.test(
  'nobody waits for the replacement of a master that has no replica to replace it',
  async (t) => {
    const network = new Network('alone', { failureDetection: 'instant' })
    const nodes = formCluster(network, 7, 1)
    const [[dead, itsReplica], [master, heir]] = shards(nodes) as [
      [SimulatedNode, SimulatedNode],
      [SimulatedNode, SimulatedNode],
    ]
    network.kill(itsReplica)
    network.run(1000)
    network.kill(dead)
    network.kill(master)
    network.until('it is replaced', () => heir.machine.role === 'master')
    t.match(
      heir.logs.find((line) => line.includes('Start of election')),
      /delayed for [1-6] milliseconds/,
    )
    network.run(1000)
    t.equal(attempts(heir), 1)
  },
)

t.test('no majority, no failover', async (t) => {
  for (const failureDetection of ['timeout', 'instant'] as const) {
    const network = new Network('majority', { failureDetection })
    const nodes = formCluster(network, 3, 1)
    network.kill(nodes[0]!)
    network.kill(nodes[1]!)
    network.run(60_000)
    t.same(
      nodes.slice(3).map((node) => node.machine.role),
      ['replica', 'replica', 'replica'],
    )
    t.ok(nodes.slice(2).every((node) => node.machine.state === 'fail'))
  }
})

t.test('cluster-replica-no-failover is obeyed', async (t) => {
  const network = new Network('no', { failureDetection: 'instant', replicaNoFailover: true })
  const nodes = formCluster(network, 3, 1)
  network.kill(nodes[0]!)
  network.run(20_000)
  t.equal(nodes[3]!.machine.role, 'replica')
})

t.test('two masters never serve one slot with one epoch, whatever is cut', async (t) => {
  const network = new Network('split', { failureDetection: 'instant' })
  const nodes = formCluster(network, 3, 1)
  const minority = [nodes[0]!]
  const majority = nodes.slice(1)
  network.cut(minority, majority)
  network.until('promoted', () => nodes[3]!.machine.role === 'master')
  t.equal(nodes[0]!.machine.state, 'fail', 'the old master serves nobody')
  network.heal(minority, majority)
  network.until('one truth', () => agree(nodes))
  t.equal(nodes[0]!.machine.role, 'replica')
})

function isLog(effect: ClusterEffect, start: string): boolean {
  return effect.type === 'log' && effect.text.startsWith(start)
}

function candidateStage(settings: Partial<ClusterSettings> = {}) {
  const set = setStage({ settings })
  const bots = [1, 2, 3].map((i) => new Bot(set.stage, i).claim(i, [i]).join()) as [Bot, Bot, Bot]
  set.machine.replicate(bots[0].id)
  set.stage.effects.push(...set.machine.drain())
  const failMaster = () => bots[1].say({ type: 'fail', header: bots[1].header, node: bots[0].id })
  const asked = () => set.stage.effectsOf('send').some(({ message }) => message.type === 'auth-req')
  const vote = (bot: Bot, currentEpoch: number) =>
    bot.say({ type: 'auth-ack', header: { ...bot.header, currentEpoch } })
  return { ...set, bots, failMaster, asked, vote }
}

t.test('votes count from masters with slots, at the epoch of the election or later', async (t) => {
  const { stage, machine, bots, failMaster, asked, vote } = candidateStage()
  failMaster()
  while (!asked()) stage.run(100)
  t.equal(machine.record().currentEpoch, 4)
  vote(bots[1], 3)
  vote(bots[2], 4)
  t.equal(machine.role, 'replica', 'one vote of three')
  const slotless = new Bot(stage, 5).join()
  vote(slotless, 4)
  t.equal(machine.role, 'replica')
  vote(bots[1], 4)
  t.equal(machine.role, 'master')
  t.match(machine.record(), { configEpoch: 4, currentEpoch: 4 })
  t.equal(machine.ownerOf(1), machine.myId)
})

t.test('a replica that was away from its master for too long does not try', async (t) => {
  const { stage, facts, failMaster, asked } = candidateStage()
  facts.masterSinceMs = stage.now - 40_000
  failMaster()
  stage.run(15_000)
  t.notOk(asked())
  t.ok(
    stage.logged(
      "Currently unable to failover: Disconnected from master for longer than allowed. Please check the 'cluster-replica-validity-factor' configuration option.",
    ),
  )
})

t.test('a failed attempt is followed by another', async (t) => {
  const { stage, machine, failMaster } = candidateStage()
  failMaster()
  stage.run(30_000)
  const requests = stage.effectsOf('send').filter(({ message }) => message.type === 'auth-req')
  const epochs = new Set(requests.map(({ message }) => message.header.currentEpoch))
  t.ok(epochs.size >= 2, `${epochs.size} attempts in 30 s`)
  t.equal(machine.role, 'replica')
  t.ok(
    stage.logged(
      'Currently unable to failover: Waiting for votes, but majority still not reached.',
    ),
  )
  t.ok(stage.logged('Currently unable to failover: Failover attempt expired.'))
})

t.test('voters too busy to be in time are given longer in instant mode', async (t) => {
  for (const voteAfterMs of [700, 3000]) {
    const { stage, machine, bots, failMaster, vote } = candidateStage({
      failureDetection: 'instant',
    })
    failMaster()
    const asked = new Map<number, number>()
    for (const endMs = stage.now + 25_000; machine.role === 'replica' && stage.now < endMs; ) {
      stage.run(100)
      for (const { message } of stage.effectsOf('send')) {
        const { currentEpoch } = message.header
        if (message.type === 'auth-req' && !asked.has(currentEpoch)) {
          asked.set(currentEpoch, stage.now)
        }
      }
      for (const [epoch, atMs] of asked) {
        if (stage.now - atMs !== voteAfterMs) continue
        for (const bot of bots.slice(1)) vote(bot as Bot, epoch)
      }
    }
    t.equal(machine.role, 'master', `votes after ${voteAfterMs} ms, ${asked.size} attempts`)
    t.ok(asked.size > 2, 'the first two are as short as ever')
  }
})

t.test('a vote of a failed attempt does not count for the next', async (t) => {
  const { stage, machine, bots, failMaster, asked, vote } = candidateStage()
  failMaster()
  while (!asked()) stage.run(100)
  const scheduled = () => stage.effects.filter((effect) => isLog(effect, 'Start of election'))
  while (scheduled().length < 2) stage.run(100)
  t.equal(machine.record().currentEpoch, 4)
  vote(bots[1], 4)
  while (machine.record().currentEpoch < 5) stage.run(100)
  vote(bots[2], 5)
  t.equal(machine.role, 'replica', 'one vote in epoch 5 and one in epoch 4 are no majority')
  vote(bots[1], 5)
  t.equal(machine.role, 'master')
})

t.test('whoever is promoted tells all nodes in the same step', async (t) => {
  const network = new Network('tell', { failureDetection: 'timeout' })
  const nodes: SimulatedNode[] = formCluster(network, 3, 1)
  network.kill(nodes[0]!)
  network.until('promoted', () => nodes[3]!.machine.role === 'master')
  network.run(2)
  for (const node of nodes.slice(1)) t.equal(node.machine.ownerOf(0), nodes[3]!.id)
})

t.test('votes that made a master do not make it one again', async (t) => {
  const network = new Network('again', { failureDetection: 'instant' })
  const nodes: SimulatedNode[] = formCluster(network, 3, 1)
  const [first, heir] = [nodes[0]!, nodes[3]!]
  network.kill(first)
  network.until('promoted', () => heir.machine.role === 'master')
  network.restart(first)
  network.until('it follows', () => first.machine.role === 'replica')
  network.tell(first, (machine) => machine.failover('takeover'))
  network.until('demoted', () => heir.machine.role === 'replica')
  const epoch = first.machine.record().configEpoch
  network.kill(first)
  network.until('promoted again', () => heir.machine.role === 'master')
  t.ok(heir.machine.record().configEpoch > epoch, 'by votes of another epoch')
})
