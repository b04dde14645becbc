import { Buffer } from 'node:buffer'
import t from 'tap'
import type { Session } from '../../lib/node/session.ts'
import { NodeHarness } from '../support/node-harness.ts'

const BUSY =
  '-BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.\r\n'
/** Looks at the clock whenever 100,000 instructions have run. */
const LONG = 'local n = 0 for i = 1, 2000000 do n = n + 1 end'
const FOREVER = 'while true do end'

function start(config: Readonly<Record<string, string>> = {}, version?: string) {
  const harness = new NodeHarness({ config, ...(version !== undefined && { version }) })
  const client = harness.connect()
  const other = harness.connect()
  const evaluate = (source: string, ...words: string[]) =>
    harness.run(client, 'EVAL', source, ...(words.length > 0 ? words : ['0']))
  return { harness, client, other, evaluate }
}

/** Lets what is suspended go on until nothing is. */
function finish(harness: NodeHarness): void {
  for (let i = 0; i < 1000 && harness.node.scripting.isSuspended; i++) harness.wake()
}

/** Says something in the middle of a turn; returns the answer. */
function typeWithin(harness: NodeHarness, session: Session, line: string): string {
  const buffer = Buffer.from(`${line}\r\n`, 'latin1')
  harness.node.receive(session, buffer, buffer.length)
  harness.io.flush(session)
  return harness.take(session)
}

t.test('a script reads and writes as its client does', async (t) => {
  const { harness, client, evaluate } = start()
  t.equal(evaluate("return redis.call('set', KEYS[1], ARGV[1])", '1', 'k', 'v'), '+OK\r\n')
  t.equal(harness.run(client, 'GET', 'k'), '$1\r\nv\r\n')
  harness.run(client, 'SELECT', '3')
  t.equal(evaluate("return redis.call('get', 'k')"), '$-1\r\n')
  t.equal(evaluate("redis.call('select', 0) return redis.call('get', 'k')"), '$1\r\nv\r\n')
  t.equal(evaluate("return redis.call('get', 'k')"), '$-1\r\n', 'a SELECT ends with its script')
  t.equal(evaluate("return redis.call('xread', 'streams', 'k', '0')"), '$-1\r\n')
})

t.test('scripts are known by their digests until they are forgotten', async (t) => {
  const { harness, client, evaluate } = start()
  const digest = 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db'
  const missing = '-NOSCRIPT No matching script. Please use EVAL.\r\n'
  t.equal(harness.run(client, 'EVALSHA', digest, '0'), missing)
  t.equal(evaluate('return 1'), ':1\r\n')
  t.equal(harness.run(client, 'EVALSHA', digest.toUpperCase(), '0'), ':1\r\n')
  t.match(harness.run(client, 'INFO', 'memory'), /number_of_cached_scripts:1\r/)
  harness.run(client, 'SCRIPT', 'FLUSH')
  t.equal(harness.run(client, 'EVALSHA', digest, '0'), missing)
  t.equal(harness.run(client, 'SCRIPT', 'LOAD', 'return 1'), `$40\r\n${digest}\r\n`)
  t.match(harness.run(client, 'SCRIPT', 'LOAD', 'x'), /^-ERR Error compiling script/)
})

t.test('replicas hear what a script changed, as one', async (t) => {
  const { harness, client, evaluate } = start()
  const told = harness.hearReplicas()
  evaluate("redis.call('set', 'a', 1)")
  t.same(told(), ['0: set a 1'])
  evaluate("redis.call('set', 'a', 1) redis.call('select', 2) redis.call('INCR', 'b')")
  t.same(told(), ['0: MULTI', '0: set a 1', '2: INCR b', '2: EXEC'])
  evaluate("return redis.call('get', 'a')")
  t.same(told(), [])
  evaluate(
    "redis.set_repl(redis.REPL_NONE) redis.call('set', 'a', 2) redis.set_repl(redis.REPL_ALL) redis.call('del', 'a')",
  )
  t.same(told(), ['0: del a'])
  evaluate("redis.call('set', 'a', 1) error('late')")
  t.same(told(), ['0: set a 1'], 'what it did before its error')
  harness.type(client, 'MULTI', 'SET x 1', `EVAL "redis.call('set','y',2)" 0`, 'EXEC')
  t.same(told(), ['0: MULTI', '0: SET x 1', '0: set y 2', '0: EXEC'])
})

