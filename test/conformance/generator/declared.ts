/**
 * Random commands made of nothing but their declarations: any command, its arguments in any of the forms that its grammar
 * allows, and now and then in one that it does not. What one family's generator would not think of - a command on another
 * family's value, an option from elsewhere, a word too many - comes from here.
 */
import type { Bytes } from '../../../lib/base/bytes.ts'
import type { Random } from '../../../lib/base/random.ts'
import { Version } from '../../../lib/base/version.ts'
import type { Argument } from '../../../lib/commands/argument.ts'
import type { Command, CommandGroup } from '../../../lib/commands/command.ts'
import { CommandTable } from '../../../lib/commands/table.ts'
import {
  anyCase,
  choose,
  countText,
  floatText,
  integerText,
  keyOf,
  lifetimeText,
  oneIn,
  patternText,
  smallIntegerText,
  unixTimeText,
  valueText,
} from './vocabulary.ts'

/** Groups whose commands are about the client or the server, each with why it is left out. */
const leftOutGroups: Partial<Record<CommandGroup, string>> = {
  transactions: 'batches are transactions now and then',
  cluster: 'the cluster is what both sides stand on',
  scripting: 'scripts have generators of their own',
}

/** Commands that are left out, each with its reason. */
export const leftOut: Readonly<Record<string, string>> = {
  acl: 'users have a generator of their own',
  auth: 'it changes the connection',
  client: 'it is about this client',
  command: 'its answer grows with the commands that there are',
  config: 'it changes the servers',
  debug: 'it changes the servers',
  dump: 'the order of fields and members is open',
  geodist: 'distances have a generator of their own, since their last digit may differ',
  georadius: 'as geodist',
  georadius_ro: 'as geodist',
  georadiusbymember: 'as geodist',
  georadiusbymember_ro: 'as geodist',
  geosearch: 'as geodist',
  geosearchstore: 'as geodist',
  hello: 'it changes the protocol',
  hscan: 'its position is open',
  info: 'it is about this server',
  lastsave: 'it is a time',
  lolwut: 'pictures are drawn by chance',
  memory: 'it is about this server',
  migrate: 'there is nowhere to go',
  quit: 'it ends the connection',
  reset: 'it changes the protocol',
  role: 'it tells an offset',
  scan: 'its position is open',
  spop: 'two servers do not draw the same lot',
  sort: 'a real server fails it after a number out of range in any command before',
  sort_ro: 'as sort',
  sscan: 'its position is open',
  time: 'it is later on the other side',
  wait: 'it waits',
  zlexcount: 'its answer is open among members of several scores',
  zrangebylex: 'as zlexcount',
  zremrangebylex: 'as zlexcount',
  zrevrangebylex: 'as zlexcount',
  zscan: 'its position is open',
}

/** A key's family: commands of one group meet on the same keys most of the time. */
const letters: Partial<Record<CommandGroup, string>> = {
  bitmap: 's',
  string: 's',
  hyperloglog: 'p',
  hash: 'h',
  list: 'l',
  set: 'set',
  'sorted-set': 'z',
  geo: 'z',
  stream: 'x',
}

const EVERY_LETTER = Object.values(letters)

/** What a command is made of. */
interface Plan {
  readonly words: readonly string[]
  readonly command: Command
  /** Times are among the arguments: no word may take the place of another, lest a key dies during the run. */
  readonly isTimed: boolean
}

const plans: readonly Plan[] = [...new CommandTable(new Version('7.0')).entries()].flatMap(
  (entry) => {
    const { command, subcommands } = entry
    if (leftOutGroups[command.group] !== undefined || isLeftOut(command)) return []
    const all = subcommands === undefined ? [entry] : [...subcommands.values()]
    return all
      .map(({ command }) => command)
      .filter((one) => !isLeftOut(one))
      .map(planOf)
  },
)

function isLeftOut(command: Command): boolean {
  if (command.fullName in leftOut || command.internal) return true
  // Who waits, subscribes, or rules does not answer at once, or not alone, or not as before.
  if (command.has('blocking') || command.isAdmin || command.has('no_multi')) return true
  return command.has('pubsub') && !/^s?publish$|^pubsub/.test(command.fullName)
}

function planOf(command: Command): Plan {
  const isTime = ({ name, arguments: parts = [] }: Argument): boolean =>
    /seconds|ttl|unix-time/.test(name) || parts.some(isTime)
  return { words: command.name.split(' '), command, isTimed: command.args.some(isTime) }
}

