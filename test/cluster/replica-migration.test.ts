import t from 'tap'
import { agree, formCluster, Network } from './network.ts'

t.test(
  'a spare replica moves to a master that lost its last one, five seconds later',
  async (t) => {
    const network = new Network('migration')
    const nodes = formCluster(network, 3, 1)
    const spare = network.add()
    network.meet(spare, nodes[0]!)
    network.until('known', () => spare.machine.record().knownNodes === 7)
    network.tell(spare, (machine) => machine.replicate(nodes[1]!.id))
    network.until('all agree', () => agree([...nodes, spare]))
    network.kill(nodes[3]!)
    network.until('failed', () =>
      nodes.every((node) => !node.alive || node.flags(nodes[3]!) === 'slave,fail'),
    )
    const helpers = [nodes[4]!, spare].sort((a, b) => (a.id < b.id ? -1 : 1))
    const tookMs = network.until(
      'moved',
      () => helpers[0]!.machine.myself.master?.id === nodes[0]!.id,
    )
    t.ok(tookMs > 4500 && tookMs < 7000, `${tookMs} ms`)
    t.ok(helpers[0]!.logged(`Migrating to orphaned master ${nodes[0]!.id}`))
    network.run(20_000)
    t.equal(helpers[1]!.machine.myself.master?.id, nodes[1]!.id, 'the other one stays')
  },
)

t.test('nobody moves where it is not allowed, or the barrier forbids it', async (t) => {
  for (const settings of [{ allowReplicaMigration: false }, { migrationBarrier: 2 }]) {
    const network = new Network('stay', settings)
    const nodes = formCluster(network, 3, 2)
    network.kill(nodes[3]!)
    network.kill(nodes[6]!)
    network.run(30_000)
    t.equal(nodes[1]!.machine.myself.replicas.length, 2)
    t.equal(nodes[2]!.machine.myself.replicas.length, 2)
  }
})

t.test('a master that never had a replica is no orphan', async (t) => {
  const network = new Network('never had')
  const nodes = formCluster(network, 3)
  const replicas = network.addMany(2)
  for (const node of replicas) network.meet(node, nodes[0]!)
  network.until('known', () => replicas.every((node) => node.machine.record().knownNodes === 5))
  for (const node of replicas) network.tell(node, (machine) => machine.replicate(nodes[0]!.id))
  network.run(30_000)
  t.equal(nodes[0]!.machine.myself.replicas.length, 2)
})
