/**
 * What a node decided by itself and the host tells its user: every member is told by the node whose word it is, in the
 * turn it took effect. Ids are node ids, since a node may know others that the host does not.
 */

/** Why a replica became master. */
export type FailoverReason = 'automatic' | 'graceful' | 'force' | 'takeover'

/** Why slots changed hands. */
export type SlotMoveReason = 'failover' | 'migration' | 'operator'

/** Slots that went from one node to another; undefined is nobody. */
export interface SlotMove {
  /** Both ends included, ascending. */
  readonly slots: readonly { readonly start: number; readonly end: number }[]
  readonly from: string | undefined
  readonly to: string | undefined
  readonly reason: SlotMoveReason
}

/** An event of a node. */
export type NodeEvent =
  /** This node found a majority for the failure of another one. */
  | { readonly type: 'node-failed'; readonly node: string; readonly epoch: number }
  /** This node no longer holds another one for failed. */
  | { readonly type: 'node-recovered'; readonly node: string }
  /** This node replaced its master, with so many votes: none for a takeover. */
  | {
      readonly type: 'failover'
      readonly from: string
      readonly epoch: number
      readonly reason: FailoverReason
      readonly votes: number
    }
  /** This node gained slots, or gave some back to nobody. */
  | ({ readonly type: 'slot-moved'; readonly epoch: number } & SlotMove)
  /** This node sees the cluster as up, or no longer. */
  | { readonly type: 'state'; readonly ok: boolean }
  /** This node changed its role, or its master. */
  | {
      readonly type: 'role'
      readonly role: 'master' | 'replica'
      readonly master: string | undefined
    }
