/**
 * Sorted sets: members added with their scores, removed and asked for (t_zset.c). A sorted set that loses its last member
 * is gone.
 */
import type { Bytes } from '../base/bytes.ts'
import { SortedSetValue } from '../data/sorted-set.ts'
import type { Database } from '../keyspace/database.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { errors, ReplyError, wrongArity } from '../resp/reply-error.ts'
import { block, double, integer, key, oneOf, string, token } from './argument.ts'
import { dropIfEmpty } from './collection.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { doubleArgument } from './number-argument.ts'

/** Which members get their scores, and how the reply counts. */
export interface AddOptions {
  readonly onlyNew: boolean
  readonly onlyThere: boolean
  readonly onlyGreater: boolean
  readonly onlyLess: boolean
  /** Count changed members, too. */
  readonly countChanged: boolean
  /** Scores are added to those that are there. */
  readonly increment: boolean
}

/** Options that are words of their own, by their word. */
const ADD_WORDS: Readonly<Record<string, keyof AddOptions>> = {
  NX: 'onlyNew',
  XX: 'onlyThere',
  GT: 'onlyGreater',
  LT: 'onlyLess',
  CH: 'countChanged',
  INCR: 'increment',
}

const LETTER_MIN = 'A'.charCodeAt(0)

/** What nobody asked for. */
export const plainAdd: AddOptions = {
  onlyNew: false,
  onlyThere: false,
  onlyGreater: false,
  onlyLess: false,
  countChanged: false,
  increment: false,
}

/** Members with the scores they are to get. */
export type Additions = readonly (readonly [member: Bytes, score: number])[]

const optionsAtOnce = {
  nxAndXx: new ReplyError('ERR XX and NX options at the same time are not compatible'),
  comparisons: new ReplyError('ERR GT, LT, and/or NX options at the same time are not compatible'),
  incrementPairs: new ReplyError('ERR INCR option supports a single increment-element pair'),
}
const notANumber = new ReplyError('ERR resulting score is not a number (NaN)')

export const zadd = command({
  name: 'ZADD',
  since: '1.2.0',
  group: 'sorted-set',
  summary: 'Gives members of a sorted set their scores; returns how many are new.',
  complexity: 'O(log(N)) for each item added, where N is the number of elements in the sorted set.',
  flags: ['write', 'denyoom', 'fast'],
  categories: ['sortedset'],
  history: [
    ['2.4.0', 'Several members at once.'],
    ['3.0.2', '`XX`, `NX`, `CH` and `INCR`.'],
    ['6.2.0', '`GT` and `LT`.'],
  ],
  args: [
    key('key', ['RW', 'update']),
    oneOf('condition', [token('nx', 'NX'), token('xx', 'XX')], { optional: true, since: '3.0.2' }),
    oneOf('comparison', [token('gt', 'GT'), token('lt', 'LT')], { optional: true, since: '6.2.0' }),
    token('change', 'CH', { optional: true, since: '3.0.2' }),
    token('increment', 'INCR', { optional: true, since: '3.0.2' }),
    block('data', [double('score'), string('member')], {
      formerName: 'score_member',
      multiple: true,
    }),
  ],
  run: (context, argv) => {
    let options = plainAdd
    let at = 2
    for (; at < argv.length && startsWithLetter(argv[at] as Bytes); at++) {
      const option = ADD_WORDS[(argv[at] as Bytes).toUpperCase()]
      if (option === undefined) break
      options = { ...options, [option]: true }
    }
    const count = argv.length - at
    if (count === 0 || count % 2 === 1) throw errors.syntax
    checkOptions(options, count / 2)
    const additions: [Bytes, number][] = []
    for (; at < argv.length; at += 2) {
      additions.push([argv[at + 1] as Bytes, doubleArgument(argv[at] as Bytes)])
    }
    add(context, argv[1] as Bytes, additions, options)
  },
})

/** Hardly any score does: it needs no look at the options. */
function startsWithLetter(word: Bytes): boolean {
  return word.charCodeAt(0) >= LETTER_MIN
}

function checkOptions(options: AddOptions, pairs: number): void {
  const { onlyNew, onlyThere, onlyGreater, onlyLess, increment } = options
  if (onlyNew && onlyThere) throw optionsAtOnce.nxAndXx
  if ((onlyGreater && (onlyLess || onlyNew)) || (onlyLess && onlyNew)) {
    throw optionsAtOnce.comparisons
  }
  if (increment && pairs > 1) throw optionsAtOnce.incrementPairs
}

/** ZADD of what was read from its arguments: writes the reply (zaddGenericCommand). */
export function add(
  { db, reply }: Context,
  name: Bytes,
  additions: Additions,
  options: AddOptions,
): void {
  let set = db.writeSortedSet(name)
  if (set === undefined && !options.onlyThere) {
    set = new SortedSetValue(db.limits)
    db.add(name, set)
  }
  let added = 0
  let updated = 0
  let result: number | undefined
  for (const [member, score] of set === undefined ? [] : additions) {
    const sorted = set as SortedSetValue
    const before = sorted.scoreOf(member)
    result = scoreToSet(before, score, options)
    if (result === undefined || result === before) continue
    if (before === undefined) {
      sorted.add(member, result)
      added++
    } else {
      sorted.change(member, before, result)
      updated++
    }
  }
  if (added + updated > 0) {
    db.modified(name, NotifyClass.zset, options.increment ? 'zincr' : 'zadd', added + updated)
  }
  if (!options.increment) reply.integer(options.countChanged ? added + updated : added)
  else if (result === undefined) reply.null()
  else reply.double(result)
}

