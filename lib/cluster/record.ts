/**
 * What a node publishes of itself for everybody to see at once: a few numbers, cheap to compare.
 */
import { NodeFlag, type NodeId } from '../bus/message.ts'
import { hasFlag, inHandshake, isReplica } from './cluster-node.ts'
import type { ClusterView } from './view.ts'

/** A node's own view in brief. */
export interface ClusterRecord {
  readonly id: NodeId
  readonly role: 'master' | 'replica'
  readonly masterId: NodeId | undefined
  readonly stateOk: boolean
  /** Known nodes, itself included, handshakes not. */
  readonly knownNodes: number
  /** Open links to known nodes. */
  readonly linksOut: number
  /** Links from known nodes. */
  readonly linksIn: number
  /** Nodes held as FAIL or PFAIL. */
  readonly failing: number
  readonly currentEpoch: number
  /** Its own, or its master's. */
  readonly configEpoch: number
  readonly slotsAssigned: number
}

/** The record of this view. */
export function recordOf(view: ClusterView): ClusterRecord {
  const { myself } = view
  const counts = { knownNodes: 0, linksOut: 0, linksIn: 0, failing: 0 }
  for (const node of view.nodes) {
    if (inHandshake(node)) continue
    counts.knownNodes++
    if (node.outbound?.open) counts.linksOut++
    if (node.inbound !== undefined) counts.linksIn++
    if (hasFlag(node, NodeFlag.fail | NodeFlag.pfail)) counts.failing++
  }
  return {
    id: myself.id,
    role: isReplica(myself) ? 'replica' : 'master',
    masterId: myself.master?.id,
    stateOk: view.state === 'ok',
    ...counts,
    currentEpoch: view.currentEpoch,
    configEpoch: (myself.master ?? myself).configEpoch,
    slotsAssigned: view.slotsAssigned,
  }
}
