/**
 * The sections of INFO that count: persistence and stats. What this server does not do - I/O threads, defragmentation,
 * tracking - has happened no times, which is what these fields say.
 */
import type { AppendOnlyFacts, LoadingFacts, PersistenceFacts, StatsFacts } from './facts.ts'

/** Fields of the persistence section. */
export function persistenceSection(facts: PersistenceFacts): string[] {
  const { appendOnly: log, background } = facts
  const { keys = 0, part = 0 } = background ?? {}
  return [
    `loading:${facts.loading?.isAsync === false ? 1 : 0}`,
    `async_loading:${facts.loading?.isAsync === true ? 1 : 0}`,
    'current_cow_peak:0',
    'current_cow_size:0',
    'current_cow_size_age:0',
    `current_fork_perc:${(part * 100).toFixed(2)}`,
    `current_save_keys_processed:${Math.floor(part * keys)}`,
    `current_save_keys_total:${keys}`,
    `rdb_changes_since_last_save:${facts.changesSinceSave}`,
    `rdb_bgsave_in_progress:${facts.currentSaveSeconds === undefined ? 0 : 1}`,
    `rdb_last_save_time:${Math.floor(facts.lastSaveMs / 1000)}`,
    `rdb_last_bgsave_status:${facts.lastSaveWasGood ? 'ok' : 'err'}`,
    `rdb_last_bgsave_time_sec:${facts.lastSaveSeconds ?? -1}`,
    `rdb_current_bgsave_time_sec:${facts.currentSaveSeconds ?? -1}`,
    `rdb_saves:${facts.saves}`,
    'rdb_last_cow_size:0',
    `rdb_last_load_keys_expired:${facts.loadedKeysExpired}`,
    `rdb_last_load_keys_loaded:${facts.loadedKeys}`,
    `aof_enabled:${log.isEnabled ? 1 : 0}`,
    `aof_rewrite_in_progress:${log.isRewriting ? 1 : 0}`,
    `aof_rewrite_scheduled:${log.isScheduled ? 1 : 0}`,
    `aof_last_rewrite_time_sec:${log.lastRewriteSeconds ?? -1}`,
    `aof_current_rewrite_time_sec:${log.currentRewriteSeconds ?? -1}`,
    `aof_last_bgrewrite_status:${log.lastRewriteWasGood ? 'ok' : 'err'}`,
    `aof_rewrites:${log.rewrites}`,
    `aof_rewrites_consecutive_failures:${log.consecutiveFailures}`,
    `aof_last_write_status:${log.isWritable ? 'ok' : 'err'}`,
    'aof_last_cow_size:0',
    'module_fork_in_progress:0',
    'module_fork_last_cow_size:0',
    ...(log.isEnabled ? sizesOf(log) : []),
    ...(facts.loading === undefined ? [] : loadingFields(facts.loading, facts.nowMs)),
  ]
}

function loadingFields(facts: LoadingFacts, nowMs: number): string[] {
  const { startedMs, totalBytes, loadedBytes, usedBytes } = facts
  const startedSeconds = Math.floor(startedMs / 1000)
  const elapsedSeconds = Math.floor(nowMs / 1000) - startedSeconds
  // Of a file that comes without a length, what its data takes elsewhere has to do.
  const wholeBytes = totalBytes === 0 ? usedBytes : totalBytes
  const leftBytes = Math.max(0, wholeBytes - loadedBytes)
  const leftSeconds = (elapsedSeconds * leftBytes) / (loadedBytes + 1)
  return [
    `loading_start_time:${startedSeconds}`,
    `loading_total_bytes:${totalBytes}`,
    `loading_rdb_used_mem:${usedBytes}`,
    `loading_loaded_bytes:${loadedBytes}`,
    `loading_loaded_perc:${wholeBytes === 0 ? '0.00' : ((loadedBytes / wholeBytes) * 100).toFixed(2)}`,
    // As long as nothing is known, a second.
    `loading_eta_seconds:${elapsedSeconds === 0 ? 1 : Math.floor(leftSeconds)}`,
  ]
}

function sizesOf(log: AppendOnlyFacts): string[] {
  return [
    `aof_current_size:${log.currentBytes}`,
    `aof_base_size:${log.baseBytes}`,
    `aof_pending_rewrite:${log.isScheduled ? 1 : 0}`,
    `aof_buffer_length:${log.bufferBytes}`,
    `aof_pending_bio_fsync:${log.syncsRunning}`,
    `aof_delayed_fsync:${log.delayedSyncs}`,
  ]
}

