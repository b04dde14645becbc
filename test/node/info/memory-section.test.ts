import t from 'tap'
import { humanSize, memorySection } from '../../../lib/node/info/memory-section.ts'
import { nodeFacts } from '../../support/node-facts.ts'

t.test('sizes for people', async (t) => {
  for (const [bytes, text] of [
    [0, '0B'],
    [200, '200B'],
    [1023, '1023B'],
    [1024, '1.00K'],
    [1015032, '991.24K'],
    [1177272, '1.12M'],
    [25276514304, '23.54G'],
    [2 ** 40, '1.00T'],
    [2 ** 60, '1024.00P'],
  ] as const) {
    t.equal(humanSize(bytes), text)
  }
})

t.test('what is measured and what follows from it', async (t) => {
  const lines = memorySection(nodeFacts().memory())
  for (const line of [
    'used_memory:5000000',
    'used_memory_human:4.77M',
    'used_memory_rss:60000000',
    'used_memory_peak:8000000',
    'used_memory_peak_perc:62.50%',
    'used_memory_overhead:4006826',
    'used_memory_startup:4000000',
    'used_memory_dataset:993174',
    'used_memory_dataset_perc:99.32%',
    'allocator_allocated:4800000',
    'allocator_active:6000000',
    'total_system_memory_human:14.90G',
    'maxmemory:104857600',
    'maxmemory_human:100.00M',
    'maxmemory_policy:noeviction',
    'allocator_frag_ratio:1.25',
    'allocator_frag_bytes:1200000',
    'rss_overhead_ratio:10.00',
    'mem_fragmentation_ratio:12.00',
    'mem_fragmentation_bytes:55000000',
    'mem_not_counted_for_evict:200',
    'mem_replication_backlog:1000',
    'mem_total_replication_buffers:1200',
    'lazyfreed_objects:3',
    'mem_clients_slaves:200',
    'mem_clients_normal:30',
    'mem_cluster_links:4',
    'mem_allocator:v8',
    'used_memory_lua:40000',
    'used_memory_lua_human:39.06K',
    'used_memory_vm_total:100000',
    'used_memory_scripts:1200',
    'number_of_cached_scripts:3',
    'number_of_functions:2',
    'number_of_libraries:1',
  ]) {
    t.ok(lines.includes(line), line)
  }
})

t.test(
  'less than a server begins with is no dataset, and nothing is divided by zero',
  async (t) => {
    const facts = nodeFacts().memory()
    const shrunk = memorySection({ ...facts, usedBytes: 3_000_000 })
    t.ok(shrunk.includes('used_memory_dataset:0'))
    t.ok(shrunk.includes('used_memory_dataset_perc:0.00%'))
    const empty = memorySection({
      ...facts,
      usedBytes: 0,
      peakBytes: 0,
      startupBytes: 0,
      committedBytes: 0,
      residentBytes: 0,
    })
    t.notMatch(empty.join(), /NaN|Infinity/)
  },
)
