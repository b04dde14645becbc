/**
 * Stretches of sorted sets removed (zremrangeGenericCommand in t_zset.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { double, integer, key, string } from './argument.ts'
import { command } from './command.ts'
import { membersRemoved } from './sorted-set.ts'
import { parseRange, type RangeKind } from './sorted-set-bound.ts'

const bounds = {
  rank: [integer('start'), integer('stop')],
  score: [double('min'), double('max')],
  name: [string('min'), string('max')],
} as const

function removing(name: string, since: string, summary: string, kind: RangeKind) {
  return command({
    name,
    since,
    group: 'sorted-set',
    summary,
    complexity:
      'O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed by the operation.',
    flags: ['write'],
    categories: ['sortedset'],
    args: [key('key', ['RW', 'delete']), ...bounds[kind]],
    run: ({ db, reply }, argv) => {
      const [, key, min, max] = argv as [Bytes, Bytes, Bytes, Bytes]
      const rangeOf = parseRange(kind, min, max)
      const set = db.writeSortedSet(key)
      const before = set?.size ?? 0
      set?.deleteRanks(rangeOf(set, false))
      const removed = before - (set?.size ?? 0)
      if (set !== undefined && removed > 0) {
        membersRemoved(db, key, set, { event: name.toLowerCase(), removed })
      }
      reply.integer(removed)
    },
  })
}

export const zremrangebyrank = removing(
  'ZREMRANGEBYRANK',
  '2.0.0',
  'Removes the members of a sorted set between two ranks.',
  'rank',
)

export const zremrangebyscore = removing(
  'ZREMRANGEBYSCORE',
  '1.2.0',
  'Removes the members of a sorted set between two scores.',
  'score',
)

export const zremrangebylex = removing(
  'ZREMRANGEBYLEX',
  '2.8.9',
  'Removes the members of a sorted set with one score between two names.',
  'name',
)
