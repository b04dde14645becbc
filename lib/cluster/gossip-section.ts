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
  const section: GossipEntry[] = []
  const number = ++view.sections
  for (const node of introduced) {
    if (!hasFlag(node, NOT_NEWS | NodeFlag.myself)) tellOf(node, section, number)
  }
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
    if (!tellOf(node, section, number)) continue
    left--
    wanted--
  }
  for (const node of view.suspects) if (!hasFlag(node, NOT_NEWS)) tellOf(node, section, number)
  return section
}

/** Adds a node to a section; false if it is there already. */
function tellOf(node: ClusterNode, section: GossipEntry[], number: number): boolean {
  if (node.toldIn === number) return false
  node.toldIn = number
  section.push(entryOf(node))
  return true
}

/** What is told of a node: the entry told last, as long as it is true, for a large cluster tells much and little changes. */
function entryOf(node: ClusterNode): GossipEntry {
  const last = node.toldAs
  const flags = node.flags & ~PRIVATE_FLAGS
  const pingSentSeconds = Math.floor(node.pingSentMs / 1000)
  const pongReceivedSeconds = Math.floor(node.pongReceivedMs / 1000)
  if (
    last !== undefined &&
    last.pongReceivedSeconds === pongReceivedSeconds &&
    last.pingSentSeconds === pingSentSeconds &&
    last.flags === flags &&
    last.ip === node.ip &&
    last.port === node.port &&
    last.otherPort === node.otherPort &&
    last.busPort === node.busPort &&
    last.id === node.id
  ) {
    return last
  }
  const { id, ip, port, otherPort, busPort } = node
  node.toldAs = { id, pingSentSeconds, pongReceivedSeconds, ip, port, otherPort, busPort, flags }
  return node.toldAs
}
