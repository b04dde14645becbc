import t from 'tap'
import { persistenceSection, statsSection } from '../../../lib/node/info/stats-section.ts'
import { nodeFacts } from '../../support/node-facts.ts'

const facts = nodeFacts()

t.test('persistence', async (t) => {
  const lines = persistenceSection(facts.persistence())
  for (const line of [
    'loading:0',
    'rdb_changes_since_last_save:12',
    'rdb_last_save_time:1700000000',
    'rdb_saves:1',
    'rdb_last_load_keys_expired:1',
    'rdb_last_load_keys_loaded:2',
    'aof_enabled:0',
  ]) {
    t.ok(lines.includes(line), line)
  }
  const { nowMs } = facts.persistence()
  const loading = {
    isAsync: false,
    startedMs: nowMs - 2000,
    totalBytes: 1000,
    loadedBytes: 249,
    usedBytes: 800,
  }
  const idle = facts.persistence()
  const appendOnly = { ...idle.appendOnly, isEnabled: true }
  const busy = persistenceSection({ ...idle, loading, appendOnly })
  t.ok(busy.includes('loading:1'))
  t.same(busy.slice(-6), [
    `loading_start_time:${Math.floor(loading.startedMs / 1000)}`,
    'loading_total_bytes:1000',
    'loading_rdb_used_mem:800',
    'loading_loaded_bytes:249',
    'loading_loaded_perc:24.90',
    'loading_eta_seconds:6',
  ])
  const coming = persistenceSection({
    ...idle,
    loading: { ...loading, isAsync: true, totalBytes: 0 },
  })
  t.ok(coming.includes('loading:0'))
  t.ok(coming.includes('async_loading:1'))
  t.same(coming.slice(-2), ['loading_loaded_perc:31.13', 'loading_eta_seconds:4'])
  const begun = { ...loading, totalBytes: 0, loadedBytes: 0, usedBytes: 0 }
  t.same(persistenceSection({ ...idle, loading: begun }).slice(-2), [
    'loading_loaded_perc:0.00',
    'loading_eta_seconds:0',
  ])
  t.ok(busy.includes('aof_enabled:1'))
  t.strictSame(busy.slice(-12, -6), [
    'aof_current_size:20',
    'aof_base_size:10',
    'aof_pending_rewrite:0',
    'aof_buffer_length:0',
    'aof_pending_bio_fsync:0',
    'aof_delayed_fsync:0',
  ])
})

t.test('stats', async (t) => {
  const lines = statsSection(facts.stats())
  for (const line of [
    'total_connections_received:1',
    'total_commands_processed:2',
    'instantaneous_ops_per_sec:3',
    'total_net_input_bytes:570',
    'total_net_output_bytes:680',
    'total_net_repl_input_bytes:70',
    'total_net_repl_output_bytes:80',
    'instantaneous_input_kbps:0.75',
    'instantaneous_output_kbps:1.13',
    'instantaneous_input_repl_kbps:0.25',
    'instantaneous_output_repl_kbps:0.13',
    'rejected_connections:9',
    'sync_full:10',
    'sync_partial_ok:11',
    'sync_partial_err:12',
    'expired_keys:13',
    'expired_stale_perc:12.50',
    'expired_time_cap_reached_count:26',
    'expire_cycle_cpu_milliseconds:27',
    'evicted_keys:14',
    'evicted_clients:23',
    'total_eviction_exceeded_time:24',
    'current_eviction_exceeded_time:25',
    'keyspace_hits:15',
    'keyspace_misses:16',
    'pubsub_channels:17',
    'pubsub_patterns:18',
    'pubsubshard_channels:19',
    'total_error_replies:20',
    'total_reads_processed:21',
    'total_writes_processed:22',
  ]) {
    t.ok(lines.includes(line), line)
  }
})
