import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { NodeFlag } from '../../lib/bus/message.ts'
import { hasFlag, inHandshake } from '../../lib/cluster/cluster-node.ts'
import { formCluster, Network, type SimulatedNode } from './network.ts'

/** What a node counts, and what there is to be counted. */
function counts({ machine }: SimulatedNode) {
  const { knownNodes, linksOut, linksIn, failing, failed } = machine.record()
  const known = machine.nodes().filter((node) => !inHandshake(node))
  const found = {
    knownNodes: known.length,
    linksOut: known.filter(({ outbound }) => outbound?.open).length,
    linksIn: known.filter(({ inbound }) => inbound !== undefined).length,
    failing: known.filter((node) => hasFlag(node, NodeFlag.fail | NodeFlag.pfail)).length,
    failed: known.filter((node) => hasFlag(node, NodeFlag.fail)).length,
  }
  return { told: { knownNodes, linksOut, linksIn, failing, failed }, found }
}

t.test('a census is what counting anew would find, whatever happens', async (t) => {
  const seed = process.env.SEED ?? '1'
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  const network = new Network(seed)
  const nodes = formCluster(network, 3, 1)
  const others = (node: SimulatedNode) => nodes.filter((other) => other !== node)
  const unless = (isRefused: boolean, verb: () => void) => (isRefused ? undefined : verb())
  const deeds: ((node: SimulatedNode) => void)[] = [
    (node) => unless(!node.alive, () => network.kill(node)),
    (node) => unless(node.alive, () => network.restart(node)),
    (node) => unless(!node.alive, () => network.meet(node, random.pick(others(node)))),
    (node) => network.cut([node], [random.pick(others(node))]),
    (node) => network.heal([node], others(node)),
    (node) =>
      network.tell(node, (machine) => {
        const id = random.pick(others(node)).id
        if (machine.node(id) !== undefined && machine.myself.master?.id !== id) machine.forget(id)
      }),
    (node) => network.tell(node, (machine) => machine.reset(random.pick(['soft', 'hard']))),
  ]
  for (let i = 0; i < 200; i++) {
    random.pick(deeds)(random.pick(nodes))
    network.run(random.below(1500))
    for (const node of nodes) {
      const { told, found } = counts(node)
      if (JSON.stringify(told) === JSON.stringify(found)) continue
      t.same(told, found, `node ${node.index} after ${i + 1} deeds`)
      return
    }
  }
  t.pass('200 deeds')
})
