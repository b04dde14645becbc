/**
 * Sessions of the Lua debugger, the same with a real server and with one of ours: what comes back, to the byte, in both
 * modes, and what is left in the data. Addresses of Lua values are left out, and the words of `help`.
 */
import t, { type Test } from 'tap'
import { bytesOfSaying, DebuggerClient, type Saying } from '../support/debugger-client.ts'
import { startNodeProcess } from '../support/node-process.ts'
import { type RealRedis, startRealRedis, withoutRealRedis70 } from '../support/real-redis.ts'

if (withoutRealRedis70 !== false) t.comment(`SKIPPED: ${withoutRealRedis70}`)

interface Transcript {
  readonly source: string
  /** Number of keys, keys and arguments: `0` unless given. */
  readonly given?: readonly string[]
  readonly says: readonly Saying[]
  /** What is sent before EVAL. */
  readonly before?: readonly Saying[]
}

const step = 's'
const goOn = 'c'

const LINES = Array.from({ length: 80 }, (_, i) => `local v${i} = ${i}`)
/** Local variables are limited. */
const LONG = Array.from({ length: 80 }, (_, i) => `KEYS[${i + 1}] = ${i}`).join('\n')

const VALUES = `local n, i, f, h = nil, 42, 0.1, 1/0
local big, small, minus, nan = 1e21, 1.5e-10, -0.5, 0/0
local s, e, b = 'a "b"\\r\\n\\0\\255', '', true
local list, map, mixed = {1, 'two', {3}}, {x = 1}, {1, 2, k = 'v'}
local hole, keyed = {1, nil, 3}, {[2] = 'b', [1] = 'a', [1.5] = 'c', [true] = false}
local deep = {{{{{{{{{{{{1}}}}}}}}}}}}
local fn, co = function() end, coroutine.create(function() end)
local lib = redis.call
local long = string.rep('x', 300)
local lines = 'a\\nb'
return 1`

const CALLS = `redis.call('set', 's', 'v')
redis.call('get', 's')
redis.call('get', 'none')
redis.call('incr', 'n')
redis.call('rpush', 'l', 'a', 'b')
redis.call('lrange', 'l', 0, -1)
redis.call('mget', 's', 'none', 'l')
redis.pcall('incr', 's')
redis.pcall('nosuch', 'a')
redis.pcall('get')
redis.pcall('subscribe', 'x')
redis.call('hset', 'h', 'f', 'v')
redis.call('hgetall', 'h')
redis.call('del', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8', 'a9', 'a10', 'a11', 'a12')
redis.call('set', 'long', string.rep('y', 300))
redis.call('get', 'long')
redis.call('get', 'long')
redis.pcall()
redis.pcall({})
redis.error_reply('My own')
redis.status_reply('Fine')
redis.setresp(3)
redis.call('hgetall', 'h')
redis.call('sadd', 'set', 'm')
redis.call('smembers', 'set')
redis.call('get', 'none')
redis.call('zadd', 'z', '1.5', 'm')
redis.call('zscore', 'z', 'm')
redis.call('zrange', 'z', 0, -1, 'withscores')
redis.call('lpop', 'none', 2)
redis.call('exec')`

const NESTED = `local function inner(a, ...)
  local b = a + 1
  return b
end
local function outer(x)
  local y = inner(x)
  return y
end
local z = outer(1)
return z`

