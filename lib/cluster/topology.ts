/**
 * CLUSTER SLOTS, SHARDS and LINKS as values, and what clients should connect to (clusterReplyMultiBulkSlots,
 * clusterReplyShards, getPreferredEndpoint).
 */
import { SLOT_COUNT } from '../base/crc16.ts'
import type {
  LinkDescription,
  Shard,
  ShardNode,
  SlotsNode,
  SlotsRange,
} from '../commands/cluster-port.ts'
import { type ClusterNode, isFailed, isMaster, isReplica } from './cluster-node.ts'
import type { Link } from './link.ts'
import { slotRangesOf } from './slot-assignment.ts'
import type { ClusterView } from './view.ts'

/** The host part of a redirection; empty when clients shall reuse the one they used. */
export function endpointOf(view: ClusterView, node: ClusterNode): string {
  switch (view.settings.preferredEndpointType) {
    case 'ip':
      return node.ip
    case 'hostname':
      return node.hostname === '' ? '?' : node.hostname
    case 'unknown-endpoint':
      return ''
  }
}

/** A node's replication offset in bytes, our own at first hand. */
function offsetOf(view: ClusterView, node: ClusterNode): number {
  return node === view.myself ? view.facts.replicationOffset() : node.replicationOffset
}

/** CLUSTER SLOTS: one range per run of slots of one owner, its working replicas behind it. */
export function describeSlots(view: ClusterView): readonly SlotsRange[] {
  const ranges: SlotsRange[] = []
  for (let start = 0; start < SLOT_COUNT; ) {
    const owner = view.owners.of(start)
    let end = start
    while (end + 1 < SLOT_COUNT && view.owners.of(end + 1) === owner) end++
    if (owner !== undefined) ranges.push({ start, end, nodes: slotsNodes(view, owner) })
    start = end + 1
  }
  return ranges
}

function slotsNodes(view: ClusterView, owner: ClusterNode): SlotsNode[] {
  // A replica that never got a byte has nothing to serve.
  const replicas = owner.replicas.filter((node) => !isFailed(node) && offsetOf(view, node) !== 0)
  return [owner, ...replicas].map((node) => slotsNode(view, node))
}

function slotsNode(view: ClusterView, node: ClusterNode): SlotsNode {
  const { preferredEndpointType } = view.settings
  const metadata: (readonly [string, string])[] = []
  if (preferredEndpointType !== 'ip') metadata.push(['ip', node.ip])
  if (preferredEndpointType !== 'hostname' && node.hostname !== '') {
    metadata.push(['hostname', node.hostname])
  }
  return {
    endpoint: preferredEndpointType === 'unknown-endpoint' ? undefined : endpointOf(view, node),
    port: node.port,
    id: node.id,
    metadata,
  }
}

/** CLUSTER SHARDS: one shard per master, with or without slots. */
export function describeShards(view: ClusterView): readonly Shard[] {
  const shards: Shard[] = []
  for (const node of view.nodes) {
    if (!isMaster(node)) continue
    shards.push({
      ranges: slotRangesOf(node),
      nodes: [node, ...node.replicas].map((member) => shardNode(view, member)),
    })
  }
  return shards
}

function shardNode(view: ClusterView, node: ClusterNode): ShardNode {
  const replicationOffset = offsetOf(view, node)
  const isLoading = isReplica(node) && replicationOffset === 0
  return {
    id: node.id,
    port: node.port,
    ip: node.ip,
    endpoint: endpointOf(view, node),
    hostname: node.hostname === '' ? undefined : node.hostname,
    role: isReplica(node) ? 'replica' : 'master',
    replicationOffset,
    health: isFailed(node) ? 'fail' : isLoading ? 'loading' : 'online',
  }
}

/** CLUSTER LINKS: per node the link to it, then the link from it. */
export function describeLinks(view: ClusterView): readonly LinkDescription[] {
  const links: LinkDescription[] = []
  for (const node of view.nodes) {
    if (node.outbound !== undefined) links.push(describeLink(view, node, node.outbound))
    if (node.inbound !== undefined) links.push(describeLink(view, node, node.inbound))
  }
  return links
}

function describeLink(view: ClusterView, node: ClusterNode, link: Link): LinkDescription {
  const buffer = view.facts.sendBuffer(link.id)
  return {
    direction: link.direction,
    node: node.id,
    createTimeMs: link.createdMs,
    events: buffer.used > 0 || !link.open ? 'rw' : 'r',
    sendBufferAllocated: buffer.allocated,
    sendBufferUsed: buffer.used,
  }
}
