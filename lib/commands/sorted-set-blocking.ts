/**
 * Commands that take from sorted sets and wait where there is nothing to take (blockingGenericZpopCommand in t_zset.c).
 * Served at once or later, replicas hear of the effect alone: they must not wait.
 */
import type { Bytes } from '../base/bytes.ts'
import { double, key } from './argument.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { parsePopRequest } from './pop-request.ts'
import {
  popWithKey,
  type ScoreEnd,
  scoreEndOf,
  severalSetsArguments,
  takeMembers,
} from './sorted-set-pop.ts'
import { takeOrWait } from './take-or-wait.ts'
import { secondsTimeout } from './timeout-argument.ts'

function popping(name: string, end: ScoreEnd, summary: string) {
  return command({
    name,
    since: '5.0.0',
    group: 'sorted-set',
    summary,
    complexity: 'O(log(N)) with N being the number of elements in the sorted set.',
    flags: ['write', 'blocking', 'fast'],
    before: { '7.2.0': { flags: ['write', 'noscript', 'blocking', 'fast'] } },
    categories: ['sortedset'],
    history: [['6.0.0', 'The timeout may have a fraction.']],
    args: [key('key', ['RW', 'access', 'delete'], { multiple: true }), double('timeout')],
    run: (context, argv) => {
      const untilMs = secondsTimeout(argv.at(-1) as Bytes, context.clock.now)
      const serve = (name: Bytes) => popOne(context, name, end)
      takeOrWait(context, { keys: argv.slice(1, -1), type: 'zset', untilMs, serve })
    },
  })
}

function popOne(context: Context, name: Bytes, end: ScoreEnd): boolean {
  const { db, propagation, reply } = context
  const set = db.writeSortedSet(name)
  if (set === undefined) return false
  reply.array(3)
  reply.bulk(name)
  takeMembers(context, name, set, { end, count: 1, isPaired: false })
  propagation.replaceWith([end === 'min' ? 'ZPOPMIN' : 'ZPOPMAX', name])
  return true
}

export const bzpopmin = popping(
  'BZPOPMIN',
  'min',
  'Takes the member with the lowest score of the first sorted set that is there, or waits for one.',
)

export const bzpopmax = popping(
  'BZPOPMAX',
  'max',
  'Takes the member with the highest score of the first sorted set that is there, or waits for one.',
)

export const bzmpop = command({
  name: 'BZMPOP',
  since: '7.0.0',
  group: 'sorted-set',
  summary: 'Takes members out of the first sorted set that is there, or waits for one.',
  complexity:
    'O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped.',
  flags: ['write', 'blocking'],
  categories: ['sortedset'],
  args: [double('timeout'), ...severalSetsArguments],
  run: (context, argv) => {
    const { keys, portion } = parsePopRequest(argv, 2, scoreEndOf)
    const untilMs = secondsTimeout(argv[1] as Bytes, context.clock.now)
    const serve = (name: Bytes) => popWithKey(context, name, portion)
    takeOrWait(context, { keys, type: 'zset', untilMs, serve })
  },
})
