/**
 * A node leaves for good: its slots go to the other masters, its replicas to other masters, everybody forgets it, and its
 * thread is given back (redis-cli --cluster reshard and del-node).
 */
import { listeners, waitUntilTold } from '../agreement.ts'
import { ClusterError } from '../cluster-error.ts'
import type { ClusterNode } from '../handle.ts'
import { shares } from '../rebalance-plan.ts'
import { slotsIn } from '../slot-list.ts'
import { transferSlots } from '../slot-transfer.ts'
import { type Lever, type LeverContext, stateError } from './lever.ts'

/** Removes a node. A killed one can be removed when nobody needs its slots any more. */
export const removeNode: Lever<'removeNode'> = async (context, node) => {
  const runner = context.runnerOf(node)
  context.checkRunning()
  checkRemovable(context, node)
  const isRunning = runner.life === 'running'
  if (!isRunning) await replacementKnown(context, node)
  if (isRunning && node.role === 'master') await drain(context, node)
  await repointReplicas(context, node)
  const { id } = node
  const others = context.nodes.filter((other) => other !== node && other.state === 'running')
  context.forgotten.add(id)
  await Promise.all(others.map((other) => forget(context, other, id)))
  if (isRunning) await context.command(node, ['CLUSTER', 'RESET', 'SOFT'])
  await runner.stop()
  context.roster.remove(node)
  await waitUntilTold(context, others, (lines) => !lines.some((line) => line.startsWith(id)))
}

/** Makes a node forget another one, if it knows it. */
export async function forget(context: LeverContext, node: ClusterNode, id: string): Promise<void> {
  try {
    await context.command(node, ['CLUSTER', 'FORGET', id])
  } catch (error) {
    if (!(error instanceof ClusterError) || !error.message.includes('Unknown node')) throw error
  }
}

function checkRemovable(context: LeverContext, node: ClusterNode): void {
  const paused = context.nodes.find(({ state }) => state === 'paused')
  if (paused !== undefined) {
    const reason =
      paused === node ? 'it is paused' : `node ${paused.index} is paused and cannot forget it`
    throw stateError(node, 'removed', `${reason}; resume it first`)
  }
  if (node.state === 'running') {
    const isLast = context.roster.masters.every((master) => master === node)
    if (isLast) throw stateError(node, 'removed', 'no other master runs; stop the cluster instead')
  }
}

/** Waits until those who hold a dead node for the owner of slots have heard of the ones who own them now, if they can. */
async function replacementKnown(context: LeverContext, node: ClusterNode): Promise<void> {
  if (!holders(context, node).every((holder) => willHear(context, holder, node))) {
    throw stateError(
      node,
      'removed',
      `others still hold it for the owner of slots, which it cannot give them; restart it, or wait for its replica to replace it`,
    )
  }
  await context.waitUntil(
    () => holders(context, node).length === 0,
    `not all nodes knew who replaces node ${node.index}`,
  )
}

/** The running nodes that attribute slots to one. */
function holders(context: LeverContext, owner: ClusterNode): ClusterNode[] {
  return context.nodes.filter(
    ({ state, index }) =>
      state === 'running' && context.shared.slotView(index).includes(owner.index + 1),
  )
}

/** Whether each slot that a node attributes to a dead one is served by another, whom it hears. */
function willHear(context: LeverContext, holder: ClusterNode, dead: ClusterNode): boolean {
  const heirs = new Set<ClusterNode | undefined>()
  for (const [slot, owner] of context.shared.slotView(holder.index).entries()) {
    if (owner === dead.index + 1) heirs.add(context.roster.ownerOf(slot))
  }
  return [...heirs].every((heir) => heir !== undefined && listeners(context, heir).includes(holder))
}

/** Gives all slots of a master to the others, so that all have as many as possible alike. */
async function drain(context: LeverContext, node: ClusterNode): Promise<void> {
  const slots = node.slots.length === 0 ? [] : slotsIn('slots', node.slots)
  const heirs = context.roster.masters.filter((master) => master !== node)
  const transfers = shares(
    slots,
    heirs.map((heir) => ({ node: heir, slots: heir.slots })),
  ).map(({ to, slots: given }) => ({ slots: given, from: node, to }))
  if (transfers.length > 0) await transferSlots(context, transfers)
}

/** Its replicas follow the master that has the fewest. */
async function repointReplicas(context: LeverContext, node: ClusterNode): Promise<void> {
  const { roster } = context
  const orphans = roster.replicas.filter((replica) => replica.master === node)
  const countOf = (master: ClusterNode): number =>
    roster.replicas.filter((replica) => replica.master === master).length
  for (const orphan of orphans) {
    const masters = roster.masters.filter((master) => master !== node && master.slots.length > 0)
    const [poorest] = masters.sort((one, other) => countOf(one) - countOf(other))
    if (poorest === undefined) throw stateError(node, 'removed', 'no other master serves slots')
    await context.command(orphan, ['CLUSTER', 'REPLICATE', poorest.id])
    const isInSync = () => orphan.master === poorest && orphan.inSync
    await context.waitUntil(isInSync, `node ${orphan.index} was not in sync with its new master`)
  }
}
