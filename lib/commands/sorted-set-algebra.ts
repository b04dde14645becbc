/**
 * What several sorted sets have in common, together, or one before the others (zunionInterDiffGenericCommand in
 * t_zset.c). Sets take part, too: their members have the score 1. A key that is not there is an empty set; an empty
 * result stores nothing and removes what was there.
 */
import type { Bytes } from '../base/bytes.ts'
import { parseDouble } from '../base/numbers.ts'
import { compareScored } from '../data/score-order.ts'
import { SetValue } from '../data/set.ts'
import { SortedSetValue } from '../data/sorted-set.ts'
import type { Database } from '../keyspace/database.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { type Argument, countedKeys, integer, key, oneOf, token } from './argument.ts'
import { storeResult } from './collection.ts'
import { type Command, command } from './command.ts'
import type { Context } from './context.ts'
import { integerArgument, leastArgument } from './number-argument.ts'
import { elementWriter } from './sorted-set-range.ts'

type Operation = 'union' | 'inter' | 'diff'

/** Makes one score of two. */
type Aggregate = (a: number, b: number) => number

const aggregates: Readonly<Record<string, Aggregate>> = {
  SUM: sum,
  MIN: lower,
  MAX: higher,
}

/** Opposite infinities make 0. */
function sum(a: number, b: number): number {
  const total = a + b
  return Number.isNaN(total) ? 0 : total
}

/** A second score that is NaN, of a weighted infinity, changes nothing; Math.min would make it the result. */
function lower(a: number, b: number): number {
  if (b < a) return b
  return a
}

function higher(a: number, b: number): number {
  if (b > a) return b
  return a
}

interface Source {
  readonly set: SetValue | SortedSetValue | undefined
  weight: number
}

interface Request {
  readonly sources: readonly Source[]
  readonly aggregate: Aggregate
  readonly withScores: boolean
  /** 0 for none. */
  readonly limit: number
}

/** What a command may be told beside its keys. */
interface Form {
  readonly name: Bytes
  readonly operation: Operation
  readonly result: 'reply' | 'store' | 'count'
}

const badWeight = new ReplyError('ERR weight value is not a float')
const badLimit = new ReplyError("ERR LIMIT can't be negative")

/** Reads the arguments from the number of keys on; looks the keys up before it reads what follows them. */
function parseRequest(
  db: Database,
  argv: readonly Bytes[],
  at: number,
  { name, operation, result }: Form,
): Request {
  const count = Number(integerArgument(argv[at] as Bytes))
  if (count < 1) {
    throw new ReplyError(`ERR at least 1 input key is needed for '${name.toLowerCase()}' command`)
  }
  const optionsAt = at + 1 + count
  if (optionsAt > argv.length) throw errors.syntax
  const sources = argv.slice(at + 1, optionsAt).map((name) => sourceOf(db, name))
  let aggregate: Aggregate = sum
  let withScores = false
  let limit = 0
  const isWeighted = operation !== 'diff' && result !== 'count'
  for (let i = optionsAt; i < argv.length; i++) {
    const word = (argv[i] as Bytes).toUpperCase()
    const left = argv.length - 1 - i
    if (isWeighted && word === 'WEIGHTS' && left >= count) {
      for (const source of sources) source.weight = weightOf(argv[++i] as Bytes)
    } else if (isWeighted && word === 'AGGREGATE' && left >= 1) {
      const given = aggregates[(argv[++i] as Bytes).toUpperCase()]
      if (given === undefined) throw errors.syntax
      aggregate = given
    } else if (result === 'reply' && word === 'WITHSCORES') withScores = true
    else if (result === 'count' && word === 'LIMIT' && left >= 1)
      limit = leastArgument(argv[++i] as Bytes, 0, badLimit)
    else throw errors.syntax
  }
  return { sources, aggregate, withScores, limit }
}

function sourceOf(db: Database, name: Bytes): Source {
  const set = db.read(name)
  if (set === undefined || set instanceof SetValue || set instanceof SortedSetValue) {
    return { set, weight: 1 }
  }
  throw errors.wrongType
}

function weightOf(text: Bytes): number {
  const weight = parseDouble(text)
  if (weight === undefined) throw badWeight
  return weight
}

/** The smallest first: sums of doubles depend on the order. */
function bySize(sources: readonly Source[]): readonly Source[] {
  return sources.toSorted((a, b) => (a.set?.size ?? 0) - (b.set?.size ?? 0))
}

function scoreIn({ set }: Source, member: Bytes): number | undefined {
  if (set instanceof SortedSetValue) return set.scoreOf(member)
  return set?.has(member) ? 1 : undefined
}

/** Zero times infinity is 0. */
function weighted(score: number, weight: number): number {
  const product = score * weight
  return Number.isNaN(product) ? 0 : product
}

