import t from 'tap'
import { Version } from '../../../lib/base/version.ts'
import { describeInfo } from '../../../lib/node/info/info.ts'
import { nodeFacts } from '../../support/node-facts.ts'

/** Titles of the sections in a text. */
function titles(text: string): string[] {
  return [...text.matchAll(/^# (\w+)\r$/gm)].map(([, title]) => title ?? '')
}

const ALL = [
  ...['Server', 'Clients', 'Memory', 'Persistence', 'Stats', 'Replication', 'CPU', 'Modules'],
  ...['Commandstats', 'Errorstats', 'Latencystats', 'Cluster', 'Keyspace'],
]
const DEFAULT = ALL.filter((title) => title !== 'Commandstats' && title !== 'Latencystats')

t.test('sections in their own order, each once', async (t) => {
  const facts = nodeFacts()
  const table: [names: string[], expected: string[]][] = [
    [[], DEFAULT],
    [['default'], DEFAULT],
    [['all'], ALL],
    [['everything'], ALL],
    [['default', 'commandstats'], ALL.filter((title) => title !== 'Latencystats')],
    [
      ['keyspace', 'server', 'keyspace'],
      ['Server', 'Keyspace'],
    ],
    [['module_list'], ['Modules']],
    [['nosuch'], []],
    [[''], []],
    [['nosuch', 'cluster'], ['Cluster']],
  ]
  for (const [names, expected] of table) {
    t.same(titles(describeInfo(facts, names)), expected, names.join(' '))
  }
})

t.test('lines end in CRLF, an empty line parts sections', async (t) => {
  const facts = nodeFacts()
  t.equal(
    describeInfo(facts, ['cluster', 'keyspace']),
    '# Cluster\r\ncluster_enabled:1\r\n\r\n# Keyspace\r\ndb0:keys=3,expires=1,avg_ttl=1235\r\n',
  )
  t.equal(describeInfo(facts, ['modules']), '# Modules\r\n')
  t.equal(describeInfo(facts, ['nosuch']), '')
  t.equal(
    describeInfo(nodeFacts({ clusterEnabled: false }), ['cluster']),
    '# Cluster\r\ncluster_enabled:0\r\n',
  )
  t.equal(
    describeInfo(facts, ['replication']),
    '# Replication\r\nrole:master\r\nconnected_slaves:0\r\n',
  )
})

t.test('only what is asked for is looked up', async (t) => {
  const facts = nodeFacts({
    memory: () => {
      throw new Error('not asked for')
    },
  })
  t.match(describeInfo(facts, ['server', 'stats']), /redis_mode:cluster/)
  t.throws(() => describeInfo(facts, []), { message: 'not asked for' })
})

t.test('what came later is left out of an earlier release', async (t) => {
  const told = (release: string) => {
    const text = describeInfo(nodeFacts({ version: new Version(release) }), ['everything'])
    return text.split('\r\n').filter((line) => line !== '')
  }
  const added = (release: string, before: string) => {
    const former = new Set(told(before))
    return told(release).filter((line) => !former.has(line))
  }
  t.same(added('7.2', '7.0'), [
    'listener0:name=tcp,bind=127.0.0.1,port=7000',
    'total_blocking_keys:7',
    'total_blocking_keys_on_nokey:8',
    'eventloop_cycles:30',
    'eventloop_duration_sum:32000',
    'eventloop_duration_cmd_sum:33',
    'instantaneous_eventloop_cycles_per_sec:31',
    'instantaneous_eventloop_duration_usec:1067',
    'acl_access_denied_auth:34',
    'acl_access_denied_cmd:35',
    'acl_access_denied_key:36',
    'acl_access_denied_channel:37',
  ])
  t.same(added('7.4', '7.2'), [
    'pubsub_clients:4',
    'watching_clients:5',
    'total_watched_keys:6',
    'allocator_muzzy:0',
    'mem_overhead_db_hashtable_rehashing:0',
    'expired_subkeys:28',
    'evicted_scripts:0',
    'client_query_buffer_limit_disconnections:0',
    'client_output_buffer_limit_disconnections:29',
  ])
  t.same(added('8.0', '7.4'), [
    'mem_replica_full_sync_buffer:0',
    '# Threads',
    'io_thread_0:clients=3,reads=4,writes=5',
    '# Keysizes',
    'db0_distrib_lists_items:1=1,4=2',
  ])
})
