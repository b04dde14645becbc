/** The end of a node: who it waits for, and what keeps it from coming. */
import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'
import { wire } from '../support/replica-wire.ts'

const FAILED = '-ERR Errors trying to SHUTDOWN. Check logs.\r\n'

/** A master whose replica is in step, and a client that has written since. */
function lagging(config: Record<string, string> = {}) {
  const master = new NodeHarness({
    port: 7001,
    config: { save: '', 'shutdown-timeout': '3', ...config },
  })
  const replica = new NodeHarness({ port: 7002 })
  const connection = wire(master, replica)
  const acknowledge = () => {
    connection.pump()
    replica.pass(1100)
    connection.pump()
  }
  acknowledge()
  const client = master.connect()
  master.type(client, 'SET a 1')
  const logs = () => master.io.logs.splice(0).map(([, text]) => text)
  logs()
  return { master, client, acknowledge, logs }
}

t.test('SHUTDOWN waits until the replicas have all writes', async (t) => {
  const { master, client, acknowledge, logs } = lagging()
  const other = master.connect()
  t.equal(master.type(client, 'SHUTDOWN'), '')
  t.equal(master.type(other, 'SHUTDOWN NOW'), '', 'who asks later waits, too')
  t.same(logs(), ['User requested shutdown...', 'Waiting for replicas before shutting down.'])
  const third = master.connect()
  t.match(master.type(third, 'INFO server'), /shutdown_in_milliseconds:3000\r\n/)
  t.match(master.type(third, 'INFO clients'), /blocked_clients:2\r\n/)
  t.match(master.type(third, 'CLIENT LIST'), /flags=b .* cmd=shutdown /)
  t.equal(master.type(third, `CLIENT UNBLOCK ${client.id}`), ':0\r\n')
  t.equal(master.type(third, 'GET a', 'SET b 1'), '$1\r\n1\r\n', 'writes are paused')
  t.equal(master.io.shutdowns, 0)
  acknowledge()
  t.equal(master.io.shutdowns, 1)
  t.same(logs(), ['1 of 1 replicas are in sync when shutting down.'])
  t.equal(master.take(client), '')
})

t.test('SHUTDOWN waits no longer than shutdown-timeout', async (t) => {
  const { master, client, logs } = lagging()
  master.type(client, 'SHUTDOWN')
  master.pass(2900)
  t.equal(master.io.shutdowns, 0)
  logs()
  master.pass(200)
  t.equal(master.io.shutdowns, 1)
  t.match(logs(), [
    /^Lagging replica 127\.0\.0\.1:7002 reported offset \d+ behind master, lag=3, state=online\.$/,
    '0 of 1 replicas are in sync when shutting down.',
  ])
})

t.test('SHUTDOWN NOW, or without a timeout, waits for nobody', async (t) => {
  for (const [words, config] of [
    ['SHUTDOWN NOW', {}],
    ['SHUTDOWN', { 'shutdown-timeout': '0' }],
  ] as const) {
    const { master, client } = lagging(config)
    master.type(client, words)
    t.equal(master.io.shutdowns, 1, words)
  }
})

t.test('SHUTDOWN ABORT tells those who wait, and writes go on', async (t) => {
  const { master, client, acknowledge, logs } = lagging()
  const [writer, operator] = [master.connect(), master.connect()]
  master.type(client, 'SHUTDOWN')
  t.equal(master.type(writer, 'SET b 1'), '')
  t.equal(master.type(operator, 'SHUTDOWN ABORT'), '+OK\r\n')
  t.equal(master.take(client), FAILED)
  t.equal(master.take(writer), '+OK\r\n')
  t.equal(logs().at(-1), 'Shutdown manually aborted.')
  t.equal(master.type(operator, 'SHUTDOWN ABORT'), '-ERR No shutdown in progress.\r\n')
  acknowledge()
  t.equal(master.io.shutdowns, 0)
  t.equal(master.type(client, 'PING'), '+PONG\r\n')
})

t.test('a node whose data cannot be saved in the end goes on', async (t) => {
  const { master, client, acknowledge, logs } = lagging({ save: '3600 1' })
  master.type(client, 'SHUTDOWN')
  master.io.diskFailure = 'No space left on device'
  acknowledge()
  t.equal(master.io.shutdowns, 0)
  t.equal(master.take(client), FAILED)
  t.equal(
    logs().at(-1),
    'Errors trying to shut down the server. Check the logs for more information.',
  )
  t.match(master.type(client, 'SET b 1'), /^\+OK/)
})

t.test('a signal asks for what its directive says', async (t) => {
  const master = new NodeHarness({
    config: { save: '3600 1', 'shutdown-on-sigterm': 'nosave force' },
  })
  master.type(master.connect(), 'SET a 1')
  master.turn(() => master.node.ending.signalled('SIGTERM'))
  t.equal(master.io.shutdowns, 1)
  t.equal(master.io.snapshot, undefined)
  master.turn(() => master.node.ending.signalled('SIGINT'))
  t.not(master.io.snapshot, undefined)
})

t.test('a signal that came while cron stands still can be taken back', async (t) => {
  const master = new NodeHarness({ config: { 'enable-debug-command': 'yes' } })
  const client = master.connect()
  master.type(client, 'DEBUG PAUSE-CRON 1')
  master.turn(() => master.node.ending.signalled('SIGTERM'))
  t.equal(master.type(client, 'SHUTDOWN ABORT'), '+OK\r\n')
  t.equal(master.type(client, 'SHUTDOWN ABORT'), '-ERR No shutdown in progress.\r\n')
  master.type(client, 'DEBUG PAUSE-CRON 0')
  master.pass(200)
  t.equal(master.io.shutdowns, 0)
})
