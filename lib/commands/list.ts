/**
 * Lists: elements added at the ends, read and edited anywhere (t_list.c). A list that loses its last element is gone.
 */
import type { Bytes } from '../base/bytes.ts'
import type { ListEnd } from '../data/list.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { errors } from '../resp/reply-error.ts'
import { integer, key, oneOf, string, token } from './argument.ts'
import { dropIfEmpty } from './collection.ts'
import { type CommandDeclaration, command } from './command.ts'
import type { Context } from './context.ts'
import { openList } from './list-end.ts'
import { numberArgument } from './number-argument.ts'

/** A command that adds elements; with `onlyIfThere` it makes no new list. */
function pushing(
  facts: Pick<CommandDeclaration, 'name' | 'since' | 'summary' | 'history'>,
  end: ListEnd,
  { onlyIfThere }: { readonly onlyIfThere: boolean },
) {
  return command({
    group: 'list',
    complexity:
      'O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.',
    flags: ['write', 'denyoom', 'fast'],
    categories: ['list'],
    args: [key('key', ['RW', 'insert']), string('element', { multiple: true })],
    ...facts,
    run: ({ db, reply }, argv) => {
      const name = argv[1] as Bytes
      const list = onlyIfThere ? db.writeList(name) : openList(db, name)
      if (list === undefined) {
        reply.integer(0)
        return
      }
      list.makeRoom(argv, 2)
      for (let i = 2; i < argv.length; i++) list.push(end, argv[i] as Bytes)
      reply.integer(list.size)
      db.modified(name, NotifyClass.list, end === 'left' ? 'lpush' : 'rpush', argv.length - 2)
    },
  })
}

export const lpush = pushing(
  {
    name: 'LPUSH',
    since: '1.0.0',
    summary: 'Adds elements to the left end of a list; returns its length.',
    history: [['2.4.0', 'Several elements at once.']],
  },
  'left',
  { onlyIfThere: false },
)

export const rpush = pushing(
  {
    name: 'RPUSH',
    since: '1.0.0',
    summary: 'Adds elements to the right end of a list; returns its length.',
    history: [['2.4.0', 'Several elements at once.']],
  },
  'right',
  { onlyIfThere: false },
)

export const lpushx = pushing(
  {
    name: 'LPUSHX',
    since: '2.2.0',
    summary: 'Adds elements to the left end of a list that exists; returns its length.',
    history: [['4.0.0', 'Several elements at once.']],
  },
  'left',
  { onlyIfThere: true },
)

export const rpushx = pushing(
  {
    name: 'RPUSHX',
    since: '2.2.0',
    summary: 'Adds elements to the right end of a list that exists; returns its length.',
    history: [['4.0.0', 'Several elements at once.']],
  },
  'right',
  { onlyIfThere: true },
)

export const llen = command({
  name: 'LLEN',
  since: '1.0.0',
  group: 'list',
  summary: 'Returns the length of a list.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  categories: ['list'],
  args: [key('key', ['RO'])],
  run: ({ db, reply }, argv) => reply.integer(db.readList(argv[1] as Bytes)?.size ?? 0),
})

export const lindex = command({
  name: 'LINDEX',
  since: '1.0.0',
  group: 'list',
  summary: 'Returns the element at an index of a list, negative ones from the right.',
  complexity:
    'O(N) where N is the number of elements to traverse to get to the element at index. This makes asking for the first or the last element of the list O(1).',
  flags: ['readonly'],
  categories: ['list'],
  args: [key('key', ['RO', 'access']), integer('index')],
  run: ({ db, reply }, argv) => {
    const list = db.readList(argv[1] as Bytes)
    reply.bulkOrNull(list?.at(numberArgument(argv[2] as Bytes)))
  },
})

export const lset = command({
  name: 'LSET',
  since: '1.0.0',
  group: 'list',
  summary: 'Replaces the element at an index of a list.',
  complexity:
    'O(N) where N is the length of the list. Setting either the first or the last element of the list is O(1).',
  flags: ['write', 'denyoom'],
  categories: ['list'],
  args: [key('key', ['RW', 'update']), integer('index'), string('element')],
  run: ({ db, reply }, argv) => {
    const [, name, index, element] = argv as [Bytes, Bytes, Bytes, Bytes]
    const list = db.writeList(name)
    if (list === undefined) throw errors.noSuchKey
    list.makeRoom(argv, 3)
    if (!list.set(numberArgument(index), element)) throw errors.indexOutOfRange
    reply.ok()
    db.modified(name, NotifyClass.list, 'lset')
  },
})

