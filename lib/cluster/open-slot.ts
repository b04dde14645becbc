/**
 * Slots on their way from one master to another: CLUSTER SETSLOT. Invariant: only a master has open slots; it migrates
 * only slots it owns.
 */
import type { NodeId } from '../bus/message.ts'
import { ReplyError } from '../resp/reply-error.ts'
import { type ClusterNode, isReplica } from './cluster-node.ts'
import { bumpEpoch } from './epoch.ts'
import { noteGain } from './news.ts'
import { becomeReplicaOf } from './role.ts'
import { assignSlot, unassignSlot } from './slot-assignment.ts'
import { bitmapOf } from './slot-bitmap.ts'
import { type ClusterView, log, saveLater, touch } from './view.ts'

/** SETSLOT MIGRATING. */
export function setMigrating(view: ClusterView, slot: number, target: NodeId): void {
  if (view.owners.of(slot) !== view.myself) {
    throw new ReplyError(`ERR I'm not the owner of hash slot ${slot}`)
  }
  view.migrating.set(slot, otherMaster(view, target, `I don't know about node ${target}`))
  slotOpened(view)
}

/** SETSLOT IMPORTING. */
export function setImporting(view: ClusterView, slot: number, source: NodeId): void {
  if (view.owners.of(slot) === view.myself) {
    throw new ReplyError(`ERR I'm already the owner of hash slot ${slot}`)
  }
  view.importing.set(slot, otherMaster(view, source, `I don't know about node ${source}`))
  slotOpened(view)
}

/** SETSLOT STABLE. */
export function setStable(view: ClusterView, slot: number): void {
  view.migrating.delete(slot)
  view.importing.delete(slot)
  slotOpened(view)
}

/** SETSLOT NODE: the slot is that node's, whatever the epochs say. */
export function setSlotNode(view: ClusterView, slot: number, id: NodeId): void {
  const { myself } = view
  const node = otherMaster(view, id, `Unknown node ${id}`)
  const owner = view.owners.of(slot)
  const wasMine = owner === myself
  const keys = view.facts.countKeysInSlot(slot)
  if (wasMine && node !== myself && keys !== 0) {
    throw new ReplyError(
      `ERR Can't assign hashslot ${slot} to a different node while I still hold keys for this hash slot.`,
    )
  }
  if (keys === 0) view.migrating.delete(slot)
  if (owner === node) view.unclaimed.delete(slot)
  else {
    unassignSlot(view, slot)
    assignSlot(view, node, slot)
  }
  const gaveLast = wasMine && node !== myself && myself.slotCount === 0
  if (gaveLast && view.settings.allowReplicaMigration) {
    log(
      view,
      'warning',
      `Configuration change detected. Reconfiguring myself as a replica of ${node.id}`,
    )
    becomeReplicaOf(view, node)
    saveLater(view, 'synced')
  }
  if (node === myself) {
    const reason = view.importing.has(slot) ? 'migration' : 'operator'
    noteGain(view, bitmapOf([slot]), owner?.id, reason)
    if (view.importing.has(slot)) finishImport(view, slot)
  }
  slotOpened(view)
}

/** The slot is ours by operator's word: a greater epoch makes it ours for everybody, and all hear of it at once. */
function finishImport(view: ClusterView, slot: number): void {
  if (bumpEpoch(view)) {
    log(view, 'warning', `configEpoch updated after importing slot ${slot}`)
  }
  view.importing.delete(slot)
  view.todo.broadcast = true
}

function otherMaster(view: ClusterView, id: NodeId, unknown: string): ClusterNode {
  const node = view.nodes.get(id)
  if (node === undefined) throw new ReplyError(`ERR ${unknown}`)
  if (isReplica(node)) throw new ReplyError('ERR Target node is not a master')
  return node
}

function slotOpened(view: ClusterView): void {
  view.todo.updateState = true
  saveLater(view)
  touch(view)
}
