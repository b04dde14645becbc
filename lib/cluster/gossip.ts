/**
 * Learning from the gossip of others: failure reports, pong times, addresses, and nodes we did not know
 * (clusterProcessGossipSection).
 */
import { type GossipEntry, NodeFlag } from '../bus/message.ts'
import { isBlacklisted } from './blacklist.ts'
import { type ClusterNode, hasFlag, isMaster, newNode } from './cluster-node.ts'
import { countFailureReports, reportBackOnline, reportFailing } from './failure-detection.ts'
import { PRIVATE_FLAGS } from './gossip-section.ts'
import { dropLink } from './link.ts'
import { addNode } from './membership.ts'
import { type ClusterView, saveLater, setFlags, touch } from './view.ts'

const FAILING = NodeFlag.pfail | NodeFlag.fail
/** A pong time told by others may lie this much in our future. */
const CLOCK_SKEW_MS = 500

/** Learns from the gossip of a sender; of an unknown sender only what needs no trust. */
export function processGossip(
  view: ClusterView,
  sender: ClusterNode | undefined,
  gossip: readonly GossipEntry[],
): void {
  for (const entry of gossip) {
    const node = view.nodes.get(entry.id)
    if (node !== undefined) hearOf(view, sender, node, entry)
    else if (sender !== undefined) discover(view, entry)
  }
}

function hearOf(
  view: ClusterView,
  sender: ClusterNode | undefined,
  node: ClusterNode,
  entry: GossipEntry,
): void {
  const failing = (entry.flags & FAILING) !== 0
  if (sender !== undefined && isMaster(sender) && node !== view.myself) {
    if (failing) reportFailing(view, sender, node)
    else reportBackOnline(view, sender, node)
  }
  if (!failing && node.pingSentMs === 0 && countFailureReports(view, node) === 0) {
    const pongMs = entry.pongReceivedSeconds * 1000
    if (pongMs <= view.now + CLOCK_SKEW_MS && pongMs > node.pongReceivedMs) {
      node.pongReceivedMs = pongMs
    }
  }
  // A node that fails for us and works for others may have moved.
  if (hasFlag(node, FAILING) && !failing && (entry.flags & NodeFlag.noaddr) === 0) {
    adoptAddress(view, node, entry)
  }
}

function adoptAddress(view: ClusterView, node: ClusterNode, entry: GossipEntry): void {
  const same = node.ip === entry.ip && node.port === entry.port && node.busPort === entry.busPort
  if (same) return
  dropLink(view, node.outbound)
  node.ip = entry.ip
  node.port = entry.port
  node.otherPort = entry.otherPort
  node.busPort = entry.busPort
  setFlags(view, node, 0, NodeFlag.noaddr)
  touch(view)
}

function discover(view: ClusterView, entry: GossipEntry): void {
  if ((entry.flags & NodeFlag.noaddr) !== 0 || isBlacklisted(view, entry.id)) return
  const node = newNode(entry.id, entry.flags & ~PRIVATE_FLAGS, view.now)
  node.ip = entry.ip
  node.port = entry.port
  node.otherPort = entry.otherPort
  node.busPort = entry.busPort
  addNode(view, node)
  saveLater(view)
}
