import t from 'tap'
import {
  clientsSection,
  processorSection,
  serverSection,
} from '../../../lib/node/info/server-section.ts'
import { nodeFacts } from '../../support/node-facts.ts'

const facts = nodeFacts()

t.test('server', async (t) => {
  const lines = serverSection(facts.server(), true)
  for (const line of [
    'redis_version:7.0.15',
    'redis_mode:cluster',
    'tcp_port:7000',
    'server_time_usec:1700090061500250',
    'uptime_in_seconds:90061',
    'uptime_in_days:1',
    // 1700090061 modulo 2^24.
    'lru_clock:5591245',
  ]) {
    t.ok(lines.includes(line), line)
  }
  t.ok(serverSection(facts.server(), false).includes('redis_mode:standalone'))
})

t.test('clients', async (t) => {
  t.same(clientsSection(facts.clients()), [
    'connected_clients:3',
    'cluster_connections:10',
    'maxclients:10000',
    'client_recent_max_input_buffer:16',
    'client_recent_max_output_buffer:32',
    'blocked_clients:1',
    'tracking_clients:0',
    'pubsub_clients:4',
    'watching_clients:5',
    'clients_in_timeout_table:0',
    'total_watched_keys:6',
    'total_blocking_keys:7',
    'total_blocking_keys_on_nokey:8',
  ])
})

t.test('cpu', async (t) => {
  t.same(processorSection(facts.processor()), [
    'used_cpu_sys:0.500000',
    'used_cpu_user:1.234568',
    'used_cpu_sys_children:0.000000',
    'used_cpu_user_children:0.000000',
    'used_cpu_sys_main_thread:0.500000',
    'used_cpu_user_main_thread:1.234568',
  ])
})
