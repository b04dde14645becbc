/**
 * Elements moved from one list to another, or from end to end of one: LMOVE and RPOPLPUSH (lmoveGenericCommand).
 */
import type { Bytes } from '../base/bytes.ts'
import type { ListEnd } from '../data/list.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { type Argument, key } from './argument.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { elementsTaken, endArgument, endOf, openList } from './list-end.ts'

/** Where an element goes from and to. */
export interface Move {
  readonly source: Bytes
  readonly destination: Bytes
  readonly from: ListEnd
  readonly to: ListEnd
}

/** The keys of a move. */
export const moveKeys: readonly Argument[] = [
  key('source', ['RW', 'access', 'delete']),
  key('destination', ['RW', 'insert']),
]

/** Keys and ends of a move. */
export const moveArguments: readonly Argument[] = [
  ...moveKeys,
  endArgument('wherefrom'),
  endArgument('whereto'),
]

/** Reads keys and ends from argv[1] on. */
export function parseMove(argv: readonly Bytes[]): Move {
  const [, source, destination, from, to] = argv as [Bytes, Bytes, Bytes, Bytes, Bytes]
  return { source, destination, from: endOf(from), to: endOf(to) }
}

/** Moves an element and writes it as the reply; false without a source. Throws WRONGTYPE. */
export function moveElement({ db, reply }: Context, move: Move): boolean {
  const { source, destination, from, to } = move
  const sourceList = db.writeList(source)
  if (sourceList === undefined) return false
  // The destination's type is looked at before anything is taken.
  db.writeList(destination)
  const element = sourceList.pop(from) as Bytes
  const target = openList(db, destination)
  target.makeRoom([element], 0)
  target.push(to, element)
  // Replicas and the count of changes know a move as one change.
  db.modified(destination, NotifyClass.list, to === 'left' ? 'lpush' : 'rpush', 0)
  reply.bulk(element)
  elementsTaken(db, source, sourceList, from, 1)
  return true
}

export const lmove = command({
  name: 'LMOVE',
  since: '6.2.0',
  group: 'list',
  summary: 'Moves an element from an end of a list to an end of another.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom'],
  categories: ['list'],
  args: moveArguments,
  run: (context, argv) => {
    if (!moveElement(context, parseMove(argv))) context.reply.null()
  },
})

export const rpoplpush = command({
  name: 'RPOPLPUSH',
  since: '1.2.0',
  group: 'list',
  summary: 'Moves an element from the right end of a list to the left end of another.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom'],
  categories: ['list'],
  deprecated: { since: '6.2.0', replacedBy: '`LMOVE` with the `RIGHT` and `LEFT` arguments' },
  args: moveKeys,
  run: (context, argv) => {
    const [, source, destination] = argv as [Bytes, Bytes, Bytes]
    const move: Move = { source, destination, from: 'right', to: 'left' }
    if (!moveElement(context, move)) context.reply.null()
  },
})
