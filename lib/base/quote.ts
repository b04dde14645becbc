/**
 * Quoting of words in a configuration file (sdscatrepr). Invariant: a quoted word is one word of printable ASCII, and
 * splitting the line gives it back (`splitArguments`).
 */
import type { Bytes } from './bytes.ts'

const NAMES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\x07': '\\a',
  '\b': '\\b',
}

/** The word in double quotes, with escapes for everything that is not printable ASCII. */
export function quoteWord(word: Bytes): Bytes {
  return `"${word.replace(/[^ !#-[\]-~]/g, escapeByte)}"`
}

function escapeByte(byte: Bytes): Bytes {
  return NAMES[byte] ?? `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`
}