/** Fields of the stats section. */
export function statsSection(facts: StatsFacts): string[] {
  return [
    `total_connections_received:${facts.connections}`,
    `total_commands_processed:${facts.commands}`,
    `instantaneous_ops_per_sec:${Math.round(facts.commandsPerSecond)}`,
    `total_net_input_bytes:${facts.inputBytes + facts.replicationInputBytes}`,
    `total_net_output_bytes:${facts.outputBytes + facts.replicationOutputBytes}`,
    `total_net_repl_input_bytes:${facts.replicationInputBytes}`,
    `total_net_repl_output_bytes:${facts.replicationOutputBytes}`,
    kilobytes('input', facts.inputBytesPerSecond + facts.replicationInputBytesPerSecond),
    kilobytes('output', facts.outputBytesPerSecond + facts.replicationOutputBytesPerSecond),
    kilobytes('input_repl', facts.replicationInputBytesPerSecond),
    kilobytes('output_repl', facts.replicationOutputBytesPerSecond),
    `rejected_connections:${facts.rejectedConnections}`,
    `sync_full:${facts.fullSyncs}`,
    `sync_partial_ok:${facts.partialSyncsAccepted}`,
    `sync_partial_err:${facts.partialSyncsRefused}`,
    `expired_subkeys:${facts.expiredFields}`,
    `expired_keys:${facts.expiredKeys}`,
    `expired_stale_perc:${(facts.staleShare * 100).toFixed(2)}`,
    `expired_time_cap_reached_count:${facts.expiryCyclesCutShort}`,
    `expire_cycle_cpu_milliseconds:${Math.floor(facts.expiryMicroseconds / 1000)}`,
    `evicted_keys:${facts.evictedKeys}`,
    `evicted_clients:${facts.evictedClients}`,
    'evicted_scripts:0',
    `total_eviction_exceeded_time:${facts.totalExceededMilliseconds}`,
    `current_eviction_exceeded_time:${facts.currentExceededMilliseconds}`,
    `keyspace_hits:${facts.hits}`,
    `keyspace_misses:${facts.misses}`,
    `pubsub_channels:${facts.channels}`,
    `pubsub_patterns:${facts.patterns}`,
    `pubsubshard_channels:${facts.shardChannels}`,
    'latest_fork_usec:0',
    `total_forks:${facts.forks}`,
    `migrate_cached_sockets:${facts.migrationLinks}`,
    'slave_expires_tracked_keys:0',
    'active_defrag_hits:0',
    'active_defrag_misses:0',
    'active_defrag_key_hits:0',
    'active_defrag_key_misses:0',
    'total_active_defrag_time:0',
    'current_active_defrag_time:0',
    `tracking_total_keys:${facts.trackedKeys}`,
    `tracking_total_items:${facts.trackedItems}`,
    `tracking_total_prefixes:${facts.trackedPrefixes}`,
    `unexpected_error_replies:${facts.unexpectedErrorReplies}`,
    `total_error_replies:${facts.errorReplies}`,
    `dump_payload_sanitizations:${facts.sanitizedBlocks}`,
    `total_reads_processed:${facts.reads}`,
    `total_writes_processed:${facts.writes}`,
    'io_threaded_reads_processed:0',
    'io_threaded_writes_processed:0',
    'client_query_buffer_limit_disconnections:0',
    `client_output_buffer_limit_disconnections:${facts.outputLimitDisconnections}`,
    `reply_buffer_shrinks:${facts.replyBufferShrinks}`,
    `reply_buffer_expands:${facts.replyBufferExpands}`,
    `eventloop_cycles:${facts.turns}`,
    `eventloop_duration_sum:${facts.busyMicroseconds}`,
    `eventloop_duration_cmd_sum:${facts.commandMicroseconds}`,
    `instantaneous_eventloop_cycles_per_sec:${Math.round(facts.turnsPerSecond)}`,
    `instantaneous_eventloop_duration_usec:${Math.round(facts.busyMicroseconds / Math.max(1, facts.turns))}`,
    `acl_access_denied_auth:${facts.denied.auth}`,
    `acl_access_denied_cmd:${facts.denied.command}`,
    `acl_access_denied_key:${facts.denied.key}`,
    `acl_access_denied_channel:${facts.denied.channel}`,
  ]
}

function kilobytes(name: string, bytesPerSecond: number): string {
  return `instantaneous_${name}_kbps:${(bytesPerSecond / 1024).toFixed(2)}`
}
