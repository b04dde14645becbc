/** The node as a server: shutdown, and INFO's facts from a living node. */
import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'
import { wire } from '../support/replica-wire.ts'
import { StreamReader } from '../support/stream-reader.ts'

/** The fields of an INFO reply. */
function fieldsOf(reply: string): Record<string, string> {
  return Object.fromEntries(
    [...reply.matchAll(/^([a-z_0-9]+):(.*)\r$/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  )
}

t.test('SHUTDOWN is not answered', async (t) => {
  const harness = new NodeHarness()
  t.equal(harness.type(harness.connect(), 'SHUTDOWN NOSAVE'), '')
  t.equal(harness.io.shutdowns, 1)
  t.same(harness.io.logs.at(-1), ['warning', 'User requested shutdown...'])
  t.equal(harness.type(harness.connect(), 'SHUTDOWN FOO'), '-ERR syntax error\r\n')
  t.equal(harness.io.shutdowns, 1)
})

t.test('INFO tells who the server is', async (t) => {
  const harness = new NodeHarness({ port: 7009 })
  const client = harness.connect()
  harness.clock.now += 90_061_000
  const info = fieldsOf(harness.type(client, 'INFO server'))
  t.match(info, {
    redis_version: '7.0.15',
    redis_mode: 'standalone',
    os: 'Test 1.0 test',
    process_id: '1',
    tcp_port: '7009',
    uptime_in_seconds: '90061',
    uptime_in_days: '1',
    executable: '/node',
  })
  t.match(info.run_id, /^[0-9a-f]{40}$/)
  t.equal(info.server_time_usec, `${harness.clock.now}000`)
  const other = new NodeHarness({ id: 'b'.repeat(40), config: { 'cluster-enabled': 'yes' } })
  const its = fieldsOf(other.type(other.connect(), 'INFO'))
  t.not(its.run_id, info.run_id)
  t.match(its, { redis_mode: 'cluster', cluster_enabled: '1' })
})

t.test('INFO counts clients and keys', async (t) => {
  const master = new NodeHarness({ port: 7001 })
  const harness = new NodeHarness()
  wire(master, harness)
  harness.type(harness.connect(), 'REPLICAOF NO ONE')
  const client = harness.connect()
  new StreamReader(harness)
  harness.send(harness.connect(), '*2\r\n$4\r\nECHO\r\n$100\r\nhalf')
  harness.type(client, 'SET a 1', 'SET b 1 PX 5000', 'SELECT 2', 'SET c 1', 'GET nosuch')
  const info = fieldsOf(harness.type(client, 'INFO'))
  t.match(info, {
    connected_clients: '4',
    maxclients: '10000',
    client_recent_max_input_buffer: '4',
    db0: 'keys=2,expires=1,avg_ttl=5000',
    db2: 'keys=1,expires=0,avg_ttl=0',
    keyspace_misses: '1',
    role: 'master',
    connected_slaves: '1',
    sync_full: '1',
  })
  t.notOk('db1' in info)
})

t.test('INFO tells the memory, reckoned or as the world does', async (t) => {
  const harness = new NodeHarness({
    config: { maxmemory: '100mb', 'maxmemory-policy': 'allkeys-lru' },
  })
  const info = fieldsOf(harness.type(harness.connect(), 'INFO memory'))
  t.match(info, {
    // Of a server that holds nothing, and of a client and its command.
    used_memory: '914050',
    used_memory_startup: '876408',
    allocator_allocated: '1000000',
    used_memory_rss: '3000000',
    total_system_memory: '8000000',
    maxmemory: '104857600',
    maxmemory_policy: 'allkeys-lru',
    mem_allocator: 'v8',
  })
})

t.test('a replica tells of its master', async (t) => {
  const master = new NodeHarness({ port: 7001 })
  const harness = new NodeHarness()
  const connection = wire(master, harness)
  const client = harness.connect()
  harness.clock.now += 3000
  const info = () => fieldsOf(harness.type(client, 'INFO replication'))
  t.match(info(), {
    role: 'slave',
    master_host: '127.0.0.1',
    master_port: '7001',
    master_link_status: 'up',
    master_last_io_seconds_ago: '3',
    slave_read_only: '1',
    slave_priority: '100',
  })
  connection.cut()
  t.match(info(), { master_link_status: 'down' })
})

t.test('sections are shown on demand', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  const sections = (line: string) =>
    [...harness.type(client, line).matchAll(/^# (.*)\r$/gm)].map(([, name]) => name)
  t.same(sections('INFO cpu keyspace server'), ['Server', 'CPU', 'Keyspace'])
  t.notOk(sections('INFO').includes('Commandstats'))
  t.ok(sections('INFO all').includes('Commandstats'))
  t.same(sections('INFO nosuch'), [])
})
