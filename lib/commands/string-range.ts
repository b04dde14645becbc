/**
 * Parts of strings: their ends, ranges and lengths (t_string.c). What is edited becomes an EditableString, so that the
 * next edit copies no more than it must.
 */
import type { Bytes } from '../base/bytes.ts'
import { EditableString } from '../data/editable-string.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { integer, key, string } from './argument.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { numberArgument } from './number-argument.ts'

/** Every `proto-max-bulk-len` is at least this: shorter strings need no check. */
const SMALL = 1024 * 1024

/** No JS string is longer. */
const STRING_MAX = 2 ** 29 - 24

/** Throws `string exceeds maximum allowed size`, but for the master, who knows what it does. */
function checkLength({ client, config }: Context, length: number): void {
  if (length <= SMALL) return
  const max = client.isMasterLink ? STRING_MAX : config.number('proto-max-bulk-len')
  if (length > Math.min(max, STRING_MAX)) throw errors.stringTooLong
}

export const append = command({
  name: 'APPEND',
  since: '2.0.0',
  group: 'string',
  summary: 'Adds bytes at the end of the string a key holds; a missing key counts as empty.',
  complexity:
    'O(1). The amortized time complexity is O(1) assuming the appended value is small and the already present value is of any size, since the dynamic string library used by Redis will double the free space available on every reallocation.',
  flags: ['write', 'denyoom', 'fast'],
  categories: ['string'],
  args: [key('key', ['RW', 'insert']), string('value')],
  run: (context, argv) => {
    const { db, reply } = context
    const [, name, tail] = argv as [Bytes, Bytes, Bytes]
    const held = db.writeString(name)
    let length = tail.length
    if (held === undefined) db.add(name, tail)
    else {
      checkLength(context, held.length + tail.length)
      const edited = editable(context, name, held)
      edited.append(tail)
      length = edited.length
    }
    db.modified(name, NotifyClass.string, 'append')
    reply.integer(length)
  },
})

export const setrange = command({
  name: 'SETRANGE',
  since: '2.2.0',
  group: 'string',
  summary: 'Overwrites part of the string a key holds; a gap before it becomes zero bytes.',
  complexity:
    'O(1), not counting the time taken to copy the new string in place. Usually, this string is very small so the amortized complexity is O(1). Otherwise, complexity is O(M) with M being the length of the value argument.',
  flags: ['write', 'denyoom'],
  categories: ['string'],
  args: [key('key', ['RW', 'update']), integer('offset'), string('value')],
  run: (context, argv) => {
    const { db, reply } = context
    const [, name, start, part] = argv as [Bytes, Bytes, Bytes, Bytes]
    const offset = numberArgument(start)
    if (offset < 0) throw new ReplyError('ERR offset is out of range')
    const held = db.writeString(name)
    if (part === '') {
      reply.integer(held?.length ?? 0)
      return
    }
    checkLength(context, offset + part.length)
    const edited = editable(context, name, held ?? '')
    edited.setRange(offset, part)
    db.modified(name, NotifyClass.string, 'setrange')
    reply.integer(edited.length)
  },
})

/** The string in its editable form, which the key holds from now on. */
export function editable(
  { db }: Context,
  name: Bytes,
  held: Bytes | EditableString,
): EditableString {
  if (typeof held !== 'string') return held
  const edited = new EditableString(held)
  db.add(name, edited)
  return edited
}

export const strlen = command({
  name: 'STRLEN',
  since: '2.2.0',
  group: 'string',
  summary: 'Returns the length of the string a key holds, in bytes.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  categories: ['string'],
  args: [key('key', ['RO'])],
  run: ({ db, reply }, argv) => {
    reply.integer(db.readString(argv[1] as Bytes)?.length ?? 0)
  },
})

const RANGE_COMPLEXITY =
  'O(N) where N is the length of the returned string. The complexity is ultimately determined by the returned length, but because creating a substring from an existing string is very cheap, it can be considered O(1) for small strings.'

export const getrange = command({
  name: 'GETRANGE',
  since: '2.4.0',
  group: 'string',
  summary: 'Returns part of the string a key holds; negative positions count from its end.',
  complexity: RANGE_COMPLEXITY,
  flags: ['readonly'],
  categories: ['string'],
  args: [key('key', ['RO', 'access']), integer('start'), integer('end')],
  run: writeRange,
})

export const substr = command({
  name: 'SUBSTR',
  since: '1.0.0',
  group: 'string',
  summary: 'Returns part of the string a key holds; negative positions count from its end.',
  complexity: RANGE_COMPLEXITY,
  flags: ['readonly'],
  categories: ['string'],
  deprecated: { since: '2.0.0', replacedBy: '`GETRANGE`' },
  args: [key('key', ['RO', 'access']), integer('start'), integer('end')],
  run: writeRange,
})

function writeRange({ db, reply }: Context, argv: readonly Bytes[]): void {
  const first = numberArgument(argv[2] as Bytes)
  const last = numberArgument(argv[3] as Bytes)
  const value = db.readString(argv[1] as Bytes) ?? ''
  const { length } = value
  // Two positions before the start leave nothing even when they would meet at the first byte.
  if (first < 0 && last < 0 && first > last) {
    reply.bulk('')
    return
  }
  const from = Math.max(0, first < 0 ? first + length : first)
  const to = Math.max(0, last < 0 ? last + length : last) + 1
  reply.bulk(from < to ? value.slice(from, to) : '')
}
