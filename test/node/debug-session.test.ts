import t from 'tap'
import { Version } from '../../lib/base/version.ts'
import type { Session } from '../../lib/node/session.ts'
import { bytesOfSaying } from '../support/debugger-client.ts'
import { type HarnessOptions, NodeHarness } from '../support/node-harness.ts'

/** A node, a client that debugs a script there, and another one. */
function start(mode: 'yes' | 'sync', source: string, options: HarnessOptions = {}) {
  const harness = new NodeHarness(options)
  const client = harness.connect()
  const other = harness.connect()
  const begin = (session: Session) => {
    harness.run(session, 'SCRIPT', 'DEBUG', mode)
    const first = harness.run(session, 'EVAL', source, '0')
    harness.wake()
    return first + harness.take(session)
  }
  const say = (...sayings: string[]) =>
    sayings.map((saying) => harness.send(client, bytesOfSaying(saying))).join('')
  return { harness, client, other, begin, first: begin(client), say }
}

const WRITE =
  "redis.call('set', 'k', 'new')\nredis.call('publish', 'c', 'm')\nreturn redis.call('get', 'k')"
const STOPPED = `*2\r\n+* Stopped at 1, stop reason = step over\r\n+-> 1   ${WRITE.split('\n')[0]}\r\n`

t.test('in sync mode others wait, and the changes stay', async (t) => {
  const { harness, client, other, first, say } = start('sync', WRITE)
  const told = harness.hearReplicas()
  t.equal(first, STOPPED)
  t.equal(harness.run(other, 'GET', 'k'), '')
  t.equal(harness.run(other, 'PING'), '')
  t.match(say('s'), /^\*4\r\n\+<redis> set k new\r\n\+<reply> "\+OK"\r\n/)
  t.same(told(), [], 'nothing is told by halves')
  t.equal(harness.take(other), '')
  t.match(say('c'), /^\*1\r\n\+<endsession>\r\n\$3\r\nnew\r\n$/)
  t.same(told(), ['0: MULTI', '0: set k new', '0: publish c m', '0: EXEC'])
  t.equal(client.closing, 'after-reply')
  t.equal(harness.take(other), '$3\r\nnew\r\n+PONG\r\n')
  t.equal(harness.node.scripting.isSuspended, false)
  t.equal(harness.run(other, 'SCRIPT', 'EXISTS', 'x'), '*1\r\n:0\r\n')
  t.match(harness.run(other, 'INFO', 'memory'), /number_of_cached_scripts:1\r/)
  t.match(harness.run(other, 'INFO', 'commandstats'), /cmdstat_eval:calls=1,/)
})

t.test('in fork mode others are served, and nobody ever sees the changes', async (t) => {
  const { harness, other, first, say } = start('yes', WRITE)
  const told = harness.hearReplicas()
  harness.run(other, 'SUBSCRIBE', 'c')
  const third = harness.connect()
  const { dirty } = harness.node.changes
  t.equal(first, STOPPED)
  t.equal(harness.run(third, 'GET', 'k'), '$-1\r\n')
  t.match(say('s', 's'), /<redis> publish c m/)
  t.equal(harness.run(third, 'GET', 'k'), '$-1\r\n')
  t.equal(harness.run(third, 'SET', 'k', 'theirs'), '+OK\r\n')
  t.match(say('r get k'), /<reply> "new"/)
  t.match(say('c'), /^\*1\r\n\+<endsession>\r\n\$3\r\nnew\r\n$/)
  t.equal(harness.run(third, 'GET', 'k'), '$6\r\ntheirs\r\n')
  t.same(told(), ['0: SET k theirs'])
  t.equal(harness.take(other), '', 'nothing was published')
  t.equal(harness.node.changes.dirty, dirty + 1)
  t.match(harness.run(third, 'INFO', 'memory'), /number_of_cached_scripts:0\r/)
})

t.test('a session on a copy sees all databases of its own', async (t) => {
  const source =
    "redis.call('select', 2)\nredis.call('set', 'k', 1)\nredis.call('swapdb', 0, 2)\nredis.call('flushall')\nreturn redis.call('info', 'keyspace')"
  const { harness, other, say } = start('yes', source)
  harness.run(other, 'SET', 'kept', '1')
  harness.run(other, 'SELECT', '2')
  say('s', 's', 's', 's')
  t.equal(harness.run(other, 'DBSIZE'), ':0\r\n')
  say('c')
  harness.run(other, 'SELECT', '0')
  t.equal(harness.run(other, 'DBSIZE'), ':1\r\n')
})