t.test('errors and calls are counted where they belong', async (t) => {
  const { harness, client, evaluate } = start()
  evaluate("redis.call('set', 's', 'x') return redis.pcall('incr', 's')")
  evaluate("redis.call('nope')")
  evaluate("redis.pcall('get') return 1")
  const info = harness.run(client, 'INFO', 'everything')
  t.match(info, /cmdstat_set:calls=1,.*failed_calls=0/)
  t.match(info, /cmdstat_incr:calls=1,.*failed_calls=1/)
  t.match(info, /cmdstat_get:calls=0,.*rejected_calls=1/)
  t.match(info, /cmdstat_eval:calls=3,.*rejected_calls=0,failed_calls=2/)
  t.match(info, /errorstat_ERR:count=3\r/)
})

t.test('monitors see the script, then what it called', async (t) => {
  const { harness, other, evaluate } = start()
  harness.run(other, 'MONITOR')
  evaluate("redis.call('set', 'k', 'v')")
  const lines = harness.take(other).split('\r\n')
  t.match(lines[0], /\[0 127\.0\.0\.1:\d+\] "EVAL" /)
  t.match(lines[1], /\[0 lua\] "set" "k" "v"/)
})

t.test('while writes are paused, scripts wait that do not promise to write nothing', async (t) => {
  const { harness, client, other, evaluate } = start()
  evaluate("redis.call('set', 'k', 'v')")
  harness.run(other, 'CLIENT', 'PAUSE', '10000', 'WRITE')
  t.equal(evaluate("#!lua flags=no-writes\nreturn redis.call('get', 'k')"), '$1\r\nv\r\n')
  t.equal(harness.run(client, 'EVAL_RO', "return redis.call('get', 'k')", '0'), '$1\r\nv\r\n')
  t.equal(evaluate('#!lua\nreturn 1'), '')
  t.equal(harness.run(other, 'CLIENT', 'UNPAUSE'), '+OK\r\n')
  t.equal(harness.take(client), ':1\r\n')
  harness.run(other, 'CLIENT', 'PAUSE', '10000', 'WRITE')
  t.equal(evaluate('return 1'), '', 'it says nothing of itself')
})

t.test(
  'who tracks hears of what its script was called with, later of what it has read',
  async (t) => {
    for (const [version, heard] of [
      ['7.0', ['k', 'l']],
      ['7.2', ['read']],
    ] as const) {
      const { harness, client, other, evaluate } = start({}, version)
      harness.run(client, 'HELLO', '3')
      harness.run(client, 'CLIENT', 'TRACKING', 'ON')
      const changed = () => {
        harness.take(client)
        harness.type(other, 'SET k v', 'SET l v', 'SET read v', 'SET written v')
        const pushes = harness.take(client).matchAll(/invalidate\r\n\*1\r\n\$\d+\r\n(\w+)/g)
        return [...pushes].map(([, key]) => key)
      }
      evaluate("redis.call('get', 'read')", '2', 'k', 'l')
      t.same(changed(), heard, version)
      evaluate("redis.call('set', 'written', 1)", '2', 'k', 'l')
      t.same(changed(), [], 'it has read nothing')
      harness.run(client, 'EVAL_RO', "redis.call('ping')", '1', 'k')
      t.same(changed(), [])
      harness.run(client, 'EVAL_RO', "redis.call('get', 'read')", '2', 'k', 'l')
      t.same(changed(), heard, version)
    }
  },
)

