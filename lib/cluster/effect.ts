/**
 * Everything the cluster machine asks of the world. The shell performs effects in order; `save` comes first where one is
 * due, so nothing is promised to a peer before it is on disk.
 */
import type { Bytes } from '../base/bytes.ts'
import type { BusMessage, NodeId } from '../bus/message.ts'
import type { NodeEvent } from '../control/event.ts'
import type { LinkId } from './link.ts'
import type { SlotRange } from './slot-bitmap.ts'

/** How important a log line is. */
export type LogLevel = 'debug' | 'verbose' | 'notice' | 'warning'

/** The master to replicate, by its client port. */
export interface FollowedMaster {
  readonly id: NodeId
  readonly ip: string
  readonly port: number
}

/** An effect of `ClusterMachine`. */
export type ClusterEffect =
  /** Connect to a bus port; the answer is `link-opened`, `link-closed` or `connect-failed`. */
  | {
      readonly type: 'connect'
      readonly link: LinkId
      readonly ip: string
      readonly busPort: number
    }
  /** Close a link. No `link-closed` is expected. */
  | { readonly type: 'disconnect'; readonly link: LinkId }
  /** Send on a link; a link that is still connecting keeps the message until it is open. */
  | { readonly type: 'send'; readonly link: LinkId; readonly message: BusMessage }
  /** Write `describeConfig()` to nodes.conf, with fsync if `sync`. */
  | { readonly type: 'save'; readonly sync: boolean }
  | { readonly type: 'log'; readonly level: LogLevel; readonly text: string }
  /** Replicate this master, anew even if it is the same; undefined: be a master. */
  | { readonly type: 'follow'; readonly master: FollowedMaster | undefined }
  /** The slot table changed: ask `assignments` and publish the view. */
  | { readonly type: 'slots' }
  /** Delete all keys of slots that went to another master. */
  | { readonly type: 'drop-slots'; readonly slots: readonly number[] }
  /** Our shard does not serve these slots any more: end subscriptions to their channels. */
  | { readonly type: 'close-channels'; readonly slots: readonly SlotRange[] }
  /** Delete all keys: a replica was reset. */
  | { readonly type: 'flush-keys' }
  | { readonly type: 'state'; readonly state: 'ok' | 'fail' }
  /** Tell whoever watches; nothing depends on it. */
  | { readonly type: 'event'; readonly event: NodeEvent }
  /** Deliver to the local subscribers. */
  | {
      readonly type: 'published'
      readonly channel: Bytes
      readonly payload: Bytes
      readonly sharded: boolean
    }
  /** Postpone commands that write: a manual failover waits for the replica to catch up. */
  | { readonly type: 'pause-writes'; readonly untilMs: number }
  | { readonly type: 'resume-writes' }
  /** This node has a new id (CLUSTER RESET HARD). */
  | { readonly type: 'renamed'; readonly id: NodeId }
  /** Step with `wake` at this time, Unix ms; a later `wake` effect replaces an earlier one. */
  | { readonly type: 'wake'; readonly atMs: number }
