/**
 * A node as this node knows it (clusterNode in cluster.h). Invariant: `flags` holds at most one of master and slave
 * (neither during a handshake); a replica is in its master's `replicas`; `slotCount` counts the bits of `slots`.
 */
import { type GossipEntry, NodeFlag, type NodeId } from '../bus/message.ts'
import type { Link } from './link.ts'
import { NO_SLOTS, type SlotRange } from './slot-bitmap.ts'

/** A known node; times are Unix ms, 0 for never. */
export interface ClusterNode {
  /** Random until the handshake tells the real one. */
  id: NodeId
  /** {@link NodeFlag} bits. */
  flags: number
  // What every message looks at lies together.
  slotCount: number
  outbound: Link | undefined
  /** The number of the gossip section that told of it last, and the entry that did. */
  toldIn: number
  toldAs: GossipEntry | undefined
  /** When the oldest unanswered ping left. */
  pingSentMs: number
  pongReceivedMs: number
  ip: string
  hostname: string
  port: number
  otherPort: number
  busPort: number
  configEpoch: number
  /** Of a replica, once known. */
  master: ClusterNode | undefined
  readonly replicas: ClusterNode[]
  /** Written by `slot-assignment.ts` alone. */
  slots: Uint8Array
  /** Others hold `slots` too, a message or nodes without any: it is copied before it changes. */
  areSlotsShared: boolean
  /** `slots` as runs and as words, once asked for since they changed: see `slotRangesOf` and `slotWordsOf`. */
  slotRanges: readonly SlotRange[] | undefined
  slotWords: string | undefined
  readonly createdMs: number
  dataReceivedMs: number
  failedMs: number
  /** When we last voted for a replica of this master. */
  votedMs: number
  /** Since when this master has no working replica. */
  orphanedMs: number
  /** As its headers told, bytes. */
  replicationOffset: number
  inbound: Link | undefined
  /** As what the census counts it. */
  counted: number
  /** Masters that told us this node fails, and when last; undefined before the first. */
  failureReports: Map<ClusterNode, number> | undefined
}

/** A node without address, slots and links. */
export function newNode(id: NodeId, flags: number, now: number): ClusterNode {
  return {
    id,
    flags,
    slotCount: 0,
    outbound: undefined,
    toldIn: 0,
    toldAs: undefined,
    pingSentMs: 0,
    pongReceivedMs: 0,
    ip: '',
    hostname: '',
    port: 0,
    otherPort: 0,
    busPort: 0,
    configEpoch: 0,
    master: undefined,
    replicas: [],
    slots: NO_SLOTS,
    areSlotsShared: true,
    slotRanges: undefined,
    slotWords: undefined,
    createdMs: now,
    dataReceivedMs: 0,
    failedMs: 0,
    votedMs: 0,
    orphanedMs: 0,
    replicationOffset: 0,
    inbound: undefined,
    counted: 0,
    failureReports: undefined,
  }
}

/** Any of these flag bits is set. */
export function hasFlag(node: ClusterNode, flags: number): boolean {
  return (node.flags & flags) !== 0
}

export function isMaster(node: ClusterNode): boolean {
  return hasFlag(node, NodeFlag.master)
}

export function isReplica(node: ClusterNode): boolean {
  return hasFlag(node, NodeFlag.slave)
}

export function isMyself(node: ClusterNode): boolean {
  return hasFlag(node, NodeFlag.myself)
}

export function inHandshake(node: ClusterNode): boolean {
  return hasFlag(node, NodeFlag.handshake)
}

/** A majority of masters agreed that it is down. */
export function isFailed(node: ClusterNode): boolean {
  return hasFlag(node, NodeFlag.fail)
}

/** We alone think that it is down. */
export function isSuspected(node: ClusterNode): boolean {
  return hasFlag(node, NodeFlag.pfail)
}

/** The master whose slots this node serves or copies: itself, or the master of a replica if known. */
export function masterOf(node: ClusterNode): ClusterNode | undefined {
  return isMaster(node) ? node : node.master
}
