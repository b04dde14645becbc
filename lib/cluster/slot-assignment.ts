/**
 * Who owns which slot, as a plain table: the only place that writes `owners` and the nodes' bitmaps, so that they agree
 * (clusterAddSlot, clusterDelSlot).
 */
import { NodeFlag, type NodeId } from '../bus/message.ts'
import { type ClusterNode, isMaster, masterOf } from './cluster-node.ts'
import {
  clearSlot,
  clearSlots,
  commonSlots,
  hasSlot,
  isEmpty,
  rangesOf,
  type SlotRange,
  setRange,
  setSlot,
} from './slot-bitmap.ts'
import { type ClusterView, touch } from './view.ts'

/** All slots of one node. */
export interface Assignment {
  readonly owner: NodeId
  /** The same array as long as its slots are. */
  readonly ranges: readonly SlotRange[]
  readonly slotCount: number
}

/** Who serves which slots. */
export function assignmentsOf(view: ClusterView): readonly Assignment[] {
  return view.nodes
    .all()
    .filter((node) => node.slotCount > 0)
    .map((node) => ({ owner: node.id, ranges: slotRangesOf(node), slotCount: node.slotCount }))
}

/** The slots a node has now; they stay as they are, whatever it gets and loses later. */
export function slotsNow(node: ClusterNode): Uint8Array {
  node.areSlotsShared = true
  return node.slots
}

/** The runs of a node's slots, ascending: worked out once, since slots of one node move while many are asked for. */
export function slotRangesOf(node: ClusterNode): readonly SlotRange[] {
  node.slotRanges ??= rangesOf(node.slots)
  return node.slotRanges
}

/** The same as words of a line of CLUSTER NODES, a space between them. */
export function slotWordsOf(node: ClusterNode): string {
  node.slotWords ??= slotRangesOf(node)
    .map(([start, end]) => (start === end ? `${start}` : `${start}-${end}`))
    .join(' ')
  return node.slotWords
}

/** The slots a node has, to be changed. */
function ownSlots(node: ClusterNode): Uint8Array {
  node.slotRanges = undefined
  node.slotWords = undefined
  if (node.areSlotsShared) {
    node.slots = node.slots.slice()
    node.areSlotsShared = false
  }
  return node.slots
}

/** Gives an unassigned slot to a node. */
export function assignSlot(view: ClusterView, node: ClusterNode, slot: number): void {
  assignRanges(view, node, [[slot, slot]])
}

/** Gives those slots of these ranges that are unassigned to a node. */
export function assignRanges(
  view: ClusterView,
  node: ClusterNode,
  ranges: readonly SlotRange[],
): void {
  const before = node.slotCount
  for (const range of ranges) assignRange(view, node, range)
  if (node.slotCount === before) return
  // A master that comes to serve slots shall have replicas if masters here have some.
  if (before === 0 && someMasterHasReplicas(view)) node.flags |= NodeFlag.migrateTo
  changed(view, node)
}

function assignRange(view: ClusterView, node: ClusterNode, range: SlotRange): void {
  const [start, end] = range
  let assigned = 0
  if (end > start && view.owners.areFree(start, end)) {
    view.owners.fill(node, start, end)
    setRange(ownSlots(node), range)
    assigned = end - start + 1
  } else {
    for (let slot = start; slot <= end; slot++) {
      if (view.owners.of(slot) !== undefined) continue
      view.owners.fill(node, slot, slot)
      setSlot(ownSlots(node), slot)
      assigned++
    }
  }
  view.slotsAssigned += assigned
  node.slotCount += assigned
}

/** Takes a slot from its owner; returns who that was. */
export function unassignSlot(view: ClusterView, slot: number): ClusterNode | undefined {
  const owner = view.owners.of(slot)
  if (owner === undefined) return undefined
  if (owner === masterOf(view.myself)) view.todo.closedSlots.push([slot, slot])
  view.owners.fill(undefined, slot, slot)
  view.slotsAssigned--
  view.unclaimed.delete(slot)
  clearSlot(ownSlots(owner), slot)
  owner.slotCount--
  changed(view, owner)
  return owner
}

/** Takes all slots of a node. */
export function unassignAll(view: ClusterView, node: ClusterNode): void {
  if (node.slotCount > 0) take(view, node, slotsNow(node))
}

/** Gives slots to a node, or to nobody, whoever had them: in runs, for a failover moves thousands at once. */
export function moveSlots(
  view: ClusterView,
  slots: Uint8Array,
  receiver: ClusterNode | undefined,
): void {
  for (const owner of view.nodes) {
    if (owner === receiver || owner.slotCount === 0) continue
    const taken = commonSlots(owner.slots, slots)
    if (!isEmpty(taken)) take(view, owner, taken)
  }
  if (receiver !== undefined) assignRanges(view, receiver, rangesOf(slots))
}

/** Takes slots from their owner. */
function take(view: ClusterView, owner: ClusterNode, slots: Uint8Array): void {
  const ranges = rangesOf(slots)
  for (const [start, end] of ranges) {
    view.owners.fill(undefined, start, end)
    view.slotsAssigned -= end - start + 1
    owner.slotCount -= end - start + 1
  }
  if (owner === masterOf(view.myself)) view.todo.closedSlots.push(...ranges)
  for (const slot of view.unclaimed) if (hasSlot(slots, slot)) view.unclaimed.delete(slot)
  clearSlots(ownSlots(owner), slots)
  changed(view, owner)
}

function changed(view: ClusterView, node: ClusterNode): void {
  if (node.slotCount === 0) view.owners.release(node)
  view.todo.slots = true
  if (node === view.myself) view.todo.announce = true
  touch(view)
}

function someMasterHasReplicas(view: ClusterView): boolean {
  for (const node of view.nodes) if (isMaster(node) && node.replicas.length > 0) return true
  return false
}