t.test('a long script lets the node go on, and nobody sees half of it', async (t) => {
  const { harness, client, other, evaluate } = start()
  const told = harness.hearReplicas()
  harness.lookMicroseconds = 10_000
  t.equal(evaluate(`redis.call('set', 'k', 1) ${LONG} redis.call('set', 'k', 2) return n`), '')
  t.equal(harness.node.scripting.isSuspended, true)
  t.equal(harness.run(other, 'GET', 'k'), '', 'others wait')
  t.equal(harness.run(client, 'PING'), '', 'and what follows it')
  t.same(told(), [])
  finish(harness)
  t.equal(harness.take(client), ':2000000\r\n+PONG\r\n')
  t.equal(harness.take(other), '$1\r\n2\r\n')
  t.same(told(), ['0: MULTI', '0: set k 1', '0: set k 2', '0: EXEC'])
})

t.test('time stands still for a script, however long it takes', async (t) => {
  const { harness, client, other, evaluate } = start()
  harness.lookMicroseconds = 10_000
  evaluate(`redis.call('set', 'k', 1, 'px', 5) ${LONG} return redis.call('exists', 'k')`)
  for (let i = 0; i < 100 && harness.node.scripting.isSuspended; i++) {
    harness.clock.now += 10
    harness.wake()
  }
  t.equal(harness.take(client), ':1\r\n')
  t.equal(harness.run(other, 'EXISTS', 'k'), ':0\r\n')
})

t.test('nobody who waits is served from half a script', async (t) => {
  const { harness, client, other, evaluate } = start()
  harness.lookMicroseconds = 10_000
  harness.run(other, 'BLPOP', 'l', '0')
  evaluate(`redis.call('lpush', 'l', 'y') ${LONG} redis.call('lpush', 'l', 'z')`)
  harness.turn(() => harness.node.cron())
  t.equal(harness.node.scripting.isSuspended, true)
  t.equal(harness.take(other), '')
  finish(harness)
  t.equal(harness.take(client), '$-1\r\n')
  t.equal(harness.take(other), '*2\r\n$1\r\nl\r\n$1\r\nz\r\n')
})

t.test('a long script in a transaction', async (t) => {
  const { harness, client } = start()
  const told = harness.hearReplicas()
  harness.lookMicroseconds = 10_000
  harness.run(client, 'MULTI')
  harness.run(client, 'SET', 'a', '1')
  harness.run(client, 'EVAL', `redis.call('incr', 'a') ${LONG} return redis.call('incr', 'a')`, '0')
  harness.run(client, 'INCR', 'a')
  t.equal(harness.run(client, 'EXEC'), '')
  finish(harness)
  t.equal(harness.take(client), '*3\r\n+OK\r\n:3\r\n:4\r\n')
  t.same(told(), ['0: MULTI', '0: SET a 1', '0: incr a', '0: incr a', '0: INCR a', '0: EXEC'])
})

function startForever(config: Readonly<Record<string, string>> = {}, source = FOREVER) {
  const stage = start({ 'busy-reply-threshold': '1000', ...config })
  stage.harness.lookMicroseconds = 10_000
  stage.evaluate(source)
  for (let i = 0; i < 1000 && stage.harness.node.scripting.busy === undefined; i++) {
    stage.harness.wake()
  }
  return stage
}

t.test('after a while clients hear that the node is busy', async (t) => {
  const { harness, client, other } = startForever()
  t.equal(harness.run(other, 'GET', 'k'), BUSY)
  t.equal(harness.run(other, 'MULTI'), '+OK\r\n')
  t.equal(harness.run(other, 'GET', 'k'), BUSY)
  t.match(harness.run(other, 'EXEC'), /^-EXECABORT /)
  t.match(
    harness.io.logs.map(([, text]) => text),
    [/^Slow script detected: still in execution after \d+ milliseconds\. /],
  )
  t.equal(harness.run(other, 'SCRIPT', 'KILL'), '+OK\r\n')
  finish(harness)
  t.match(harness.take(client), /^-ERR Script killed by user with SCRIPT KILL\.\.\. script: /)
  t.equal(harness.run(other, 'GET', 'k'), '$-1\r\n')
  t.equal(harness.run(other, 'SCRIPT', 'KILL'), '-NOTBUSY No scripts in execution right now.\r\n')
})