/** The score a member gets, maybe the one it has; undefined when the options leave the member alone. Throws on NaN. */
function scoreToSet(
  before: number | undefined,
  given: number,
  { onlyNew, onlyThere, onlyGreater, onlyLess, increment }: AddOptions,
): number | undefined {
  if (before === undefined) return onlyThere ? undefined : given
  if (onlyNew) return undefined
  const score = increment ? before + given : given
  if (Number.isNaN(score)) throw notANumber
  if ((onlyLess && score >= before) || (onlyGreater && score <= before)) return undefined
  return score
}

export const zincrby = command({
  name: 'ZINCRBY',
  since: '1.2.0',
  group: 'sorted-set',
  summary: 'Adds to the score of a member of a sorted set; a missing member counts as 0.',
  complexity: 'O(log(N)) where N is the number of elements in the sorted set.',
  flags: ['write', 'denyoom', 'fast'],
  categories: ['sortedset'],
  args: [key('key', ['RW', 'access', 'update']), integer('increment'), string('member')],
  run: (context, argv) => {
    const [, name, increment, member] = argv as [Bytes, Bytes, Bytes, Bytes]
    // An option of ZADD is one here, too, and leaves no pair of increment and member.
    if (ADD_WORDS[increment.toUpperCase()] !== undefined) throw errors.syntax
    const additions: Additions = [[member, doubleArgument(increment)]]
    add(context, name, additions, { ...plainAdd, increment: true })
  },
})

export const zrem = command({
  name: 'ZREM',
  since: '1.2.0',
  group: 'sorted-set',
  summary: 'Removes members of a sorted set; returns how many it had.',
  complexity:
    'O(M*log(N)) with N being the number of elements in the sorted set and M the number of elements to be removed.',
  flags: ['write', 'fast'],
  categories: ['sortedset'],
  history: [['2.4.0', 'Several members at once.']],
  args: [key('key', ['RW', 'delete']), string('member', { multiple: true })],
  run: ({ db, reply }, argv) => {
    const name = argv[1] as Bytes
    const set = db.writeSortedSet(name)
    let removed = 0
    for (let i = 2; set !== undefined && i < argv.length; i++) {
      if (set.delete(argv[i] as Bytes)) removed++
    }
    if (set !== undefined && removed > 0) membersRemoved(db, name, set, { event: 'zrem', removed })
    reply.integer(removed)
  },
})

/** Members of a key's sorted set were removed: tells about it, and about the key that ends with its last member. */
export function membersRemoved(
  db: Database,
  name: Bytes,
  set: SortedSetValue,
  { event, removed }: { readonly event: string; readonly removed: number },
): void {
  db.modified(name, NotifyClass.zset, event, removed)
  dropIfEmpty(db, name, set)
}

export const zcard = command({
  name: 'ZCARD',
  since: '1.2.0',
  group: 'sorted-set',
  summary: 'Returns how many members a sorted set has.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  categories: ['sortedset'],
  args: [key('key', ['RO'])],
  run: ({ db, reply }, argv) => reply.integer(db.readSortedSet(argv[1] as Bytes)?.size ?? 0),
})

function writeScore({ reply }: Context, score: number | undefined): void {
  if (score === undefined) reply.null()
  else reply.double(score)
}

export const zscore = command({
  name: 'ZSCORE',
  since: '1.2.0',
  group: 'sorted-set',
  summary: 'Returns the score of a member of a sorted set.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  categories: ['sortedset'],
  args: [key('key', ['RO', 'access']), string('member')],
  run: (context, argv) => {
    writeScore(context, context.db.readSortedSet(argv[1] as Bytes)?.scoreOf(argv[2] as Bytes))
  },
})

export const zmscore = command({
  name: 'ZMSCORE',
  since: '6.2.0',
  group: 'sorted-set',
  summary: 'Returns the scores of several members of a sorted set.',
  complexity: 'O(N) where N is the number of members being requested.',
  flags: ['readonly', 'fast'],
  categories: ['sortedset'],
  args: [key('key', ['RO', 'access']), string('member', { multiple: true })],
  run: (context, argv) => {
    const set = context.db.readSortedSet(argv[1] as Bytes)
    context.reply.array(argv.length - 2)
    for (let i = 2; i < argv.length; i++) writeScore(context, set?.scoreOf(argv[i] as Bytes))
  },
})

function ranking(name: string, summary: string, rankIn: (rank: number, size: number) => number) {
  return command({
    name,
    since: '2.0.0',
    group: 'sorted-set',
    summary,
    complexity: 'O(log(N))',
    flags: ['readonly', 'fast'],
    categories: ['sortedset'],
    history: [['7.2.0', 'Takes `WITHSCORE`.']],
    args: [
      key('key', ['RO', 'access']),
      string('member'),
      token('withscore', 'WITHSCORE', { optional: true, since: '7.2.0', undated: true }),
    ],
    run: ({ db, reply }, argv) => {
      const [, setName, member, option] = argv as [Bytes, Bytes, Bytes, Bytes?]
      if (argv.length > 4) throw wrongArity(name.toLowerCase())
      if (option !== undefined && option.toUpperCase() !== 'WITHSCORE') throw errors.syntax
      const set = db.readSortedSet(setName)
      const rank = set?.rankOf(member)
      if (set === undefined || rank === undefined) {
        if (option === undefined) reply.null()
        else reply.nullArray()
        return
      }
      if (option !== undefined) reply.array(2)
      reply.integer(rankIn(rank, set.size))
      if (option !== undefined) reply.double(set.scoreOf(member) as number)
    },
  })
}

export const zrank = ranking(
  'ZRANK',
  'Returns how many members of a sorted set come before a member.',
  (rank) => rank,
)

export const zrevrank = ranking(
  'ZREVRANK',
  'Returns how many members of a sorted set come after a member.',
  (rank, size) => size - 1 - rank,
)
