/**
 * The cluster bus as typed values: what a node says to another node, independent of the transport. The binary form is
 * `codec.ts` (clusterMsg in cluster.h); the cluster machine and the channel transport speak these types.
 * Invariant: every value here can be written by the codec and reads back equal.
 */
import type { Bytes } from '../base/bytes.ts'

/** A node's name on the bus: 40 characters of [0-9a-z]. */
export type NodeId = Bytes

/** Node flag bits as they travel in headers and gossip entries. */
export const NodeFlag = {
  master: 1,
  slave: 2,
  pfail: 4,
  fail: 8,
  myself: 16,
  handshake: 32,
  noaddr: 64,
  meet: 128,
  migrateTo: 256,
  nofailover: 512,
} as const

/** Bits of the first byte of `mflags`. */
export const HeaderFlag = { paused: 1, forceAck: 2, extensions: 4 } as const

/** Bytes in a slot bitmap: slot s is bit `s & 7` (least significant first) of byte `s >> 3`. */
export const SLOT_BITMAP_BYTES = 2048

/** What every message begins with: the sender as it sees itself. A replica carries its master's slots and configEpoch. */
export interface BusHeader {
  readonly sender: NodeId
  /** Client port, TLS port of a TLS cluster. */
  readonly port: number
  /** The other client port (plaintext when TLS is the main one), 0 if none. */
  readonly otherPort: number
  /** Bus port. */
  readonly busPort: number
  readonly currentEpoch: number
  readonly configEpoch: number
  /** Replication offset in bytes: of a master its own, of a replica what it processed. */
  readonly offset: number
  /** 2048 bytes, see {@link SLOT_BITMAP_BYTES}. */
  readonly slots: Uint8Array
  /** The sender's master, undefined for a master. */
  readonly masterId: NodeId | undefined
  /** The announced address, empty when the receiver should use the peer's address. */
  readonly ip: string
  /** {@link NodeFlag} bits. */
  readonly flags: number
  readonly state: 'ok' | 'fail'
  /** {@link HeaderFlag} bits. The `extensions` bit is set by the codec. */
  readonly messageFlags: number
}

/** What the sender of a PING, PONG or MEET tells about a third node. */
export interface GossipEntry {
  readonly id: NodeId
  /** Unix seconds of the oldest unanswered ping, 0 if none is pending. */
  readonly pingSentSeconds: number
  /** Unix seconds of the last pong. */
  readonly pongReceivedSeconds: number
  readonly ip: string
  readonly port: number
  readonly otherPort: number
  readonly busPort: number
  readonly flags: number
}

/** What follows the gossip entries since 7.0; unknown types are kept as bytes. */
export type PingExtension =
  | { readonly type: 'hostname'; readonly hostname: string }
  | { readonly type: 'nodename'; readonly nodename: string }
  | { readonly type: 'forgotten-node'; readonly node: NodeId; readonly ttlSeconds: number }
  | { readonly type: 'shard-id'; readonly shardId: NodeId }
  | { readonly type: 'unknown'; readonly code: number; readonly payload: Uint8Array }

/** PING, PONG and MEET. */
export interface PingMessage {
  readonly type: 'ping' | 'pong' | 'meet'
  readonly header: BusHeader
  readonly gossip: readonly GossipEntry[]
  readonly extensions: readonly PingExtension[]
}

/** The sender's majority says this node is down. */
export interface FailMessage {
  readonly type: 'fail'
  readonly header: BusHeader
  readonly node: NodeId
}

/** A message published on a channel, `publishshard` for sharded channels. */
export interface PublishMessage {
  readonly type: 'publish' | 'publishshard'
  readonly header: BusHeader
  readonly channel: Bytes
  readonly payload: Bytes
}

/** Messages that are a header alone: a vote asked, a vote given, a manual failover begun. */
export interface BareMessage {
  readonly type: 'auth-req' | 'auth-ack' | 'mfstart'
  readonly header: BusHeader
}

/** Tells a node with a stale view who owns slots with a greater epoch. */
export interface UpdateMessage {
  readonly type: 'update'
  readonly header: BusHeader
  readonly node: NodeId
  readonly configEpoch: number
  readonly slots: Uint8Array
}

/** A module's message; carried, never interpreted. */
export interface ModuleMessage {
  readonly type: 'module'
  readonly header: BusHeader
  /** 8 bytes as sent. */
  readonly moduleId: Bytes
  readonly moduleType: number
  readonly payload: Bytes
}

/** Anything that travels on the bus. */
export type BusMessage =
  | PingMessage
  | FailMessage
  | PublishMessage
  | BareMessage
  | UpdateMessage
  | ModuleMessage

/** Message types in the order of their wire numbers; also the labels of CLUSTER INFO's counters. */
export const MESSAGE_TYPES = [
  'ping',
  'pong',
  'meet',
  'fail',
  'publish',
  'auth-req',
  'auth-ack',
  'update',
  'mfstart',
  'module',
  'publishshard',
] as const satisfies readonly BusMessage['type'][]