/** What would leave nothing for the others comes seldom. */
const emptying = new Set(['flushall', 'flushdb', 'swapdb'])

/** Values for commands to meet, by the letter of their family's keys. */
const filling: Readonly<Record<string, (random: Random) => Bytes[]>> = {
  s: (r) => ['SET', keyOf(r, 's'), oneIn(r, 2) ? String(r.below(1000)) : valueText(r)],
  p: (r) => ['PFADD', keyOf(r, 'p'), `e${r.below(50)}`, `e${r.below(50)}`],
  h: (r) => ['HSET', keyOf(r, 'h'), `f${r.below(6)}`, String(r.below(50)), `f${r.below(6)}`, 'v'],
  l: (r) => ['RPUSH', keyOf(r, 'l'), member(r), member(r), member(r)],
  set: (r) => ['SADD', keyOf(r, 'set'), member(r), member(r), member(r)],
  z: (r) => ['ZADD', keyOf(r, 'z'), String(r.below(20)), member(r), String(r.below(20)), member(r)],
  x: (r) =>
    oneIn(r, 3)
      ? ['XGROUP', 'CREATE', keyOf(r, 'x'), `g${r.below(3)}`, '0', 'MKSTREAM']
      : ['XADD', keyOf(r, 'x'), `${r.below(40)}-${r.below(3)}`, `f${r.below(6)}`, 'v'],
}

function fill(random: Random): Bytes[] {
  const make = filling[random.pick(EVERY_LETTER)]
  return make === undefined ? ['PING'] : make(random)
}

/** One command of any kind. */
export function generate(random: Random): Bytes[] {
  if (oneIn(random, 4)) return fill(random)
  const plan = random.pick(plans)
  if (emptying.has(plan.command.fullName) && !oneIn(random, 20)) return generate(random)
  const { command, words } = plan
  const argv = words.map((word) => anyCase(random, word) as Bytes)
  argv.push(...wordsOf(random, command.args, command))
  return oneIn(random, 8) ? broken(random, argv, plan) : argv
}

/** Words that are not said, since what they bring is open, and what is said instead. */
const instead: Readonly<Record<string, string>> = {
  // An id that the server makes is made of its clock.
  '*': '7-7',
  BYLEX: 'BYSCORE',
}

function wordsOf(random: Random, args: readonly Argument[], command: Command): Bytes[] {
  const words: Bytes[] = []
  for (const [i, argument] of args.entries()) {
    if (args[i + 1]?.counted) continue
    if (argument.optional && !oneIn(random, 3)) continue
    const times = argument.multiple ? 1 + random.below(3) : 1
    for (let time = 0; time < times; time++) {
      const isTold = argument.token !== undefined && argument.type !== 'pure-token'
      if (isTold && (time === 0 || argument.multipleToken)) {
        words.push(anyCase(random, argument.token as string))
      }
      if (argument.counted && time === 0) {
        words.push(oneIn(random, 12) ? smallIntegerText(random) : String(times))
      }
      words.push(...valuesOf(random, argument, command))
    }
  }
  return words
}

function valuesOf(random: Random, argument: Argument, command: Command): Bytes[] {
  const parts = argument.arguments ?? []
  switch (argument.type) {
    case 'pure-token':
      return [instead[argument.token as string] ?? anyCase(random, argument.token as string)]
    case 'oneof':
      return wordsOf(random, [random.pick(parts)], command)
    case 'block':
      return wordsOf(random, parts, command)
    default:
      return [plainValue(random, argument, command)]
  }
}

