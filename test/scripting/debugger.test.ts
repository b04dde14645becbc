import t from 'tap'
import { Version } from '../../lib/base/version.ts'
import { ReplyError } from '../../lib/resp/reply-error.ts'
import { WireReply } from '../../lib/resp/wire-reply.ts'
import { DebuggedSource } from '../../lib/scripting/debugged-source.ts'
import { type DebuggerHost, LuaDebugger } from '../../lib/scripting/debugger.ts'
import { DebuggerLog } from '../../lib/scripting/debugger-log.ts'
import { LuaEngine } from '../../lib/scripting/engine.ts'
import { ScriptRandom } from '../../lib/scripting/number-library.ts'
import type { ScriptHost } from '../../lib/scripting/redis-library.ts'
import { bytesOfSaying } from '../support/debugger-client.ts'
import { compiledLua } from '../support/lua.ts'

/** A script that is debugged, without a node. */
class DebuggerStage implements DebuggerHost {
  hasTimedOut = false
  isImpatient = false
  resumptions = 0
  /** What the client says where the script cannot be suspended. */
  readonly polled: string[] = []
  polls = 0
  readonly debugger: LuaDebugger
  readonly engine: LuaEngine
  readonly #log = new DebuggerLog()
  readonly #sink = new WireReply()

  constructor(source: string) {
    this.debugger = new LuaDebugger({
      source: new DebuggedSource(source),
      log: this.#log,
      host: this,
    })
    const host: ScriptHost = {
      version: new Version('7.0'),
      call: (argv, reply) => {
        this.debugger.calls(argv)
        reply.ok()
        this.debugger.replied('+OK\r\n')
      },
      permits: () => true,
      log: () => {},
      replicateTo: () => {},
      interrupted: () => 'go on',
      onError: () => {},
    }
    const compiled = compiledLua()
    const random = new ScriptRandom()
    this.engine = new LuaEngine({
      compiled,
      host,
      kind: 'script',
      random,
      debugging: this.debugger,
    })
    this.debugger.engine = this.engine
    const reference = this.engine.compile(source, '@user_script')
    this.engine.run({ name: 'abc', reference, keys: ['k'], args: [] })
  }

  goesOn(): void {
    this.resumptions++
  }

  poll(): void {
    const saying = this.polled.shift()
    if (this.polls++ > 100) throw new Error('it waits for ever')
    if (saying === 'bye') this.debugger.hangUp()
    else if (saying !== undefined) this.debugger.hear(bytesOfSaying(saying))
  }

  /** What the debugger has said, a line each. */
  get said(): string[] {
    return this.#log
      .take()
      .split('\r\n')
      .filter((line) => line.startsWith('+'))
      .map((line) => line.slice(1))
  }

  /** Says something; returns what the debugger says, and the reply when the script is over. */
  say(...sayings: string[]): string[] {
    const answers: string[] = []
    for (const saying of sayings) {
      this.debugger.hear(bytesOfSaying(saying))
      answers.push(...this.goOn())
    }
    return answers
  }

  goOn(): string[] {
    const goes = this.debugger.serve()
    const isOver = goes && this.debugger.resume() === 'over'
    return [...this.said, ...(isOver ? [this.reply()] : [])]
  }

