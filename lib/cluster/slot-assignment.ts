/**
 * Who owns which slot, as a plain table: the only place that writes `owners` and the nodes' bitmaps, so that they agree
 * (clusterAddSlot, clusterDelSlot).
 */
import { SLOT_COUNT } from '../base/crc16.ts'
import { NodeFlag } from '../bus/message.ts'
import { type ClusterNode, isMaster } from './cluster-node.ts'
import { clearSlot, setSlot } from './slot-bitmap.ts'
import { type ClusterView, touch } from './view.ts'

/** Gives an unassigned slot to a node. */
export function assignSlot(view: ClusterView, node: ClusterNode, slot: number): void {
  assignSlots(view, node, [slot])
}

/** Gives those of these slots that are unassigned to a node. */
export function assignSlots(view: ClusterView, node: ClusterNode, slots: readonly number[]): void {
  let assigned = 0
  for (const slot of slots) {
    if (view.owners[slot] !== undefined) continue
    view.owners[slot] = node
    setSlot(node.slots, slot)
    if (view.unclaimed.size > 0) view.unclaimed.delete(slot)
    assigned++
  }
  if (assigned === 0) return
  // A master that comes to serve slots shall have replicas if masters here have some.
  if (node.slotCount === 0 && someMasterHasReplicas(view)) node.flags |= NodeFlag.migrateTo
  view.slotsAssigned += assigned
  node.slotCount += assigned
  changed(view, node)
}

/** Takes a slot from its owner; returns who that was. */
export function unassignSlot(view: ClusterView, slot: number): ClusterNode | undefined {
  const owner = view.owners[slot]
  if (owner === undefined) return undefined
  view.owners[slot] = undefined
  view.slotsAssigned--
  view.unclaimed.delete(slot)
  clearSlot(owner.slots, slot)
  owner.slotCount--
  changed(view, owner)
  return owner
}

/** Takes all slots of a node; returns how many. */
export function unassignAll(view: ClusterView, node: ClusterNode): number {
  const count = node.slotCount
  for (let slot = 0; slot < SLOT_COUNT && node.slotCount > 0; slot++) {
    if (view.owners[slot] === node) unassignSlot(view, slot)
  }
  return count
}

function changed(view: ClusterView, node: ClusterNode): void {
  view.todo.slots = true
  if (node === view.myself) view.todo.announce = true
  touch(view)
}

function someMasterHasReplicas(view: ClusterView): boolean {
  for (const node of view.nodes) if (isMaster(node) && node.replicas.length > 0) return true
  return false
}
