/**
 * CLUSTER NODES and CLUSTER INFO as text (clusterGenNodeDescription, genClusterInfoString). The lines of CLUSTER NODES
 * are also the lines of nodes.conf.
 */
import type { Bytes } from '../base/bytes.ts'
import { MESSAGE_TYPES, NodeFlag, type NodeId } from '../bus/message.ts'
import { ReplyError } from '../resp/reply-error.ts'
import {
  type ClusterNode,
  hasFlag,
  isFailed,
  isMyself,
  isReplica,
  isSuspected,
  masterOf,
} from './cluster-node.ts'
import { slotWordsOf } from './slot-assignment.ts'
import type { ClusterView } from './view.ts'

/** Flags by name, in the order they are printed. */
export const FLAG_NAMES: readonly (readonly [flag: number, name: string])[] = [
  [NodeFlag.myself, 'myself'],
  [NodeFlag.master, 'master'],
  [NodeFlag.slave, 'slave'],
  [NodeFlag.pfail, 'fail?'],
  [NodeFlag.fail, 'fail'],
  [NodeFlag.handshake, 'handshake'],
  [NodeFlag.noaddr, 'noaddr'],
  [NodeFlag.nofailover, 'nofailover'],
]

/** All lines of CLUSTER NODES, without the nodes that have one of the flags to hide. */
export function describeNodes(view: ClusterView, hidden = 0): Bytes {
  let text = ''
  for (const node of view.nodes) {
    if (!hasFlag(node, hidden)) text += `${describeNode(view, node)}\n`
  }
  return text
}

/** A line of CLUSTER NODES, without its end. */
export function describeNode(view: ClusterView, node: ClusterNode): Bytes {
  const address = `${node.ip}:${node.port}@${node.busPort}`
  const words = [
    node.id,
    node.hostname === '' ? address : `${address},${node.hostname}`,
    flagNames(node),
    node.master?.id ?? '-',
    node.pingSentMs,
    node.pongReceivedMs,
    (node.master ?? node).configEpoch,
    node.outbound !== undefined || isMyself(node) ? 'connected' : 'disconnected',
  ]
  if (node.slotCount > 0) words.push(slotWordsOf(node))
  if (isMyself(node)) words.push(...openSlots(view))
  return words.join(' ')
}

function flagNames(node: ClusterNode): string {
  const names = FLAG_NAMES.filter(([flag]) => hasFlag(node, flag)).map(([, name]) => name)
  return names.length === 0 ? 'noflags' : names.join(',')
}

function openSlots(view: ClusterView): string[] {
  const slots = new Set([...view.migrating.keys(), ...view.importing.keys()])
  return [...slots]
    .sort((a, b) => a - b)
    .map((slot) => {
      const target = view.migrating.get(slot)
      if (target !== undefined) return `[${slot}->-${target.id}]`
      return `[${slot}-<-${view.importing.get(slot)?.id}]`
    })
}

/** CLUSTER REPLICAS: throws unless the node is a master we know. */
export function describeReplicas(view: ClusterView, id: NodeId): readonly Bytes[] {
  const master = view.nodes.get(id)
  if (master === undefined) throw new ReplyError(`ERR Unknown node ${id}`)
  if (isReplica(master)) throw new ReplyError('ERR The specified node is not a master')
  return master.replicas.map((replica) => describeNode(view, replica))
}

/** CLUSTER INFO. */
export function describeInfo(view: ClusterView): Bytes {
  const slots = { ok: 0, pfail: 0, fail: 0 }
  for (const node of view.nodes) {
    if (isFailed(node)) slots.fail += node.slotCount
    else if (isSuspected(node)) slots.pfail += node.slotCount
    else slots.ok += node.slotCount
  }
  const lines = [
    `cluster_state:${view.state}`,
    `cluster_slots_assigned:${view.slotsAssigned}`,
    `cluster_slots_ok:${slots.ok}`,
    `cluster_slots_pfail:${slots.pfail}`,
    `cluster_slots_fail:${slots.fail}`,
    `cluster_known_nodes:${view.nodes.size}`,
    `cluster_size:${view.size}`,
    `cluster_current_epoch:${view.currentEpoch}`,
    `cluster_my_epoch:${(masterOf(view.myself) ?? view.myself).configEpoch}`,
    ...messageCounters('sent', view.sent),
    ...messageCounters('received', view.received),
    `total_cluster_links_buffer_limit_exceeded:${view.sendBufferLimitExceeded}`,
  ]
  return lines.map((line) => `${line}\r\n`).join('')
}

function messageCounters(direction: string, counts: readonly number[]): string[] {
  const lines: string[] = []
  let total = 0
  for (const [i, count] of counts.entries()) {
    total += count
    if (count > 0) lines.push(`cluster_stats_messages_${MESSAGE_TYPES[i]}_${direction}:${count}`)
  }
  lines.push(`cluster_stats_messages_${direction}:${total}`)
  return lines
}
