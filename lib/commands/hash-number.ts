/**
 * Numbers in the fields of hashes (hincrbyCommand and hincrbyfloatCommand in t_hash.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { formatLongDouble, isInfinite, parseLongDouble } from '../base/long-double.ts'
import { addIntegers, parseInteger } from '../base/numbers.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { double, integer, key, string } from './argument.ts'
import { command } from './command.ts'
import { openHash } from './hash.ts'
import { integerArgument, longDoubleArgument } from './number-argument.ts'
import { sumOf } from './string-number.ts'

export const hincrby = command({
  name: 'HINCRBY',
  since: '2.0.0',
  group: 'hash',
  summary: 'Adds to the integer a field of a hash holds; a missing field counts as 0.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  categories: ['hash'],
  args: [key('key', ['RW', 'access', 'update']), string('field'), integer('increment')],
  run: ({ db, reply }, argv) => {
    const [, name, field, by] = argv as [Bytes, Bytes, Bytes, Bytes]
    const increment = integerArgument(by)
    const hash = openHash(db, name)
    const before = parseInteger(hash.get(field) ?? '0')
    if (before === undefined) throw new ReplyError('ERR hash value is not an integer')
    const after = addIntegers(before, increment)
    if (after === undefined) throw errors.incrementOverflow
    hash.setKeepingExpiry(field, String(after))
    db.modified(name, NotifyClass.hash, 'hincrby')
    reply.integer(after)
  },
})

export const hincrbyfloat = command({
  name: 'HINCRBYFLOAT',
  since: '2.6.0',
  group: 'hash',
  summary:
    'Adds to the floating point number a field of a hash holds; a missing field counts as 0.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  categories: ['hash'],
  args: [key('key', ['RW', 'access', 'update']), string('field'), double('increment')],
  run: ({ db, reply, propagation }, argv) => {
    const [, name, field, by] = argv as [Bytes, Bytes, Bytes, Bytes]
    const increment = longDoubleArgument(by)
    if (isInfinite(increment)) throw new ReplyError('ERR value is NaN or Infinity')
    const hash = openHash(db, name)
    const before = parseLongDouble(hash.get(field) ?? '0')
    if (before === undefined) throw new ReplyError('ERR hash value is not a float')
    const sum = formatLongDouble(sumOf(before, increment))
    hash.setKeepingExpiry(field, sum)
    db.modified(name, NotifyClass.hash, 'hincrbyfloat')
    reply.bulk(sum)
    // Other machines might compute other digits.
    propagation.replaceWith(['HSET', name, field, sum])
  },
})
