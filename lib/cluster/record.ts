/**
 * What a node publishes of itself for everybody to see at once: a few numbers, cheap to compare.
 */
import type { NodeId } from '../bus/message.ts'
import type { Census } from './census.ts'
import { isReplica } from './cluster-node.ts'
import type { ClusterView } from './view.ts'

/** A node's own view in brief. */
export interface ClusterRecord extends Readonly<Census> {
  readonly id: NodeId
  readonly role: 'master' | 'replica'
  readonly masterId: NodeId | undefined
  readonly stateOk: boolean
  readonly currentEpoch: number
  /** Its own, or its master's. */
  readonly configEpoch: number
  readonly slotsAssigned: number
}

/** The record of this view. */
export function recordOf(view: ClusterView): ClusterRecord {
  const { myself } = view
  return {
    id: myself.id,
    role: isReplica(myself) ? 'replica' : 'master',
    masterId: myself.master?.id,
    stateOk: view.state === 'ok',
    ...view.census,
    currentEpoch: view.currentEpoch,
    configEpoch: (myself.master ?? myself).configEpoch,
    slotsAssigned: view.slotsAssigned,
  }
}
