/**
 * Some of a sorted set's members: in steps that end, or at random (zscanCommand and zrandmemberCommand in t_zset.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { formatDouble, formatPackedDouble } from '../base/numbers.ts'
import { block, integer, key, token } from './argument.ts'
import { scanning } from './collection-scan.ts'
import { command } from './command.ts'
import { parseRandomRequest, writeRandom } from './random-pair.ts'

export const zscan = scanning(
  {
    name: 'ZSCAN',
    group: 'sorted-set',
    summary: 'Returns some of the members and scores of a sorted set and a cursor to go on with.',
    categories: ['sortedset'],
  },
  (db, name) => db.readSortedSet(name),
  (set, member) => {
    const score = set.scoreOf(member) ?? 0
    return set.encoding() === 'listpack' ? formatPackedDouble(score) : formatDouble(score)
  },
)

export const zrandmember = command({
  name: 'ZRANDMEMBER',
  since: '6.2.0',
  group: 'sorted-set',
  summary: 'Returns random members of a sorted set, with their scores if wanted.',
  complexity: 'O(N) where N is the number of members returned',
  flags: ['readonly'],
  categories: ['sortedset'],
  tips: ['nondeterministic_output'],
  args: [
    key('key', ['RO', 'access']),
    block('options', [integer('count'), token('withscores', 'WITHSCORES', { optional: true })], {
      optional: true,
    }),
  ],
  before: { '7.2.0': { complexity: 'O(N) where N is the number of elements returned' } },
  run: (context, argv) => {
    const { db, reply, random } = context
    const request = parseRandomRequest(argv, 'WITHSCORES')
    const set = db.readSortedSet(argv[1] as Bytes)
    if (request === undefined) reply.bulkOrNull(set?.randomName(random))
    else if (set === undefined) reply.array(0)
    else writeRandom(context, set, request, (member) => reply.double(set.scoreOf(member) ?? 0))
  },
})
