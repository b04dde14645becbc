/** The directives replication obeys, read from the live configuration at each look. */
import type { LoadManner, ReplicationSettings } from '../replication/settings.ts'
import type { Config } from './config/config.ts'

/** repl-diskless-sync-delay of a node that was told nothing. */
const DEFAULT_DELAY_SECONDS = 5

/** What a node obeys beside its directives. */
export interface ReplicatingCircumstances {
  readonly greetsReplicas: boolean
  /** There is data that a full synchronization would replace. */
  holdsKeys(): boolean
}

/** A live view of the configuration. */
export function replicationSettings(
  config: Config,
  { greetsReplicas, holdsKeys }: ReplicatingCircumstances,
): ReplicationSettings {
  // A snapshot waits for further replicas only if somebody wants that: the default would cost every start 5 s.
  const delaySeconds = () => config.number('repl-diskless-sync-delay')
  let syncDelayMs = delaySeconds() === DEFAULT_DELAY_SECONDS ? 0 : delaySeconds() * 1000
  config.onChange('repl-diskless-sync-delay', () => {
    syncDelayMs = delaySeconds() * 1000
  })
  return {
    get listeningPort() {
      return config.number('port')
    },
    get announceIp() {
      return config.text('replica-announce-ip')
    },
    get announcePort() {
      return config.number('replica-announce-port')
    },
    get masterUser() {
      return config.text('masteruser')
    },
    get masterAuth() {
      return config.text('masterauth')
    },
    get timeoutMs() {
      return config.number('repl-timeout') * 1000
    },
    get pingPeriodMs() {
      return config.number('repl-ping-replica-period') * 1000
    },
    get backlogSizeBytes() {
      return config.number('repl-backlog-size')
    },
    get backlogTtlMs() {
      return config.number('repl-backlog-ttl') * 1000
    },
    get disklessSync() {
      return config.boolean('repl-diskless-sync')
    },
    get disklessSyncDelayMs() {
      return syncDelayMs
    },
    get disklessSyncMaxReplicas() {
      return config.number('repl-diskless-sync-max-replicas')
    },
    get loadManner() {
      return loadManner(config.text('repl-diskless-load'), holdsKeys)
    },
    get priority() {
      return config.number('replica-priority')
    },
    get readOnly() {
      return config.boolean('replica-read-only')
    },
    get announced() {
      return config.boolean('replica-announced')
    },
    get minReplicasToWrite() {
      return config.number('min-replicas-to-write')
    },
    get minReplicasMaxLagSeconds() {
      return config.number('min-replicas-max-lag')
    },
    get clusterEnabled() {
      return config.boolean('cluster-enabled')
    },
    greetsReplicas,
  }
}

function loadManner(directive: string, holdsKeys: () => boolean): LoadManner {
  if (directive === 'swapdb') return 'beside'
  return directive === 'on-empty-db' && !holdsKeys() ? 'in place' : 'whole'
}