t.test('who waited before it was slow hears so, too', async (t) => {
  const stage = start({ 'busy-reply-threshold': '1000' })
  const { harness, other } = stage
  harness.lookMicroseconds = 10_000
  stage.evaluate(FOREVER)
  t.equal(harness.run(other, 'GET', 'k'), '')
  for (let i = 0; i < 1000 && harness.node.scripting.busy === undefined; i++) harness.wake()
  harness.turn(() => {})
  t.equal(harness.take(other), BUSY)
})

t.test('a script that has written is not ended', async (t) => {
  const { harness, other } = startForever({}, `redis.call('set', 'k', 1) ${FOREVER}`)
  t.match(harness.run(other, 'SCRIPT', 'KILL'), /^-UNKILLABLE /)
  t.equal(harness.run(other, 'SHUTDOWN'), BUSY)
  harness.run(other, 'SHUTDOWN', 'NOSAVE')
  t.equal(harness.io.shutdowns, 1)
})

t.test('a script that waits by TIME is over when its time has come', async (t) => {
  const { harness, evaluate } = start()
  let microseconds = harness.clock.now * 1000
  harness.io.microsecondsByNow = () => ++microseconds
  const wait = `local function now() local t = redis.call('time') return t[1] * 1e6 + t[2] end
    redis.call('set', KEYS[1], 'v', 'px', '1')
    local start = now() repeat until now() > start + 2000
    return redis.call('get', KEYS[1])`
  t.equal(evaluate(wait, '1', 'k'), '$1\r\nv\r\n', 'and nothing expires meanwhile')
})

t.test('where it cannot be suspended clients are heard all the same', async (t) => {
  const { harness, client, other, evaluate } = start({ 'busy-reply-threshold': '1000' })
  harness.lookMicroseconds = 10_000
  const heard: string[] = []
  harness.io.pollClients = () => {
    heard.push(typeWithin(harness, other, 'GET k'))
    if (heard.length === 3) heard.push(typeWithin(harness, other, 'SCRIPT KILL'))
  }
  t.match(evaluate(`while true do pcall(function() ${FOREVER} end) end`), /^-ERR Script killed /)
  t.same(heard, [BUSY, BUSY, BUSY, '+OK\r\n'])
  t.equal(harness.run(client, 'GET', 'k'), '$-1\r\n')
})

t.test('a node that is to end ends such a script', async (t) => {
  const { harness, other, evaluate } = start({ 'busy-reply-threshold': '1000' })
  harness.lookMicroseconds = 10_000
  harness.io.pollClients = () => typeWithin(harness, other, 'SHUTDOWN NOSAVE')
  const source = `redis.call('set', 'k', 1) while true do pcall(function() ${FOREVER} end) end`
  t.match(evaluate(source), /^-ERR Script killed /)
  t.equal(harness.io.shutdowns, 1)
})

t.test('without a threshold nobody hears that it is busy', async (t) => {
  const { harness, other } = startForever({ 'busy-reply-threshold': '0' })
  t.equal(harness.node.scripting.isSuspended, true)
  t.equal(harness.run(other, 'GET', 'k'), '')
})

t.test('a script goes on although its client has gone', async (t) => {
  const { harness, client, other, evaluate } = start()
  harness.lookMicroseconds = 10_000
  evaluate(`${LONG} redis.call('set', 'k', 1)`)
  harness.disconnect(client as Session)
  finish(harness)
  t.equal(harness.run(other, 'GET', 'k'), '$1\r\n1\r\n')
})

t.test('a script that is slow while data is loaded beside is told as ever', async (t) => {
  const { harness, other } = startForever()
  const load = { totalBytes: 1, receivedBytes: () => 0 }
  harness.node.loading.expect({ ...load, isAsync: true })
  t.equal(harness.run(other, 'GET', 'k'), BUSY)
  harness.node.loading.expect({ ...load, isAsync: false })
  t.match(harness.run(other, 'GET', 'k'), /^-LOADING /, 'what waits for the load hears that')
  t.equal(harness.run(other, 'INFO'), BUSY)
  harness.node.loading.abandon()
  t.equal(harness.run(other, 'SCRIPT', 'KILL'), '+OK\r\n')
})
