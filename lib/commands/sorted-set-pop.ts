/**
 * Members taken from the ends of sorted sets: ZPOPMIN, ZPOPMAX and ZMPOP (genericZpopCommand in t_zset.c).
 */
import type { Bytes } from '../base/bytes.ts'
import type { SortedSetValue } from '../data/sorted-set.ts'
import { errors } from '../resp/reply-error.ts'
import { integer, key, oneOf, token } from './argument.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { leastArgument } from './number-argument.ts'
import { type Portion, parsePopRequest, popArguments } from './pop-request.ts'
import { membersRemoved } from './sorted-set.ts'

/** The member with the lowest score is taken first, or the one with the highest. */
export type ScoreEnd = 'min' | 'max'

/** Takes up to `count` members from an end of a key's sorted set and writes each with its score, in arrays or not. */
export function takeMembers(
  { db, reply }: Context,
  name: Bytes,
  set: SortedSetValue,
  { end, count, isPaired }: { end: ScoreEnd; count: number; isPaired: boolean },
): void {
  const taken = Math.min(count, set.size)
  const write = (member: Bytes, score: number) => {
    if (isPaired) reply.array(2)
    reply.bulk(member)
    reply.double(score)
  }
  const before = set.size
  if (end === 'min') {
    set.walk(0, taken, write)
    set.deleteRanks({ start: 0, end: taken })
  } else {
    set.walkBack(before - 1, taken, write)
    set.deleteRanks({ start: before - taken, end: before })
  }
  membersRemoved(db, name, set, { event: `zpop${end}`, removed: taken })
}

function popping(name: string, end: ScoreEnd, summary: string) {
  return command({
    name,
    since: '5.0.0',
    group: 'sorted-set',
    summary,
    complexity:
      'O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped.',
    flags: ['write', 'fast'],
    categories: ['sortedset'],
    args: [key('key', ['RW', 'access', 'delete']), integer('count', { optional: true })],
    run: (context, argv) => {
      const { db, reply } = context
      const [, key, countText] = argv as [Bytes, Bytes, ...Bytes[]]
      if (argv.length > 3) throw errors.syntax
      const count = leastArgument(countText ?? '1', 0, errors.mustBePositive)
      const set = db.writeSortedSet(key)
      if (set === undefined || count === 0) {
        reply.array(0)
        return
      }
      const isPaired = reply.protocol === 3 && countText !== undefined
      const taken = Math.min(count, set.size)
      reply.array(isPaired ? taken : 2 * taken)
      takeMembers(context, key, set, { end, count, isPaired })
    },
  })
}

export const zpopmin = popping(
  'ZPOPMIN',
  'min',
  'Takes the members with the lowest scores out of a sorted set and returns them.',
)

export const zpopmax = popping(
  'ZPOPMAX',
  'max',
  'Takes the members with the highest scores out of a sorted set and returns them.',
)

/** The end a word names, in any case. Throws a syntax error. */
export function scoreEndOf(word: Bytes | undefined): ScoreEnd {
  const end = word?.toLowerCase()
  if (end !== 'min' && end !== 'max') throw errors.syntax
  return end
}

/** The arguments of ZMPOP, and of BZMPOP behind its timeout. */
export const severalSetsArguments = popArguments(
  oneOf('where', [token('min', 'MIN'), token('max', 'MAX')]),
)

/** Pops from a key's sorted set, if it has one: writes key and members, and tells replicas how many. */
export function popWithKey(
  context: Context,
  name: Bytes,
  { end, count }: Portion<ScoreEnd>,
): boolean {
  const set = context.db.writeSortedSet(name)
  if (set === undefined) return false
  const taken = Math.min(count, set.size)
  context.reply.array(2)
  context.reply.bulk(name)
  context.reply.array(taken)
  takeMembers(context, name, set, { end, count, isPaired: true })
  context.propagation.replaceWith([end === 'min' ? 'ZPOPMIN' : 'ZPOPMAX', name, String(taken)])
  return true
}

export const zmpop = command({
  name: 'ZMPOP',
  since: '7.0.0',
  group: 'sorted-set',
  summary: 'Takes members out of the first sorted set that is there and returns them.',
  complexity:
    'O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped.',
  flags: ['write'],
  categories: ['sortedset'],
  args: severalSetsArguments,
  run: (context, argv) => {
    const { keys, portion } = parsePopRequest(argv, 1, scoreEndOf)
    if (!keys.some((name) => popWithKey(context, name, portion))) context.reply.nullArray()
  },
})
