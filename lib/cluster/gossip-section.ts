/**
 * What a PING, PONG or MEET of ours tells of third nodes (the gossip half of clusterSendPing): a few at random, and
 * every node we suspect.
 */
import { type GossipEntry, NodeFlag } from '../bus/message.ts'
import { type ClusterNode, hasFlag, isMyself, isSuspected } from './cluster-node.ts'
import type { ClusterView } from './view.ts'

/** Bits that never leave the node that set them. */
export const PRIVATE_FLAGS = NodeFlag.myself | NodeFlag.handshake | NodeFlag.meet
const NOT_NEWS = NodeFlag.handshake | NodeFlag.noaddr

/** A few nodes at random, those to be introduced, and every node we suspect. */
export function composeGossip(
  view: ClusterView,
  introduced: readonly ClusterNode[] = [],
): GossipEntry[] {
  const chosen = new Set(introduced.filter((node) => !hasFlag(node, NOT_NEWS | NodeFlag.myself)))
  // Ourselves and the receiver are no news to the receiver.
  let left = view.nodes.size - 2
  let wanted = Math.min(Math.max(3, Math.floor(view.nodes.size / 10)), left)
  for (let draws = wanted * 3; left > 0 && wanted > 0 && draws > 0; draws--) {
    const node = view.nodes.pick(view.random)
    if (isMyself(node) || isSuspected(node)) continue
    if (hasFlag(node, NOT_NEWS) || (node.outbound === undefined && node.slotCount === 0)) {
      left--
      continue
    }
    if (chosen.has(node)) continue
    chosen.add(node)
    left--
    wanted--
  }
  for (const node of view.suspects) if (!hasFlag(node, NOT_NEWS)) chosen.add(node)
  return Array.from(chosen, gossipEntry)
}

function gossipEntry(node: ClusterNode): GossipEntry {
  return {
    id: node.id,
    pingSentSeconds: Math.floor(node.pingSentMs / 1000),
    pongReceivedSeconds: Math.floor(node.pongReceivedMs / 1000),
    ip: node.ip,
    port: node.port,
    otherPort: node.otherPort,
    busPort: node.busPort,
    flags: node.flags & ~PRIVATE_FLAGS,
  }
}