const transcripts: Readonly<Record<string, Transcript>> = {
  'a value is returned': { source: "return 'hello'", says: [goOn] },
  'nothing at all': { source: '', says: [step] },
  'line breaks at the end are no lines': { source: 'return 1\r\n\n\n', says: ['w', goOn] },
  'carriage returns within': {
    source: 'local a = 1\r\nlocal b = 2\r\nreturn b',
    says: ['w', step, 'p', goOn],
  },
  'lines without code': {
    source: '\n\n-- a comment\n\nlocal a = 1\n\nreturn a',
    says: ['w', step, goOn],
  },
  'a line with a NUL': { source: 'return "a\0b"', says: ['w', goOn] },
  'two sets of keys': {
    source: 'local a = KEYS[1]\nreturn ARGV[1]',
    given: ['1', 'the key', 'the argument'],
    says: ['p KEYS', 'p ARGV', 'p a', step, 'p a', 'p', goOn],
  },
  'values of every kind': {
    source: VALUES,
    says: ['p', 'b 11', goOn, 'p', 'm', 'm 0', 'p', 'm 100', 'p long', 'p nothing', 'p n', goOn],
  },
  'replies of every kind': {
    source: CALLS,
    says: Array.from({ length: 31 }, () => step),
  },
  'no replies where nobody steps': { source: CALLS, says: ['b 5', goOn, goOn] },
  'where functions are': {
    source: NESTED,
    says: ['t', step, step, step, step, step, 't', 'p', 'p x', 'p a', 'p z', step, step, 't', step],
  },
  'a function without a name': {
    source: 'local a = {1}\ntable.foreach(a, function(k, v)\nlocal t = k\nend)\nreturn 1',
    says: [step, step, 't', 'p', step, 't', step, goOn],
  },
  'breakpoints are met': {
    source: 'local n = 0\nfor i = 1, 3 do\n  n = n + i\nend\nreturn n',
    says: ['b 3', goOn, 'p', goOn, 'p', 'b', 'b 5', 'w', 'l 3 0', 'b -3', goOn, 'w', goOn],
  },
  'a loop on one line': {
    source: 'local n = 0\nfor i = 1, 3 do n = n + i end\nreturn n',
    says: [step, step, step, step, step, 'p', step],
  },
  'a loop without a body': {
    source: 'for i = 1, 4 do end return 1',
    says: [step, step, step, step, step],
  },
  'a loop that goes back': {
    source:
      'local i = 0\nrepeat\n  i = i + 1\nuntil i == 2\nwhile i < 4 do i = i + 1 end\nreturn i',
    says: Array.from({ length: 9 }, () => step),
  },
  'breakpoints of every kind': {
    source: LONG,
    says: [
      'b',
      'b 0',
      'b 1 2 3',
      'b 2 4 4',
      'b 90',
      'b -90',
      // Redis spoils the list where more than one follow the one that is removed.
      'b -3',
      'b x',
      'b 1x',
      'b +1',
      'b 99999999999999999999',
      'b -4 -1',
      `b ${Array.from({ length: 70 }, (_, i) => i + 1).join(' ')}`,
      'b 3',
      'b -63 65 80',
      'b',
      'b 0',
      'b',
      goOn,
    ],
  },
  'lists of every kind': {
    source: LONG,
    says: [
      'l',
      'l 40',
      'l 40 2',
      'l 0 1',
      'l -4',
      'l x',
      'l 1 -1',
      'l 200',
      'l 40 x',
      'b 44',
      goOn,
      'l',
      'l 0',
      'l 44 1',
      'w',
      goOn,
    ],
  },
  'words of every kind': {
    source: 'return 1',
    says: [
      'nosuch',
      'HE',
      'P',
      'PRINT x y',
      'List',
      'TRACE',
      'whole x y',
      'm x',
      'm 61',
      'm 60 1',
      'M -1',
      'maxlen 100',
      'r',
      'Redis',
      'b',
      'BREAK',
      ['p\0x'],
      ['hello\0world'],
      ['\0hello'],
      ['p', 'KEYS\0x'],
      'CONTINUE',
    ],
  },
  'code is run': {
    source: 'local a = 5\nreturn a',
    says: [
      step,
      'e 1+1',
      'eval return 7',
      'e a',
      'e x',
      'e 1 +',
      'e error("x")',
      'e error("x", 2)',
      'e nil',
      'e',
      'e {1,2}',
      'e local b = 1',
      'e redis.call("set","e","1")',
      'e redis.sha1hex("")',
      'e KEYS',
      'e string.rep("x", 400)',
      'e tostring(1) .. "y"',
      'e "a\nb"',
      ['e', 'return', '1,', '2'],
      'e redis.status_reply("x")',
      'e coroutine.running()',
      'e redis.pcall("nosuch")',
      'p',
      goOn,
    ],
  },
  'what is run changes nothing of the stack': {
    source: NESTED,
    says: [
      'b 3',
      goOn,
      'e string.rep("x", 10)',
      'e 1 +',
      'p',
      't',
      'r get none',
      'p',
      't',
      step,
      step,
      step,
    ],
  },
  'commands are run': {
    source: 'return 1',
    says: [
      'r set k v',
      'r get k',
      'r nosuch',
      'redis get',
      'r mget k k k',
      'r incr k',
      'r select 9',
      'r get k',
      'r lpush l 1 2 3',
      'r lrange l 0 -1',
      step,
    ],
  },
  'redis.debug and redis.breakpoint': {
    source:
      "redis.debug('a', 1, {x = 1}, nil)\nredis.debug()\nlocal b = redis.breakpoint()\nredis.debug(b)\nlocal c = 1\nredis.debug(string.rep('x', 300))\nreturn c",
    says: [goOn, step, 'p', goOn],
  },
  'redis.breakpoint as the last word': { source: 'return redis.breakpoint()', says: [goOn] },
  'an end by the client': {
    source: 'redis.call("set", "aborted", 1)\nreturn 1',
    says: [step, 'a'],
  },
  'an end in a function': { source: NESTED, says: ['b 2', goOn, 'abort'] },
  'an end that is caught': {
    source: 'local ok, e = pcall(function()\n  local a = 1\n  return a\nend)\nreturn e',
    says: ['b 2', goOn, 'p', 't', 'a'],
  },
  'a script that fails': { source: 'local a = 1\nerror("no")\nreturn 1', says: [step, step] },
  'a script that fails without a stop': {
    source: 'local a = 1\nerror({err = "MY own"})\nreturn 1',
    says: [goOn],
  },
  'a command that fails': { source: 'redis.call("set", "k")\nreturn 1', says: [step] },
  'a command that fails without a stop': {
    source: 'redis.call("incr", "s")\nreturn 1',
    before: ['set s x'],
    says: [goOn],
  },
  'within pcall': {
    source: 'local ok, v = pcall(function(a)\n  local b = a\n  return b\nend, 3)\nreturn v',
    says: ['b 2', goOn, 'p', 't', 'e 1', 'e error("x", 2)', 'r get none', step, step, step],
  },
  'within a coroutine': {
    source:
      'local f = coroutine.wrap(function()\n  local a = 1\n  coroutine.yield(a)\n  return 2\nend)\nlocal x = f()\nlocal y = f()\nreturn y',
    says: ['b 2 4', goOn, 'p', 't', step, step, 'p', 't', step, step, 'p', step],
  },
  'within a comparison': {
    source: 'local t = {3, 1, 2}\ntable.sort(t, function(a, b)\n  return a < b\nend)\nreturn t[1]',
    says: ['b 3', goOn, 'p', 't', goOn, 'b 0', goOn],
  },
  'within a replacement': {
    source: "local s = string.gsub('abc', '%w', function(c)\n  return c .. c\nend)\nreturn s",
    says: ['b 2', goOn, 'p', goOn, 'b 0', goOn],
  },
  'a tail call': {
    source:
      'local function f(n)\n  if n == 0 then return 0 end\n  return f(n - 1)\nend\nreturn f(2)',
    says: [step, step, 't', step, step, 't', goOn],
  },
  'code that was made by the script': {
    source:
      "local f = loadstring('local q = 1\\nreturn q', '@user_script_too')\nlocal g = loadstring('return 2', '@other')\nreturn f() + g()",
    says: [step, step, step, 'p', step, step],
  },
  'a first line with flags': {
    source: '#!lua flags=no-writes\nlocal a = 1\nreturn redis.call("set", "k", a)',
    says: ['w', step, step],
  },
  'a script that does not compile': { source: 'x y', says: [] },
  'a script of an unknown engine': { source: '#!nosuch\nreturn 1', says: [] },
  'a count that is none': { source: 'return 1', given: ['x'], says: [] },
  'a count too big': { source: 'return 1', given: ['3'], says: [] },
  'a count below zero': { source: 'return 1', given: ['-1'], says: [] },
  'an inline request': { source: 'return 1', says: [{ raw: 'step\r\n' }] },
  'an inline request with a star': {
    source: 'return 1',
    says: [{ raw: 'what *1\r\n$1\r\np\r\n' }, goOn],
  },
  'an empty word': { source: 'return 1', says: [{ raw: '*1\r\n$0\r\n\r\n' }] },
  'a word too long': {
    source: 'return 1',
    says: [{ raw: `*1\r\n$1025\r\n${'x'.repeat(1025)}\r\n` }],
  },
  'the longest word': { source: 'return 1', says: [['e', `"${'x'.repeat(1022)}"`], goOn] },
  'too many words': { source: 'return 1', says: [{ raw: '*1025\r\n' }] },
  'no words': { source: 'return 1', says: [{ raw: '*0\r\n' }] },
  'a count of words that is none': { source: 'return 1', says: [{ raw: '*x\r\n' }] },
  'a word without a length': { source: 'return 1', says: [{ raw: '*1\r\nstep\r\n' }] },
  'a word that does not end': { source: 'return 1', says: [{ raw: '*1\r\n$1\r\npxx' }] },
  'numbers with more behind them': {
    source: 'return 1',
    says: [{ raw: '* 1x\r\n$ 1y\r\np\r\n' }, goOn],
  },
  'a count of words beyond all': {
    source: 'return 1',
    says: [{ raw: '*99999999999999999999\r\n' }],
  },
  'requests that come together': {
    source: 'return 1',
    says: [{ raw: '*1\r\n$1\r\np\r\n*1\r\n$1\r\nc\r\n' }, goOn],
  },
  'many words': {
    source: 'return 1',
    says: [['r', 'del', ...Array.from({ length: 300 }, (_, i) => `k${i}`)], goOn],
  },
  'more words than the stack of Lua has by itself': {
    source: 'return 1',
    says: [['redis', ...Array.from({ length: 100 }, () => 'test')], goOn],
  },
  'a write where none is allowed': {
    source: '#!lua flags=no-writes\nredis.call("set", "k", "v")\nreturn 1',
    says: [step],
  },
  'a switch of the database': {
    source: 'redis.call("select", 3)\nredis.call("set", "k", "v")\nreturn redis.call("dbsize")',
    says: [step, step, step],
  },
  'what goes on for long': {
    source: 'local n = 0\nfor i = 1, 400000 do n = n + 1 end\nreturn n',
    says: ['b 3', goOn, 'p', goOn],
  },
  'many local variables': {
    source: `${LINES.slice(0, 60).join('\n')}\nreturn v0`,
    says: ['b 61', goOn, 'p', 'p v59', goOn],
  },
}

