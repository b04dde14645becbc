/**
 * LPOS: where in a list an element is (lposCommand in t_list.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { INT64_MIN } from '../base/numbers.ts'
import type { PositionSearch } from '../data/list.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { integer, key, string } from './argument.ts'
import { command } from './command.ts'
import { integerArgument, leastArgument } from './number-argument.ts'

/** With `all`, COUNT was given: the reply is an array. */
interface Request extends PositionSearch {
  readonly all: boolean
}

const negativeCount = new ReplyError("ERR COUNT can't be negative")
const negativeLength = new ReplyError("ERR MAXLEN can't be negative")
const zeroRank = new ReplyError(
  "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list",
)

function parseRequest(argv: readonly Bytes[]): Request {
  let rank = 1
  let count: number | undefined
  let maxLength = 0
  for (let i = 3; i < argv.length; i += 2) {
    const value = argv[i + 1]
    if (value === undefined) throw errors.syntax
    switch ((argv[i] as Bytes).toUpperCase()) {
      case 'RANK':
        rank = rankArgument(value)
        break
      case 'COUNT':
        count = leastArgument(value, 0, negativeCount)
        break
      case 'MAXLEN':
        maxLength = leastArgument(value, 0, negativeLength)
        break
      default:
        throw errors.syntax
    }
  }
  return { rank, count: count ?? 1, maxLength, all: count !== undefined }
}

function rankArgument(text: Bytes): number {
  const rank = integerArgument(text)
  if (Number(rank) === 0) throw zeroRank
  // Its absolute value overflows: Redis looks for the first match from the right then.
  return rank === INT64_MIN ? -1 : Number(rank)
}

export const lpos = command({
  name: 'LPOS',
  since: '6.0.6',
  group: 'list',
  summary: 'Returns the indexes of the elements of a list that are equal to one.',
  complexity:
    'O(N) where N is the number of elements in the list, for the average case. When searching for elements near the head or the tail of the list, or when the MAXLEN option is provided, the command may run in constant time.',
  flags: ['readonly'],
  categories: ['list'],
  args: [
    key('key', ['RO', 'access']),
    string('element'),
    integer('rank', { token: 'RANK', optional: true }),
    integer('num-matches', { token: 'COUNT', optional: true }),
    integer('len', { token: 'MAXLEN', optional: true }),
  ],
  run: ({ db, reply }, argv) => {
    const { all, ...search } = parseRequest(argv)
    const found = db.readList(argv[1] as Bytes)?.positionsOf(argv[2] as Bytes, search) ?? []
    if (all) {
      reply.array(found.length)
      for (const index of found) reply.integer(index)
    } else if (found[0] === undefined) reply.null()
    else reply.integer(found[0])
  },
})
