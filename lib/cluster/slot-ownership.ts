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
import { assignSlot, unassignSlot } from './slot-assignment.ts'
import { clearSlot, hasSlot, slotsOf, slotsThatDiffer } from './slot-bitmap.ts'
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
  const lost = { slots: [] as number[], ofServed: 0 }
  if (view.unclaimed.size > 0) {
    for (const slot of slotsOf(claim.slots)) {
      if (view.owners[slot] === claim.node) view.unclaimed.delete(slot)
    }
  }
  // Whoever waits for another failed master to be replaced may go on.
  if (isInstant(view)) view.todo.failover = true
  // Claims come with every ping: where it is known already nothing is to be done.
  for (const slot of slotsThatDiffer(claim.slots, claim.node.slots)) {
    if (hasSlot(claim.slots, slot)) takeSlot(view, claim, slot, served, lost)
    else view.unclaimed.add(slot)
  }
  const allTaken =
    lost.ofServed > 0 &&
    served?.slotCount === 0 &&
    (view.settings.allowReplicaMigration || slotsOf(claim.slots).length === lost.ofServed)
  if (allTaken) {
    reconfigure(view, claim.node)
  } else if (myself.master?.master !== undefined && myself.master.master !== myself) {
    const grandmaster = myself.master.master
    log(
      view,
      'warning',
      `I'm a sub-replica! Reconfiguring myself as a replica of grandmaster ${grandmaster.id}`,
    )
    becomeReplicaOf(view, grandmaster)
    view.todo.updateState = true
    saveLater(view, 'synced')
  } else if (lost.slots.length > 0) {
    emit(view, { type: 'drop-slots', slots: lost.slots })
  }
}

function takeSlot(
  view: ClusterView,
  claim: Claim,
  slot: number,
  served: ClusterNode | undefined,
  lost: { slots: number[]; ofServed: number },
): void {
  const owner = view.owners[slot]
  // An import under way is the operator's: only SETSLOT ends it.
  if (view.importing.has(slot)) return
  const free = owner === undefined || view.unclaimed.has(slot)
  if (!free && owner.configEpoch >= claim.configEpoch) return
  if (owner === view.myself && view.facts.countKeysInSlot(slot) > 0) lost.slots.push(slot)
  if (owner !== undefined && owner === served) lost.ofServed++
  unassignSlot(view, slot)
  assignSlot(view, claim.node, slot)
  saveLater(view, 'synced')
  view.todo.updateState = true
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
    const owner = view.owners[slot]
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
    if (view.owners[slot] !== undefined) throw new ReplyError(`ERR Slot ${slot} is already busy`)
    addOnce(added, slot)
  }
  for (const slot of added) {
    view.importing.delete(slot)
    assignSlot(view, view.myself, slot)
    noteGain(view, slot, undefined, 'operator')
  }
  view.todo.updateState = true
  saveLater(view)
}

/** CLUSTER DELSLOTS: all slots or none; throws at the first that nobody has or that is told twice. */
export function deleteSlots(view: ClusterView, slots: Iterable<number>): void {
  const deleted = new Set<number>()
  for (const slot of slots) {
    if (view.owners[slot] === undefined) {
      throw new ReplyError(`ERR Slot ${slot} is already unassigned`)
    }
    addOnce(deleted, slot)
  }
  for (const slot of deleted) giveUp(view, slot)
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
  for (const slot of slotsOf(view.myself.slots)) giveUp(view, slot)
  view.todo.updateState = true
  saveLater(view)
}

function giveUp(view: ClusterView, slot: number): void {
  noteLoss(view, slot)
  unassignSlot(view, slot)
}

/**
 * Squares the slot table with the dataset just loaded: keys in slots of nobody make them ours, keys in slots of others
 * make us import them (verifyClusterConfigWithData).
 */
export function adoptLoadedKeys(view: ClusterView): void {
  if (!isMaster(view.myself)) return
  for (let slot = 0; slot < SLOT_COUNT; slot++) {
    const owner = view.owners[slot]
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
