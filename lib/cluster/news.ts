/**
 * What a step changed in this node's own role and slots, for whoever watches. Invariant: a node tells of itself alone, so
 * that a change is told once however many nodes learn of it.
 */
import type { NodeId } from '../bus/message.ts'
import type { SlotMoveReason } from '../control/event.ts'
import { isMaster } from './cluster-node.ts'
import { emptyBitmap, rangesOf, setSlot } from './slot-bitmap.ts'
import { type ClusterView, type MovedSlot, tell } from './view.ts'

/** Notes that this node gained slots, from their owner or from nobody. */
export function noteGain(
  view: ClusterView,
  slot: number,
  from: NodeId | undefined,
  reason: SlotMoveReason,
): void {
  const to = view.myself.id
  if (from !== to) view.todo.moves.push({ slot, from, to, reason })
}

/** Notes that a slot of this node is nobody's now; does nothing about slots of others. */
export function noteLoss(view: ClusterView, slot: number): void {
  if (view.owners[slot] !== view.myself) return
  view.todo.moves.push({ slot, from: view.myself.id, to: undefined, reason: 'operator' })
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

/** One event for all slots that went the same way. */
function tellMoves(view: ClusterView): void {
  const ways = new Map<string, { readonly move: MovedSlot; readonly slots: Uint8Array }>()
  for (const move of view.todo.moves) {
    const key = `${move.from} ${move.to} ${move.reason}`
    const way = ways.get(key) ?? { move, slots: emptyBitmap() }
    ways.set(key, way)
    setSlot(way.slots, move.slot)
  }
  view.todo.moves = []
  for (const { move, slots } of ways.values()) {
    const { from, to, reason } = move
    const ranges = rangesOf(slots).map(([start, end]) => ({ start, end }))
    const epoch = view.myself.configEpoch
    tell(view, { type: 'slot-moved', slots: ranges, from, to, reason, epoch })
  }
}
