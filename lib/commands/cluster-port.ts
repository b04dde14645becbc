/**
 * The cluster machine as commands see it: questions with ready answers and operator's verbs. A verb throws ReplyError
 * with the exact text when it cannot be done; its effects are performed before the reply leaves the node.
 */
import type { Bytes } from '../base/bytes.ts'
import type { NodeId } from '../bus/message.ts'

/** A node of CLUSTER SLOTS. */
export interface SlotsNode {
  /** What clients should connect to; undefined when they shall keep the address they used. */
  readonly endpoint: string | undefined
  readonly port: number
  readonly id: NodeId
  /** Further names: `ip`, `hostname`. */
  readonly metadata: readonly (readonly [string, string])[]
}

/** A range of CLUSTER SLOTS: its master first, then the replicas. */
export interface SlotsRange {
  readonly start: number
  readonly end: number
  readonly nodes: readonly SlotsNode[]
}

/** A shard of CLUSTER SHARDS. */
export interface Shard {
  /** Start and end of each range. */
  readonly ranges: readonly (readonly [number, number])[]
  readonly nodes: readonly ShardNode[]
}

/** A node of CLUSTER SHARDS. */
export interface ShardNode {
  readonly id: NodeId
  readonly port: number
  readonly ip: string
  readonly endpoint: string
  readonly hostname: string | undefined
  readonly role: 'master' | 'replica'
  readonly replicationOffset: number
  readonly health: 'online' | 'fail' | 'loading'
}

/** A link of CLUSTER LINKS. */
export interface LinkDescription {
  readonly direction: 'to' | 'from'
  readonly node: NodeId
  readonly createTimeMs: number
  readonly events: string
  readonly sendBufferAllocated: number
  readonly sendBufferUsed: number
}

/** Questions and verbs of the CLUSTER command. */
export interface ClusterPort {
  readonly myId: NodeId
  readonly role: 'master' | 'replica'
  /** 40 characters, the same on all nodes of a shard (7.2): the id of its master. */
  readonly myShardId: NodeId
  /** Who serves a slot, in this node's view. */
  ownerOf(slot: number): NodeId | undefined
  /** CLUSTER NODES. */
  describeNodes(): Bytes
  /** CLUSTER INFO, CRLF lines. */
  describeInfo(): Bytes
  describeSlots(): readonly SlotsRange[]
  describeShards(): readonly Shard[]
  describeLinks(): readonly LinkDescription[]
  /** CLUSTER NODES lines of a master's replicas. */
  describeReplicas(master: NodeId): readonly Bytes[]
  failureReports(node: NodeId): number
  meet(address: { readonly ip: string; readonly port: number; readonly busPort: number }): void
  /** All slots or none; the slots are read one by one, and an error they throw wins from then on. */
  addSlots(slots: Iterable<number>): void
  deleteSlots(slots: Iterable<number>): void
  flushSlots(): void
  replicate(master: NodeId): void
  forget(node: NodeId): void
  reset(mode: 'soft' | 'hard'): void
  setConfigEpoch(epoch: number): void
  /** `BUMPED n` or `STILL n`. */
  bumpEpoch(): Bytes
  /** The text of nodes.conf. */
  describeConfig(): Bytes
  failover(mode: 'graceful' | 'force' | 'takeover'): void
  setSlotMigrating(slot: number, target: NodeId): void
  setSlotImporting(slot: number, source: NodeId): void
  setSlotStable(slot: number): void
  setSlotNode(slot: number, owner: NodeId): void
  /** Messages of this wire type are not heard from now on; -1 for none. */
  ignoreMessages(type: number): void
  /** Closes the links with a node; they are made again as lost ones are. */
  closeLinks(node: NodeId, direction: 'to' | 'from' | 'all'): void
}
