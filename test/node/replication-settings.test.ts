/** Directives as replication reads them: their units and types, and always as they are now. */
import t from 'tap'
import { Config } from '../../lib/node/config/config.ts'
import { replicationSettings } from '../../lib/node/replication-settings.ts'

t.test("Redis' defaults, but that nobody waits for further replicas", async (t) => {
  t.strictSame(
    { ...replicationSettings(new Config(), { greetsReplicas: true, holdsKeys: () => true }) },
    {
      listeningPort: 6379,
      announceIp: '',
      announcePort: 0,
      masterUser: '',
      masterAuth: '',
      timeoutMs: 60_000,
      pingPeriodMs: 10_000,
      backlogSizeBytes: 1_048_576,
      backlogTtlMs: 3_600_000,
      disklessSync: true,
      disklessSyncDelayMs: 0,
      disklessSyncMaxReplicas: 0,
      loadManner: 'whole',
      priority: 100,
      readOnly: true,
      announced: true,
      minReplicasToWrite: 0,
      minReplicasMaxLagSeconds: 10,
      clusterEnabled: false,
      greetsReplicas: true,
    },
  )
})

t.test('each is read from its directive at each look', async (t) => {
  const config = new Config()
  let holdsKeys = true
  const settings = replicationSettings(config, {
    greetsReplicas: true,
    holdsKeys: () => holdsKeys,
  })
  for (const [directive, text, name, value] of [
    ['replica-announce-ip', '10.0.0.1', 'announceIp', '10.0.0.1'],
    ['replica-announce-port', '7100', 'announcePort', 7100],
    ['masteruser', 'bob', 'masterUser', 'bob'],
    ['masterauth', 'secret', 'masterAuth', 'secret'],
    ['repl-timeout', '5', 'timeoutMs', 5000],
    ['repl-ping-replica-period', '3', 'pingPeriodMs', 3000],
    ['repl-backlog-size', '32kb', 'backlogSizeBytes', 32_768],
    ['repl-backlog-ttl', '7', 'backlogTtlMs', 7000],
    ['repl-diskless-sync', 'no', 'disklessSync', false],
    ['repl-diskless-sync-delay', '2', 'disklessSyncDelayMs', 2000],
    ['repl-diskless-sync-max-replicas', '3', 'disklessSyncMaxReplicas', 3],
    ['repl-diskless-load', 'swapdb', 'loadManner', 'beside'],
    ['replica-priority', '0', 'priority', 0],
    ['replica-read-only', 'no', 'readOnly', false],
    ['replica-announced', 'no', 'announced', false],
    ['min-replicas-to-write', '1', 'minReplicasToWrite', 1],
    ['min-replicas-max-lag', '4', 'minReplicasMaxLagSeconds', 4],
  ] as const) {
    t.not(settings[name], value, `${directive} as it was`)
    config.set([[directive, text]])
    t.equal(settings[name], value, directive)
  }
  config.set([['repl-diskless-load', 'on-empty-db']])
  t.equal(settings.loadManner, 'whole')
  holdsKeys = false
  t.equal(settings.loadManner, 'in place')
  config.assign('port', '7001')
  t.equal(settings.listeningPort, 7001)
})

t.test('a delay that is asked for at the start is kept', async (t) => {
  const config = new Config()
  config.loadPairs([['repl-diskless-sync-delay', '2']])
  const settings = replicationSettings(config, { greetsReplicas: true, holdsKeys: () => true })
  t.equal(settings.disklessSyncDelayMs, 2000)
})
