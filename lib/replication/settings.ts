/**
 * The directives replication obeys. A live object that is read when needed, so CONFIG SET takes effect at once.
 */
import type { Bytes } from '../base/bytes.ts'

/**
 * How the payload of a full synchronization becomes our data: it comes whole before it takes the place of what there is,
 * is loaded as it comes where nothing is, or beside what there is, which it then replaces at once.
 */
export type LoadManner = 'whole' | 'in place' | 'beside'

/** Directives as replication reads them. */
export interface ReplicationSettings {
  /** The client port; masters are told unless replica-announce-port is set. */
  readonly listeningPort: number
  /** replica-announce-ip, empty for none */
  readonly announceIp: string
  /** replica-announce-port, 0 for the real one */
  readonly announcePort: number
  /** masteruser, empty for none */
  readonly masterUser: Bytes
  /** masterauth, empty for none */
  readonly masterAuth: Bytes
  /** repl-timeout */
  readonly timeoutMs: number
  /** repl-ping-replica-period */
  readonly pingPeriodMs: number
  /** repl-backlog-size */
  readonly backlogSizeBytes: number
  /** repl-backlog-ttl, 0 keeps it forever */
  readonly backlogTtlMs: number
  /** repl-diskless-sync: snapshots go out while they are written */
  readonly disklessSync: boolean
  /** How long a diskless snapshot waits for more replicas to come. */
  readonly disklessSyncDelayMs: number
  /** repl-diskless-sync-max-replicas: so many need not wait for more, 0 for any number */
  readonly disklessSyncMaxReplicas: number
  /** What repl-diskless-load makes of the data there is now. */
  readonly loadManner: LoadManner
  /** replica-priority */
  readonly priority: number
  /** replica-read-only */
  readonly readOnly: boolean
  /** replica-announced */
  readonly announced: boolean
  /** min-replicas-to-write */
  readonly minReplicasToWrite: number
  /** min-replicas-max-lag */
  readonly minReplicasMaxLagSeconds: number
  /** cluster-enabled */
  readonly clusterEnabled: boolean
  /** A cluster's first replicas hear at once, so that CLUSTER SLOTS need not hide them until the next ping. */
  readonly greetsReplicas: boolean
}

/** What else the node writes in the background, one at a time. Read when needed. */
export interface BackgroundWork {
  readonly kind: 'none' | 'save' | 'rewrite'
}
