/**
 * Whose claim to a slot wins, and what we do when ours loses (clusterUpdateSlotsConfigWith), the UPDATE that tells a
 * stale node better, and the operator's verbs. Invariant: a slot changes hands only to a claim with a greater
 * configEpoch, unless nobody claims it or an operator says so.
 */
import { SLOT_COUNT } from '../base/crc16.ts'
import type { UpdateMessage } from '../bus/message.ts'
import { ReplyError } from '../resp/reply-error.ts'
import { type ClusterNode, isMaster, isReplica, masterOf } from './cluster-node.ts'
import { send } from './delivery.ts'
import { buildHeader } from './header.ts'
import { noteGain, noteLoss } from './news.ts'
import { becomeReplicaOf, markAsMaster } from './role.ts'
import { assignSlot, moveSlots, slotsNow } from './slot-assignment.ts'
import {
  bitmapOf,
  clearSlot,
  clearSlots,
  commonSlots,
  emptyBitmap,
  hasSlot,
  isEmpty,
  setSlot,
  setSlots,
  slotsOf,
  slotsThatDiffer,
} from './slot-bitmap.ts'
import { type ClusterView, emit, isInstant, log, saveLater, touch } from './view.ts'

/** A master's claim to its slots. */
interface Claim {
  readonly node: ClusterNode
  readonly configEpoch: number
  readonly slots: Uint8Array
}

/** Merges a master's claim into the slot table, and follows whoever took over our last slot. */
export function mergeClaim(view: ClusterView, claim: Claim): void {
  const { myself } = view
  if (claim.node === myself) {
    log(view, 'warning', 'Discarding UPDATE message about myself.')
    return
  }
  const served = masterOf(myself)
  if (view.unclaimed.size > 0) {
    for (const slot of slotsOf(claim.slots)) {
      if (view.owners.of(slot) === claim.node) view.unclaimed.delete(slot)
    }
  }
  // Whoever waits for another failed master to be replaced may go on.
  if (isInstant(view)) view.todo.failover = true
  const dropped = claim.node.slots.slice()
  clearSlots(dropped, claim.slots)
  if (!isEmpty(dropped)) for (const slot of slotsOf(dropped)) view.unclaimed.add(slot)
  const countBefore = served?.slotCount ?? 0
  const lostKeys = takeSlots(view, claim)
  const takenCount = countBefore - (served?.slotCount ?? 0)
  const allTaken =
    takenCount > 0 &&
    served?.slotCount === 0 &&
    (view.settings.allowReplicaMigration || slotsOf(claim.slots).length === takenCount)
  if (allTaken) {
    reconfigure(view, claim.node)
  } else if (!followGrandmaster(view) && lostKeys.length > 0) {
    emit(view, { type: 'drop-slots', slots: lostKeys })
  }
}

/** Follows the master of our master, if that one has become a replica; true if so. */
export function followGrandmaster(view: ClusterView): boolean {
  const grandmaster = view.myself.master?.master
  if (grandmaster === undefined || grandmaster === view.myself) return false
  log(
    view,
    'warning',
    `I'm a sub-replica! Reconfiguring myself as a replica of grandmaster ${grandmaster.id}`,
  )
  becomeReplicaOf(view, grandmaster)
  view.todo.updateState = true
  saveLater(view, 'synced')
  return true
}

/**
 * Gives slots of a master that has become a replica to the one it follows, as far as it knows them there: as if it had sent
 * an UPDATE. The new owner's own word may come later, and until then they were nobody's and the cluster down.
 */
export function inheritSlots(view: ClusterView, from: ClusterNode, claim: Claim): void {
  const { node: heir, configEpoch } = claim
  if (heir === view.myself || heir === from || configEpoch < from.configEpoch) return
  const slots = commonSlots(from.slots, claim.slots)
  if (isEmpty(slots)) return
  if (isReplica(heir)) markAsMaster(view, heir)
  heir.configEpoch = Math.max(heir.configEpoch, configEpoch)
  moveSlots(view, slots, heir)
}

/** Gives the claim the slots that it wins; returns those of ours among them that hold keys. */
function takeSlots(view: ClusterView, claim: Claim): number[] {
  // Claims come with every ping: where it is known already nothing is to be done.
  const left = claim.slots.slice()
  clearSlots(left, claim.node.slots)
  // An import under way is the operator's: only SETSLOT ends it.
  for (const slot of view.importing.keys()) clearSlot(left, slot)
  const taken = emptyBitmap()
  for (const slot of view.unclaimed) if (hasSlot(left, slot)) setSlot(taken, slot)
  for (const owner of view.nodes) {
    if (isEmpty(left)) break
    if (owner.slotCount === 0) continue
    const owned = commonSlots(left, owner.slots)
    if (owner.configEpoch < claim.configEpoch) setSlots(taken, owned)
    clearSlots(left, owned)
  }
  // What is left is nobody's.
  setSlots(taken, left)
  if (isEmpty(taken)) return []
  const lost = slotsOf(commonSlots(taken, view.myself.slots))
  const lostKeys = lost.filter((slot) => view.facts.countKeysInSlot(slot) > 0)
  moveSlots(view, taken, claim.node)
  saveLater(view, 'synced')
  view.todo.updateState = true
  return lostKeys
}