t.test('there may be many sessions on copies, beside one that is exclusive', async (t) => {
  const { harness, other, begin, first, say } = start('yes', WRITE)
  const third = harness.connect()
  t.equal(begin(other), first)
  say('s')
  harness.run(third, 'SCRIPT', 'DEBUG', 'sync')
  harness.run(third, 'EVAL', WRITE, '0')
  harness.wake()
  t.equal(harness.take(third), first)
  t.match(harness.send(other, bytesOfSaying('r get k')), /<reply> NULL/)
  t.match(say('c'), /\$3\r\nnew\r\n$/)
  t.match(harness.send(other, bytesOfSaying('c')), /\$3\r\nnew\r\n$/)
  t.match(harness.send(third, bytesOfSaying('c')), /\$3\r\nnew\r\n$/)
})

t.test('two exclusive sessions come one after the other', async (t) => {
  const { harness, other, first, say } = start('sync', WRITE)
  t.equal(harness.run(other, 'SCRIPT', 'DEBUG', 'sync'), '')
  say('c')
  t.equal(harness.take(other), '+OK\r\n')
  harness.run(other, 'EVAL', WRITE, '0')
  harness.wake()
  t.equal(harness.take(other), first)
  t.match(harness.send(other, bytesOfSaying('c')), /<endsession>/)
})

t.test('a client that goes leaves its script to itself', async (t) => {
  for (const mode of ['sync', 'yes'] as const) {
    const { harness, client, other } = start(mode, WRITE)
    harness.disconnect(client)
    harness.wake()
    const left = mode === 'sync' ? '$3\r\nnew\r\n' : '$-1\r\n'
    t.equal(harness.run(other, 'GET', 'k'), left, mode)
    t.equal(harness.node.scripting.isSuspended, false)
    t.match(harness.run(other, 'EVAL', 'return 1', '0'), ':1\r\n')
  }
})

t.test('a client that debugs a copy is no client of the node any more', async (t) => {
  const { harness, client, other, say } = start('yes', 'return 1')
  t.equal(harness.run(other, 'CLIENT', 'KILL', 'ID', `${client.id}`), ':0\r\n')
  t.notMatch(harness.run(other, 'CLIENT', 'LIST'), `id=${client.id} `)
  t.match(say('c'), /:1\r\n$/)
})

t.test('a script runs in its time, which is that of its last stop', async (t) => {
  const source = "redis.call('set', 'k', 1, 'px', 1000)\nreturn redis.call('pttl', 'k')"
  const { harness, say } = start('sync', source)
  harness.clock.now += 5000
  say('s')
  harness.clock.now += 300
  t.match(say('r pttl k'), /<reply> 1000/)
  t.match(say('c'), /:700\r\n$/)
})

t.test('a script that takes long gives way', async (t) => {
  const source = 'local n = 0\nfor i = 1, 200000 do\nn = n + 1\nend\nreturn n'
  for (const mode of ['sync', 'yes'] as const) {
    const { harness, client, other, say } = start(mode, source)
    harness.lookMicroseconds = 30_000
    t.equal(say('c'), '')
    t.equal(harness.run(other, 'PING'), mode === 'sync' ? '' : '+PONG\r\n', mode)
    for (let i = 0; i < 100 && client.line !== undefined; i++) harness.wake()
    t.match(harness.take(client), /^\*1\r\n\+<endsession>\r\n:200000\r\n$/)
    t.equal(harness.take(other), mode === 'sync' ? '+PONG\r\n' : '')
  }
})

t.test('a script that does not end comes to a stop by itself', async (t) => {
  for (const [threshold, isPatient] of [
    ['1000', false],
    ['0', true],
  ] as const) {
    const config = { 'busy-reply-threshold': threshold }
    const { harness, client, say } = start('sync', 'while true do end', { config })
    harness.lookMicroseconds = 100_000
    say('c')
    let wakes = 0
    for (; wakes < 1000 && harness.node.scripting.isSuspended; wakes++) {
      harness.wake()
      if (harness.io.output.has(client)) break
    }
    t.match(harness.take(client), /stop reason = timeout reached, infinite loop\?/)
    t.equal(wakes > 10, isPatient, `${wakes} turns`)
    t.match(say('a'), /-ERR script aborted for user request script: /)
  }
})

