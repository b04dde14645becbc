/**
 * The options of SET and GETEX, which share their words and their quarrels: a time in one form, given once or again, or
 * KEEPTTL, or PERSIST (parseExtendedStringArgumentsOrReply in t_string.c). Anything else is a syntax error.
 */
import type { Bytes } from '../base/bytes.ts'
import { errors } from '../resp/reply-error.ts'
import { type TimeForm, timeForms } from './expiry-argument.ts'

/** What was asked for. */
export interface StringOptions {
  readonly condition: 'NX' | 'XX' | undefined
  readonly get: boolean
  readonly keepTtl: boolean
  readonly persist: boolean
  /** The expiry as sent, not yet checked to be a number. */
  readonly expiry:
    | { readonly word: TimeWord; readonly form: TimeForm; readonly time: Bytes }
    | undefined
}

/** The words that announce a time. */
export type TimeWord = keyof typeof timeForms

/** The options from argv[3] on. Throws `syntax error`. */
export function parseSetOptions(argv: readonly Bytes[]): StringOptions {
  let condition: StringOptions['condition']
  let get = false
  let keepTtl = false
  let expiry: StringOptions['expiry']
  for (let i = 3; i < argv.length; i++) {
    const word = (argv[i] as Bytes).toUpperCase()
    if ((word === 'NX' || word === 'XX') && (condition ?? word) === word) condition = word
    else if (word === 'GET') get = true
    else if (word === 'KEEPTTL' && expiry === undefined) keepTtl = true
    else if (isTimeWord(word) && !keepTtl) expiry = parseTime(word, expiry, argv[++i])
    else throw errors.syntax
  }
  return { condition, get, keepTtl, persist: false, expiry }
}

/** The options from argv[2] on. Throws `syntax error`. */
export function parseGetexOptions(argv: readonly Bytes[]): StringOptions {
  let persist = false
  let expiry: StringOptions['expiry']
  for (let i = 2; i < argv.length; i++) {
    const word = (argv[i] as Bytes).toUpperCase()
    if (word === 'PERSIST' && expiry === undefined) persist = true
    else if (isTimeWord(word) && !persist) expiry = parseTime(word, expiry, argv[++i])
    else throw errors.syntax
  }
  return { condition: undefined, get: false, keepTtl: false, persist, expiry }
}

function parseTime(
  word: TimeWord,
  former: StringOptions['expiry'],
  time: Bytes | undefined,
): NonNullable<StringOptions['expiry']> {
  if (time === undefined || (former !== undefined && former.word !== word)) throw errors.syntax
  return { word, form: timeForms[word], time }
}

function isTimeWord(word: string): word is TimeWord {
  return Object.hasOwn(timeForms, word)
}