function reconfigure(view: ClusterView, master: ClusterNode): void {
  log(
    view,
    'warning',
    `Configuration change detected. Reconfiguring myself as a replica of ${master.id}`,
  )
  becomeReplicaOf(view, master)
  view.todo.updateState = true
  saveLater(view, 'synced')
}

/** If a sender claims a slot that a greater epoch gave to another node, tells it about that node, once. */
export function correctStaleClaim(view: ClusterView, sender: ClusterNode, claim: Claim): void {
  for (const slot of slotsThatDiffer(claim.slots, claim.node.slots)) {
    const owner = view.owners.of(slot)
    if (owner === undefined || !hasSlot(claim.slots, slot)) continue
    if (owner.configEpoch <= claim.configEpoch) continue
    log(
      view,
      'verbose',
      `Node ${sender.id} has old slots configuration, sending an UPDATE message about ${owner.id}`,
    )
    sendUpdate(view, sender, owner)
    return
  }
}

function sendUpdate(view: ClusterView, receiver: ClusterNode, owner: ClusterNode): void {
  if (receiver.outbound === undefined) return
  const slots = owner.slots.slice()
  for (const slot of view.unclaimed) clearSlot(slots, slot)
  send(view, receiver.outbound, {
    type: 'update',
    header: buildHeader(view),
    node: owner.id,
    configEpoch: owner.configEpoch,
    slots,
  })
}

/** An UPDATE message from a known sender. */
export function processUpdate(view: ClusterView, message: UpdateMessage): void {
  const node = view.nodes.get(message.node)
  if (node === undefined || node.configEpoch >= message.configEpoch) return
  if (isReplica(node)) markAsMaster(view, node)
  node.configEpoch = message.configEpoch
  saveLater(view, 'synced')
  touch(view)
  mergeClaim(view, { node, configEpoch: message.configEpoch, slots: message.slots })
}

/** CLUSTER ADDSLOTS: all slots or none; throws at the first that is taken or told twice. */
export function addSlots(view: ClusterView, slots: Iterable<number>): void {
  const added = new Set<number>()
  for (const slot of slots) {
    if (view.owners.of(slot) !== undefined) throw new ReplyError(`ERR Slot ${slot} is already busy`)
    addOnce(added, slot)
  }
  for (const slot of added) view.importing.delete(slot)
  const bitmap = bitmapOf(added)
  moveSlots(view, bitmap, view.myself)
  noteGain(view, bitmap, undefined, 'operator')
  view.todo.updateState = true
  saveLater(view)
}

/** CLUSTER DELSLOTS: all slots or none; throws at the first that nobody has or that is told twice. */
export function deleteSlots(view: ClusterView, slots: Iterable<number>): void {
  const deleted = new Set<number>()
  for (const slot of slots) {
    if (view.owners.of(slot) === undefined) {
      throw new ReplyError(`ERR Slot ${slot} is already unassigned`)
    }
    addOnce(deleted, slot)
  }
  giveUp(view, bitmapOf(deleted))
  view.todo.updateState = true
  saveLater(view)
}

function addOnce(slots: Set<number>, slot: number): void {
  if (slots.has(slot)) throw new ReplyError(`ERR Slot ${slot} specified multiple times`)
  slots.add(slot)
}

/** CLUSTER FLUSHSLOTS: throws unless the node holds no key. */
export function flushSlots(view: ClusterView): void {
  if (view.facts.countKeys() !== 0) {
    throw new ReplyError('ERR DB must be empty to perform CLUSTER FLUSHSLOTS.')
  }
  giveUp(view, slotsNow(view.myself))
  view.todo.updateState = true
  saveLater(view)
}

function giveUp(view: ClusterView, slots: Uint8Array): void {
  noteLoss(view, slots)
  moveSlots(view, slots, undefined)
}

/**
 * Squares the slot table with the dataset just loaded: keys in slots of nobody make them ours, keys in slots of others
 * make us import them (verifyClusterConfigWithData).
 */
export function adoptLoadedKeys(view: ClusterView): void {
  if (!isMaster(view.myself) || view.facts.countKeys() === 0) return
  for (let slot = 0; slot < SLOT_COUNT; slot++) {
    const owner = view.owners.of(slot)
    if (owner === view.myself || view.importing.has(slot)) continue
    if (view.facts.countKeysInSlot(slot) === 0) continue
    if (owner === undefined) {
      log(view, 'warning', `I have keys for unassigned slot ${slot}. Taking responsibility for it.`)
      assignSlot(view, view.myself, slot)
    } else {
      log(
        view,
        'warning',
        `I have keys for slot ${slot}, but the slot is assigned to another node. Setting it to importing state.`,
      )
      view.importing.set(slot, owner)
    }
    saveLater(view, 'synced')
    touch(view)
  }
  view.todo.updateState = true
}
