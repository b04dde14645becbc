/**
 * The cluster as this node believes it: one plain object that all parts of the machine share and edit (clusterState in
 * cluster.h). Invariants: `owners.of(s)` is node n exactly when n's bitmap has s; our currentEpoch is at least every
 * configEpoch we accepted into it; `version` grows with every change that others can see.
 */

import type { Random } from '../base/random.ts'
import { type BusHeader, MESSAGE_TYPES, NodeFlag, type NodeId } from '../bus/message.ts'
import type { NodeEvent, SlotMoveReason } from '../control/event.ts'
import { type Census, count } from './census.ts'
import { type ClusterNode, newNode } from './cluster-node.ts'
import type { ClusterEffect, FollowedMaster, LogLevel } from './effect.ts'
import type { Link, LinkId } from './link.ts'
import { NodeTable } from './node-table.ts'
import type { ClusterFacts, ClusterIdentity, ClusterSettings } from './settings.ts'
import type { SlotRange } from './slot-bitmap.ts'
import { SlotOwners } from './slot-owners.ts'

/** Work put off to the end of the step, done once however often it was asked for (clusterDoBeforeSleep). */
export interface Todo {
  save: 'no' | 'lazily' | 'synced'
  updateState: boolean
  /** Look after elections and manual failovers. */
  failover: boolean
  slots: boolean
  /** Slots that our shard lost: their channels close. */
  closedSlots: SlotRange[]
  /** Instant mode: connect to nodes without a link now, not at the next tick. */
  dial: boolean
  /** Tell all peers of our slots now, in any mode: an import has ended. */
  broadcast: boolean
  /** Instant mode: tell all peers of our change now, not with the next ping. */
  announce: boolean
  /** Instant mode: nodes that all peers shall meet now. */
  introduce: ClusterNode[]
  /** Slots of ours that changed hands in this step. */
  moves: MovedSlots[]
}

/** Slots that we gained, or gave back to nobody. */
export interface MovedSlots {
  readonly slots: Uint8Array
  readonly from: NodeId | undefined
  readonly to: NodeId | undefined
  readonly reason: SlotMoveReason
}

/** A request for a vote whose time has not come. */
export interface EarlyRequest {
  readonly header: BusHeader
  readonly atMs: number
}

/** A replica's bid to replace its master. */
export interface Election {
  /** When votes are asked for; also the start of the last attempt. */
  atMs: number
  votes: number
  sent: boolean
  rank: number
  /** Failed masters whose replicas go first. */
  turn: number
  epoch: number
  /** Attempts in a row whose votes did not come in time. */
  ranOut: number
  /** Why there is no failover, as logged last. */
  reason: string | undefined
  reasonLoggedMs: number
}

/** A manual failover under way, on both sides of it. */
export interface ManualFailover {
  /** 0: none is under way. */
  endMs: number
  /** Master's side: who asked. */
  replica: ClusterNode | undefined
  /** Replica's side: what the operator asked for. */
  mode: 'graceful' | 'force' | 'takeover'
  /** Replica's side: the paused master's offset, undefined until told. */
  masterOffset: number | undefined
  canStart: boolean
}

/** All state of the machine. */
export interface ClusterView {
  readonly identity: ClusterIdentity
  readonly settings: ClusterSettings
  readonly random: Random
  readonly facts: ClusterFacts
  /** Time of the current step, Unix ms. */
  now: number
  readonly myself: ClusterNode
  readonly nodes: NodeTable
  /** Those of them that are held as PFAIL: each message tells of them. */
  readonly suspects: Set<ClusterNode>
  readonly census: Census
  /** Gossip sections composed so far. */
  sections: number
  readonly links: Map<LinkId, Link>
  nextLinkId: LinkId
  readonly owners: SlotOwners
  slotsAssigned: number
  /** Slots whose owner no longer claims them. */
  readonly unclaimed: Set<number>
  readonly migrating: Map<number, ClusterNode>
  readonly importing: Map<number, ClusterNode>
  currentEpoch: number
  lastVoteEpoch: number
  state: 'ok' | 'fail'
  /** Masters with slots, when last counted. */
  size: number
  firstEvaluationMs: number | undefined
  /** When we last saw ourselves in a minority. */
  minorityMs: number
  /** Forgotten ids and until when gossip cannot bring them back, Unix ms. */
  readonly blacklist: Map<NodeId, number>
  /** Whom the host declared unreachable from here. */
  readonly unreachable: Set<NodeId>
  readonly election: Election
  /** Instant mode: by replica, requests that came before the news that its master failed. */
  readonly earlyRequests: Map<ClusterNode, EarlyRequest>
  readonly manualFailover: ManualFailover
  /** The role that was told last. */
  toldRole: { readonly isMaster: boolean; readonly master: NodeId | undefined }
  /** Whom the node was told to replicate. */
  following: FollowedMaster | undefined
  ticks: number
  /** When the last tick was, Unix ms. */
  tickedMs: number
  /** Wire type of the messages that are not heard (DEBUG DROP-CLUSTER-PACKET-FILTER); -1 for none. */
  ignoredType: number
  /** Messages by wire type. */
  readonly sent: number[]
  readonly received: number[]
  sendBufferLimitExceeded: number
  readonly todo: Todo
  effects: ClusterEffect[]
  wakeAtMs: number | undefined
  version: number
}

