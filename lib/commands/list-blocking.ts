/**
 * Commands that take from lists and wait where there is nothing to take (the blocking ones of t_list.c). Served at once
 * or later, replicas hear of the effect alone: they must not wait.
 */
import type { Bytes } from '../base/bytes.ts'
import type { ListEnd } from '../data/list.ts'
import { double, key } from './argument.ts'
import { type CommandDeclaration, command } from './command.ts'
import type { Context } from './context.ts'
import { elementsTaken, endOf } from './list-end.ts'
import { type Move, moveArguments, moveElement, moveKeys, parseMove } from './list-move.ts'
import { popWithKey, severalListsArguments } from './list-pop.ts'
import { parsePopRequest } from './pop-request.ts'
import { takeOrWait } from './take-or-wait.ts'
import { secondsTimeout } from './timeout-argument.ts'

const BLOCKING: CommandDeclaration['flags'] = ['write', 'blocking']
const MOVING: CommandDeclaration['flags'] = ['write', 'denyoom', 'noscript', 'blocking']
const doubleTimeout = [['6.0.0', 'The timeout may have a fraction.']] as const

function popping(name: string, end: ListEnd, summary: string) {
  return command({
    name,
    since: '2.0.0',
    group: 'list',
    summary,
    complexity: 'O(N) where N is the number of provided keys.',
    flags: BLOCKING,
    before: { '7.2.0': { flags: ['write', 'noscript', 'blocking'] } },
    categories: ['list'],
    history: doubleTimeout,
    args: [key('key', ['RW', 'access', 'delete'], { multiple: true }), double('timeout')],
    run: (context, argv) => {
      const untilMs = secondsTimeout(argv.at(-1) as Bytes, context.clock.now)
      const serve = (name: Bytes) => popOne(context, name, end)
      takeOrWait(context, { keys: argv.slice(1, -1), type: 'list', untilMs, serve })
    },
  })
}

function popOne({ db, propagation, reply }: Context, name: Bytes, end: ListEnd): boolean {
  const list = db.writeList(name)
  if (list === undefined) return false
  reply.array(2)
  reply.bulk(name)
  reply.bulk(list.pop(end) as Bytes)
  elementsTaken(db, name, list, end, 1)
  propagation.replaceWith([end === 'left' ? 'LPOP' : 'RPOP', name])
  return true
}

export const blpop = popping(
  'BLPOP',
  'left',
  'Takes the left element of the first list that is there, or waits for one.',
)

export const brpop = popping(
  'BRPOP',
  'right',
  'Takes the right element of the first list that is there, or waits for one.',
)

export const blmpop = command({
  name: 'BLMPOP',
  since: '7.0.0',
  group: 'list',
  summary: 'Takes elements from the first list that is there, or waits for one.',
  complexity:
    'O(N+M) where N is the number of provided keys and M is the number of elements returned.',
  flags: ['write', 'blocking'],
  categories: ['list'],
  args: [double('timeout'), ...severalListsArguments],
  run: (context, argv) => {
    const { keys, portion } = parsePopRequest(argv, 2, endOf)
    const untilMs = secondsTimeout(argv[1] as Bytes, context.clock.now)
    const serve = (name: Bytes) => popWithKey(context, name, portion)
    takeOrWait(context, { keys, type: 'list', untilMs, serve })
  },
})

/** Moves an element, or waits for one. Replicas hear the first words when there is one, the second after a wait. */
function moveOrWait(
  context: Context,
  move: Move,
  untilMs: number | undefined,
  [atOnce, later]: readonly [readonly Bytes[], readonly Bytes[]],
): void {
  const { blocking, propagation, reply } = context
  const serve = (words: readonly Bytes[]) => {
    if (!moveElement(context, move)) return false
    propagation.replaceWith(words)
    return true
  }
  if (serve(atOnce)) return
  if (!blocking.allowed) {
    reply.null()
    return
  }
  const { source, destination } = move
  blocking.awaitKeys({
    keys: [source],
    destination,
    type: 'list',
    untilMs,
    serve: () => serve(later),
  })
}

export const blmove = command({
  name: 'BLMOVE',
  since: '6.2.0',
  group: 'list',
  summary: 'Moves an element from an end of a list to an end of another, or waits for one.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'blocking'],
  categories: ['list'],
  args: [...moveArguments, double('timeout')],
  before: { '7.2.0': { flags: MOVING } },
  run: (context, argv) => {
    const move = parseMove(argv)
    const untilMs = secondsTimeout(argv[5] as Bytes, context.clock.now)
    moveOrWait(context, move, untilMs, [
      ['LMOVE', ...argv.slice(1, 5)],
      ['LMOVE', move.source, move.destination, move.from, move.to],
    ])
  },
})

export const brpoplpush = command({
  name: 'BRPOPLPUSH',
  since: '2.2.0',
  group: 'list',
  summary:
    'Moves an element from the right end of a list to the left end of another, or waits for one.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'blocking'],
  categories: ['list'],
  deprecated: { since: '6.2.0', replacedBy: '`BLMOVE` with the `RIGHT` and `LEFT` arguments' },
  history: doubleTimeout,
  args: [...moveKeys, double('timeout')],
  before: { '7.2.0': { flags: MOVING } },
  run: (context, argv) => {
    const [, source, destination, timeout] = argv as [Bytes, Bytes, Bytes, Bytes]
    const untilMs = secondsTimeout(timeout, context.clock.now)
    const move: Move = { source, destination, from: 'right', to: 'left' }
    const words = ['RPOPLPUSH', source, destination]
    moveOrWait(context, move, untilMs, [words, words])
  },
})
