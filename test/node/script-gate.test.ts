import t from 'tap'
import type { Session } from '../../lib/node/session.ts'
import { NodeHarness } from '../support/node-harness.ts'

function start(config: Readonly<Record<string, string>> = {}) {
  const harness = new NodeHarness({ config })
  const client = harness.connect()
  const evaluate = (source: string, ...words: string[]) =>
    harness.run(client, 'EVAL', source, ...(words.length > 0 ? words : ['0']))
  return { harness, client, evaluate }
}

/** The error of a script without what comes behind its text. */
function reason(reply: string): string {
  return reply.replace(/ script: [0-9a-f]{40}, on @user_script:\d+\.\r\n$/, '')
}

t.test('commands that are none, or none for scripts', async (t) => {
  const { evaluate } = start()
  const table: [source: string, error: string][] = [
    ["redis.call('foo')", '-ERR Unknown Redis command called from script'],
    ["redis.call('client', 'foo')", '-ERR Unknown Redis command called from script'],
    ["redis.call('get')", '-ERR Wrong number of args calling Redis command from script'],
    ["redis.call('client')", '-ERR Wrong number of args calling Redis command from script'],
    ["redis.call('multi')", '-ERR This Redis command is not allowed from script'],
    ["redis.call('eval', '', 0)", '-ERR This Redis command is not allowed from script'],
  ]
  for (const [source, error] of table) t.equal(reason(evaluate(source)), error, source)
  t.equal(evaluate("return redis.call('migrate', 'h', 1, 'k', 0, 1)"), '+NOKEY\r\n')
  t.equal(
    reason(evaluate("redis.call('set', 'k', 'v') return redis.call('migrate', 'h', 1, 'k', 0, 1)")),
    '-ERR MIGRATE of keys that exist is not supported in a script here',
  )
})

t.test('DEBUG lets scripts call what is not for them', async (t) => {
  const { harness, client, evaluate } = start({ 'enable-debug-command': 'yes' })
  harness.run(client, 'DEBUG', 'SET-DISABLE-DENY-SCRIPTS', '1')
  t.equal(
    evaluate("return redis.call('config', 'get', 'port')"),
    '*2\r\n$4\r\nport\r\n$4\r\n7000\r\n',
  )
  t.match(evaluate("return redis.call('eval', 'return 1', 0)"), /not allowed from script/)
  harness.run(client, 'DEBUG', 'SET-DISABLE-DENY-SCRIPTS', '0')
  t.match(evaluate("return redis.call('config', 'get', 'port')"), /not allowed from script/)
})

t.test('a script that only reads does not write', async (t) => {
  const { harness, client, evaluate } = start()
  const error = '-ERR Write commands are not allowed from read-only scripts.'
  t.equal(reason(harness.run(client, 'EVAL_RO', "redis.call('set', 'k', 'v')", '0')), error)
  t.equal(reason(evaluate("#!lua flags=no-writes\nredis.call('set', 'k', 'v')")), error)
  t.equal(
    harness.run(client, 'EVAL_RO', '#!lua\nreturn 1', '0'),
    '-ERR Can not execute a script with write flag using *_ro command.\r\n',
  )
  t.equal(harness.run(client, 'EVAL_RO', '#!lua flags=no-writes\nreturn 1', '0'), ':1\r\n')
})

t.test('what the user may not do its scripts may not do', async (t) => {
  const { harness, client, evaluate } = start()
  harness.run(client, 'ACL', 'SETUSER', 'bob', 'on', 'nopass', '+@all', '-set', '~a*', '&ch*')
  harness.run(client, 'AUTH', 'bob', 'x')
  const table: [source: string, error: string][] = [
    ["redis.call('set', 'a', 'b')", "can't run this command or subcommand"],
    [
      "redis.call('get', 'b')",
      "can't access at least one of the keys mentioned in the command arguments",
    ],
    ["redis.call('publish', 'x', 'y')", "can't publish to the channel mentioned in the command"],
  ]
  for (const [source, error] of table) {
    t.equal(reason(evaluate(source)), `-ERR The user executing the script ${error}`, source)
  }
  t.equal(
    evaluate("return {redis.acl_check_cmd('get', 'a'), redis.acl_check_cmd('set', 'a', 1)}"),
    '*2\r\n:1\r\n$-1\r\n',
  )
  t.match(harness.run(client, 'ACL', 'LOG'), /\r\nlua\r\n/)
})

