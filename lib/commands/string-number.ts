/**
 * Strings as numbers: 64-bit integers and extended floating point (incrDecrCommand and incrbyfloatCommand in t_string.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { addLongDoubles, formatLongDouble, type LongDouble } from '../base/long-double.ts'
import { addIntegers, INT64_MIN, type Integer } from '../base/numbers.ts'
import { EditableString, wholeString } from '../data/editable-string.ts'
import { encodingOf } from '../data/string-encoding.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { double, integer, key } from './argument.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { integerArgument, longDoubleArgument } from './number-argument.ts'

export const incr = command({
  name: 'INCR',
  since: '1.0.0',
  group: 'string',
  summary: 'Adds one to the integer a key holds; a missing key counts as 0.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  categories: ['string'],
  args: [key('key', ['RW', 'access', 'update'])],
  run: (context, argv) => increment(context, argv[1] as Bytes, 1),
})

export const decr = command({
  name: 'DECR',
  since: '1.0.0',
  group: 'string',
  summary: 'Takes one from the integer a key holds; a missing key counts as 0.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  categories: ['string'],
  args: [key('key', ['RW', 'access', 'update'])],
  run: (context, argv) => increment(context, argv[1] as Bytes, -1),
})

export const incrby = command({
  name: 'INCRBY',
  since: '1.0.0',
  group: 'string',
  summary: 'Adds to the integer a key holds; a missing key counts as 0.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  categories: ['string'],
  args: [key('key', ['RW', 'access', 'update']), integer('increment')],
  run: (context, argv) => {
    increment(context, argv[1] as Bytes, integerArgument(argv[2] as Bytes))
  },
})

export const decrby = command({
  name: 'DECRBY',
  since: '1.0.0',
  group: 'string',
  summary: 'Takes from the integer a key holds; a missing key counts as 0.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  categories: ['string'],
  args: [key('key', ['RW', 'access', 'update']), integer('decrement')],
  run: (context, argv) => {
    const decrement = integerArgument(argv[2] as Bytes)
    if (decrement === INT64_MIN) throw new ReplyError('ERR decrement would overflow')
    increment(context, argv[1] as Bytes, typeof decrement === 'number' ? 0 - decrement : -decrement)
  },
})

function increment({ db, reply }: Context, name: Bytes, by: Integer): void {
  const after = addIntegers(db.writeInteger(name) ?? 0, by)
  if (after === undefined) throw errors.incrementOverflow
  db.setInteger(name, after)
  db.changes.dirty++
  db.notify(NotifyClass.string, 'incrby', name)
  reply.integer(after)
}

/** The sum of two floating point values. Throws when it is infinite. */
export function sumOf(a: LongDouble, b: LongDouble): LongDouble {
  const sum = addLongDoubles(a, b)
  if (sum === undefined) throw new ReplyError('ERR increment would produce NaN or Infinity')
  return sum
}

export const incrbyfloat = command({
  name: 'INCRBYFLOAT',
  since: '2.6.0',
  group: 'string',
  summary: 'Adds to the floating point number a key holds; a missing key counts as 0.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  categories: ['string'],
  args: [key('key', ['RW', 'access', 'update']), double('increment')],
  run: ({ db, reply, propagation }, argv) => {
    const [, name, by] = argv as [Bytes, Bytes, Bytes]
    const held = db.writeString(name)
    const before = longDoubleArgument(held === undefined ? '0' : wholeString(held))
    const sum = formatLongDouble(sumOf(before, longDoubleArgument(by)))
    // Redis does not look whether the sum is an integer, which OBJECT ENCODING shows.
    db.add(name, encodingOf(sum) === 'int' ? new EditableString(sum, 'embstr') : sum)
    db.modified(name, NotifyClass.string, 'incrbyfloat')
    reply.bulk(sum)
    // Other machines might compute other digits.
    propagation.replaceWith(['SET', name, sum, 'KEEPTTL'])
  },
})
