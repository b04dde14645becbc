import t from 'tap'
import { formCluster, Network, range } from './network.ts'

const seed = process.env.SEED ?? '1'
t.comment(`SEED=${seed}`)

t.test('six blank machines become one cluster by MEET, ADDSLOTS and REPLICATE', async (t) => {
  for (const failureDetection of ['timeout', 'instant'] as const) {
    const network = new Network(seed, { failureDetection })
    const nodes = network.addMany(6)
    for (const node of nodes.slice(1)) network.meet(nodes[0]!, node)
    const metMs = network.until('all know all', () =>
      nodes.every((node) => {
        const { knownNodes, linksIn, linksOut } = node.machine.record()
        return knownNodes === 6 && linksIn === 5 && linksOut === 5
      }),
    )
    for (const node of nodes) {
      t.equal(node.lines().filter((line) => / (myself,)?master - /.test(line)).length, 6)
      t.equal(node.info('cluster_state'), 'fail')
      t.equal(node.info('cluster_slots_assigned'), '0')
    }
    network.run(3000)
    t.equal(nodes[0]!.info('cluster_size'), '0')
    network.tell(nodes[0]!, (machine) => machine.addSlots(range(0, 5461)))
    network.tell(nodes[1]!, (machine) => machine.addSlots(range(5462, 10922)))
    network.tell(nodes[2]!, (machine) => machine.addSlots(range(10923, 16383)))
    const slotsMs = network.until('state ok', () =>
      nodes.every((node) => node.machine.state === 'ok'),
    )
    for (const node of nodes) t.equal(node.info('cluster_size'), '3')
    for (const i of [3, 4, 5]) {
      network.tell(nodes[i]!, (machine) => machine.replicate(nodes[i - 3]!.id))
    }
    const rolesMs = network.until('3 masters, 3 replicas', () =>
      nodes.every((node) => node.lines().filter((line) => /slave/.test(line)).length === 3),
    )
    t.comment(`${failureDetection}: met in ${metMs} ms, slots in ${slotsMs}, roles in ${rolesMs}`)
    if (failureDetection === 'instant') {
      t.ok(metMs < 1000 && slotsMs < 200 && rolesMs < 100, 'nobody waits for chance gossip')
    }
  }
})

t.test('the same seed and the same inputs give the same bytes', async (t) => {
  for (const failureDetection of ['timeout', 'instant'] as const) {
    const trace = (seed: string) => {
      const network = new Network(seed, { failureDetection })
      const nodes = formCluster(network, 3, 1)
      network.kill(nodes[1]!)
      network.run(20_000)
      network.restart(nodes[1]!)
      network.run(20_000)
      return `${network.messages} ${network.traffic} ${nodes[0]!.machine.describeNodes()}`
    }
    t.equal(trace(seed), trace(seed))
    t.not(trace(seed), trace(`${seed} other`))
  }
})
