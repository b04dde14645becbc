/**
 * Single bits of strings (setbitCommand and getbitCommand in bitops.c). Bit 0 is the highest of the first byte; a string
 * that is too short for a bit is longer by zero bytes once the bit is written.
 */
import type { Bytes } from '../base/bytes.ts'
import { parseIntegerIn } from '../base/numbers.ts'
import { EditableString } from '../data/editable-string.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { ReplyError } from '../resp/reply-error.ts'
import { integer, key } from './argument.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { editable } from './string-range.ts'

/** The number of a bit that a string may have. Throws `bit offset is not an integer or out of range`. */
export function bitOffset({ client, config }: Context, text: Bytes, unit = 1): number {
  const given = parseIntegerIn(text, 0, Number.MAX_SAFE_INTEGER)
  const offset = given === undefined ? Number.NaN : given * unit
  const isAllowed = client.isMasterLink || offset / 8 < config.number('proto-max-bulk-len')
  if (isAllowed && Number.isSafeInteger(offset)) return offset
  throw new ReplyError('ERR bit offset is not an integer or out of range')
}

/** A string with room for a bit. */
export interface RoomyString {
  readonly string: EditableString
  /** It did not exist, or was shorter. */
  readonly grew: boolean
}

/** The string of a key, made long enough for a bit (lookupStringForBitCommand). Throws WRONGTYPE. */
export function stringWithBit(context: Context, name: Bytes, bit: number): RoomyString {
  const held = context.db.writeString(name)
  const length = Math.floor(bit / 8) + 1
  const string = held === undefined ? new EditableString('') : editable(context, name, held)
  const grew = string.length < length
  string.edit(length)
  if (held === undefined) context.db.add(name, string)
  return { string, grew }
}

export const setbit = command({
  name: 'SETBIT',
  since: '2.2.0',
  group: 'bitmap',
  summary: 'Sets or clears a bit of the string a key holds; returns what it was.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom'],
  categories: ['bitmap'],
  args: [key('key', ['RW', 'access', 'update']), integer('offset'), integer('value')],
  run: (context, argv) => {
    const [, name, offsetText, text] = argv as [Bytes, Bytes, Bytes, Bytes]
    const offset = bitOffset(context, offsetText)
    if (text !== '0' && text !== '1')
      throw new ReplyError('ERR bit is not an integer or out of range')
    const { string, grew } = stringWithBit(context, name, offset)
    const buffer = string.edit(0)
    const at = Math.floor(offset / 8)
    const mask = 128 >> (offset % 8)
    const before = (buffer[at] as number) & mask ? 1 : 0
    if (grew || before !== Number(text)) {
      buffer[at] = text === '1' ? (buffer[at] as number) | mask : (buffer[at] as number) & ~mask
      context.db.modified(name, NotifyClass.string, 'setbit')
    }
    context.reply.integer(before)
  },
})

export const getbit = command({
  name: 'GETBIT',
  since: '2.2.0',
  group: 'bitmap',
  summary: 'Returns a bit of the string a key holds; 0 beyond its end.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  categories: ['bitmap'],
  args: [key('key', ['RO', 'access']), integer('offset')],
  run: (context, argv) => {
    const offset = bitOffset(context, argv[2] as Bytes)
    const held = context.db.readString(argv[1] as Bytes)
    const at = Math.floor(offset / 8)
    const byte = held !== undefined && at < held.length ? held.slice(at, at + 1).charCodeAt(0) : 0
    context.reply.integer(byte & (128 >> (offset % 8)) ? 1 : 0)
  },
})
