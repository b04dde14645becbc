/**
 * What a step changed in this node's own role and slots, for whoever watches. Invariant: a node tells of itself alone, so
 * that a change is told once however many nodes learn of it.
 */
import type { NodeId } from '../bus/message.ts'
import type { SlotMoveReason } from '../control/event.ts'
import { isMaster } from './cluster-node.ts'
import { commonSlots, isEmpty, rangesOf, setSlots } from './slot-bitmap.ts'
import { type ClusterView, type MovedSlots, tell } from './view.ts'

/** Notes that this node gained slots, from their owner or from nobody. */
export function noteGain(
  view: ClusterView,
  slots: Uint8Array,
  from: NodeId | undefined,
  reason: SlotMoveReason,
): void {
  const to = view.myself.id
  if (from !== to) noteMove(view, { slots, from, to, reason })
}

/** Notes which of these slots are this node's and will be nobody's. */
export function noteLoss(view: ClusterView, slots: Uint8Array): void {
  const { myself } = view
  const lost = commonSlots(slots, myself.slots)
  noteMove(view, { slots: lost, from: myself.id, to: undefined, reason: 'operator' })
}

/** One event tells of all slots that went the same way. */
function noteMove(view: ClusterView, move: MovedSlots): void {
  const { slots, from, to, reason } = move
  const way = view.todo.moves.find(
    (other) => other.from === from && other.to === to && other.reason === reason,
  )
  if (way !== undefined) setSlots(way.slots, slots)
  else if (!isEmpty(slots)) view.todo.moves.push({ ...move, slots: slots.slice() })
}

/** Tells what this step changed. */
export function tellNews(view: ClusterView): void {
  tellRole(view)
  if (view.todo.moves.length > 0) tellMoves(view)
}

function tellRole(view: ClusterView): void {
  const { myself, toldRole } = view
  const isMasterNow = isMaster(myself)
  const master = isMasterNow ? undefined : myself.master?.id
  if (toldRole.isMaster === isMasterNow && toldRole.master === master) return
  markRoleTold(view)
  tell(view, { type: 'role', role: isMasterNow ? 'master' : 'replica', master })
}

/** Takes the role there is for known. */
export function markRoleTold(view: ClusterView): void {
  const isMasterNow = isMaster(view.myself)
  view.toldRole = {
    isMaster: isMasterNow,
    master: isMasterNow ? undefined : view.myself.master?.id,
  }
}

function tellMoves(view: ClusterView): void {
  for (const { slots, from, to, reason } of view.todo.moves.splice(0)) {
    const ranges = rangesOf(slots).map(([start, end]) => ({ start, end }))
    const epoch = view.myself.configEpoch
    tell(view, { type: 'slot-moved', slots: ranges, from, to, reason, epoch })
  }
}