/** The hook that counts 100,000 instructions comes about a line where the script stops anyway. */
const counted = Array.from({ length: 12 }, (_, i) => ({
  source: `for i = 1, ${99_990 + i} do end local a = 1\nlocal b = 2\nreturn b`,
  says: ['b 2', goOn, 'p', goOn],
}))

/** What differs from run to run. */
function comparable(text: string): string {
  return text.replace(/@0x[0-9a-f]+/g, '@pointer')
}

async function play(
  { port }: RealRedis,
  mode: string,
  { source, given = ['0'], says, before = [] }: Transcript,
): Promise<string[]> {
  const client = await DebuggerClient.connect(port)
  const answers: string[] = []
  try {
    for (const saying of [...before, `script debug ${mode}`, ['eval', source, ...given], ...says]) {
      answers.push(comparable(await client.say(saying)))
      if (client.hasEnded) break
    }
  } finally {
    client.close()
  }
  return answers
}

async function startBoth(
  t: Test,
  ...args: string[]
): Promise<{ real: RealRedis; ours: RealRedis }> {
  const options = { args: ['--enable-debug-command', 'yes', ...args] }
  const real = await startRealRedis(options)
  t.teardown(() => real.stop())
  const ours = await startNodeProcess(options)
  t.teardown(() => ours.stop())
  return { real, ours }
}

