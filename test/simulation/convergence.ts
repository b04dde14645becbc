/**
 * Whether all nodes agree: who is who, who serves what, that all is well, that replicas are in step and links are up.
 * Told as the first thing that is still missing, so that a run that never gets there says why.
 */
import type { SimulatedNode } from './simulated-node.ts'
import type { World } from './world.ts'

/** A node at rest waits for its next cron, a wake or two, and what is on its way. */
const EVENTS_PER_NODE = 20

/** What keeps the nodes from agreeing; undefined when nothing does. */
export function disagreement(hosts: readonly SimulatedNode[]): string | undefined {
  for (const host of hosts) {
    if (host.life === undefined || host.isPaused) return `node ${host.place} is not up`
    const own = trouble(host, hosts.length)
    if (own !== undefined) return `node ${host.place} ${own}`
  }
  let common: string | undefined
  for (const host of hosts) {
    const view = viewOf(host)
    common ??= view
    if (view !== common) {
      return `node ${host.place} sees\n${view}\nwhere node ${hosts[0]?.place} sees\n${common}`
    }
  }
  return undefined
}

function trouble({ machine, node }: SimulatedNode, count: number): string | undefined {
  if (machine.state !== 'ok') return 'says that the cluster is down'
  const { knownNodes, linksOut, linksIn, failing } = machine.record()
  if (machine.nodes().length !== count || knownNodes !== count) {
    return `knows ${machine.nodes().length} nodes`
  }
  if (linksOut !== count - 1) return `has ${linksOut} links out`
  if (linksIn !== count - 1) return `has ${linksIn} links in`
  if (failing > 0) return `sees ${failing} nodes fail`
  if (machine.hasOpenSlots) return 'has open slots'
  if (machine.role !== 'replica') return undefined
  if (!node.masterLinkUp) return 'has no link to its master'
  return undefined
}

/** What all nodes should say alike. */
function viewOf({ machine }: SimulatedNode): string {
  const lines = machine.describeNodes().split('\n').slice(0, -1)
  return lines
    .map((line) => {
      const [id, address, flags = '', master, , , epoch, , ...slots] = line.split(' ')
      return [id, address, flags.replace('myself,', ''), master, epoch, ...slots].join(' ')
    })
    .sort()
    .join('\n')
}

/** Replicas have what their masters have sent. */
export function isInStep(hosts: readonly SimulatedNode[]): boolean {
  return hosts.every((host) => {
    const { master } = host.machine.myself
    if (master === undefined) return true
    const source = hosts.find(({ id }) => id === master.id)
    return source?.node.replication.offset === host.node.replication.offset
  })
}

/** A connection or a timer that nobody will ever end: each node has a link each way to each other, and its replication. */
export function leak({ hosts, network, queue }: World): string | undefined {
  for (const { place, machine } of hosts) {
    const links = 2 * (hosts.length - 1)
    const replication = machine.role === 'replica' ? 1 : machine.myself.replicas.length
    const open = network.openEnds(place).length
    if (open > links + replication) {
      return `node ${place} has ${open} open connections, of ${links} links and ${replication} of replication`
    }
  }
  const limit = EVENTS_PER_NODE * hosts.length + hosts.length ** 2
  return queue.size > limit ? `${queue.size} events wait` : undefined
}
