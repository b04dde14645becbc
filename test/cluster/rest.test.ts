/** Ticks that are left out are missed by nobody: whatever befalls a cluster, it says the same bytes at the same times. */
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { ReplyError } from '../../lib/resp/reply-error.ts'
import { formCluster, Network, type SimulatedNode } from './network.ts'
import { setStage } from './stage.ts'

const seed = process.env.SEED ?? '1'
const histories = Number(process.env.FUZZ_RUNS ?? 3)
t.comment(`SEED=${seed}`)

/** Something that befalls a cluster. */
type Blow = (network: Network, node: SimulatedNode, other: SimulatedNode, random: Random) => void

const blows: readonly Blow[] = [
  (network, node) => (node.alive ? network.kill(node) : network.restart(node)),
  (network, node) => node.alive || network.restart(node),
  (network, node) =>
    network.cut(
      [node],
      network.nodes.filter((each) => each !== node),
    ),
  (network, node, other) => network.cut([node], [other]),
  (network) => network.heal(network.nodes, network.nodes),
  (network, node, _, random) =>
    network.tell(node, (machine) =>
      machine.failover(random.pick(['graceful', 'force', 'takeover'])),
    ),
  (network, node, other) => network.tell(node, (machine) => machine.replicate(other.id)),
  (network, node, other) => network.tell(node, (machine) => machine.forget(other.id)),
  (network, node, other) => network.meet(node, other),
  (network, node, other, random) =>
    network.tell(node, (machine) =>
      machine.closeLinks(other.id, random.pick(['to', 'from', 'all'])),
    ),
  (network, node, _, random) =>
    network.tell(node, (machine) => machine.reset(random.pick(['soft', 'hard']))),
  (network, node, other, random) => {
    const slot = random.below(16_384)
    network.tell(other, (machine) => machine.setSlotNode(slot, other.id))
    network.tell(node, (machine) => machine.setSlotNode(slot, other.id))
  },
  (network, node, _, random) => {
    const nodeTimeoutMs = random.pick([300, 501, 1000, 4000, 15_000])
    for (const each of network.nodes) each.settings.nodeTimeoutMs = nodeTimeoutMs
    network.tell(node, (machine) => {
      node.settings.announceHostname = random.pick(['', 'one.example', 'two.example'])
      node.settings.replicaNoFailover = random.fraction() < 0.3
      machine.refreshMyself()
    })
  },
  (network, node) => {
    node.offset += 100
    network.tell(node, (machine) => machine.bumpEpoch())
  },
]

/** Plays a history drawn from a seed; with `spares` the ticks that come to nothing are left out. */
function play(history: string, spares: boolean) {
  const random = new Random(history)
  const network = new Network(history, {
    failureDetection: random.pick(['instant', 'timeout'] as const),
    nodeTimeoutMs: random.pick([501, 1000, 2000, 15_000]),
    allowReplicaMigration: random.fraction() < 0.8,
    requireFullCoverage: random.fraction() < 0.5,
  })
  network.spares = spares
  const nodes = formCluster(network, 3, random.pick([0, 1, 2]))
  for (let left = 2 + random.below(10); left > 0; left--) {
    network.run(random.below(random.pick([50, 2000, 20_000])))
    const [blow, node, other] = [random.pick(blows), random.pick(nodes), random.pick(nodes)]
    try {
      blow(network, node, other, random)
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error
    }
  }
  network.run(10_000)
  const { traffic, messages, spared } = network
  const ends = nodes.map(({ logs, effects, config, saves, machine }) => ({
    logs,
    effects,
    config,
    saves,
    nodes: machine.describeNodes(),
    info: machine.describeInfo(),
  }))
  return { spared, story: { traffic, messages, ends } }
}

t.test('a cluster that leaves ticks out lives as one that does not', async (t) => {
  let spared = 0
  for (let i = 0; i < histories; i++) {
    const history = `${seed}/${i}`
    const sparing = play(history, true)
    const full = play(history, false)
    spared += sparing.spared
    const differs = JSON.stringify(sparing.story) !== JSON.stringify(full.story)
    if (differs) t.same(sparing.story, full.story, `history ${history}`)
    if (differs) return
  }
  t.ok(spared > 10 * histories, `${spared} ticks were left out`)
})

t.test('at rest nine ticks of ten are left out, and none while anything is wrong', async (t) => {
  const network = new Network('rest', { nodeTimeoutMs: 15_000 })
  network.spares = true
  const [first, second] = formCluster(network, 3, 1)
  network.run(5000)
  const before = network.spared
  network.run(10_000)
  const share = (network.spared - before) / (6 * 100)
  t.ok(share > 0.85 && share <= 0.9, `${share} of the ticks`)
  network.kill(second as SimulatedNode)
  network.run(200)
  t.equal((first as SimulatedNode).machine.idleTicks, 0, 'a link is missing')
})

t.test('links whose output is limited are looked at with every tick', async (t) => {
  const { machine, settings } = setStage()
  settings.linkSendBufferLimit = 1
  t.equal(machine.idleTicks, 0)
})
