import t from 'tap'
import type { Session } from '../../lib/node/session.ts'
import { bytesOfSaying } from '../support/debugger-client.ts'
import { NodeHarness } from '../support/node-harness.ts'

function start() {
  const harness = new NodeHarness()
  const client = harness.connect()
  const evaluate = (session: Session = client) => {
    const first = harness.run(session, 'EVAL', 'return 1', '0')
    harness.wake()
    return first + harness.take(session)
  }
  return { harness, client, evaluate }
}

const STOPPED = '*2\r\n+* Stopped at 1, stop reason = step over\r\n+-> 1   return 1\r\n'

t.test('who asks for it is debugged, nobody else', async (t) => {
  const { harness, client, evaluate } = start()
  const other = harness.connect()
  t.equal(harness.run(client, 'SCRIPT', 'DEBUG', 'YES'), '+OK\r\n')
  t.equal(evaluate(other), ':1\r\n')
  t.equal(harness.run(client, 'SCRIPT', 'DEBUG', 'NO'), '+OK\r\n')
  t.equal(evaluate(), ':1\r\n')
  t.equal(harness.run(client, 'SCRIPT', 'DEBUG', 'SYNC'), '+OK\r\n')
  t.equal(evaluate(), STOPPED)
})

t.test('who was in sync mode stays there until it says no', async (t) => {
  const { harness, client } = start()
  const modes = ['yes', 'sync', 'yes', 'no', 'yes'].map((mode) => {
    harness.run(client, 'SCRIPT', 'DEBUG', mode)
    return client.debugMode
  })
  t.same(modes, ['fork', 'sync', 'sync', 'no', 'fork'])
  harness.run(client, 'RESET')
  t.equal(client.debugMode, 'fork', 'not even RESET')
})

t.test('it is not asked for in a pipeline or a transaction', async (t) => {
  const { harness, client } = start()
  const refusal = '-ERR SCRIPT DEBUG must be called outside a pipeline\r\n'
  t.equal(harness.type(client, 'PING', 'SCRIPT DEBUG yes'), `+PONG\r\n${refusal}`)
  t.equal(harness.type(client, 'PING', 'SCRIPT DEBUG x'), `+PONG\r\n${refusal}`)
  t.equal(harness.run(client, 'SCRIPT', 'DEBUG', 'x'), '-ERR Use SCRIPT DEBUG YES/SYNC/NO\r\n')
  harness.run(client, 'MULTI')
  harness.run(client, 'SCRIPT', 'DEBUG', 'yes')
  t.equal(harness.run(client, 'EXEC'), `*1\r\n${refusal}`)
  t.equal(client.debugMode, 'no')
})

t.test('neither digests nor functions are debugged', async (t) => {
  const { harness, client } = start()
  harness.run(client, 'SCRIPT', 'LOAD', 'return 1')
  const code = "#!lua name=l\nredis.register_function('f', function() return 1 end)"
  harness.run(client, 'FUNCTION', 'LOAD', code)
  harness.run(client, 'SCRIPT', 'DEBUG', 'yes')
  t.equal(
    harness.run(client, 'EVALSHA', 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db', '0'),
    '-ERR Please use EVAL instead of EVALSHA for debugging\r\n',
  )
  t.equal(harness.run(client, 'FCALL', 'f', '0'), ':1\r\n')
  t.equal(client.closing, 'no')
})

t.test('a script that does not run ends the session that has just begun', async (t) => {
  for (const mode of ['sync', 'yes']) {
    for (const [source, count, error] of [
      ['x y', '0', 'Error compiling script'],
      ['return 1', 'x', 'value is not an integer'],
      ['return 1', '2', "Number of keys can't be greater"],
      ['#!nosuch\nreturn 1', '0', 'Unexpected engine in script shebang'],
    ] as const) {
      const { harness, client } = start()
      harness.run(client, 'SCRIPT', 'DEBUG', mode)
      const reply = harness.run(client, 'EVAL', source, count)
      t.ok(reply.startsWith(`*1\r\n+<endsession>\r\n-ERR ${error}`), reply)
      t.equal(client.closing, 'after-reply')
      t.equal(harness.node.scripting.isSuspended, false)
    }
  }
})

t.test('what was asked before is answered behind what the debugger says', async (t) => {
  const { harness, client } = start()
  harness.run(client, 'SCRIPT', 'DEBUG', 'sync')
  const bytes =
    bytesOfSaying('PING') + bytesOfSaying(['EVAL', 'return 1', '0']) + bytesOfSaying('PING')
  t.equal(harness.send(client, bytes), '')
  harness.wake()
  t.equal(harness.take(client), STOPPED)
  t.equal(harness.send(client, bytesOfSaying('c')), '*1\r\n+<endsession>\r\n+PONG\r\n:1\r\n')
})

t.test('a debugged script waits while others are paused', async (t) => {
  const { harness, client, evaluate } = start()
  const other = harness.connect()
  harness.run(client, 'SCRIPT', 'DEBUG', 'yes')
  harness.run(other, 'CLIENT', 'PAUSE', '10000', 'WRITE')
  t.equal(evaluate(), '')
  harness.run(other, 'CLIENT', 'UNPAUSE')
  harness.wake()
  t.equal(harness.take(client), STOPPED)
})

t.test('a script without keys of its own slot is debugged in a cluster', async (t) => {
  const clusterConfig =
    '0123456789abcdef0123456789abcdef01234567 127.0.0.1:7000@17000 myself,master - 0 0 1 connected 0-16383\nvars currentEpoch 1 lastVoteEpoch 0\n'
  const harness = new NodeHarness({
    config: { 'cluster-enabled': 'yes' },
    clusterConfig,
    isPlanned: true,
  })
  const client = harness.connect()
  harness.run(client, 'SCRIPT', 'DEBUG', 'yes')
  const source = "#!lua\nredis.call('set', KEYS[1], 1)\nreturn redis.call('get', 'other')"
  harness.run(client, 'EVAL', source, '1', 'k')
  harness.wake()
  t.match(harness.take(client), /Stopped at 2/)
  harness.send(client, bytesOfSaying('s'))
  t.match(
    harness.send(client, bytesOfSaying('s')),
    /<error> Script attempted to access keys that do not hash to the same slot\r\n/,
  )
})
