import { Buffer } from 'node:buffer'
import t from 'tap'
import { MemoryNetwork, type MemoryNode } from '../support/memory-network.ts'

const HOST = '127.0.0.1'

const textOf = ({ node }: MemoryNode) =>
  node.machine.info(node.now).map(([name, value]) => `${name}:${value}`)

t.test('a master', async (t) => {
  const network = new MemoryNetwork('info')
  const master = network.add({ minReplicasToWrite: 1 })
  const id = master.node.machine.info(0).find(([name]) => name === 'master_replid')?.[1]
  t.strictSame(textOf(master), [
    'role:master',
    'connected_slaves:0',
    'min_slaves_good_slaves:0',
    'master_failover_state:no-failover',
    `master_replid:${id}`,
    `master_replid2:${'0'.repeat(40)}`,
    'master_repl_offset:0',
    'second_repl_offset:-1',
    'repl_backlog_active:0',
    'repl_backlog_size:1048576',
    'repl_backlog_first_byte_offset:0',
    'repl_backlog_histlen:0',
  ])
  const replica = network.add()
  replica.node.follow(HOST, master.port)
  network.settle()
  t.strictSame(textOf(master).slice(0, 4), [
    'role:master',
    'connected_slaves:1',
    'min_slaves_good_slaves:1',
    'slave0:ip=127.0.0.1,port=7001,state=online,offset=0,lag=0',
  ])
  t.strictSame(textOf(master).slice(-4), [
    'repl_backlog_active:1',
    'repl_backlog_size:1048576',
    'repl_backlog_first_byte_offset:1',
    'repl_backlog_histlen:14',
  ])
})

t.test('a replica on its way', async (t) => {
  const network = new MemoryNetwork('info')
  const replica = network.add()
  const { node } = replica
  const state = () => {
    const description = node.machine.describeRole()
    return description.role === 'slave' ? [description.state, description.offset] : []
  }
  /** The fields between role and connected_slaves. */
  const fields = () => textOf(replica).slice(1, -10)
  const settings = ['slave_priority:100', 'slave_read_only:1', 'replica_announced:1']
  const feed = (text: string) => node.data(Buffer.from(text, 'latin1'))

  node.follow(HOST, 1)
  t.strictSame(state(), ['connecting', -1])
  t.strictSame(fields(), [
    'master_host:127.0.0.1',
    'master_port:1',
    'master_link_status:down',
    'master_last_io_seconds_ago:-1',
    'master_sync_in_progress:0',
    'slave_read_repl_offset:0',
    'slave_repl_offset:0',
    'master_link_down_since_seconds:-1',
    ...settings,
  ])
  network.settle()
  t.strictSame(state(), ['connect', -1])
  node.now += 1000
  node.step({ type: 'tick' })
  node.step({ type: 'connected' })
  t.strictSame(state(), ['handshake', -1])
  feed(`+PONG\r\n+OK\r\n+OK\r\n+FULLRESYNC ${'a'.repeat(40)} 5\r\n`)
  t.strictSame(state(), ['sync', -1])
  t.strictSame(fields().slice(4, -4), [
    'master_sync_in_progress:1',
    'slave_read_repl_offset:0',
    'slave_repl_offset:0',
    'master_sync_total_bytes:-1',
    'master_sync_read_bytes:0',
    'master_sync_left_bytes:-1',
    'master_sync_perc:-0.00',
    'master_sync_last_io_seconds_ago:0',
  ])
  node.now += 3000
  feed('$18\r\nREDIS0')
  node.now += 2000
  t.strictSame(fields().slice(7, -4), [
    'master_sync_total_bytes:18',
    'master_sync_read_bytes:6',
    'master_sync_left_bytes:12',
    'master_sync_perc:33.33',
    'master_sync_last_io_seconds_ago:2',
  ])
  feed(`010\xff${'\0'.repeat(8)}*1\r\n$4\r\nping\r\n*1\r\n`)
  t.strictSame(state(), ['connected', 19])
  node.now += 1000
  t.strictSame(fields(), [
    'master_host:127.0.0.1',
    'master_port:1',
    'master_link_status:up',
    'master_last_io_seconds_ago:1',
    'master_sync_in_progress:0',
    'slave_read_repl_offset:23',
    'slave_repl_offset:19',
    ...settings,
  ])
  node.step({ type: 'closed', reason: 'x' })
  node.now += 2000
  t.strictSame(fields().slice(2, -3), [
    'master_link_status:down',
    'master_last_io_seconds_ago:-1',
    'master_sync_in_progress:0',
    'slave_read_repl_offset:19',
    'slave_repl_offset:19',
    'master_link_down_since_seconds:2',
  ])
})