t.test('sessions', { skip: withoutRealRedis70 }, async (t) => {
  const { real, ours } = await startBoth(t)
  for (const mode of ['sync', 'yes']) {
    for (const [name, transcript] of Object.entries(transcripts)) {
      const [expected, found] = await Promise.all([
        play(real, mode, transcript),
        play(ours, mode, transcript),
      ])
      t.same(found, expected, `${name} (${mode})`)
      t.match(found.at(-1), /<end>$/, `${name} ends`)
      const { says, before = [] } = transcript
      t.equal(found.length, before.length + 2 + says.length, 'with the last that is said')
      const left: string[] = []
      for (const server of [real, ours]) {
        left.push((await server.command('DEBUG', 'DIGEST')).raw)
        await server.command('FLUSHALL')
      }
      t.equal(left[1], left[0], 'and leaves the same')
    }
  }
})

/** All that a client is told until its connection ends, or for so many answers. */
async function converse(
  { port }: RealRedis,
  talk: (client: DebuggerClient, tell: (answer: string) => void) => Promise<void>,
): Promise<string[]> {
  const client = await DebuggerClient.connect(port)
  const told: string[] = []
  try {
    await talk(client, (answer) => told.push(answer))
  } finally {
    client.close()
  }
  return told
}

const EVAL = ['eval', 'local a = 1\nlocal b = 2\nreturn a', '0'] as const
const requests = (...sayings: readonly Saying[]) => ({ raw: sayings.map(bytesOfSaying).join('') })

