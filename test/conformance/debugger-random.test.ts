/**
 * Random scripts, debugged at random, by a real server and by one of ours: every answer is the same, to the byte. SEED repeats
 * a run, DEBUGGED says how many scripts.
 */
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { DebuggerClient } from '../support/debugger-client.ts'
import { startNodeProcess } from '../support/node-process.ts'
import { startRealRedis, withoutRealRedis70 } from '../support/real-redis.ts'

if (withoutRealRedis70 !== false) t.comment(`SKIPPED: ${withoutRealRedis70}`)

const seed = process.env.SEED ?? String(Date.now())
const SCRIPTS = Number(process.env.DEBUGGED ?? 60)
/** The client says no more than so much. */
const SAYINGS_MAX = 60
const DEPTH_MAX = 3

const NAMES = ['a', 'b', 'c', 'd', 'x', 'y']
const VALUES = [
  ...['1', '-2.5', '1e10', '0.1', 'nil', 'true', '"s"', '"a\\nb"', 'KEYS[1]', 'ARGV[2]', '#KEYS'],
  ...['{}', '{1,2}', '{k="v"}', '{{1},{2}}', '{1,nil,2}', 'string.rep("y", 300)'],
]
const COMMANDS = [
  ...['"set","s","v"', '"get","s"', '"incr","n"', '"lpush","l",1,2', '"lrange","l",0,-1'],
  ...['"nosuch"', '"get"', '"hset","h","f","v"', '"hgetall","h"', '"del","l"', '"mget","s","x"'],
]

/** Writes scripts and says what comes to its mind. */
class Whim {
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.#random.below(choices.length)] as T
  }

  upTo(most: number): number {
    return this.#random.below(most + 1)
  }

  block(depth: number): string[] {
    return Array.from({ length: 1 + this.upTo(3) }, () => this.#statement(depth)).flat()
  }

  #statement(depth: number): string[] {
    const name = this.of(NAMES)
    const simple = [
      `local ${name} = ${this.of(VALUES)}`,
      `local ${name}, g = ${this.of(VALUES)}, ${this.of(VALUES)}`,
      `local ${name} = redis.pcall(${this.of(COMMANDS)})`,
      `redis.call(${this.of(COMMANDS.slice(0, 5))})`,
      `redis.debug(${this.of(VALUES)}, ${this.of(VALUES)})`,
      'redis.breakpoint()',
      `for i = 1, 3 do local t = i end local ${name} = 2`,
      '',
      '-- nothing',
    ]
    const isSimple = depth === 0 || this.upTo(2) > 0
    if (isSimple) return [this.upTo(60) === 0 ? this.#mistake() : this.of(simple)]
    const within = this.block(depth - 1)
    return this.of([
      [`for i = 1, ${this.upTo(3)} do`, ...within, 'end'],
      [`if ${this.of(['true', 'nil'])} then`, ...within, 'else', ...this.block(0), 'end'],
      ['pcall(function(q, ...)', ...within, 'end, 1, 2)'],
      [`local function f(n, m)`, ...within, 'return n', 'end', `local r = f(${this.of(VALUES)})`],
      [
        'local co = coroutine.wrap(function(w)',
        ...within,
        'coroutine.yield(1)',
        'end)',
        'co(1)',
        'co()',
      ],
      ['local n = 0', 'repeat', 'n = n + 1', ...within, 'until true'],
      ["string.gsub('ab', '.', function(c)", ...within, 'end)'],
      [`for k, v in pairs({1, ${this.of(VALUES)}}) do`, ...within, 'end'],
    ])
  }

  #mistake(): string {
    return this.of(['error("no")', 'error({err = "MY own"})', 'local z = nil + 1', 'nosuch()'])
  }

  saying(lines: number): string {
    const line = 1 + this.upTo(lines)
    if (this.upTo(1) === 0) return this.of(['s', 'n', 'step', 'next', 's', 'c'])
    return this.of([
      ...['p', `p ${this.of(NAMES)}`, 'p KEYS', 'p i', 't', 'l', 'w', `l ${line} ${this.upTo(2)}`],
      // Redis spoils its list where one is removed from its middle.
      ...['b', `b ${line}`, `b ${line} ${1 + this.upTo(lines)}`, 'b 0', 'm 70', 'm 0', 'nosuch'],
      ...['e 1 + 1', 'e a', 'e 1 +', 'e error("q", 2)', 'e redis.call("get","s")', 'e {1, {2}}'],
      ...['r get s', 'r incr n', 'r nosuch', 'r lrange l 0 -1'],
    ])
  }
}

/** What the client is answered, but for the addresses of Lua values. */
async function shown(client: DebuggerClient, words: readonly string[]): Promise<string> {
  return (await client.say(words)).replace(/@0x[0-9a-f]+/g, '@pointer')
}

t.test('random sessions', { skip: withoutRealRedis70 }, async (t) => {
  t.comment(`SEED=${seed}`)
  const real = await startRealRedis()
  t.teardown(() => real.stop())
  const ours = await startNodeProcess()
  t.teardown(() => ours.stop())
  let stops = 0
  for (let i = 0; i < SCRIPTS; i++) {
    const whim = new Whim(new Random(`${seed} ${i}`))
    const source = [...whim.block(DEPTH_MAX), `return ${whim.of(VALUES)}`].join('\n')
    const mode = whim.of(['sync', 'yes'])
    const clients = [
      await DebuggerClient.connect(real.port),
      await DebuggerClient.connect(ours.port),
    ]
    const said: string[] = []
    const say = async (...words: string[]): Promise<boolean> => {
      said.push(words.join(' '))
      const [expected, found] = await Promise.all(clients.map((client) => shown(client, words)))
      if (expected?.includes('* Stopped at ')) stops++
      if (found === expected) return !found?.endsWith('<end>')
      t.equal(found, expected, `script ${i}: ${said.join(' | ')}`)
      return false
    }
    let goes = (await say('flushall')) && (await say('script', 'debug', mode))
    goes &&= await say('eval', source, '1', 'k', 'v', 'w')
    for (let n = 0; n < SAYINGS_MAX && goes; n++) {
      goes = await say(...whim.saying(source.split('\n').length).split(' '))
    }
    if (goes) await say('a')
    for (const client of clients) client.close()
    if (!t.passing()) break
  }
  t.ok(stops > SCRIPTS, `${stops} stops`)
})
