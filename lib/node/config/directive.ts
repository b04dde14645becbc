/**
 * Every configuration directive of Redis 7.0 to 8.0, declared once: name, older name, type, default and when it may change
 * (static_configs in config.c). CONFIG GET, SET and REWRITE and the reading of redis.conf all derive from this table.
 * Directives that mean nothing here (threads, TLS, jemalloc) are kept so that files and clients of a real server work.
 */
import type { Bytes } from '../../base/bytes.ts'
import type { Version } from '../../base/version.ts'
import { hostname, nodeName, onlyValue, plainName, titleTemplate } from './checked-value.ts'
import {
  addresses,
  directory,
  keyspaceEvents,
  masterAddress,
  oomScores,
  outputLimits,
  percentiles,
  savePoints,
} from './structured-value.ts'
import {
  choice,
  choices,
  INT_MAX,
  INT_MIN,
  integer,
  LONG_MAX,
  memory,
  memoryOrPercentage,
  permissions,
  text,
  UINT_MAX,
  ULONG_MAX,
  type ValueType,
  yesNo,
} from './value-type.ts'

/** What a directive may have besides name, type and default. */
export interface DirectiveOptions {
  /** The version that brought it, when later than 7.0. */
  readonly since?: string
  /** The first version without it. */
  readonly until?: string
  /** Since when {@link olderName} is not its only name; before that it had no other. */
  readonly renamed?: string
  /** The name it had before; both work everywhere. */
  readonly olderName?: string
  /** When it may change: at any time (absent), at start only, or only with enable-protected-configs. */
  readonly change?: 'at start' | 'protected'
  /** CONFIG GET shows it only when asked for its exact name. */
  readonly hidden?: true
  /** The first version in which it is {@link hidden}. */
  readonly hiddenSince?: string
  /** CONFIG SET is refused while a dataset is loaded. */
  readonly deniedWhileLoading?: true
  /** Its value is shown to nobody who only watches. */
  readonly secret?: true
  /** Brings a number that was taken into the range that works. */
  readonly clamp?: (value: number, source: 'file' | 'command') => number
}

/** A configuration directive. */
export interface Directive extends DirectiveOptions {
  readonly name: string
  readonly type: ValueType
  /** Default, in CONFIG GET's form. */
  readonly initial: Bytes
}

function directive(
  name: string,
  type: ValueType,
  initial: string | number | boolean,
  options: DirectiveOptions = {},
): Directive {
  const shown = typeof initial === 'boolean' ? (initial ? 'yes' : 'no') : `${initial}`
  return { name, type, initial: shown, ...options }
}

const atStart = { change: 'at start' } as const
const hidden = { hidden: true } as const
const secret = { secret: true } as const
const KILOBYTE = 1024
const MEGABYTE = 1024 * KILOBYTE

const portNumber = integer(0n, 65535n)
const natural = integer(0n, INT_MAX)
const positive = integer(1n, INT_MAX)
const large = integer(0n, LONG_MAX)
const percentage = integer(1n, 99n)
const size = memory(0n, LONG_MAX)
const anyText = text({ empty: 'a value' })
const optionalText = text()
const allowance = choice(['no', 'yes', 'local'])
const noTls = 'Unable to update TLS configuration. Check server logs.'

const shutdownOptions = choices(['default', 'save', 'nosave', 'now', 'force'], (chosen) =>
  chosen.has('save') && chosen.has('nosave')
    ? "shutdown options SAVE and NOSAVE can't be used simultaneously"
    : undefined,
)

