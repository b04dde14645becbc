/** Nodes that start with saved data go on in the stream where they stood: nobody has to load everything again. */
import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'
import { ReplicaWire } from '../support/replica-wire.ts'

const CONFIG = { save: '', 'enable-debug-command': 'yes' }

/** A node that has loaded what another one saved. */
function restarted(former: NodeHarness, config: Record<string, string> = {}): NodeHarness {
  const port = Number(former.config.text('port'))
  const { snapshot } = former.io
  return new NodeHarness({ port, config: { ...CONFIG, ...config }, ...(snapshot && { snapshot }) })
}

/** A master with a replica that has all it wrote; `masterIs` puts another one in its place. */
function pair() {
  let master = new NodeHarness({ port: 7001, config: CONFIG })
  const replica = new NodeHarness({ port: 7002, config: CONFIG })
  const connection = new ReplicaWire(replica, (port) => (port === 7001 ? master : undefined))
  replica.type(replica.connect(), 'REPLICAOF 127.0.0.1 7001')
  connection.pump()
  master.type(master.connect(), 'SELECT 3', 'SET a 1', 'SET ends 1 PX 100')
  connection.pump()
  const masterIs = (other: NodeHarness) => {
    connection.cut()
    master = other
    replica.pass(1100)
    connection.pump()
  }
  return { master, replica, connection, masterIs }
}

function field(harness: NodeHarness, name: string): string | undefined {
  return new RegExp(`^${name}:(.*)\r$`, 'm').exec(harness.type(harness.connect(), 'INFO'))?.[1]
}

t.test('replicas of a master that restarts go on', async (t) => {
  const { master, replica, masterIs } = pair()
  const [id, offset] = [field(master, 'master_replid'), field(master, 'master_repl_offset')]
  master.type(master.connect(), 'SAVE')
  const successor = restarted(master)
  t.match(
    {
      id: field(successor, 'master_replid2'),
      offset: field(successor, 'master_repl_offset'),
      until: field(successor, 'second_repl_offset'),
      held: field(successor, 'repl_backlog_histlen'),
    },
    { id, offset, until: `${Number(offset) + 1}`, held: '0' },
  )
  t.not(field(successor, 'master_replid'), id)
  successor.type(successor.connect(), 'SELECT 3', 'SET b 2')
  masterIs(successor)
  t.equal(field(successor, 'sync_partial_ok'), '1')
  t.equal(
    replica.type(replica.connect(), 'SELECT 3', 'MGET a b'),
    '+OK\r\n*2\r\n$1\r\n1\r\n$1\r\n2\r\n',
  )
})

t.test('keys that ended while the master was away end on its replicas, too', async (t) => {
  const { master, replica, masterIs } = pair()
  master.type(master.connect(), 'SAVE')
  const successor = restarted(master, { 'lazyfree-lazy-expire': 'yes' })
  t.equal(field(successor, 'rdb_last_load_keys_expired'), '0')
  const later = new NodeHarness({
    port: 7001,
    config: CONFIG,
    nowMs: master.clock.now + 500,
    ...(master.io.snapshot && { snapshot: master.io.snapshot }),
  })
  t.equal(field(later, 'rdb_last_load_keys_expired'), '1')
  t.ok(Number(field(later, 'master_repl_offset')) > Number(field(master, 'master_repl_offset')))
  masterIs(later)
  t.equal(field(later, 'sync_partial_ok'), '1')
  t.match(field(replica, 'db3'), /^keys=1,expires=0/)
})

t.test('a replica that restarts goes on', async (t) => {
  const { master, replica, connection } = pair()
  replica.type(replica.connect(), 'SAVE')
  connection.cut()
  master.type(master.connect(), 'SELECT 3', 'SET b 2')
  const successor = restarted(replica, { replicaof: '127.0.0.1 7001' })
  const its = new ReplicaWire(successor, () => master)
  its.pump()
  t.equal(field(master, 'sync_partial_ok'), '1')
  t.equal(field(successor, 'master_replid'), field(master, 'master_replid'))
  t.match(successor.type(successor.connect(), 'SELECT 3', 'GET b'), /\$1\r\n2\r\n$/)
})

t.test(
  'a node without a stream saves no place, and one that finds none keeps its own',
  async (t) => {
    const master = new NodeHarness({ port: 7001, config: CONFIG })
    master.type(master.connect(), 'SET a 1', 'SAVE')
    t.notMatch(master.io.snapshot?.toString('latin1'), /repl-id/)
    const successor = restarted(master)
    t.equal(field(successor, 'master_replid2'), '0'.repeat(40))
    t.equal(field(successor, 'repl_backlog_active'), '0')
    t.equal(successor.type(successor.connect(), 'GET a'), '$1\r\n1\r\n')
  },
)