/** Indexes of the first and the last element of a range, negative ones from the right; undefined when it is empty. */
function rangeOf(
  [start, stop]: readonly [number, number],
  size: number,
): { readonly first: number; readonly last: number } | undefined {
  const first = Math.max(0, start < 0 ? start + size : start)
  const last = Math.min(size - 1, stop < 0 ? stop + size : stop)
  return first > last ? undefined : { first, last }
}

function boundsOf(argv: readonly Bytes[]): readonly [number, number] {
  return [numberArgument(argv[2] as Bytes), numberArgument(argv[3] as Bytes)]
}

export const lrange = command({
  name: 'LRANGE',
  since: '1.0.0',
  group: 'list',
  summary: 'Returns the elements of a list from one index to another.',
  complexity:
    'O(S+N) where S is the distance of start offset from HEAD for small lists, from nearest end (HEAD or TAIL) for large lists; and N is the number of elements in the specified range.',
  flags: ['readonly'],
  categories: ['list'],
  args: [key('key', ['RO', 'access']), integer('start'), integer('stop')],
  run: ({ db, reply }, argv) => {
    const bounds = boundsOf(argv)
    const list = db.readList(argv[1] as Bytes)
    const range = list === undefined ? undefined : rangeOf(bounds, list.size)
    const elements = range === undefined ? [] : (list?.range(range.first, range.last) ?? [])
    reply.array(elements.length)
    reply.bulks(elements)
  },
})

export const ltrim = command({
  name: 'LTRIM',
  since: '1.0.0',
  group: 'list',
  summary: 'Removes all elements of a list but those from one index to another.',
  complexity: 'O(N) where N is the number of elements to be removed by the operation.',
  flags: ['write'],
  categories: ['list'],
  args: [key('key', ['RW', 'delete']), integer('start'), integer('stop')],
  run: ({ db, reply }, argv) => {
    const name = argv[1] as Bytes
    const bounds = boundsOf(argv)
    const list = db.writeList(name)
    if (list !== undefined) {
      const { size } = list
      const range = rangeOf(bounds, size) ?? { first: size, last: size - 1 }
      list.trim(range.first, size - 1 - range.last)
      // Told even if nothing went.
      db.modified(name, NotifyClass.list, 'ltrim', size - list.size)
      dropIfEmpty(db, name, list)
    }
    reply.ok()
  },
})

export const lrem = command({
  name: 'LREM',
  since: '1.0.0',
  group: 'list',
  summary: 'Removes elements equal to one: so many from an end, or all; returns how many.',
  complexity: 'O(N+M) where N is the length of the list and M is the number of elements removed.',
  flags: ['write'],
  categories: ['list'],
  args: [key('key', ['RW', 'delete']), integer('count'), string('element')],
  run: ({ db, reply }, argv) => {
    const [, name, countText, element] = argv as [Bytes, Bytes, Bytes, Bytes]
    const count = numberArgument(countText)
    const list = db.writeList(name)
    const removed = list?.remove(element, Math.abs(count), count < 0 ? 'right' : 'left') ?? 0
    if (list !== undefined && removed > 0) {
      db.modified(name, NotifyClass.list, 'lrem', removed)
      dropIfEmpty(db, name, list)
    }
    reply.integer(removed)
  },
})

export const linsert = command({
  name: 'LINSERT',
  since: '2.2.0',
  group: 'list',
  summary: 'Puts an element before or after another one; returns the length of the list.',
  complexity:
    'O(N) where N is the number of elements to traverse before seeing the value pivot. This means that inserting somewhere on the left end on the list (head) can be considered O(1) and inserting somewhere on the right end (tail) is O(N).',
  flags: ['write', 'denyoom'],
  categories: ['list'],
  args: [
    key('key', ['RW', 'insert']),
    oneOf('where', [token('before', 'BEFORE'), token('after', 'AFTER')]),
    string('pivot'),
    string('element'),
  ],
  run: (context, argv) => context.reply.integer(insert(context, argv)),
})

/** The length of the list then, 0 without a list, -1 without the pivot. */
function insert({ db }: Context, argv: readonly Bytes[]): number {
  const [, name, where, pivot, element] = argv as [Bytes, Bytes, Bytes, Bytes, Bytes]
  const side = where.toLowerCase()
  if (side !== 'before' && side !== 'after') throw errors.syntax
  const list = db.writeList(name)
  if (list === undefined) return 0
  list.makeRoom(argv, 4)
  if (!list.insert(side, pivot, element)) return -1
  db.modified(name, NotifyClass.list, 'linsert')
  return list.size
}
