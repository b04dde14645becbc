/**
 * The memory section of INFO. Used is what a Redis with this data would use, so that limits mean the same there. What Redis
 * says of its allocator is said of the thread's heap: allocated is what is in use, active and resident what the heap has
 * taken. What Lua takes comes on top of that.
 */
import type { MemoryFacts, ScriptMemory } from './facts.ts'
import { overheadOf } from './memory-stats.ts'

const UNITS = ['K', 'M', 'G', 'T', 'P']

/** Bytes for people: `991.24K`, `1.12M`, `200B`. */
export function humanSize(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`
  let value = bytes / 1024
  let unit = 0
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024
    unit++
  }
  return `${value.toFixed(2)}${UNITS[unit]}`
}

/** Fields of the memory section. */
export function memorySection(facts: MemoryFacts): string[] {
  const { usedBytes, peakBytes, startupBytes, committedBytes, residentBytes } = facts
  const overheadBytes = overheadOf(facts)
  const datasetBytes = usedBytes - overheadBytes
  const netBytes = Math.max(usedBytes - startupBytes, 1)
  return [
    ...sized('used_memory', usedBytes),
    ...sized('used_memory_rss', residentBytes),
    ...sized('used_memory_peak', peakBytes),
    `used_memory_peak_perc:${((usedBytes / Math.max(peakBytes, 1)) * 100).toFixed(2)}%`,
    `used_memory_overhead:${overheadBytes}`,
    `used_memory_startup:${startupBytes}`,
    `used_memory_dataset:${datasetBytes}`,
    `used_memory_dataset_perc:${((datasetBytes / netBytes) * 100).toFixed(2)}%`,
    `allocator_allocated:${facts.heapBytes}`,
    `allocator_active:${committedBytes}`,
    `allocator_resident:${committedBytes}`,
    'allocator_muzzy:0',
    ...sized('total_system_memory', facts.systemBytes),
    ...scriptLines(facts.scripts),
    ...sized('maxmemory', facts.maxBytes),
    `maxmemory_policy:${facts.policy}`,
    ...compared('allocator_frag', committedBytes, facts.heapBytes),
    ...compared('allocator_rss', committedBytes, committedBytes),
    ...compared('rss_overhead', residentBytes, committedBytes),
    ...compared('mem_fragmentation', residentBytes, usedBytes),
    `mem_not_counted_for_evict:${facts.uncountedBytes}`,
    `mem_replication_backlog:${facts.backlogBytes}`,
    `mem_total_replication_buffers:${facts.replicationBufferBytes}`,
    'mem_replica_full_sync_buffer:0',
    `mem_clients_slaves:${facts.replicaClientBytes}`,
    `mem_clients_normal:${facts.normalClientBytes}`,
    `mem_cluster_links:${facts.clusterLinkBytes}`,
    'mem_aof_buffer:0',
    `mem_allocator:${facts.allocator}`,
    'mem_overhead_db_hashtable_rehashing:0',
    'active_defrag_running:0',
    'lazyfree_pending_objects:0',
    `lazyfreed_objects:${facts.lazyFreed}`,
  ]
}

function scriptLines(scripts: ScriptMemory): string[] {
  const { scriptVmBytes, functionVmBytes, scriptBytes, functionBytes } = scripts
  return [
    `used_memory_lua:${scriptVmBytes}`,
    `used_memory_vm_eval:${scriptVmBytes}`,
    `used_memory_lua_human:${humanSize(scriptVmBytes)}`,
    `used_memory_scripts_eval:${scriptBytes}`,
    `number_of_cached_scripts:${scripts.scriptCount}`,
    `number_of_functions:${scripts.functionCount}`,
    `number_of_libraries:${scripts.libraryCount}`,
    `used_memory_vm_functions:${functionVmBytes}`,
    ...sized('used_memory_vm_total', scriptVmBytes + functionVmBytes),
    `used_memory_functions:${functionBytes}`,
    ...sized('used_memory_scripts', scriptBytes + functionBytes),
  ]
}

function sized(name: string, bytes: number): string[] {
  return [`${name}:${bytes}`, `${name}_human:${humanSize(bytes)}`]
}

function compared(name: string, bytes: number, ofBytes: number): string[] {
  return [
    `${name}_ratio:${(bytes / Math.max(ofBytes, 1)).toFixed(2)}`,
    `${name}_bytes:${bytes - ofBytes}`,
  ]
}
