/** Directives as the cluster machine reads them: their units and types, and always as they are now. */
import t from 'tap'
import { clusterSettings } from '../../lib/node/cluster-settings.ts'
import { Config } from '../../lib/node/config/config.ts'

t.test("Redis' defaults", async (t) => {
  t.strictSame(
    { ...clusterSettings(new Config(), { failureDetection: 'timeout', isPlanned: false }) },
    {
      failureDetection: 'timeout',
      nodeTimeoutMs: 15_000,
      replicaValidityFactor: 10,
      migrationBarrier: 1,
      requireFullCoverage: true,
      allowReadsWhenDown: false,
      allowPubsubShardWhenDown: true,
      allowReplicaMigration: true,
      replicaNoFailover: false,
      linkSendBufferLimit: 0,
      preferredEndpointType: 'ip',
      announceHostname: '',
      announceIp: '',
      announcePort: 0,
      announceBusPort: 0,
      replPingPeriodMs: 10_000,
    },
  )
})

t.test('the masters of a planned cluster do not wait', async (t) => {
  const settings = clusterSettings(new Config(), { failureDetection: 'timeout', isPlanned: true })
  t.equal(settings.startupDelayMs, 0)
})

t.test('each is read from its directive at each look', async (t) => {
  const config = new Config()
  const settings = clusterSettings(config, { failureDetection: 'instant', isPlanned: false })
  for (const [directive, text, name, value] of [
    ['cluster-node-timeout', '1234', 'nodeTimeoutMs', 1234],
    ['cluster-replica-validity-factor', '3', 'replicaValidityFactor', 3],
    ['cluster-migration-barrier', '2', 'migrationBarrier', 2],
    ['cluster-require-full-coverage', 'no', 'requireFullCoverage', false],
    ['cluster-allow-reads-when-down', 'yes', 'allowReadsWhenDown', true],
    ['cluster-allow-pubsubshard-when-down', 'no', 'allowPubsubShardWhenDown', false],
    ['cluster-allow-replica-migration', 'no', 'allowReplicaMigration', false],
    ['cluster-replica-no-failover', 'yes', 'replicaNoFailover', true],
    ['cluster-link-sendbuf-limit', '1kb', 'linkSendBufferLimit', 1024],
    ['cluster-preferred-endpoint-type', 'hostname', 'preferredEndpointType', 'hostname'],
    ['cluster-announce-hostname', 'host.example', 'announceHostname', 'host.example'],
    ['cluster-announce-ip', '10.0.0.1', 'announceIp', '10.0.0.1'],
    ['cluster-announce-port', '7100', 'announcePort', 7100],
    ['cluster-announce-bus-port', '7200', 'announceBusPort', 7200],
    ['repl-ping-replica-period', '3', 'replPingPeriodMs', 3000],
  ] as const) {
    t.not(settings[name], value, `${directive} as it was`)
    config.set([[directive, text]])
    t.equal(settings[name], value, directive)
  }
  t.equal(settings.failureDetection, 'instant')
})