t.test('where the script cannot be suspended its client is heard all the same', async (t) => {
  const source = "pcall(function()\n  redis.call('set', 'k', 1)\nend)\nreturn 1"
  for (const mode of ['sync', 'yes'] as const) {
    const { harness, client, other, say } = start(mode, source)
    const type = (session: Session, saying: string) => {
      const bytes = Buffer.from(bytesOfSaying(saying), 'latin1')
      harness.node.receive(session, bytes, bytes.length)
      harness.io.flush(session)
    }
    let polls = 0
    harness.io.pollClients = () => {
      if (polls++ === 0) {
        type(other, 'GET k')
        type(client, 'p')
      } else if (polls === 5) type(client, 's')
      else if (polls === 8) type(client, 'c')
      else if (polls > 10) throw new Error('it waits for ever')
    }
    const said = say('b 2', 'c')
    t.match(said, /\+No local variables.*\+<redis> set k 1\r\n.*Stopped at 3/s, mode)
    t.match(said, /<endsession>\r\n:1\r\n$/)
    t.equal(harness.take(other), mode === 'sync' ? '$1\r\n1\r\n' : '$-1\r\n')
  }
})

t.test('a node that is to end ends such a session', async (t) => {
  const { harness, other, say } = start('yes', 'pcall(function()\n  local a = 1\nend)\nreturn 1')
  harness.io.pollClients = () => {
    const bytes = Buffer.from(bytesOfSaying('SHUTDOWN NOSAVE'), 'latin1')
    harness.node.receive(other, bytes, bytes.length)
  }
  t.match(say('b 2', 'c'), /<endsession>/)
  t.equal(harness.io.shutdowns, 1)
})

t.test('what a script may not do it may not do here', async (t) => {
  const source = "redis.pcall('set', 'k', 1)\nreturn 1"
  const { harness, say } = start('sync', source, { config: { 'min-replicas-to-write': '1' } })
  t.match(say('s'), /\+<error> -NOREPLICAS Not enough good replicas to write\. {2}\r\n/)
  t.match(say('c'), /:1\r\n$/)
  t.match(
    harness.io.logs.map(([, text]) => text),
    [
      'Redis synchronous debugging eval session started',
      'Redis synchronous debugging eval session ended',
    ],
  )
})

t.test('errors are counted, but for those of a copy', async (t) => {
  for (const [mode, count] of [
    ['sync', 1],
    ['yes', 0],
  ] as const) {
    const { harness, other, say } = start(mode, "redis.pcall('incr', 's')\nreturn 1")
    harness.node.databases[0]?.set('s', 'x')
    if (mode === 'yes') {
      say('r set s x')
    }
    t.match(say('s'), /\+<error> -ERR value is not an integer/)
    say('c')
    const info = harness.run(other, 'INFO', 'errorstats')
    t.equal(/errorstat_ERR:count=(\d+)/.exec(info)?.[1], count === 0 ? undefined : `${count}`, mode)
  }
})

t.test('set_repl, log and acl_check_cmd do what they do elsewhere', async (t) => {
  const source =
    "redis.set_repl(redis.REPL_NONE)\nredis.call('set', 'k', 1)\nredis.log(redis.LOG_WARNING, 'said')\nreturn {redis.acl_check_cmd('get', 'k') and 1}"
  const { harness, say } = start('sync', source)
  const told = harness.hearReplicas()
  t.match(say('c'), /\*1\r\n:1\r\n$/)
  t.same(told(), [])
  t.ok(harness.io.logs.some(([level, text]) => level === 'warning' && text === 'said'))
})

t.test('later versions are debugged, too', async (t) => {
  const { client, say } = start('sync', "return redis.call('get', 'k')", { version: '7.2' })
  t.same(client.server.version, new Version('7.2'))
  t.match(say('s'), /<reply> NULL\r\n\+<endsession>\r\n\$-1\r\n$/)
})

t.test('in a transaction it is the last that is answered, and what follows runs', async (t) => {
  for (const mode of ['sync', 'yes'] as const) {
    const harness = new NodeHarness()
    const client = harness.connect()
    harness.run(client, 'SCRIPT', 'DEBUG', mode)
    harness.run(client, 'MULTI')
    harness.run(client, 'INCR', 'n')
    harness.run(client, 'EVAL', "return redis.call('incr', 'n')", '0')
    harness.run(client, 'INCR', 'n')
    t.equal(harness.run(client, 'EXEC'), '')
    harness.wake()
    t.match(harness.take(client), /Stopped at 1/)
    t.equal(harness.send(client, bytesOfSaying('c')), '*1\r\n+<endsession>\r\n*3\r\n:1\r\n:2\r\n')
    const left = mode === 'sync' ? '3' : '2'
    t.equal(harness.run(harness.connect(), 'GET', 'n'), `$1\r\n${left}\r\n`, mode)
  }
})
