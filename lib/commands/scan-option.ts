/**
 * What SCAN and its kin for collections share: the cursor and the options MATCH, COUNT and TYPE (scanGenericCommand and
 * parseScanCursorOrReply in db.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { globMatch } from '../base/glob.ts'
import { errors } from '../resp/reply-error.ts'
import { numberArgument } from './number-argument.ts'

const COUNT_DEFAULT = 10

/** What to return and how much of it. */
export interface ScanOptions {
  readonly count: number
  /** Undefined when everything matches. */
  readonly pattern: Bytes | undefined
  /** In lower case; undefined for any. */
  readonly type: Bytes | undefined
}

/** A cursor, as C's strtoul reads one: an empty text is 0 and a sign is taken. Throws `invalid cursor`. */
export function parseCursor(text: Bytes): number {
  const end = text.indexOf('\0')
  const digits = end < 0 ? text : text.slice(0, end)
  if (digits === '') return 0
  if (!/^[+-]?[0-9]+$/.test(digits)) throw errors.invalidCursor
  if (digits.length <= 15 && digits.charCodeAt(0) >= 0x30) return Number(digits)
  const value = BigInt(digits.replace('+', ''))
  const magnitude = value < 0n ? -value : value
  if (magnitude >= 2n ** 64n) throw errors.invalidCursor
  return Number(BigInt.asUintN(64, value))
}

/** The options from `start` on; TYPE only where it makes sense. Throws `syntax error`, or that COUNT is no integer. */
export function parseScanOptions(
  argv: readonly Bytes[],
  start: number,
  { withType = false }: { readonly withType?: boolean } = {},
): ScanOptions {
  let count = COUNT_DEFAULT
  let pattern: Bytes | undefined
  let type: Bytes | undefined
  for (let i = start; i < argv.length; i += 2) {
    const word = (argv[i] as Bytes).toUpperCase()
    const value = argv[i + 1]
    if (value === undefined) throw errors.syntax
    if (word === 'COUNT') {
      count = numberArgument(value)
      if (count < 1) throw errors.syntax
    } else if (word === 'MATCH') pattern = value === '*' ? undefined : value
    else if (word === 'TYPE' && withType) type = value.toLowerCase()
    else throw errors.syntax
  }
  return { count, pattern, type }
}

/** Whether an element's name is wanted. */
export function isWanted(name: Bytes, { pattern }: ScanOptions): boolean {
  return pattern === undefined || globMatch(pattern, name)
}
