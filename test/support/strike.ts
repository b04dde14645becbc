/**
 * A fault by chance that a whole cluster survives: a crash, a nap, a split network or a single bad link.
 */
import type { Random } from '../../lib/base/random.ts'
import type { Cluster, ClusterNode, Undo } from '../../lib/host/handle.ts'

/** A fault that is there, and what it is. */
export interface Strike {
  readonly what: string
  readonly fault: Undo
}

/** Lets a fault befall a cluster that is whole. */
export async function strike(cluster: Cluster, random: Random): Promise<Strike> {
  const nodes = random.shuffle([...cluster.nodes])
  const [one, other] = nodes as [ClusterNode, ClusterNode]
  switch (random.below(5)) {
    case 0:
      return { what: `kill ${one.index}`, fault: await cluster.kill(one) }
    case 1:
      return { what: `pause ${one.index}`, fault: await cluster.pause(one) }
    case 2: {
      const link = cluster.link(one, other, { oneWay: random.below(2) === 0 })
      return { what: `cut ${one.index} ${other.index}`, fault: await link.cut() }
    }
    case 3: {
      const fault = await cluster.link(one, other).delay({ min: 0, max: 50 })
      return { what: `delay ${one.index} ${other.index}`, fault }
    }
    default: {
      const size = 1 + random.below(nodes.length - 1)
      const [left, right] = [nodes.slice(0, size), nodes.slice(size)]
      const fault = await cluster.partition(left, right)
      return { what: `partition ${namesOf(left)} | ${namesOf(right)}`, fault }
    }
  }
}

function namesOf(group: readonly ClusterNode[]): string {
  return group.map(({ index }) => index).join(' ')
}
