/**
 * Sending: on one link, or to everybody we have a link to (clusterSendMessage, clusterBroadcastMessage, clusterSendPing).
 */
import { type BusMessage, MESSAGE_TYPES, NodeFlag, type PingExtension } from '../bus/message.ts'
import { type ClusterNode, hasFlag, isReplica } from './cluster-node.ts'
import { composeGossip } from './gossip-section.ts'
import { buildHeader } from './header.ts'
import type { Link } from './link.ts'
import { type ClusterView, emit } from './view.ts'

/** Sends a message on a link and counts it. */
export function send(view: ClusterView, link: Link, message: BusMessage): void {
  const type = MESSAGE_TYPES.indexOf(message.type)
  view.sent[type] = (view.sent[type] ?? 0) + 1
  emit(view, { type: 'send', link: link.id, message })
}

/** Sends a message to every node that is not in a handshake. */
export function broadcast(view: ClusterView, message: BusMessage): void {
  for (const node of view.nodes) {
    if (node.outbound === undefined) continue
    if (hasFlag(node, NodeFlag.myself | NodeFlag.handshake)) continue
    send(view, node.outbound, message)
  }
}

/**
 * Sends a PING, PONG or MEET with news of a few nodes, and of those in `introduced` in any case. A ping on an outbound
 * link starts the clock of its answer.
 */
export function sendPing(
  view: ClusterView,
  link: Link,
  type: 'ping' | 'pong' | 'meet',
  introduced: readonly ClusterNode[] = [],
): void {
  if (type === 'ping' && link.direction === 'to' && link.node !== undefined) {
    link.node.pingSentMs = view.now
  }
  send(view, link, {
    type,
    header: buildHeader(view),
    gossip: composeGossip(view, introduced),
    extensions: extensionsOf(view),
  })
}

/**
 * Sends a PONG unasked, so that others learn our news at once: to all nodes, to those whose link is open (the first words on
 * the others will hold the same), or to the replicas of our own master.
 */
export function broadcastPong(
  view: ClusterView,
  audience: 'all' | 'connected' | 'fellow-replicas',
  introduced: readonly ClusterNode[] = [],
): void {
  for (const node of view.nodes) {
    if (node.outbound === undefined) continue
    if (hasFlag(node, NodeFlag.myself | NodeFlag.handshake)) continue
    if (audience === 'connected' && !node.outbound.open) continue
    if (audience === 'fellow-replicas' && !isFellowReplica(view, node)) continue
    sendPing(view, node.outbound, 'pong', introduced)
  }
}

function isFellowReplica(view: ClusterView, node: ClusterNode): boolean {
  if (!isReplica(node) || node.master === undefined) return false
  return node.master === view.myself || node.master === view.myself.master
}

function extensionsOf(view: ClusterView): PingExtension[] {
  const { hostname } = view.myself
  return hostname === '' ? [] : [{ type: 'hostname', hostname }]
}
