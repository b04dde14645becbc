/**
 * What the cluster machine is told: who it is, the configuration directives it obeys, and the questions it may ask the
 * rest of the node. All of it is read when needed, so CONFIG SET takes effect at once.
 */
import type { NodeId } from '../bus/message.ts'
import type { LinkId } from './link.ts'

/** Name and address of a node at its start. */
export interface ClusterIdentity {
  readonly id: NodeId
  /** Empty when unknown: the first MEET or PING tells it. */
  readonly ip: string
  readonly port: number
  readonly busPort: number
}

/** The directives that the machine reads; a live object. */
export interface ClusterSettings {
  /** cluster-node-timeout */
  readonly nodeTimeoutMs: number
  /** cluster-replica-validity-factor */
  readonly replicaValidityFactor: number
  /** cluster-migration-barrier */
  readonly migrationBarrier: number
  /** cluster-require-full-coverage */
  readonly requireFullCoverage: boolean
  /** cluster-allow-reads-when-down */
  readonly allowReadsWhenDown: boolean
  /** cluster-allow-pubsubshard-when-down */
  readonly allowPubsubShardWhenDown: boolean
  /** cluster-allow-replica-migration */
  readonly allowReplicaMigration: boolean
  /** cluster-replica-no-failover */
  readonly replicaNoFailover: boolean
  /** cluster-link-sendbuf-limit in bytes, 0 for none */
  readonly linkSendBufferLimit: number
  /** cluster-preferred-endpoint-type */
  readonly preferredEndpointType: 'ip' | 'hostname' | 'unknown-endpoint'
  /** cluster-announce-hostname, empty for none */
  readonly announceHostname: string
  /** cluster-announce-ip, empty for none */
  readonly announceIp: string
  /** cluster-announce-port, 0 for the real one */
  readonly announcePort: number
  /** cluster-announce-bus-port, 0 for the real one */
  readonly announceBusPort: number
  /** repl-ping-replica-period */
  readonly replPingPeriodMs: number
  /** `instant`: the host tells who is unreachable and no timeout condemns a node. */
  readonly failureDetection: 'instant' | 'timeout'
  /** How long a fresh master stays in state fail, ms; without it 2000, or 0 with instant failure detection. */
  readonly startupDelayMs?: number
}

/** The replication link of a replica. */
export interface MasterLinkFacts {
  readonly connected: boolean
  /** When the last byte came from the master, or when the link went down, Unix ms. */
  readonly sinceMs: number
}

/** Questions to the rest of the node. */
export interface ClusterFacts {
  /** Of a master its own offset in bytes, of a replica what it has processed. */
  replicationOffset(): number
  /** Keys this node holds in a slot. */
  countKeysInSlot(slot: number): number
  /** Keys this node holds. */
  countKeys(): number
  masterLink(): MasterLinkFacts
  /** Bytes that wait on a bus link: reserved and in use. */
  sendBuffer(link: LinkId): { readonly allocated: number; readonly used: number }
}
