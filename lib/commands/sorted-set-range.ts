/**
 * Stretches of sorted sets, read or stored (zrangeGenericCommand in t_zset.c). LIMIT is arithmetic on ranks: an offset
 * costs nothing.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Visit } from '../data/score-order.ts'
import { type RankRange, SortedSetValue } from '../data/sorted-set.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { type Argument, block, double, integer, key, oneOf, string, token } from './argument.ts'
import { storeResult } from './collection.ts'
import { type CommandDeclaration, command } from './command.ts'
import type { Context } from './context.ts'
import { numberArgument } from './number-argument.ts'
import { parseRange, type RangeKind, type RangeOf } from './sorted-set-bound.ts'

const limitWithRanks = new ReplyError(
  'ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX',
)
const scoresWithNames = new ReplyError(
  'ERR syntax error, WITHSCORES not supported in combination with BYLEX',
)

/** What a command's name says already; ZRANGE leaves it to words. */
interface RangeForm {
  readonly kind?: RangeKind
  readonly isDown?: boolean
  /** The result is stored: no scores can be asked for. */
  readonly isStored?: boolean
}

interface RangeRequest {
  readonly rangeOf: RangeOf
  readonly isDown: boolean
  readonly withScores: boolean
  readonly offset: number
  /** Below 0 for all. */
  readonly limit: number
}

/** Reads the arguments from the lower end of the range, which is the upper one downwards, on. */
function parseRequest(argv: readonly Bytes[], at: number, form: RangeForm): RangeRequest {
  let { kind, isDown } = form
  let withScores = false
  let offset = 0
  let limit = -1
  for (let i = at + 2; i < argv.length; i++) {
    const word = (argv[i] as Bytes).toUpperCase()
    if (word === 'WITHSCORES' && !form.isStored) withScores = true
    else if (word === 'LIMIT' && i + 2 < argv.length) {
      offset = numberArgument(argv[++i] as Bytes)
      limit = numberArgument(argv[++i] as Bytes)
    } else if (word === 'REV' && isDown === undefined) isDown = true
    else if (word === 'BYLEX' && kind === undefined) kind = 'name'
    else if (word === 'BYSCORE' && kind === undefined) kind = 'score'
    else throw errors.syntax
  }
  kind ??= 'rank'
  isDown ??= false
  if (limit !== -1 && kind === 'rank') throw limitWithRanks
  if (withScores && kind === 'name') throw scoresWithNames
  const [first, second] = [argv[at] as Bytes, argv[at + 1] as Bytes]
  const [min, max] = isDown && kind !== 'rank' ? [second, first] : [first, second]
  if (kind === 'rank') offset = 0
  return { rangeOf: parseRange(kind, min, max), isDown, withScores, offset, limit }
}

/** The part of a range that offset and limit leave, counted from the end the reader begins at. */
function limited({ start, end }: RankRange, { isDown, offset, limit }: RangeRequest): RankRange {
  const size = end - start
  // A negative offset is never reached.
  const skipped = offset < 0 ? size : Math.min(offset, size)
  const count = limit < 0 ? size - skipped : Math.min(limit, size - skipped)
  return isDown
    ? { start: end - skipped - count, end: end - skipped }
    : { start: start + skipped, end: start + skipped + count }
}

function rangeIn(set: SortedSetValue, request: RangeRequest): RankRange {
  return limited(request.rangeOf(set, request.isDown), request)
}

function visit(
  set: SortedSetValue,
  { start, end }: RankRange,
  { isDown }: RangeRequest,
  visitor: Visit,
): void {
  if (isDown) set.walkBack(end - 1, end - start, visitor)
  else set.walk(start, end - start, visitor)
}

/** Writes the head of an array of elements; what it returns writes one: a member, or member and score, a pair in RESP3. */
export function elementWriter({ reply }: Context, count: number, withScores: boolean): Visit {
  const isPaired = withScores && reply.protocol === 3
  reply.array(withScores && !isPaired ? 2 * count : count)
  return (member, score) => {
    if (isPaired) reply.array(2)
    reply.bulk(member)
    if (withScores) reply.double(score)
  }
}

function writeRange(context: Context, argv: readonly Bytes[], form: RangeForm): void {
  const request = parseRequest(argv, 2, form)
  const set = context.db.readSortedSet(argv[1] as Bytes)
  if (set === undefined) {
    context.reply.array(0)
    return
  }
  const range = rangeIn(set, request)
  const count = range.end - range.start
  if (request.withScores) visit(set, range, request, elementWriter(context, count, true))
  else {
    const members: Bytes[] = []
    visit(set, range, request, (member) => members.push(member))
    context.reply.array(count)
    context.reply.bulks(members)
  }
}

const COMPLEXITY =
  'O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.'
const LIMITED_COMPLEXITY =
  'O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements being returned. If M is constant (e.g. always asking for the first 10 elements with LIMIT), you can consider it O(log(N)).'

const source = key('key', ['RO', 'access'])
const withScores = token('withscores', 'WITHSCORES', { optional: true })

function limitArgument(since?: string): Argument {
  return block('limit', [integer('offset'), integer('count')], {
    formerName: 'offset_count',
    token: 'LIMIT',
    optional: true,
    ...(since !== undefined && { since }),
  })
}

function sortArguments(since?: { readonly since: string }): readonly Argument[] {
  return [
    oneOf('sortby', [token('byscore', 'BYSCORE'), token('bylex', 'BYLEX')], {
      ...since,
      optional: true,
    }),
    token('rev', 'REV', { ...since, optional: true }),
    limitArgument(since?.since),
  ]
}

