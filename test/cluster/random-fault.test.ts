import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { agree, formCluster, Network, type SimulatedNode } from './network.ts'

const SEEDS = process.env.SEED === undefined ? ['1', '2', '3'] : [process.env.SEED]

/** No two living masters claim a slot with one epoch; nobody's currentEpoch is behind what it gave itself. */
function checkInvariants(nodes: readonly SimulatedNode[]): string | undefined {
  const claims = new Map<number, SimulatedNode>()
  for (const node of nodes) {
    const { myself } = node.machine
    const { configEpoch, currentEpoch, role } = node.machine.record()
    if (myself.configEpoch > currentEpoch) return `${node.index} is ahead of its own clock`
    if (!node.alive || role !== 'master' || myself.slotCount === 0) continue
    const rival = claims.get(configEpoch)
    if (rival !== undefined && overlap(node, rival)) {
      return `${node.index} and ${rival.index} claim slots with epoch ${configEpoch}`
    }
    claims.set(configEpoch, node)
  }
  return undefined
}

function overlap(a: SimulatedNode, b: SimulatedNode): boolean {
  const theirs = b.machine.myself.slots
  return a.machine.myself.slots.some((byte, i) => (byte & (theirs[i] ?? 0)) !== 0)
}

for (const seed of SEEDS) {
  for (const failureDetection of ['instant', 'timeout'] as const) {
    t.test(`any faults, then peace: one truth (${failureDetection}, SEED=${seed})`, async (t) => {
      const random = new Random(seed)
      const network = new Network(seed, { failureDetection, nodeTimeoutMs: 1000 })
      const nodes = formCluster(network, 3, 1)
      const cuts: [SimulatedNode[], SimulatedNode[]][] = []
      let broken: string | undefined
      for (let i = 0; i < 25 && broken === undefined; i++) {
        const node = random.pick(nodes)
        switch (random.below(5)) {
          case 0:
            if (node.alive) network.kill(node)
            break
          case 1:
          case 2:
            if (!node.alive) network.restart(node)
            break
          case 3: {
            const others = nodes.filter((other) => other !== node && random.below(2) === 0)
            network.cut([node], others)
            cuts.push([[node], others])
            break
          }
          default: {
            const cut = cuts.pop()
            if (cut !== undefined) network.heal(...cut)
          }
        }
        for (let j = 0; j < 10 && broken === undefined; j++) {
          network.run(random.below(500))
          broken = checkInvariants(nodes)
        }
      }
      t.equal(broken, undefined)
      for (const cut of cuts) network.heal(...cut)
      for (const node of nodes) if (!node.alive) network.restart(node)
      t.doesNotThrow(() => network.until('all agree', () => agree(nodes), 120_000))
      t.equal(checkInvariants(nodes), undefined)
    })
  }
}