/** What is not a plain session: each is told the same by both. */
const talks: Readonly<
  Record<string, (client: DebuggerClient, tell: (answer: string) => void) => Promise<void>>
> = {
  'ways of debugging': async (client, tell) => {
    for (const mode of ['no', 'NO', 'x', '', 'sync', 'yes', 'Sync', 'no']) {
      tell(await client.say(['script', 'debug', mode]))
    }
    tell(await client.say('script debug'))
    tell(await client.say('script debug yes no'))
    tell(await client.say(EVAL))
  },
  'debugging is not asked for in a pipeline': async (client, tell) => {
    await client.mutter(requests('ping', 'script debug sync', 'script debug x', EVAL))
    for (let i = 0; i < 4; i++) tell(await client.answer())
  },
  'EVALSHA is not debugged': async (client, tell) => {
    tell(await client.say(['script', 'load', 'return 1']))
    tell(await client.say('script debug sync'))
    const digest = 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db'
    tell(await client.say(['evalsha', digest, '0']))
    tell(await client.say(['evalsha', digest, 'x']))
    tell(await client.say(['evalsha_ro', digest, '0']))
    tell(await client.say(['evalsha', 'short', '0']))
    tell(await client.say('ping'))
  },
  'functions are not debugged': async (client, tell) => {
    const code = "#!lua name=l\nredis.register_function('f', function() return 1 end)"
    tell(await client.say(['function', 'load', 'replace', code]))
    tell(await client.say('script debug sync'))
    tell(await client.say('fcall f 0'))
    tell(await client.say(['function', 'flush']))
  },
  'EVAL_RO is': async (client, tell) => {
    tell(await client.say('script debug sync'))
    tell(await client.say(['eval_ro', "redis.call('set', 'k', 'v')", '0']))
    tell(await client.say('s'))
  },
  'what was asked before is answered after the session': async (client, tell) => {
    tell(await client.say('script debug sync'))
    await client.mutter(requests('ping', 'set k v', EVAL, 'get k'))
    tell(await client.answer())
    tell(await client.say('p'))
    tell(await client.say('c'))
  },
  'the same where the script does not run': async (client, tell) => {
    tell(await client.say('script debug sync'))
    await client.mutter(requests('ping', ['eval', 'x y', '0'], 'ping'))
    tell(await client.answer())
  },
  'in RESP3': async (client, tell) => {
    await client.say('hello 3')
    tell(await client.say('script debug sync'))
    tell(await client.say(['eval', "redis.setresp(3)\nreturn redis.call('hgetall', 'none')", '0']))
    tell(await client.say('s'))
    tell(await client.say('s'))
  },
  'while replies are off': async (client, tell) => {
    tell(await client.say('script debug sync'))
    await client.mutter('client reply off')
    tell(await client.say(EVAL))
    tell(await client.say('s'))
    // Redis does not close such a connection, and does not hear it any more.
  },
  'in a transaction': async (client, tell) => {
    tell(await client.say('script debug sync'))
    tell(await client.say('multi'))
    tell(await client.say('set k v'))
    tell(await client.say(EVAL))
    tell(await client.say('get k'))
    tell(await client.say('exec'))
    tell(await client.say('s'))
    tell(await client.say('c'))
  },
  'in a transaction, on a copy': async (client, tell) => {
    tell(await client.say('script debug yes'))
    tell(await client.say('multi'))
    tell(await client.say('set k v'))
    tell(await client.say(EVAL))
    tell(await client.say('get k'))
    tell(await client.say('exec'))
    tell(await client.say('s'))
    tell(await client.say('c'))
  },
  'requests that come in pieces': async (client, tell) => {
    tell(await client.say('script debug sync'))
    tell(await client.say(EVAL))
    for (const piece of ['*', '1', '\r', '\n$', '1\r\n', 'p', '\r'])
      await client.mutter({ raw: piece })
    tell(await client.say({ raw: '\n' }))
    tell(await client.say('c'))
  },
  'a request that goes wrong late': async (client, tell) => {
    tell(await client.say('script debug sync'))
    tell(await client.say(EVAL))
    const word = `$1000\r\n${'x'.repeat(1000)}\r\n`
    await client.mutter({ raw: `*1024\r\n${word.repeat(1023)}` })
    tell(await client.say({ raw: '\r\n$' }))
  },
  'more than can be read': async (client, tell) => {
    tell(await client.say('script debug sync'))
    tell(await client.say(EVAL))
    const word = `$1024\r\n${'x'.repeat(1024)}\r\n`
    // A little more than 1 MB.
    tell(await client.say({ raw: `*1024\r\n${word.repeat(1015)}$1024\r\n${'x'.repeat(80)}` }))
  },
  'a request of almost as much': async (client, tell) => {
    tell(await client.say('script debug sync'))
    tell(await client.say(EVAL))
    tell(
      await client.say([
        'e',
        `"${'x'.repeat(400)}"`,
        ...Array.from({ length: 900 }, () => ' '.repeat(1000)),
      ]),
    )
    tell(await client.say('c'))
  },
  'a script that does not stop': async (client, tell) => {
    tell(await client.say('script debug sync'))
    tell(await client.say(['eval', 'local n = 0\nwhile true do n = n + 1 end', '0']))
    tell(await client.say('c'))
    tell(await client.say('t'))
    tell(await client.say('c'))
    tell(await client.say('a'))
  },
  'a script that does not stop within pcall': async (client, tell) => {
    tell(await client.say('script debug sync'))
    const source =
      'local n = 0\nlocal ok = pcall(function()\nwhile true do n = n + 1 end end)\nreturn 1'
    tell(await client.say(['eval', source, '0']))
    tell(await client.say('c'))
    tell(await client.say('t'))
    tell(await client.say('a'))
  },
  'a script in a script': async (client, tell) => {
    tell(await client.say('script debug sync'))
    tell(await client.say(['eval', "redis.call('script', 'debug', 'sync')", '0']))
    tell(await client.say('s'))
  },
}

