/**
 * The sections of INFO about the server and its process: server, clients, cpu (genRedisInfoString). The order of the
 * fields is Redis' own.
 */
import type { ClientFacts, ProcessorFacts, ServerFacts, ThreadFacts } from './facts.ts'

const SECONDS_PER_DAY = 86_400
/** The clock of keys' ages counts seconds in 24 bits. */
const AGE_CLOCK = 2 ** 24

/** Fields of the server section. */
export function serverSection(facts: ServerFacts, clusterEnabled: boolean): string[] {
  const uptimeSeconds = Math.floor((facts.nowMs - facts.startedMs) / 1000)
  return [
    `redis_version:${facts.version}`,
    'redis_git_sha1:00000000',
    'redis_git_dirty:0',
    `redis_build_id:${facts.buildId}`,
    `redis_mode:${clusterEnabled ? 'cluster' : 'standalone'}`,
    `os:${facts.system}`,
    `arch_bits:${facts.pointerBits}`,
    'monotonic_clock:POSIX clock_gettime',
    `multiplexing_api:${facts.polling}`,
    'atomicvar_api:c11-builtin',
    'gcc_version:0.0.0',
    `process_id:${facts.processId}`,
    'process_supervised:no',
    `run_id:${facts.runId}`,
    `tcp_port:${facts.port}`,
    `server_time_usec:${facts.nowMs * 1000 + facts.nowMicroseconds}`,
    `uptime_in_seconds:${uptimeSeconds}`,
    `uptime_in_days:${Math.floor(uptimeSeconds / SECONDS_PER_DAY)}`,
    `hz:${facts.hz}`,
    `configured_hz:${facts.configuredHz}`,
    `lru_clock:${Math.floor(facts.nowMs / 1000) % AGE_CLOCK}`,
    `executable:${facts.executable}`,
    `config_file:${facts.configFile}`,
    'io_threads_active:0',
    ...facts.listeners.map((listener, i) => `listener${i}:${listener}`),
    ...(facts.shutdownInMs === undefined ? [] : [`shutdown_in_milliseconds:${facts.shutdownInMs}`]),
  ]
}

/** Fields of the clients section. */
export function clientsSection(facts: ClientFacts): string[] {
  return [
    `connected_clients:${facts.connected}`,
    `cluster_connections:${facts.clusterConnections}`,
    `maxclients:${facts.maxClients}`,
    `client_recent_max_input_buffer:${facts.recentMaxInputBytes}`,
    `client_recent_max_output_buffer:${facts.recentMaxOutputBytes}`,
    `blocked_clients:${facts.blocked}`,
    `tracking_clients:${facts.tracking}`,
    `pubsub_clients:${facts.subscribed}`,
    `watching_clients:${facts.watching}`,
    `clients_in_timeout_table:${facts.blockedForTime}`,
    `total_watched_keys:${facts.watchedKeys}`,
    `total_blocking_keys:${facts.awaitedKeys}`,
    `total_blocking_keys_on_nokey:${facts.awaitedKeysOrEnds}`,
  ]
}

/** Fields of the threads section. */
export function threadsSection({ clients, reads, writes }: ThreadFacts): string[] {
  return [`io_thread_0:clients=${clients},reads=${reads},writes=${writes}`]
}

/** Fields of the cpu section. */
export function processorSection({ systemSeconds, userSeconds }: ProcessorFacts): string[] {
  const system = systemSeconds.toFixed(6)
  const user = userSeconds.toFixed(6)
  return [
    `used_cpu_sys:${system}`,
    `used_cpu_user:${user}`,
    'used_cpu_sys_children:0.000000',
    'used_cpu_user_children:0.000000',
    `used_cpu_sys_main_thread:${system}`,
    `used_cpu_user_main_thread:${user}`,
  ]
}