const makers: Readonly<Record<string, (random: Random) => Bytes>> = {
  bit: (r) => r.pick(['0', '1', '0', '1', '2', 'x']),
  channel: (r) => `c${r.below(3)}`,
  consumer: (r) => `c${r.below(3)}`,
  consumername: (r) => `c${r.below(3)}`,
  encoding: (r) => r.pick(['u8', 'i8', 'u1', 'i64', 'u63', 'u64', 'i0', 'i16', 'x', '']),
  field: (r) => `f${r.below(6)}`,
  group: (r) => `g${r.below(3)}`,
  groupname: (r) => `g${r.below(3)}`,
  id: streamId,
  count: countText,
  index: (r) => (oneIn(r, 3) ? String(r.below(3)) : smallIntegerText(r)),
  latitude: degrees,
  limit: countText,
  longitude: degrees,
  offset: (r) => (oneIn(r, 4) ? smallIntegerText(r) : String(r.below(90))),
  'last-id': streamId,
  max: bound,
  max_deleted_entry_id: streamId,
  member: member,
  member1: member,
  member2: member,
  milliseconds: (r) => lifetimeText(r, 'milliseconds'),
  'min-idle-time': (r) => (oneIn(r, 8) ? r.pick(['-1', 'x']) : r.pick(['0', '0', '1000000000'])),
  min: bound,
  ms: (r) => r.pick(['0', '-1', '1000000000', 'x']),
  operation: (r) => r.pick(['AND', 'or', 'XOR', 'NOT', 'NAND']),
  pattern: patternText,
  seconds: (r) => lifetimeText(r, 'seconds'),
  start: range,
  end: range,
  stop: range,
  threshold: (r) => (oneIn(r, 2) ? smallIntegerText(r) : streamId(r)),
  ttl: (r) => r.pick(['0', '0', '5000000', '-1', 'x']),
  'unix-time-milliseconds': (r) => unixTimeText(r, 'milliseconds'),
  'unix-time-seconds': (r) => unixTimeText(r, 'seconds'),
}

function plainValue(random: Random, argument: Argument, command: Command): Bytes {
  if (argument.type === 'key') return keyFor(random, command)
  // What is over already may be counted until somebody looks at it.
  if (command.group === 'string' && argument.type === 'unix-time') {
    return String(
      (4_000_000_000 + random.below(1_000_000)) *
        (argument.name.endsWith('milliseconds') ? 1000 : 1),
    )
  }
  if (command.group === 'stream' && /^(start|end)$/.test(argument.name)) return streamId(random)
  const make =
    command.fullName === 'setbit' && argument.name === 'value' ? makers.bit : makers[argument.name]
  if (make !== undefined) return make(random)
  if (argument.name === 'increment' && argument.type === 'integer') return integerText(random)
  if (argument.type === 'integer') return smallIntegerText(random)
  return argument.type === 'double' ? floatText(random) : valueText(random)
}

function keyFor(random: Random, { group }: Command): Bytes {
  const own = letters[group]
  return keyOf(random, own === undefined || oneIn(random, 12) ? random.pick(EVERY_LETTER) : own)
}

function streamId(random: Random): Bytes {
  return choose(random, [
    [12, (r) => `${r.below(40)}-${r.below(3)}`],
    [4, (r) => String(r.below(40))],
    [4, (r) => r.pick(['-', '+', '$', '>', '0', '0-0', '(5', '5-*'])],
    [1, (r) => r.pick(['18446744073709551615-18446744073709551615', '1-x', '', '-1', '5-'])],
  ])
}

function degrees(random: Random): Bytes {
  return oneIn(random, 10) ? floatText(random) : (random.fraction() * 160 - 80).toFixed(4)
}

function member(random: Random): Bytes {
  return choose(random, [
    [12, (r) => String(r.below(12))],
    [6, (r) => `m${r.below(8)}`],
    [1, valueText],
  ])
}

function bound(random: Random): Bytes {
  return choose(random, [
    [8, (r) => `${oneIn(r, 4) ? '(' : ''}${r.below(20) - 5}`],
    [4, (r) => `${r.pick(['(', '['])}${member(r)}`],
    [4, (r) => r.pick(['-inf', '+inf', '-', '+'])],
    [1, floatText],
  ])
}

function range(random: Random): Bytes {
  return oneIn(random, 6) ? bound(random) : smallIntegerText(random)
}

const NONSENSE = ['', 'x', 'nosuch', '-', '1.5x', '\0', 'MATCH', 'STORE', 'WITHSCORES', 'GT']

/** What a careless client would send. */
function broken(random: Random, argv: readonly Bytes[], { words, isTimed }: Plan): Bytes[] {
  const at = words.length + random.below(Math.max(1, argv.length - words.length))
  const nonsense = random.pick(NONSENSE)
  switch (random.below(isTimed ? 3 : 5)) {
    case 0:
      return argv.toSpliced(at, 1)
    case 1:
      return [...argv, nonsense]
    case 2:
      return at < argv.length ? argv.with(at, nonsense) : [...argv, nonsense]
    case 3:
      return argv.toSpliced(at, 0, argv[at] ?? nonsense)
    default:
      return argv.toSpliced(words.length, 0, keyOf(random, random.pick(EVERY_LETTER)))
  }
}