  reply(): string {
    this.engine.finish({ sink: this.#sink, failed: (text) => this.#sink.raw(`-${text}\r\n`) })
    return this.#sink.take().replaceAll('\r\n', '|')
  }
}

const stopped = (line: number, reason = 'step over') =>
  `* Stopped at ${line}, stop reason = ${reason}`

t.test('a script stops before its first line, and goes on line by line', async (t) => {
  const stage = new DebuggerStage('local a = 1\nlocal b = a\nreturn b')
  t.same(stage.said, [stopped(1), '-> 1   local a = 1'])
  t.equal(stage.debugger.standstill, 'stopped')
  t.same(stage.say('p'), ['No local variables in the current context.'])
  t.same(stage.say('s'), [stopped(2), '-> 2   local b = a'])
  t.same(stage.say('p', 'p a'), ['<value> a = 1', '<value> 1'])
  t.same(stage.say('s'), [stopped(3), '-> 3   return b'])
  t.same(stage.say('s'), [':1|'])
  t.equal(stage.debugger.standstill, 'none')
  t.equal(stage.resumptions, 3)
})

t.test('a line that runs again stops again, and once', async (t) => {
  const stage = new DebuggerStage('for i = 1, 3 do\nlocal x = i end\nreturn 1')
  t.same(stage.say('b 2').length, 5)
  const stops = () => stage.say('c', 'p x')
  t.same(stops(), [stopped(2, 'break point'), '->#2   local x = i end', 'No such variable.'])
  t.same(stops(), [stopped(2, 'break point'), '->#2   local x = i end', 'No such variable.'])
  t.same(stops(), [stopped(2, 'break point'), '->#2   local x = i end', 'No such variable.'])
  t.same(stage.say('c'), [':1|'])
})

t.test('a loop of one instruction stops each time', async (t) => {
  const stage = new DebuggerStage('while true do end')
  t.equal(stage.said.length, 2)
  for (let i = 0; i < 5; i++) t.same(stage.say('s'), [stopped(1), '-> 1   while true do end'])
  t.match(stage.say('a'), [
    /^-ERR script aborted for user request script: abc, on @user_script:1\.\|$/,
  ])
})

t.test('where it cannot be suspended the host is asked to wait', async (t) => {
  const stage = new DebuggerStage('pcall(function()\n  local a = 1\n  return a\nend)\nreturn 2')
  stage.polled.push('p', 't', 's', 'p a', 's', 's')
  t.equal(stage.said.length, 2)
  t.same(stage.say('b 2', 'c'), [
    '-> 1   pcall(function()',
    '  #2     local a = 1',
    '   3     return a',
    stopped(2, 'break point'),
    '->#2     local a = 1',
    'No local variables in the current context.',
    'In top level:',
    '->#2     local a = 1',
    'From top level:',
    '   1   pcall(function()',
    stopped(3),
    '-> 3     return a',
    '<value> 1',
    stopped(5),
    '-> 5   return 2',
  ])
  t.equal(stage.debugger.standstill, 'stopped', 'behind it, it can be')
  t.same(stage.polled, ['s'])
  t.same(stage.say('c'), [':2|'])
})

t.test('an end is caught within pcall', async (t) => {
  const stage = new DebuggerStage('local ok, e = pcall(function()\n  local a = 1\nend)\nreturn e')
  stage.polled.push('a')
  stage.say('b 2')
  t.same(stage.say('c'), [
    stopped(2, 'break point'),
    '->#2     local a = 1',
    '$35|ERR script aborted for user request|',
  ])
  t.equal(stage.debugger.standstill, 'none')
})

t.test('a client that goes leaves the script to itself', async (t) => {
  for (const source of [
    'redis.breakpoint()\nreturn 1',
    'pcall(function()\n return 1 end)\nreturn 1',
  ]) {
    const stage = new DebuggerStage(source)
    stage.say('b 2')
    stage.debugger.hangUp()
    t.same(stage.goOn().at(-1), ':1|', source)
  }
  const stage = new DebuggerStage('pcall(function()\n  return 1\nend)\nreturn 1')
  stage.polled.push('bye')
  t.same(stage.say('b 2', 'c').at(-1), ':1|')
  t.equal(stage.polls, 1)
})

t.test('a script that does not stop is asked about, and ended when nobody is there', async (t) => {
  const stage = new DebuggerStage('local n = 0\nwhile true do n = n + 1 end')
  stage.hasTimedOut = true
  t.same(stage.say('c').slice(-2), [
    stopped(2, 'timeout reached, infinite loop?'),
    '-> 2   while true do n = n + 1 end',
  ])
  stage.debugger.hangUp()
  const last = stage.goOn().at(-1)
  t.equal(
    last,
    '-ERR timeout during Lua debugging with client closing connection script: abc, on @user_script:2.|',
  )
})

t.test('a script gives way while it runs, and nothing of that is seen', async (t) => {
  const stage = new DebuggerStage('local n = 0\nfor i = 1, 200000 do\nn = n + 1\nend\nreturn n')
  stage.isImpatient = true
  stage.say('b 5')
  t.same(stage.say('c'), [])
  let pauses = 0
  while (stage.debugger.standstill === 'paused') {
    pauses++
    stage.debugger.resume()
  }
  t.ok(pauses > 3, `${pauses} times`)
  t.same(stage.said, [stopped(5, 'break point'), '->#5   return n'])
  t.same(stage.say('p n'), ['<value> 200000'])
  t.same(stage.say('s'), [':200000|'])
})

t.test(
  'where the hook counts and a line begins it stops for both, one after the other',
  async (t) => {
    const source = 'for i = 1, 99993 do end local a = 1\nlocal b = 2\nreturn b'
    const stage = new DebuggerStage(source)
    stage.say('b 2')
    const stop = [stopped(2, 'break point'), '->#2   local b = 2']
    t.same(stage.say('c'), stop)
    t.same(stage.say('p a'), ['<value> 1'])
    t.same(stage.say('c'), stop)
    t.same(stage.say('c'), [':2|'])
  },
)

t.test('coroutines stop, too', async (t) => {
  const stage = new DebuggerStage(
    'local f = coroutine.wrap(function()\n  local a = 1\n  return a\nend)\nreturn f()',
  )
  stage.polled.push('p', 's', 't', 's')
  t.same(stage.say('b 2', 'c').slice(6), [
    '->#2     local a = 1',
    'No local variables in the current context.',
    stopped(3),
    '-> 3     return a',
    'In top level:',
    '-> 3     return a',
    ':1|',
  ])
})

t.test('what is run for the client leaves the script as it was', async (t) => {
  const stage = new DebuggerStage(
    'local function f(a)\n  local b = a\n  return b\nend\nreturn f(7)',
  )
  stage.say('b 3', 'c')
  const before = stage.say('p', 't')
  t.same(stage.say('e string.rep("x", 3)', 'e error("x", 2)', 'e nosuch', 'e 1 +'), [
    '<retval> "xxx"',
    '<error> user_script:3: x',
    "<error> ldb_eval:1: Script attempted to access nonexistent global variable 'nosuch'",
    "<error> ldb_eval:1: unexpected symbol near '1'",
  ])
  t.same(stage.say('e error({err = "MY own"})', 'e error()'), ['<error> MY own', '<error> '])
  const deep = 'e (function() local t = {} for i = 1, 1e5 do t[i] = {} end return #t end)()'
  t.same(stage.say(deep), ['<retval> 100000'])
  t.same(stage.say('e (function(...) return select("#", ...) end)(unpack({}, 1, 5000))'), [
    '<retval> 5000',
  ])
  t.same(stage.say('r set k v'), ['<redis> set k v', '<reply> "+OK"'])
  t.same(stage.say('p', 't'), before)
  t.same(stage.say('c'), [':7|'])
})

t.test('code that takes all memory ends nothing but itself', async (t) => {
  const stage = new DebuggerStage('return 1')
  t.match(
    stage.say('e string.rep(string.rep("x", 1e6), 300)').at(-1),
    /^<error> .*not enough memory/,
  )
  t.same(stage.say('c'), [':1|'])
})

t.test('a script speaks with the debugger', async (t) => {
  const stage = new DebuggerStage('redis.debug(redis.breakpoint(), {2})\nreturn 1')
  t.equal(stage.said.length, 2)
  t.same(stage.say('c'), [
    '<debug> line 1: true, {2}',
    stopped(2, 'redis.breakpoint() called'),
    '-> 2   return 1',
  ])
  t.same(stage.say('c'), [':1|'])
  t.throws(() => stage.engine.compile('x y', '@user_script'), ReplyError)
})
