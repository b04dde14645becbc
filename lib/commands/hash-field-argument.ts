/**
 * What the commands about some fields of a hash have in common: `FIELDS numfields field [field ...]` at the end of their
 * words, and times at which fields end (t_hash.c). Field times are Unix ms that fit 46 bits.
 */
import type { Bytes } from '../base/bytes.ts'
import { INT64_MAX, type Integer, parseInteger } from '../base/numbers.ts'
import { invalidExpireTime, ReplyError, wrongArity } from '../resp/reply-error.ts'
import { type Argument, block, integer, string } from './argument.ts'
import type { TimeForm } from './expiry-argument.ts'
import { integerArgument } from './number-argument.ts'

/** The latest time a field can end (HFE_MAX_ABS_TIME_MSEC). */
const LATEST_MS = 2 ** 46 - 1

/** The grammar of the fields. */
export const fieldsArgument: Argument = block(
  'fields',
  [integer('numfields'), string('field', { multiple: true })],
  { token: 'FIELDS' },
)

/** The fields named from the word FIELDS on, which must be argv[start]. `badCount` is what a wrong number is answered. */
export function fieldsFrom(
  argv: readonly Bytes[],
  start: number,
  badCount = 'ERR Number of fields must be a positive integer',
): readonly Bytes[] {
  if (argv[start]?.toUpperCase() !== 'FIELDS') {
    throw new ReplyError('ERR Mandatory argument FIELDS is missing or not at the right position')
  }
  const given = argv[start + 1]
  if (given === undefined) throw wrongArity((argv[0] as Bytes).toLowerCase())
  const count = fieldCount(given, badCount)
  const fields = argv.slice(start + 2)
  if (fields.length !== count) {
    throw new ReplyError('ERR The `numfields` parameter must match the number of arguments')
  }
  return fields
}

/** A number of fields. Throws `message` when it is not positive, or greater than `max`. */
export function fieldCount(text: Bytes, message: string, max: Integer = INT64_MAX): number {
  const count = parseInteger(text) ?? 0
  if (count < 1 || count > max) throw new ReplyError(message)
  return Number(count)
}

/** Unix ms of the end of fields. Throws what the command says of a time that makes no sense. */
export function fieldEndMs(text: Bytes, form: TimeForm, nowMs: number, command: Bytes): number {
  const time = integerArgument(text)
  if (time < 0) throw new ReplyError('ERR invalid expire time, must be >= 0')
  const atMs = Number(time) * (form.unit === 'seconds' ? 1000 : 1) + (form.absolute ? 0 : nowMs)
  if (atMs > LATEST_MS) throw invalidExpireTime(command)
  return atMs
}
