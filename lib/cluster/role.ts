/**
 * Who is master and who is whose replica. Invariant: a node with a master is in that master's `replicas`, and a replica
 * that is ourselves holds no open slot.
 */
import { assert } from '../base/assert.ts'
import { NodeFlag } from '../bus/message.ts'
import { ReplyError } from '../resp/reply-error.ts'
import { type ClusterNode, isMaster, isReplica } from './cluster-node.ts'
import { resetManualFailover } from './manual-failover.ts'
import { type ClusterView, emit, saveLater, setFlags, touch } from './view.ts'

/** Records that a node replicates a master (clusterNodeAddSlave). */
export function attachReplica(view: ClusterView, master: ClusterNode, node: ClusterNode): void {
  node.master = master
  if (!master.replicas.includes(node)) master.replicas.push(node)
  setFlags(view, master, NodeFlag.migrateTo)
  touch(view)
}

/** Records that a node no longer replicates its master (clusterNodeRemoveSlave). */
export function detachReplica(view: ClusterView, node: ClusterNode): void {
  const master = node.master
  if (master === undefined) return
  node.master = undefined
  const at = master.replicas.indexOf(node)
  if (at >= 0) master.replicas.splice(at, 1)
  if (master.replicas.length === 0) setFlags(view, master, 0, NodeFlag.migrateTo)
  touch(view)
}

/** A node turned out to be, or is now, a master (clusterSetNodeAsMaster). */
export function markAsMaster(view: ClusterView, node: ClusterNode): void {
  if (isMaster(node)) return
  if (node.master !== undefined) {
    detachReplica(view, node)
    if (node !== view.myself) setFlags(view, node, NodeFlag.migrateTo)
  }
  setFlags(view, node, NodeFlag.master, NodeFlag.slave)
  saveLater(view)
  view.todo.updateState = true
}

/** Makes this node, which holds no slot, a replica of a master (clusterSetMaster). */
export function becomeReplicaOf(view: ClusterView, master: ClusterNode): void {
  const { myself } = view
  assert(master !== myself, 'a node does not replicate itself')
  assert(myself.slotCount === 0, 'a replica owns no slots')
  if (isMaster(myself)) {
    setFlags(view, myself, NodeFlag.slave, NodeFlag.master | NodeFlag.migrateTo)
    closeOpenSlots(view)
  } else {
    detachReplica(view, myself)
  }
  attachReplica(view, master, myself)
  follow(view, master)
  resetManualFailover(view)
  view.todo.announce = true
}

/** Makes this node a master: it stops replicating. Slots are another matter. */
export function becomeMaster(view: ClusterView): void {
  markAsMaster(view, view.myself)
  view.following = undefined
  view.todo.announce = true
  emit(view, { type: 'follow', master: undefined })
}

/** Starts replication from a node, anew if it was on; without an address, as soon as there is one. */
export function follow(view: ClusterView, master: ClusterNode): void {
  if (master.ip === '') {
    view.following = undefined
    return
  }
  view.following = { id: master.id, ip: master.ip, port: master.port }
  emit(view, { type: 'follow', master: view.following })
}

/** Nothing is migrated or imported any more. */
export function closeOpenSlots(view: ClusterView): void {
  view.migrating.clear()
  view.importing.clear()
}

/** CLUSTER REPLICATE: throws with the reason it cannot be done. */
export function replicate(view: ClusterView, id: string): void {
  const { myself } = view
  const master = view.nodes.get(id)
  if (master === undefined) throw new ReplyError(`ERR Unknown node ${id}`)
  if (master === myself) throw new ReplyError("ERR Can't replicate myself")
  if (isReplica(master)) {
    throw new ReplyError('ERR I can only replicate a master, not a replica.')
  }
  if (isMaster(myself) && (myself.slotCount !== 0 || view.facts.countKeys() !== 0)) {
    throw new ReplyError('ERR To set a master the node must be empty and without assigned slots.')
  }
  becomeReplicaOf(view, master)
  view.todo.updateState = true
  saveLater(view)
}
