/**
 * Nodes come and go: adding, removing, CLUSTER FORGET and CLUSTER RESET (clusterAddNode, clusterDelNode, clusterReset).
 * Invariant: nothing in the view points to a removed node.
 */
import type { NodeId } from '../bus/message.ts'
import { ReplyError } from '../resp/reply-error.ts'
import { blacklist } from './blacklist.ts'
import { count, uncount } from './census.ts'
import { type ClusterNode, isMaster, isReplica } from './cluster-node.ts'
import { associateInbound, dropLink } from './link.ts'
import { resetManualFailover } from './manual-failover.ts'
import { noteLoss } from './news.ts'
import { becomeMaster, closeOpenSlots, detachReplica } from './role.ts'
import { unassignAll } from './slot-assignment.ts'
import { type ClusterView, emit, log, saveLater, touch } from './view.ts'

/** Adds a node; the next tick connects to it, in instant mode the end of this step. */
export function addNode(view: ClusterView, node: ClusterNode): void {
  view.nodes.add(node)
  count(view, node)
  view.todo.dial = true
  adoptInboundLink(view, node)
  touch(view)
}

/** Gives a node of a finished handshake its real id. */
export function renameNode(view: ClusterView, node: ClusterNode, id: NodeId): void {
  view.nodes.rename(node, id)
  adoptInboundLink(view, node)
  touch(view)
}

/** The node may have connected to us before we knew it. */
function adoptInboundLink(view: ClusterView, node: ClusterNode): void {
  for (const link of view.links.values()) {
    if (link.direction === 'from' && link.node === undefined && link.lastSender === node.id) {
      associateInbound(view, node, link)
    }
  }
}

/** Removes a node with its slots, replicas, reports and links. */
export function removeNode(view: ClusterView, node: ClusterNode): void {
  unassignAll(view, node)
  for (const open of [view.migrating, view.importing]) {
    for (const [slot, peer] of open) if (peer === node) open.delete(slot)
  }
  for (const other of view.nodes) other.failureReports?.delete(node)
  for (const replica of node.replicas.slice()) detachReplica(view, replica)
  detachReplica(view, node)
  dropLink(view, node.outbound)
  dropLink(view, node.inbound)
  if (view.manualFailover.replica === node) resetManualFailover(view)
  view.nodes.remove(node)
  uncount(view, node)
  touch(view)
}

/** CLUSTER FORGET: throws with the reason it cannot be done. */
export function forget(view: ClusterView, id: NodeId): void {
  const node = view.nodes.get(id)
  if (node === undefined) throw new ReplyError(`ERR Unknown node ${id}`)
  if (node === view.myself) {
    throw new ReplyError("ERR I tried hard but I can't forget myself...")
  }
  if (isReplica(view.myself) && view.myself.master === node) {
    throw new ReplyError("ERR Can't forget my master!")
  }
  blacklist(view, id)
  removeNode(view, node)
  view.todo.updateState = true
  saveLater(view)
}

/** CLUSTER RESET: throws on a master that holds keys. */
export function reset(view: ClusterView, mode: 'soft' | 'hard'): void {
  const { myself } = view
  if (isMaster(myself) && view.facts.countKeys() !== 0) {
    throw new ReplyError("ERR CLUSTER RESET can't be called with master nodes containing keys")
  }
  if (isReplica(myself)) {
    becomeMaster(view)
    emit(view, { type: 'flush-keys' })
  }
  closeOpenSlots(view)
  resetManualFailover(view)
  noteLoss(view, myself.slots)
  for (const node of view.nodes.all()) unassignAll(view, node)
  for (const node of view.nodes.all()) if (node !== myself) removeNode(view, node)
  if (mode === 'hard') hardReset(view)
  saveLater(view, 'synced')
  view.todo.updateState = true
}

function hardReset(view: ClusterView): void {
  view.currentEpoch = 0
  view.myself.configEpoch = 0
  view.lastVoteEpoch = 0
  log(view, 'warning', 'configEpoch set to 0 via CLUSTER RESET HARD')
  view.nodes.rename(view.myself, view.random.nodeId())
  emit(view, { type: 'renamed', id: view.myself.id })
  log(view, 'notice', `Node hard reset, now I'm ${view.myself.id}`)
  touch(view)
}