export const zrange = command({
  name: 'ZRANGE',
  since: '1.2.0',
  group: 'sorted-set',
  summary: 'Returns members of a sorted set between two ranks, scores or names.',
  complexity: COMPLEXITY,
  flags: ['readonly'],
  categories: ['sortedset'],
  history: [['6.2.0', '`REV`, `BYSCORE`, `BYLEX` and `LIMIT`.']],
  args: [source, string('start'), string('stop'), ...sortArguments({ since: '6.2.0' }), withScores],
  run: (context, argv) => writeRange(context, argv, {}),
})

export const zrangestore = command({
  name: 'ZRANGESTORE',
  since: '6.2.0',
  group: 'sorted-set',
  summary: 'Stores members of a sorted set between two ranks, scores or names.',
  complexity:
    'O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements stored into the destination key.',
  flags: ['write', 'denyoom'],
  categories: ['sortedset'],
  args: [
    key('dst', ['OW', 'update']),
    key('src', ['RO', 'access']),
    string('min'),
    string('max'),
    ...sortArguments(),
  ],
  run: ({ db, reply }, argv) => {
    const request = parseRequest(argv, 3, { isStored: true })
    const set = db.readSortedSet(argv[2] as Bytes)
    const result = new SortedSetValue(db.limits)
    if (set !== undefined) {
      visit(set, rangeIn(set, request), request, (member, score) => result.set(member, score))
    }
    storeResult(db, argv[1] as Bytes, result, [NotifyClass.zset, 'zrangestore'])
    reply.integer(result.size)
  },
})

/** A command for one kind of range and one direction, which ZRANGE can do as well since 6.2. */
function ranging(
  declaration: Pick<CommandDeclaration, 'name' | 'since' | 'summary' | 'history'> & {
    readonly replacedBy: string
    readonly args: readonly Argument[]
  },
  form: RangeForm,
) {
  const { replacedBy, args, ...own } = declaration
  return command({
    ...own,
    group: 'sorted-set',
    complexity: form.kind === 'rank' ? COMPLEXITY : LIMITED_COMPLEXITY,
    flags: ['readonly'],
    categories: ['sortedset'],
    deprecated: { since: '6.2.0', replacedBy },
    args: [source, ...args],
    run: (context, argv) => writeRange(context, argv, form),
  })
}

export const zrevrange = ranging(
  {
    name: 'ZREVRANGE',
    since: '1.2.0',
    summary: 'Returns members of a sorted set between two ranks, counted from the highest score.',
    replacedBy: '`ZRANGE` with the `REV` argument',
    args: [integer('start'), integer('stop'), withScores],
  },
  { kind: 'rank', isDown: true },
)

export const zrangebyscore = ranging(
  {
    name: 'ZRANGEBYSCORE',
    since: '1.0.5',
    summary: 'Returns members of a sorted set between two scores.',
    history: [['2.0.0', '`WITHSCORES`.']],
    replacedBy: '`ZRANGE` with the `BYSCORE` argument',
    args: [double('min'), double('max'), { ...withScores, since: '2.0.0' }, limitArgument()],
  },
  { kind: 'score', isDown: false },
)

export const zrevrangebyscore = ranging(
  {
    name: 'ZREVRANGEBYSCORE',
    since: '2.2.0',
    summary: 'Returns members of a sorted set between two scores, the highest first.',
    history: [['2.1.6', 'Either end may be left out.']],
    replacedBy: '`ZRANGE` with the `REV` and `BYSCORE` arguments',
    args: [double('max'), double('min'), withScores, limitArgument()],
  },
  { kind: 'score', isDown: true },
)

export const zrangebylex = ranging(
  {
    name: 'ZRANGEBYLEX',
    since: '2.8.9',
    summary: 'Returns members of a sorted set with one score between two names.',
    replacedBy: '`ZRANGE` with the `BYLEX` argument',
    args: [string('min'), string('max'), limitArgument()],
  },
  { kind: 'name', isDown: false },
)

export const zrevrangebylex = ranging(
  {
    name: 'ZREVRANGEBYLEX',
    since: '2.8.9',
    summary: 'Returns members of a sorted set with one score between two names, the last first.',
    replacedBy: '`ZRANGE` with the `REV` and `BYLEX` arguments',
    args: [string('max'), string('min'), limitArgument()],
  },
  { kind: 'name', isDown: true },
)

function counting(name: string, since: string, summary: string, kind: RangeKind) {
  const bound = kind === 'score' ? double : string
  return command({
    name,
    since,
    group: 'sorted-set',
    summary,
    complexity: 'O(log(N)) with N being the number of elements in the sorted set.',
    flags: ['readonly', 'fast'],
    categories: ['sortedset'],
    args: [source, bound('min'), bound('max')],
    run: ({ db, reply }, argv) => {
      const rangeOf = parseRange(kind, argv[2] as Bytes, argv[3] as Bytes)
      const set = db.readSortedSet(argv[1] as Bytes)
      const range = set === undefined ? undefined : rangeOf(set, false)
      reply.integer(range === undefined ? 0 : range.end - range.start)
    },
  })
}

export const zcount = counting(
  'ZCOUNT',
  '2.0.0',
  'Returns how many members of a sorted set lie between two scores.',
  'score',
)

export const zlexcount = counting(
  'ZLEXCOUNT',
  '2.8.9',
  'Returns how many members of a sorted set with one score lie between two names.',
  'name',
)