const combine: Readonly<Record<Operation, (request: Request) => Map<Bytes, number>>> = {
  union: ({ sources, aggregate }) => {
    const scores = new Map<Bytes, number>()
    for (const source of bySize(sources)) {
      for (const member of source.set?.names() ?? []) {
        const score = weighted(scoreIn(source, member) as number, source.weight)
        const before = scores.get(member)
        scores.set(member, before === undefined ? score : aggregate(before, score))
      }
    }
    return scores
  },

  inter: ({ sources, aggregate, limit }) => {
    const scores = new Map<Bytes, number>()
    const [smallest, ...rest] = bySize(sources) as readonly [Source, ...Source[]]
    for (const member of smallest.set?.names() ?? []) {
      const others = rest.map((source) => scoreIn(source, member))
      if (others.includes(undefined)) continue
      let total = weighted(scoreIn(smallest, member) as number, smallest.weight)
      for (const [i, { weight }] of rest.entries()) {
        total = aggregate(total, (others[i] as number) * weight)
      }
      scores.set(member, total)
      if (limit > 0 && scores.size === limit) break
    }
    return scores
  },

  diff: ({ sources }) => {
    const scores = new Map<Bytes, number>()
    const [first, ...others] = sources as readonly [Source, ...Source[]]
    for (const member of first.set?.names() ?? []) {
      if (others.some(({ set }) => set?.has(member))) continue
      scores.set(member, scoreIn(first, member) as number)
    }
    return scores
  },
}

const countedSources = countedKeys('key', ['RO', 'access'])

const weightArguments: readonly Argument[] = [
  integer('weight', { token: 'WEIGHTS', optional: true, multiple: true }),
  oneOf('aggregate', [token('sum', 'SUM'), token('min', 'MIN'), token('max', 'MAX')], {
    token: 'AGGREGATE',
    optional: true,
  }),
]

function answering(
  name: string,
  operation: Operation,
  { summary, complexity }: { readonly summary: string; readonly complexity: string },
): Command {
  return command({
    name,
    since: '6.2.0',
    group: 'sorted-set',
    summary,
    complexity,
    flags: ['readonly'],
    categories: ['sortedset'],
    args: [
      integer('numkeys'),
      countedSources,
      ...(operation === 'diff' ? [] : weightArguments),
      token('withscores', 'WITHSCORES', { optional: true }),
    ],
    run: (context, argv) => {
      const request = parseRequest(context.db, argv, 1, { name, operation, result: 'reply' })
      const elements = [...combine[operation](request)].sort(compareScored)
      const write = elementWriter(context, elements.length, request.withScores)
      for (const [member, score] of elements) write(member, score)
    },
  })
}

const UNION_COMPLEXITY =
  'O(N)+O(M*log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.'
const INTER_COMPLEXITY =
  'O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.'
const DIFF_COMPLEXITY =
  'O(L + (N-K)log(N)) worst case where L is the total number of elements in all the sets, N is the size of the first set, and K is the size of the result set.'

export const zunion = answering('ZUNION', 'union', {
  summary: 'Returns the members that any of several sorted sets has.',
  complexity: UNION_COMPLEXITY,
})

export const zinter = answering('ZINTER', 'inter', {
  summary: 'Returns the members that all of several sorted sets have.',
  complexity: INTER_COMPLEXITY,
})

export const zdiff = answering('ZDIFF', 'diff', {
  summary: 'Returns the members of the first sorted set that no other has.',
  complexity: DIFF_COMPLEXITY,
})

function storing(
  name: string,
  operation: Operation,
  own: { readonly since: string; readonly summary: string; readonly complexity: string },
): Command {
  return command({
    name,
    ...own,
    group: 'sorted-set',
    flags: ['write', 'denyoom'],
    categories: ['sortedset'],
    args: [
      key('destination', ['OW', 'update']),
      integer('numkeys'),
      countedSources,
      ...(operation === 'diff' ? [] : weightArguments),
    ],
    run: ({ db, reply }: Context, argv) => {
      const request = parseRequest(db, argv, 2, { name, operation, result: 'store' })
      const result = new SortedSetValue(db.limits, combine[operation](request))
      storeResult(db, argv[1] as Bytes, result, [NotifyClass.zset, name.toLowerCase()])
      reply.integer(result.size)
    },
  })
}

export const zunionstore = storing('ZUNIONSTORE', 'union', {
  since: '2.0.0',
  summary: 'Stores the members that any of several sorted sets has; returns how many they are.',
  complexity:
    'O(N)+O(M log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.',
})

export const zinterstore = storing('ZINTERSTORE', 'inter', {
  since: '2.0.0',
  summary: 'Stores the members that all of several sorted sets have; returns how many they are.',
  complexity: INTER_COMPLEXITY,
})

export const zdiffstore = storing('ZDIFFSTORE', 'diff', {
  since: '6.2.0',
  summary:
    'Stores the members of the first sorted set that no other has; returns how many they are.',
  complexity: DIFF_COMPLEXITY,
})

export const zintercard = command({
  name: 'ZINTERCARD',
  since: '7.0.0',
  group: 'sorted-set',
  summary: 'Returns how many members all of several sorted sets have, up to a limit.',
  complexity:
    'O(N*K) worst case with N being the smallest input sorted set, K being the number of input sorted sets.',
  flags: ['readonly'],
  categories: ['sortedset'],
  args: [integer('numkeys'), countedSources, integer('limit', { token: 'LIMIT', optional: true })],
  run: ({ db, reply }, argv) => {
    const form: Form = { name: 'ZINTERCARD', operation: 'inter', result: 'count' }
    reply.integer(combine.inter(parseRequest(db, argv, 1, form)).size)
  },
})