t.test('whatever else is said', { skip: withoutRealRedis70 }, async (t) => {
  const { real, ours } = await startBoth(t, '--busy-reply-threshold', '300')
  for (const [name, talk] of Object.entries(talks)) {
    const [expected, found] = await Promise.all([converse(real, talk), converse(ours, talk)])
    t.same(found, expected, name)
    await real.command('FLUSHALL')
    await ours.command('FLUSHALL')
  }
})

t.test(
  'a client that goes leaves its script to itself',
  { skip: withoutRealRedis70 },
  async (t) => {
    const { real, ours } = await startBoth(t, '--busy-reply-threshold', '300')
    const plain = "redis.call('incr', 'n')\nredis.call('incr', 'n')\nreturn 1"
    const sources = {
      plain,
      'within pcall': `pcall(function()\n${plain}\nend)\nredis.call('incr', 'n')`,
      'within a coroutine': `coroutine.wrap(function()\n${plain}\nend)()`,
      'with breakpoints': `redis.breakpoint()\n${plain}`,
      'without an end': "redis.call('incr', 'n')\nredis.call('incr', 'n')\nwhile true do end",
    }
    for (const mode of ['sync', 'yes']) {
      for (const [name, source] of Object.entries(sources)) {
        const left: string[] = []
        for (const server of [real, ours]) {
          const client = await DebuggerClient.connect(server.port)
          for (const saying of [`script debug ${mode}`, ['eval', source, '0'], 'b 3', goOn]) {
            await client.say(saying)
          }
          client.close()
          left.push((await server.command('GET', 'n')).raw)
          left.push((await server.command('EVAL', 'return 1', '0')).raw)
          await server.command('FLUSHALL')
        }
        t.same(left.slice(2), left.slice(0, 2), `${name} (${mode})`)
      }
    }
  },
)

