/** The directives the cluster machine obeys, read from the live configuration at each look. */
import type { ClusterSettings } from '../cluster/settings.ts'
import type { Config } from './config/config.ts'

/** A live view of the configuration; the masters of a planned cluster serve at once. */
export function clusterSettings(
  config: Config,
  {
    failureDetection,
    isPlanned,
  }: { readonly failureDetection: 'instant' | 'timeout'; readonly isPlanned: boolean },
): ClusterSettings {
  return {
    failureDetection,
    ...(isPlanned && { startupDelayMs: 0 }),
    get nodeTimeoutMs() {
      return config.number('cluster-node-timeout')
    },
    get replicaValidityFactor() {
      return config.number('cluster-replica-validity-factor')
    },
    get migrationBarrier() {
      return config.number('cluster-migration-barrier')
    },
    get requireFullCoverage() {
      return config.boolean('cluster-require-full-coverage')
    },
    get allowReadsWhenDown() {
      return config.boolean('cluster-allow-reads-when-down')
    },
    get allowPubsubShardWhenDown() {
      return config.boolean('cluster-allow-pubsubshard-when-down')
    },
    get allowReplicaMigration() {
      return config.boolean('cluster-allow-replica-migration')
    },
    get replicaNoFailover() {
      return config.boolean('cluster-replica-no-failover')
    },
    get linkSendBufferLimit() {
      return config.number('cluster-link-sendbuf-limit')
    },
    get preferredEndpointType() {
      return config.text('cluster-preferred-endpoint-type') as 'ip'
    },
    get announceHostname() {
      return config.text('cluster-announce-hostname')
    },
    get announceIp() {
      return config.text('cluster-announce-ip')
    },
    get announcePort() {
      return config.number('cluster-announce-port')
    },
    get announceBusPort() {
      return config.number('cluster-announce-bus-port')
    },
    get replPingPeriodMs() {
      return config.number('repl-ping-replica-period') * 1000
    },
  }
}