/** All directives, in alphabetical order. */
export const directives: readonly Directive[] = [
  directive('acl-pubsub-default', choice(['allchannels', 'resetchannels']), 'resetchannels'),
  directive('aclfile', anyText, '', atStart),
  directive('acllog-max-len', large, 128),
  directive('active-defrag-cycle-max', percentage, 25),
  directive('active-defrag-cycle-min', percentage, 1),
  directive('active-defrag-ignore-bytes', memory(1n, LONG_MAX), 100 * MEGABYTE),
  directive('active-defrag-max-scan-fields', integer(1n, LONG_MAX), 1000),
  directive('active-defrag-threshold-lower', integer(0n, 1000n), 10),
  directive('active-defrag-threshold-upper', integer(0n, 1000n), 100),
  directive('active-expire-effort', integer(1n, 10n), 1),
  directive(
    'activedefrag',
    onlyValue(
      'no',
      yesNo,
      'Active defragmentation cannot be enabled: it requires a Redis server compiled with a modified Jemalloc like the one shipped by default with the Redis source distribution',
    ),
    false,
  ),
  directive('activerehashing', yesNo, true),
  directive('always-show-logo', yesNo, false, atStart),
  directive('aof-disable-auto-gc', yesNo, false, { hiddenSince: '7.2.0' }),
  directive('aof-load-truncated', yesNo, true),
  directive('aof-rewrite-cpulist', optionalText, '', {
    olderName: 'aof_rewrite_cpulist',
    renamed: '7.2.0',
    ...atStart,
  }),
  directive('aof-rewrite-incremental-fsync', yesNo, true),
  directive('aof-timestamp-enabled', yesNo, false),
  directive('aof-use-rdb-preamble', yesNo, true),
  directive('appenddirname', plainName('appenddirname', 'dirname'), 'appendonlydir', atStart),
  directive('appendfilename', plainName('appendfilename', 'filename'), 'appendonly.aof', atStart),
  directive('appendfsync', choice(['everysec', 'always', 'no']), 'everysec'),
  directive('appendonly', yesNo, false, { deniedWhileLoading: true }),
  directive('auto-aof-rewrite-min-size', size, 64 * MEGABYTE),
  directive('auto-aof-rewrite-percentage', natural, 100),
  directive('bgsave-cpulist', optionalText, '', {
    olderName: 'bgsave_cpulist',
    renamed: '7.2.0',
    ...atStart,
  }),
  directive('bind', addresses, '* -::*'),
  directive('bind-source-addr', optionalText, ''),
  directive('bio-cpulist', optionalText, '', {
    olderName: 'bio_cpulist',
    renamed: '7.2.0',
    ...atStart,
  }),
  directive('busy-reply-threshold', large, 5000, { olderName: 'lua-time-limit' }),
  directive(
    'client-output-buffer-limit',
    outputLimits,
    'normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60',
  ),
  directive('client-query-buffer-limit', memory(1_048_576n, LONG_MAX), 1024 * MEGABYTE),
  directive('cluster-allow-pubsubshard-when-down', yesNo, true),
  directive('cluster-allow-reads-when-down', yesNo, false),
  directive('cluster-allow-replica-migration', yesNo, true),
  directive('cluster-announce-bus-port', portNumber, 0),
  directive('cluster-announce-hostname', hostname, ''),
  directive('cluster-announce-human-nodename', nodeName, '', { since: '7.2.0' }),
  directive('cluster-announce-ip', optionalText, ''),
  directive('cluster-announce-port', portNumber, 0),
  directive('cluster-announce-tls-port', portNumber, 0),
  directive('cluster-compatibility-sample-ratio', integer(0n, 100n), 0, { since: '8.0.0' }),
  directive('cluster-config-file', anyText, 'nodes.conf', atStart),
  directive('cluster-enabled', yesNo, false, atStart),
  directive('cluster-link-sendbuf-limit', memory(0n, ULONG_MAX), 0),
  directive('cluster-migration-barrier', natural, 1),
  directive('cluster-node-timeout', large, 15_000),
  directive('cluster-port', portNumber, 0, atStart),
  directive(
    'cluster-preferred-endpoint-type',
    choice(['ip', 'hostname', 'unknown-endpoint']),
    'ip',
  ),
  directive('cluster-replica-no-failover', yesNo, false, {
    olderName: 'cluster-slave-no-failover',
  }),
  directive('cluster-replica-validity-factor', natural, 10, {
    olderName: 'cluster-slave-validity-factor',
  }),
  directive('cluster-require-full-coverage', yesNo, true),
  directive('crash-log-enabled', yesNo, true),
  directive('crash-memcheck-enabled', yesNo, true),
  directive('daemonize', yesNo, false, atStart),
  directive('databases', positive, 16, atStart),
  directive('dbfilename', plainName('dbfilename', 'filename', 'allowed'), 'dump.rdb', {
    change: 'protected',
  }),
  directive('dir', directory, '', { change: 'protected', deniedWhileLoading: true }),
  directive('disable-thp', yesNo, true, atStart),
  directive('dynamic-hz', yesNo, true),
  directive('enable-debug-command', allowance, 'no', atStart),
  directive('enable-module-command', allowance, 'no', atStart),
  directive('enable-protected-configs', allowance, 'no', atStart),
  directive('hash-max-listpack-entries', large, 512, { olderName: 'hash-max-ziplist-entries' }),
  directive('hash-max-listpack-value', size, 64, { olderName: 'hash-max-ziplist-value' }),
  directive('hide-user-data-from-log', yesNo, false, { since: '8.0.0' }),
  directive('hll-sparse-max-bytes', size, 3000),
  directive('hz', natural, 10, { clamp: (hz) => Math.min(Math.max(hz, 1), 500) }),
  directive('ignore-warnings', anyText, ''),
  directive('io-threads', integer(1n, 128n), 1, atStart),
  directive('io-threads-do-reads', yesNo, false, { until: '8.0.0', ...atStart }),
  directive('jemalloc-bg-thread', yesNo, true),
  directive('key-load-delay', integer(INT_MIN, INT_MAX), 0, hidden),
  directive('latency-monitor-threshold', large, 0),
  directive('latency-tracking', yesNo, true),
  directive('latency-tracking-info-percentiles', percentiles, '50 99 99.9'),
  directive('lazyfree-lazy-eviction', yesNo, false),
  directive('lazyfree-lazy-expire', yesNo, false),
  directive('lazyfree-lazy-server-del', yesNo, false),
  directive('lazyfree-lazy-user-del', yesNo, false),
  directive('lazyfree-lazy-user-flush', yesNo, false),
  directive('lfu-decay-time', natural, 1),
  directive('lfu-log-factor', natural, 10),
  directive('list-compress-depth', natural, 0),
  directive('list-max-listpack-size', integer(INT_MIN, INT_MAX), -2, {
    olderName: 'list-max-ziplist-size',
  }),
  directive('loading-process-events-interval-bytes', integer(1024n, INT_MAX), 2 * MEGABYTE, hidden),
  directive('locale-collate', optionalText, '', { since: '7.2.0' }),
  directive('logfile', anyText, '', atStart),
  directive('loglevel', choice(['debug', 'verbose', 'notice', 'warning']), 'notice'),
  directive('lua-enable-deprecated-api', yesNo, false, { hidden: true, change: 'at start' }),
  directive('masterauth', optionalText, '', secret),
  directive('masteruser', optionalText, '', secret),
  directive('max-new-connections-per-cycle', integer(1n, 1000n), 10, { since: '7.4.0' }),
  directive('max-new-tls-connections-per-cycle', integer(1n, 1000n), 1, { since: '7.4.0' }),
  directive('maxclients', integer(1n, UINT_MAX), 10_000),
  directive('maxmemory', memory(0n, ULONG_MAX), 0),
  directive('maxmemory-clients', memoryOrPercentage, 0),
  directive('maxmemory-eviction-tenacity', integer(0n, 100n), 10),
  directive(
    'maxmemory-policy',
    choice([
      'volatile-lru',
      'volatile-lfu',
      'volatile-random',
      'volatile-ttl',
      'allkeys-lru',
      'allkeys-lfu',
      'allkeys-random',
      'noeviction',
    ]),
    'noeviction',
  ),
  directive('maxmemory-samples', positive, 5),
  directive('min-replicas-max-lag', natural, 10, { olderName: 'min-slaves-max-lag' }),
  directive('min-replicas-to-write', natural, 0, { olderName: 'min-slaves-to-write' }),
  directive('no-appendfsync-on-rewrite', yesNo, false),
  directive('notify-keyspace-events', keyspaceEvents, ''),
  directive(
    'oom-score-adj',
    choice(['no', 'yes', 'relative', 'absolute'], { relative: 'yes' }),
    'no',
  ),
  directive('oom-score-adj-values', oomScores, '0 200 800'),
  directive('pidfile', optionalText, '', atStart),
  directive('port', portNumber, 6379),
  directive('proc-title-template', titleTemplate, '{title} {listen-addr} {server-mode}'),
  directive(
    'propagation-error-behavior',
    choice(['ignore', 'panic', 'panic-on-replicas']),
    'ignore',
  ),
  directive('protected-mode', yesNo, true),
  directive('proto-max-bulk-len', memory(1_048_576n, LONG_MAX), 512 * MEGABYTE),
  directive('rdb-del-sync-files', yesNo, false),
  directive('rdb-key-save-delay', integer(INT_MIN, INT_MAX), 0, hidden),
  directive('rdb-save-incremental-fsync', yesNo, true),
  directive('rdbchecksum', yesNo, true, atStart),
  directive('rdbcompression', yesNo, true),
  directive('repl-backlog-size', memory(1n, LONG_MAX), MEGABYTE, {
    clamp: (bytes, source) => (source === 'command' ? Math.max(bytes, 16 * KILOBYTE) : bytes),
  }),
  directive('repl-backlog-ttl', large, 3600),
  directive('repl-disable-tcp-nodelay', yesNo, false),
  directive('repl-diskless-load', choice(['disabled', 'on-empty-db', 'swapdb']), 'disabled', {
    deniedWhileLoading: true,
  }),
  directive('repl-diskless-sync', yesNo, true),
  directive('repl-diskless-sync-delay', natural, 5),
  directive('repl-diskless-sync-max-replicas', natural, 0),
  directive('repl-ping-replica-period', positive, 10, { olderName: 'repl-ping-slave-period' }),
  directive('repl-timeout', positive, 60),
  directive('replica-announce-ip', optionalText, '', { olderName: 'slave-announce-ip' }),
  directive('replica-announce-port', portNumber, 0, { olderName: 'slave-announce-port' }),
  directive('replica-announced', yesNo, true),
  directive('replica-full-sync-buffer-limit', size, 0, { since: '8.0.0' }),
  directive('replica-ignore-disk-write-errors', yesNo, false),
  directive('replica-ignore-maxmemory', yesNo, true, { olderName: 'slave-ignore-maxmemory' }),
  directive('replica-lazy-flush', yesNo, false, { olderName: 'slave-lazy-flush' }),
  directive('replica-priority', natural, 100, { olderName: 'slave-priority' }),
  directive('replica-read-only', yesNo, true, { olderName: 'slave-read-only' }),
  directive('replica-serve-stale-data', yesNo, true, { olderName: 'slave-serve-stale-data' }),
  directive('replicaof', masterAddress, '', { olderName: 'slaveof', change: 'at start' }),
  directive('requirepass', optionalText, '', secret),
  directive('sanitize-dump-payload', choice(['no', 'yes', 'clients']), 'no'),
  directive('save', savePoints, '3600 1 300 100 60 10000'),
  directive('server-cpulist', optionalText, '', {
    olderName: 'server_cpulist',
    renamed: '7.2.0',
    ...atStart,
  }),
  directive('set-max-intset-entries', large, 512),
  directive('set-max-listpack-entries', large, 128, { since: '7.2.0' }),
  directive('set-max-listpack-value', size, 64, { since: '7.2.0' }),
  directive('set-proc-title', yesNo, true, atStart),
  directive('shutdown-on-sigint', shutdownOptions, 'default'),
  directive('shutdown-on-sigterm', shutdownOptions, 'default'),
  directive('shutdown-timeout', natural, 10),
  directive('slowlog-log-slower-than', integer(-1n, LONG_MAX), 10_000),
  directive('slowlog-max-len', large, 128),
  directive('socket-mark-id', integer(0n, UINT_MAX), 0, atStart),
  directive('stop-writes-on-bgsave-error', yesNo, true),
  directive('stream-node-max-bytes', size, 4096),
  directive('stream-node-max-entries', large, 100),
  directive('supervised', choice(['upstart', 'systemd', 'auto', 'no']), 'no', atStart),
  directive('syslog-enabled', yesNo, false, atStart),
  directive(
    'syslog-facility',
    choice(['user', ...Array.from({ length: 8 }, (_, i) => `local${i}`)]),
    'local0',
    atStart,
  ),
  directive('syslog-ident', anyText, 'redis', atStart),
  directive('tcp-backlog', natural, 511, atStart),
  directive('tcp-keepalive', natural, 300),
  directive('timeout', natural, 0),
  directive('tls-auth-clients', choice(['no', 'yes', 'optional']), 'yes'),
  directive('tls-ca-cert-dir', optionalText, ''),
  directive('tls-ca-cert-file', optionalText, ''),
  directive('tls-cert-file', optionalText, ''),
  directive('tls-ciphers', optionalText, ''),
  directive('tls-ciphersuites', optionalText, ''),
  directive('tls-client-cert-file', optionalText, ''),
  directive('tls-client-key-file', optionalText, ''),
  directive('tls-client-key-file-pass', optionalText, ''),
  directive('tls-cluster', onlyValue('no', yesNo, noTls), false),
  directive('tls-dh-params-file', optionalText, ''),
  directive('tls-key-file', optionalText, ''),
  directive('tls-key-file-pass', optionalText, ''),
  directive('tls-port', onlyValue('0', portNumber, noTls), 0),
  directive('tls-prefer-server-ciphers', yesNo, false),
  directive('tls-protocols', optionalText, ''),
  directive('tls-replication', onlyValue('no', yesNo, noTls), false),
  directive('tls-session-cache-size', natural, 20_480),
  directive('tls-session-cache-timeout', natural, 300),
  directive('tls-session-caching', yesNo, true),
  directive('tracking-table-max-keys', large, 1_000_000),
  directive('unixsocket', optionalText, '', atStart),
  directive('unixsocketperm', permissions, 0, atStart),
  directive('use-exit-on-panic', yesNo, false, hidden),
  directive('watchdog-period', natural, 0, hidden),
  directive('zset-max-listpack-entries', large, 128, { olderName: 'zset-max-ziplist-entries' }),
  directive('zset-max-listpack-value', size, 64, { olderName: 'zset-max-ziplist-value' }),
]

/** Names of directives whose values are secrets. */
export const secretDirectives: ReadonlySet<string> = new Set(
  directives.filter((each) => each.secret).map(({ name }) => name),
)

/** The directives that a version knows, as it knows them. */
export function directivesAt(version: Version): readonly Directive[] {
  return directives.flatMap((directive) => {
    const { since, until, renamed, olderName, hiddenSince } = directive
    if (since !== undefined && !version.atLeast(since)) return []
    if (until !== undefined && version.atLeast(until)) return []
    if (hiddenSince !== undefined && version.atLeast(hiddenSince))
      return [{ ...directive, ...hidden }]
    if (renamed === undefined || olderName === undefined || version.atLeast(renamed))
      return directive
    const { olderName: _, ...former } = directive
    return [{ ...former, name: olderName }]
  })
}