t.test('who else there is', { skip: withoutRealRedis70 }, async (t) => {
  const { real, ours } = await startBoth(t)
  const source = "redis.call('set', 'k', 'new')\nreturn redis.call('get', 'k')"
  for (const server of [real, ours]) {
    const begin = async (mode: string): Promise<DebuggerClient> => {
      const client = await DebuggerClient.connect(server.port)
      await client.say(`script debug ${mode}`)
      await client.say(['eval', source, '0'])
      return client
    }
    const reply = async (...argv: string[]) => (await server.command(...argv)).raw
    const copies = [await begin('yes'), await begin('yes')]
    for (const client of copies) t.match(await client.say('s'), /<reply> "\+OK"/)
    t.equal(await reply('GET', 'k'), '$-1\r\n', 'they are served while copies are debugged')
    t.match(await reply('CLIENT', 'LIST'), /^\$\d+\r\nid=\d+ [^\n]*cmd=client\|list[^\n]*\n\r\n$/)
    for (const client of copies) t.match(await client.say(goOn), /\$3\r\nnew\r\n<end>$/)
    t.equal(await reply('GET', 'k'), '$-1\r\n')
    const client = await begin('sync')
    let isServed = false
    const waiting = reply('GET', 'k').then((found) => {
      isServed = true
      return found
    })
    t.match(await client.say('s'), /<reply> "\+OK"/)
    t.match(await client.say('p'), /No local variables/)
    t.equal(isServed, false, 'and wait otherwise')
    t.match(await client.say(goOn), /<end>$/)
    t.equal(await waiting, '$3\r\nnew\r\n')
  }
})

t.test('stops where the hook counts, too', { skip: withoutRealRedis70 }, async (t) => {
  const { real, ours } = await startBoth(t)
  const lengths = new Set<number>()
  for (const transcript of counted) {
    const [expected, found] = await Promise.all([
      play(real, 'sync', transcript),
      play(ours, 'sync', transcript),
    ])
    t.same(found, expected, transcript.source)
    lengths.add((found.at(-1) ?? '').length)
  }
  t.equal(lengths.size, 2, 'once it stops twice')
})
