/**
 * Some of a hash's fields: in steps that end, or at random (hscanCommand and hrandfieldCommand in t_hash.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { INT64_MAX } from '../base/numbers.ts'
import type { HashValue } from '../data/hash.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { block, integer, key, pattern, token } from './argument.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { boundedArgument } from './number-argument.ts'
import { isWanted, parseCursor, parseScanOptions } from './scan-option.ts'

export const hscan = command({
  name: 'HSCAN',
  since: '2.8.0',
  group: 'hash',
  summary: 'Returns some of the fields and values of a hash and a cursor to go on with.',
  complexity:
    'O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection..',
  flags: ['readonly'],
  categories: ['hash'],
  tips: ['nondeterministic_output'],
  args: [
    key('key', ['RO', 'access']),
    integer('cursor'),
    pattern('pattern', { token: 'MATCH', optional: true }),
    integer('count', { token: 'COUNT', optional: true }),
  ],
  run: ({ db, reply }, argv) => {
    const cursor = parseCursor(argv[2] as Bytes)
    const hash = db.readHash(argv[1] as Bytes)
    if (hash === undefined) {
      reply.array(2)
      reply.bulk('0')
      reply.array(0)
      return
    }
    const options = parseScanOptions(argv, 3)
    const { position, names } = hash.scan(cursor, options.count)
    const wanted = names.filter((field) => isWanted(field, options))
    reply.array(2)
    reply.bulk(String(position))
    reply.array(2 * wanted.length)
    for (const field of wanted) {
      reply.bulk(field)
      reply.bulk(hash.get(field) ?? '')
    }
  },
})

/** Counts beyond this cannot be doubled. */
const PAIRS_MAX = INT64_MAX / 2n

export const hrandfield = command({
  name: 'HRANDFIELD',
  since: '6.2.0',
  group: 'hash',
  summary: 'Returns random fields of a hash, with their values if wanted.',
  complexity: 'O(N) where N is the number of fields returned',
  flags: ['readonly'],
  categories: ['hash'],
  tips: ['nondeterministic_output'],
  args: [
    key('key', ['RO', 'access']),
    block('options', [integer('count'), token('withvalues', 'WITHVALUES', { optional: true })], {
      optional: true,
    }),
  ],
  run: (context, argv) => {
    const { db, reply, random } = context
    const [, name, countText, word] = argv as [Bytes, ...Bytes[]]
    if (countText === undefined) {
      reply.bulkOrNull(db.readHash(name as Bytes)?.randomName(random))
      return
    }
    const count = boundedArgument(countText, -INT64_MAX, INT64_MAX)
    if (argv.length > 4 || (word !== undefined && word.toUpperCase() !== 'WITHVALUES')) {
      throw errors.syntax
    }
    const withValues = word !== undefined
    if (withValues && (count < -PAIRS_MAX || count > PAIRS_MAX)) {
      throw new ReplyError('ERR value is out of range')
    }
    const hash = db.readHash(name as Bytes)
    if (hash === undefined) reply.array(0)
    else writeRandom(context, hash, Number(count), withValues)
  },
})

function writeRandom(
  { reply, random }: Context,
  hash: HashValue,
  count: number,
  withValues: boolean,
): void {
  const distinct = count < 0 ? undefined : hash.randomNames(count, random)
  const length = distinct?.length ?? -count
  const draw = distinct === undefined ? hash.nameDraw(length, random) : undefined
  const paired = withValues && reply.protocol === 3
  reply.array(withValues && !paired ? 2 * length : length)
  for (let i = 0; i < length; i++) {
    const field = distinct?.[i] ?? draw?.() ?? ''
    if (paired) reply.array(2)
    reply.bulk(field)
    if (withValues) reply.bulk(hash.get(field) ?? '')
  }
}
