/** MONITOR: which commands are shown, and how. */
import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'

function watched(config: Record<string, string> = {}) {
  const harness = new NodeHarness({ config })
  const [monitor, client] = [harness.connect(), harness.connect()]
  harness.type(monitor, 'MONITOR')
  const shown = (...lines: string[]) => {
    harness.type(client, ...lines)
    return harness.take(monitor).split('\r\n').slice(0, -1)
  }
  return { harness, monitor, client, shown }
}

t.test('a line has time, database, address and quoted words', async (t) => {
  const { harness, shown } = watched()
  harness.clock.now = 1_700_000_000_045
  harness.clock.microseconds = 67
  t.same(shown('SELECT 3', 'set k "a\\x00\\n\\"\\xff"'), [
    '+1700000000.045067 [3 127.0.0.1:50002] "SELECT" "3"',
    '+1700000000.045067 [3 127.0.0.1:50002] "set" "k" "a\\x00\\n\\"\\xff"',
  ])
})

const words = (lines: readonly string[]) => lines.map((line) => line.replace(/^.*?\] /, ''))

t.test('what operators do, what is wrong and what is only queued is not shown', async (t) => {
  const { shown } = watched()
  t.same(words(shown('CONFIG GET x', 'CLIENT LIST', 'GET', 'NOSUCH', 'CLIENT ID')), [
    '"CLIENT" "ID"',
  ])
  t.same(words(shown('MULTI', 'SET k v', 'GET k', 'EXEC')), [
    '"MULTI"',
    '"SET" "k" "v"',
    '"GET" "k"',
    '"EXEC"',
  ])
})

t.test('secrets are not shown', async (t) => {
  const { shown } = watched()
  t.same(words(shown('AUTH secret', 'AUTH me secret', 'HELLO 2 AUTH me secret SETNAME x')), [
    '"AUTH" "(redacted)"',
    '"AUTH" "(redacted)" "(redacted)"',
    '"HELLO" "2" "AUTH" "(redacted)" "(redacted)" "SETNAME" "x"',
  ])
})

t.test(
  'a monitor is shown its own commands after their replies, and may not touch keys',
  async (t) => {
    const { harness, monitor } = watched()
    t.match(
      harness.type(monitor, 'PING'),
      /^\+PONG\r\n\+\d+\.\d{6} \[0 127.0.0.1:50001\] "PING"\r\n$/,
    )
    for (const line of ['GET k', 'SET k v', 'PUBLISH a b']) {
      t.equal(
        harness.type(monitor, line),
        "-ERR Replica can't interact with the keyspace\r\n",
        line,
      )
    }
    t.equal(harness.type(monitor, 'MONITOR'), '', 'once is enough')
    t.match(harness.type(monitor, 'CLIENT INFO'), / flags=O /)
  },
)

t.test('RESET and the end of the connection end it', async (t) => {
  const { harness, monitor, shown } = watched()
  t.equal(harness.type(monitor, 'RESET', 'GET k'), '+RESET\r\n$-1\r\n')
  t.same(shown('PING'), [])
  harness.type(monitor, 'MONITOR')
  t.same(words(shown('PING')), ['"PING"'])
  harness.disconnect(monitor)
  t.equal(harness.node.monitors.any, false)
})

t.test('not within a transaction', async (t) => {
  const { harness, client } = watched()
  t.equal(
    harness.type(client, 'MULTI', 'MONITOR', 'EXEC'),
    "+OK\r\n+QUEUED\r\n*1\r\n-ERR MONITOR isn't allowed for DENY BLOCKING client\r\n",
  )
})
