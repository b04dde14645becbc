/**
 * Slots go to another master with their keys, while clients go on (redis-cli --cluster reshard).
 */
import { unserved } from '../cluster-error.ts'
import type { ClusterNode } from '../handle.ts'
import { rejoinAsMaster } from '../join.ts'
import { bad } from '../option-check.ts'
import { slotsIn, slotsText } from '../slot-list.ts'
import { checkMaster, type SlotTransfer, transferSlots } from '../slot-transfer.ts'
import { type Lever, type LeverContext, undo } from './lever.ts'

/** Moves slots to a master; healing moves them back. */
export const migrateSlots: Lever<'migrateSlots'> = async (context, options) => {
  context.checkRunning()
  if (typeof options !== 'object' || options === null) {
    throw bad('`migrateSlots` takes an object, such as { slots: [0, 1], to: node }')
  }
  const slots = slotsIn('slots', options.slots)
  const transfers = transfersOf(context, slots, options.to, options.from)
  await transferSlots(context, transfers)
  return undo(context, () => moveBack(context, transfers))
}

/** Groups slots by the master they leave. Throws when a slot cannot go. */
export function transfersOf(
  context: LeverContext,
  slots: readonly number[],
  to: ClusterNode,
  from: ClusterNode | undefined,
): SlotTransfer[] {
  checkMaster(context, to, 'given slots')
  if (from !== undefined) checkMaster(context, from, 'relieved of slots')
  const bySource = new Map<ClusterNode, number[]>()
  for (const slot of slots) {
    const owner = context.roster.ownerOf(slot)
    if (owner === undefined) throw unserved(slot, context.roster.describe())
    if (owner === to) {
      throw bad(`slot ${slot} is served by node ${to.index} already; leave it out of \`slots\``)
    }
    if (from !== undefined && owner !== from) {
      throw bad(
        `slot ${slot} is served by node ${owner.index}, not by node ${from.index}; leave \`from\` out to find the owner of each slot`,
      )
    }
    const own = bySource.get(owner) ?? []
    bySource.set(owner, own)
    own.push(slot)
  }
  return [...bySource].map(([source, own]) => ({ slots: own, from: source, to }))
}

/** Moves slots back to where they came from, those that are still where they were put. */
export async function moveBack(
  context: LeverContext,
  transfers: readonly SlotTransfer[],
): Promise<void> {
  const back = transfers.toReversed().flatMap(({ slots, from, to }) => {
    const there = slots.filter((slot) => context.roster.ownerOf(slot) === to)
    return there.length === 0 ? [] : [{ slots: there, from: to, to: from }]
  })
  for (const { to, slots } of back) {
    if (to.state !== 'running') {
      throw bad(
        `slots ${slotsText(slots)} cannot go back to node ${to.index}, which is ${to.state}`,
      )
    }
    // A master that gave its last slot has become a replica, as in Redis.
    if (to.role === 'replica') await rejoinAsMaster(context, to)
  }
  await transferSlots(context, back)
  // As does one that had none before.
  for (const { from } of back) {
    if (from.state === 'running' && from.role === 'replica') await rejoinAsMaster(context, from)
  }
}
