/**
 * Who gives how many slots to whom (clusterManagerCommandRebalance). Pure: slots and weights in, moves out.
 */
import { SLOT_COUNT } from '../base/crc16.ts'
import { slotsIn } from './slot-list.ts'
import type { SlotRange } from './topology.ts'

/** A master that takes part. */
export interface Weighted<Node> {
  readonly node: Node
  readonly slots: readonly SlotRange[]
  /** How much of the slots it is to have, in proportion. */
  readonly weight: number
}

/** Slots that go from one to another. */
export interface PlannedMove<Node> {
  readonly from: Node
  readonly to: Node
  readonly slots: readonly number[]
}

/** Within this percentage of its share a master is left alone. */
const THRESHOLD_PERCENT = 2

/** The moves that give each master its share; none if all are close enough to theirs. */
export function planRebalance<Node>(masters: readonly Weighted<Node>[]): PlannedMove<Node>[] {
  const totalWeight = masters.reduce((sum, { weight }) => sum + weight, 0)
  const shares = masters.map(({ node, slots, weight }) => {
    const own = slots.length === 0 ? [] : slotsIn('slots', slots)
    const expected = Math.floor((SLOT_COUNT / totalWeight) * weight)
    return { node, own, expected, balance: own.length - expected }
  })
  if (!shares.some(({ own, expected }) => isOff(own.length, expected))) return []
  // What rounding left over goes to those that lack slots, one each.
  let surplus = shares.reduce((sum, { balance }) => sum + balance, 0)
  while (surplus > 0) {
    for (const share of shares) {
      if (share.balance > 0 || surplus === 0) continue
      share.balance--
      surplus--
    }
  }
  return pairUp(shares.sort((one, other) => one.balance - other.balance))
}

function isOff(count: number, expected: number): boolean {
  if (count === 0) return expected > 1
  return Math.abs(100 - (100 * expected) / count) > THRESHOLD_PERCENT
}

/** The one that lacks most takes from the one that has most too many, until one of them is content. */
function pairUp<Node>(
  shares: readonly { readonly node: Node; own: number[]; balance: number }[],
): PlannedMove<Node>[] {
  const moves: PlannedMove<Node>[] = []
  let low = 0
  let high = shares.length - 1
  while (low < high) {
    const taker = shares[low] as (typeof shares)[number]
    const giver = shares[high] as (typeof shares)[number]
    const count = Math.min(-taker.balance, giver.balance)
    if (count > 0) {
      moves.push({ from: giver.node, to: taker.node, slots: giver.own.splice(0, count) })
      taker.balance += count
      giver.balance -= count
    }
    if (taker.balance >= 0) low++
    if (giver.balance <= 0) high--
  }
  return moves
}

/** Shares slots out so that all heirs have as many as possible alike; each gets a run of them. */
export function shares<Node>(
  slots: readonly number[],
  heirs: readonly { readonly node: Node; readonly slots: readonly SlotRange[] }[],
): { readonly to: Node; readonly slots: readonly number[] }[] {
  const counts = heirs.map((heir) =>
    heir.slots.reduce((sum, { start, end }) => sum + end - start + 1, 0),
  )
  const gains = heirs.map(() => 0)
  for (let given = 0; given < slots.length; given++) {
    const poorest = counts.indexOf(Math.min(...counts))
    counts[poorest] = (counts[poorest] ?? 0) + 1
    gains[poorest] = (gains[poorest] ?? 0) + 1
  }
  let start = 0
  return heirs.flatMap(({ node }, i) => {
    const part = slots.slice(start, start + (gains[i] ?? 0))
    start += part.length
    return part.length === 0 ? [] : [{ to: node, slots: part }]
  })
}
