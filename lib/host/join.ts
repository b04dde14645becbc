/**
 * A node among others: CLUSTER MEET, the real handshake, and the wait until all know all. Invariant: when it resolves the node is
 * linked with all that run, either way, and sees the slots they see.
 */
import { rolesKnown } from './agreement.ts'
import type { ClusterNode } from './handle.ts'
import { type LeverContext, stateError } from './lever/lever.ts'
import { isBack } from './readiness.ts'

/** Makes a node that knows nobody known to all. */
export async function join(
  context: LeverContext,
  node: ClusterNode,
  contact: ClusterNode,
): Promise<void> {
  const { host, port, busPort } = contact
  await context.command(node, ['CLUSTER', 'MEET', host, `${port}`, `${busPort}`])
  await context.waitUntil(() => {
    if (node.state !== 'running') throw stateError(node, 'added', 'it ended meanwhile')
    if (contact.state !== 'running') throw stateError(contact, 'met', 'it ended meanwhile')
    const { length } = context.nodes.filter(({ state }) => state === 'running')
    // A node counts as linked with those it knows: first it must know all.
    if (node.knownNodes < length || contact.knownNodes < length) return false
    return isBack(node, context.nodes) && node.slotsAssigned === contact.slotsAssigned
  }, `node ${node.index} was not known to all`)
  await rolesKnown(context, [node])
}

/** Makes a replica a master without slots and without data, among the same nodes. */
export async function rejoinAsMaster(context: LeverContext, node: ClusterNode): Promise<void> {
  const contact = context.roster.masters[0] ?? node
  await context.command(node, ['CLUSTER', 'RESET', 'SOFT'])
  await join(context, node, contact)
}