t.test('without memory scripts do not begin to take more', async (t) => {
  const { harness, client, evaluate } = start()
  harness.run(client, 'SET', 'k', 'v')
  harness.run(client, 'CONFIG', 'SET', 'maxmemory', '1')
  const out = "-OOM command not allowed when used memory > 'maxmemory'."
  t.equal(reason(evaluate("redis.call('set', 'k', 'w')")), out)
  t.equal(evaluate("return redis.call('get', 'k')"), '$1\r\nv\r\n')
  t.equal(evaluate("redis.call('del', 'x') return redis.call('set', 'k', 'w')"), '+OK\r\n')
  t.equal(evaluate('#!lua\nreturn 1'), `${out}\r\n`, 'a script that may take more is not begun')
  t.equal(evaluate('#!lua flags=no-writes\nreturn 1'), ':1\r\n')
  t.equal(evaluate("#!lua flags=allow-oom\nreturn redis.call('set', 'k', 'x')"), '+OK\r\n')
})

t.test('a replica refuses what writes', async (t) => {
  const { harness, client, evaluate } = start()
  harness.run(client, 'REPLICAOF', '127.0.0.1', '1')
  t.equal(
    reason(evaluate("redis.call('set', 'k', 'v')")),
    "-READONLY You can't write against a read only replica.",
  )
  t.equal(evaluate('#!lua\nreturn 1'), "-READONLY You can't write against a read only replica.\r\n")
  t.equal(evaluate('return 1'), ':1\r\n')
  harness.run(client, 'CONFIG', 'SET', 'replica-serve-stale-data', 'no')
  t.match(evaluate('return 1'), /^-MASTERDOWN /)
  t.match(evaluate('#!lua flags=no-writes\nreturn 1'), /^-MASTERDOWN /)
  const stale = '#!lua flags=no-writes,allow-stale\n'
  t.equal(evaluate(`${stale}return 1`), ':1\r\n')
  t.equal(
    reason(evaluate(`${stale}return redis.call('get', 'k')`)),
    '-ERR Can not execute the command on a stale replica',
  )
})

t.test('without replicas in sync scripts do not write', async (t) => {
  const { evaluate } = start({ 'min-replicas-to-write': '1' })
  t.equal(
    reason(evaluate("redis.call('set', 'k', 'v')")),
    '-NOREPLICAS Not enough good replicas to write.',
  )
  t.equal(evaluate('#!lua\nreturn 1'), '-NOREPLICAS Not enough good replicas to write.\r\n')
})

/** A master of the lower half of the slots. */
const HALF = `${'a'.repeat(40)} 127.0.0.1:7000@17000 myself,master - 0 0 1 connected 0-8191
${'b'.repeat(40)} 127.0.0.1:7001@17001 master - 0 0 2 connected 8192-16383
vars currentEpoch 2 lastVoteEpoch 0
`

t.test('in a cluster scripts stay where they are', async (t) => {
  const harness = new NodeHarness({
    config: { 'cluster-enabled': 'yes' },
    id: 'a'.repeat(40),
    clusterConfig: HALF,
    isPlanned: true,
  })
  const client: Session = harness.connect()
  const evaluate = (source: string, ...words: string[]) =>
    harness.run(client, 'EVAL', source, ...(words.length > 0 ? words : ['0']))
  harness.pass(3000)
  // b: 3300, bb: 8620, c: 7365.
  t.equal(evaluate("return redis.call('set', KEYS[1], 1)", '1', 'b'), '+OK\r\n')
  t.match(evaluate('return 1', '1', 'bb'), /^-MOVED 8620 /)
  const away = '-ERR Script attempted to access a non local key in a cluster node'
  t.equal(reason(evaluate("redis.call('get', 'bb')")), away)
  t.equal(reason(evaluate("redis.call('mget', 'b', 'c')")), away, 'two slots in one command')
  t.equal(evaluate("redis.call('get', 'b') return redis.call('get', 'c')"), '$-1\r\n')
  const across = '-ERR Script attempted to access keys that do not hash to the same slot'
  t.equal(reason(evaluate("#!lua\nredis.call('get', 'b') redis.call('get', 'c')")), across)
  t.equal(reason(evaluate("#!lua\nredis.call('get', 'c')", '1', 'b')), across)
  t.equal(
    evaluate(
      "#!lua flags=allow-cross-slot-keys\nredis.call('get', 'b') return redis.call('get', 'c')",
    ),
    '$-1\r\n',
  )
  t.equal(
    evaluate('#!lua flags=no-cluster\nreturn 1'),
    "-ERR Can not run script on cluster, 'no-cluster' flag is set.\r\n",
  )
})