/** The view of a node that knows nobody. */
export function newView(options: {
  readonly identity: ClusterIdentity
  readonly settings: ClusterSettings
  readonly random: Random
  readonly facts: ClusterFacts
  readonly now: number
}): ClusterView {
  const { identity, settings, random, facts, now } = options
  const myself = newNode(identity.id, NodeFlag.myself | NodeFlag.master, now)
  myself.ip = identity.ip
  const nodes = new NodeTable()
  nodes.add(myself)
  const view: ClusterView = {
    identity,
    settings,
    random,
    facts,
    now,
    myself,
    nodes,
    suspects: new Set(),
    census: { knownNodes: 0, linksOut: 0, linksIn: 0, failing: 0, failed: 0 },
    sections: 0,
    links: new Map(),
    nextLinkId: 1,
    owners: new SlotOwners(),
    slotsAssigned: 0,
    unclaimed: new Set(),
    migrating: new Map(),
    importing: new Map(),
    currentEpoch: 0,
    lastVoteEpoch: 0,
    state: 'fail',
    size: 1,
    firstEvaluationMs: undefined,
    minorityMs: 0,
    blacklist: new Map(),
    unreachable: new Set(),
    election: {
      atMs: 0,
      votes: 0,
      sent: false,
      rank: 0,
      turn: 0,
      epoch: 0,
      ranOut: 0,
      reason: undefined,
      reasonLoggedMs: 0,
    },
    earlyRequests: new Map(),
    manualFailover: {
      endMs: 0,
      replica: undefined,
      mode: 'graceful',
      masterOffset: undefined,
      canStart: false,
    },
    toldRole: { isMaster: true, master: undefined },
    following: undefined,
    ticks: 0,
    tickedMs: now,
    sent: MESSAGE_TYPES.map(() => 0),
    received: MESSAGE_TYPES.map(() => 0),
    ignoredType: -1,
    sendBufferLimitExceeded: 0,
    todo: {
      save: 'no',
      updateState: false,
      failover: false,
      slots: false,
      closedSlots: [],
      dial: false,
      broadcast: false,
      announce: false,
      introduce: [],
      moves: [],
    },
    effects: [],
    wakeAtMs: undefined,
    version: 0,
  }
  count(view, myself)
  return view
}

/** Adds an effect of this step. */
export function emit(view: ClusterView, effect: ClusterEffect): void {
  view.effects.push(effect)
}

/** Adds a log line. */
export function log(view: ClusterView, level: LogLevel, text: string): void {
  view.effects.push({ type: 'log', level, text })
}

/** Tells whoever watches. */
export function tell(view: ClusterView, event: NodeEvent): void {
  view.effects.push({ type: 'event', event })
}

/** Something changed that others can see. */
export function touch(view: ClusterView): void {
  view.version++
}

/** Saves nodes.conf at the end of the step, with fsync if asked for once. */
export function saveLater(view: ClusterView, how: 'lazily' | 'synced' = 'lazily'): void {
  if (view.todo.save !== 'synced') view.todo.save = how
}

/** Sets and clears flag bits of a node. */
export function setFlags(view: ClusterView, node: ClusterNode, set: number, clear = 0): void {
  const flags = (node.flags & ~clear) | set
  if (flags === node.flags) return
  node.flags = flags
  count(view, node)
  touch(view)
}

/** Asks for a step at this time unless one is asked for before it. */
export function wakeBy(view: ClusterView, atMs: number): void {
  if (view.wakeAtMs !== undefined && view.wakeAtMs > view.now && view.wakeAtMs <= atMs) return
  view.wakeAtMs = atMs
  emit(view, { type: 'wake', atMs })
}

/** Failure detection, elections and news travel without waiting. */
export function isInstant(view: ClusterView): boolean {
  return view.settings.failureDetection === 'instant'
}
