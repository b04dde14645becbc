/**
 * Every master gets its share of the slots (redis-cli --cluster rebalance).
 */
import type { ClusterNode } from '../handle.ts'
import { boolean, wrong } from '../option-check.ts'
import { planRebalance } from '../rebalance-plan.ts'
import { checkMaster, transferSlots } from '../slot-transfer.ts'
import { type Lever, type LeverContext, undo } from './lever.ts'
import { moveBack } from './migrate-slots.ts'

/** Moves slots so that masters have them by weight; healing moves them back. */
export const rebalance: Lever<'rebalance'> = async (context, options = {}) => {
  context.checkRunning()
  const weights = weightsOf(context, options.weights)
  const useEmptyMasters = boolean('useEmptyMasters', options.useEmptyMasters) ?? false
  const masters = context.roster.masters
    .filter((node) => useEmptyMasters || node.slots.length > 0)
    .map((node) => ({ node, slots: node.slots, weight: weights.get(node) ?? 1 }))
  if (masters.every(({ weight }) => weight === 0)) {
    throw wrong('weights', options.weights, 'above 0 for at least one master')
  }
  const transfers = planRebalance(masters)
  await transferSlots(context, transfers)
  return undo(context, () => moveBack(context, transfers))
}

function weightsOf(context: LeverContext, given: unknown): ReadonlyMap<ClusterNode, number> {
  if (given === undefined) return new Map()
  const allowed = 'a Map of masters to numbers from 0 up'
  if (!(given instanceof Map)) throw wrong('weights', given, allowed)
  for (const [node, weight] of given) {
    if (typeof weight !== 'number' || !(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw wrong('weights', weight, allowed)
    }
    checkMaster(context, node, 'weighted')
  }
  return given
}
