/**
 * What SCAN and its kin for collections share: the cursor and the options MATCH, COUNT and TYPE (scanGenericCommand and
 * parseScanCursorOrReply in db.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { globMatch } from '../base/glob.ts'
import type { Version } from '../base/version.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { numberArgument } from './number-argument.ts'

const COUNT_DEFAULT = 10

/** What to return and how much of it. */
export interface ScanOptions {
  readonly count: number
  /** Undefined when everything matches. */
  readonly pattern: Bytes | undefined
  /** In lower case; undefined for any. */
  readonly type: Bytes | undefined
  /** Names without what they hold. */
  readonly namesOnly: boolean
}

/**
 * A cursor, as C's strtoul reads one: an empty text is 0 and a sign is taken; from 7.4 on nothing below 0 is, nor an empty
 * text, but white space in front. Throws `invalid cursor`.
 */
export function parseCursor(text: Bytes, version: Version): number {
  if (version.atLeast('7.4')) {
    if (text === '' || /^-[1-9]/.test(text)) throw errors.invalidCursor
    return parseCursorText(text.replace(/^[ \t-\r]+/, ''))
  }
  return parseCursorText(text)
}

function parseCursorText(text: Bytes): number {
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

/** The options from `start` on; TYPE and NOVALUES (7.4) only where they make sense. Throws what is wrong with them. */
export function parseScanOptions(
  argv: readonly Bytes[],
  start: number,
  {
    withType = false,
    noValues = 'unknown',
  }: { readonly withType?: boolean; readonly noValues?: 'unknown' | 'refused' | 'taken' } = {},
): ScanOptions {
  let count = COUNT_DEFAULT
  let pattern: Bytes | undefined
  let type: Bytes | undefined
  let namesOnly = false
  for (let i = start; i < argv.length; i += 2) {
    const word = (argv[i] as Bytes).toUpperCase()
    if (word === 'NOVALUES' && noValues !== 'unknown') {
      if (noValues === 'refused')
        throw new ReplyError('ERR NOVALUES option can only be used in HSCAN')
      namesOnly = true
      i--
      continue
    }
    const value = argv[i + 1]
    if (value === undefined) throw errors.syntax
    if (word === 'COUNT') {
      count = numberArgument(value)
      if (count < 1) throw errors.syntax
    } else if (word === 'MATCH') pattern = value === '*' ? undefined : value
    else if (word === 'TYPE' && withType) type = value.toLowerCase()
    else throw errors.syntax
  }
  return { count, pattern, type, namesOnly }
}

/** Whether an element's name is wanted. */
export function isWanted(name: Bytes, { pattern }: Pick<ScanOptions, 'pattern'>): boolean {
  return pattern === undefined || globMatch(pattern, name)
}
