/**
 * Elements taken from the ends of lists: LPOP, RPOP and LMPOP (t_list.c).
 */
import type { Bytes } from '../base/bytes.ts'
import type { ListEnd, ListValue } from '../data/list.ts'
import { errors, wrongArity } from '../resp/reply-error.ts'
import { integer, key } from './argument.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { elementsTaken, endArgument, endOf } from './list-end.ts'
import { leastArgument } from './number-argument.ts'
import { type Portion, parsePopRequest, popArguments } from './pop-request.ts'

/** Writes up to `count` elements as an array, taking them from an end of a key's list. */
function takeElements(
  { db, reply }: Context,
  name: Bytes,
  list: ListValue,
  end: ListEnd,
  count: number,
): void {
  const taken = Math.min(count, list.size)
  reply.array(taken)
  for (let i = 0; i < taken; i++) reply.bulk(list.pop(end) as Bytes)
  elementsTaken(db, name, list, end, taken)
}

function popping(name: string, end: ListEnd, summary: string) {
  return command({
    name,
    since: '1.0.0',
    group: 'list',
    summary,
    complexity: 'O(N) where N is the number of elements returned',
    flags: ['write', 'fast'],
    categories: ['list'],
    history: [['6.2.0', 'Several elements at once.']],
    args: [
      key('key', ['RW', 'access', 'delete']),
      integer('count', { optional: true, since: '6.2.0' }),
    ],
    run: (context, argv) => {
      if (argv.length > 3) throw wrongArity(name.toLowerCase())
      if (argv[2] === undefined) pop(context, argv[1] as Bytes, end)
      else popSeveral(context, argv[1] as Bytes, end, argv[2])
    },
  })
}

function pop({ db, reply }: Context, name: Bytes, end: ListEnd): void {
  const list = db.writeList(name)
  if (list === undefined) {
    reply.null()
    return
  }
  reply.bulkOrNull(list.pop(end))
  elementsTaken(db, name, list, end, 1)
}

function popSeveral(context: Context, name: Bytes, end: ListEnd, countText: Bytes): void {
  const { db, reply } = context
  const count = leastArgument(countText, 0, errors.mustBePositive)
  const list = db.writeList(name)
  if (list === undefined) reply.nullArray()
  else if (count === 0) reply.array(0)
  else takeElements(context, name, list, end, count)
}

export const lpop = popping('LPOP', 'left', 'Takes elements from the left end of a list.')
export const rpop = popping('RPOP', 'right', 'Takes elements from the right end of a list.')

/** The arguments of LMPOP, and of BLMPOP behind its timeout. */
export const severalListsArguments = popArguments(endArgument('where'))

/** Pops from a key's list, if it has one: writes key and elements, and tells replicas how many. */
export function popWithKey(
  context: Context,
  name: Bytes,
  { end, count }: Portion<ListEnd>,
): boolean {
  const list = context.db.writeList(name)
  if (list === undefined) return false
  const taken = Math.min(count, list.size)
  context.reply.array(2)
  context.reply.bulk(name)
  takeElements(context, name, list, end, count)
  context.propagation.replaceWith([end === 'left' ? 'LPOP' : 'RPOP', name, String(taken)])
  return true
}

export const lmpop = command({
  name: 'LMPOP',
  since: '7.0.0',
  group: 'list',
  summary: 'Takes elements from the first list that is there.',
  complexity:
    'O(N+M) where N is the number of provided keys and M is the number of elements returned.',
  flags: ['write'],
  categories: ['list'],
  args: severalListsArguments,
  run: (context, argv) => {
    const { keys, portion } = parsePopRequest(argv, 1, endOf)
    if (!keys.some((name) => popWithKey(context, name, portion))) context.reply.nullArray()
  },
})
