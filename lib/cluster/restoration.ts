/**
 * Taking over what nodes.conf holds into a fresh view. Times are not kept: a pending ping counts from now, a failure
 * as well (clusterLoadConfig).
 */
import { NodeFlag, type NodeId } from '../bus/message.ts'
import { type ClusterNode, hasFlag, newNode } from './cluster-node.ts'
import type { SavedConfig, SavedNode } from './config-file.ts'
import { maxEpoch } from './epoch.ts'
import { addNode } from './membership.ts'
import { attachReplica } from './role.ts'
import { assignRanges } from './slot-assignment.ts'
import { type ClusterView, log, setFlags } from './view.ts'

/** Fills a view whose own id is the saved one. */
export function restore(view: ClusterView, saved: SavedConfig): void {
  for (const name of saved.unknownVariables) {
    log(view, 'notice', `Skipping unknown cluster config variable '${name}'`)
  }
  for (const node of saved.nodes) fill(view, named(view, node.id), node)
  for (const node of saved.nodes) connectSaved(view, named(view, node.id), node)
  view.lastVoteEpoch = saved.lastVoteEpoch
  view.currentEpoch = saved.currentEpoch
  view.currentEpoch = maxEpoch(view)
}

/** The node of this id; one that is only mentioned is known by its id alone. */
function named(view: ClusterView, id: NodeId): ClusterNode {
  const known = view.nodes.get(id)
  if (known !== undefined) return known
  const node = newNode(id, 0, view.now)
  addNode(view, node)
  return node
}

function fill(view: ClusterView, node: ClusterNode, saved: SavedNode): void {
  setFlags(view, node, saved.flags, ~saved.flags)
  node.ip = saved.ip
  node.port = saved.port
  node.busPort = saved.busPort
  node.hostname = saved.hostname
  node.pingSentMs = saved.pinged ? view.now : 0
  node.pongReceivedMs = saved.ponged ? view.now : 0
  node.failedMs = hasFlag(node, NodeFlag.fail) ? view.now : 0
  // A replica's line shows its master's epoch.
  node.configEpoch = saved.masterId === undefined ? saved.configEpoch : 0
}

function connectSaved(view: ClusterView, node: ClusterNode, saved: SavedNode): void {
  if (saved.masterId !== undefined) attachReplica(view, named(view, saved.masterId), node)
  assignRanges(view, node, saved.slots)
  for (const [slot, target] of saved.migrating) view.migrating.set(slot, named(view, target))
  for (const [slot, source] of saved.importing) view.importing.set(slot, named(view, source))
}
