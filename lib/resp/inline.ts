/**
 * Words of a line as a person types them: blanks part them, double quotes take escapes, single quotes take all but
 * `\'` (sdssplitargs). Inline commands and configuration lines are read by the same rule.
 */
import type { Bytes } from '../base/bytes.ts'

const BLANK = /[ \t\n\r\v\f]/
/** Vertical tabs and form feeds part words, but do not end one. */
const WORD_END = /[ \t\n\r]/
const QUOTE = /["']/
const UNQUOTED_WORDS = /[^ \t\n\r\v\f][^ \t\n\r]*/g
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' }

/** The words of a line; undefined when quotes are unbalanced. */
export function splitArguments(line: Bytes): Bytes[] | undefined {
  // A C string ends at its first NUL.
  const nul = line.indexOf('\0')
  const text = nul < 0 ? line : line.slice(0, nul)
  if (!QUOTE.test(text)) return text.match(UNQUOTED_WORDS) ?? []
  const words: Bytes[] = []
  let at = 0
  for (;;) {
    while (at < text.length && BLANK.test(text.charAt(at))) at++
    if (at >= text.length) return words
    const word = readWord(text, at)
    if (word === undefined) return undefined
    words.push(word.value)
    at = word.end
  }
}

function readWord(text: Bytes, from: number): { value: Bytes; end: number } | undefined {
  let value = ''
  let at = from
  while (at < text.length && !WORD_END.test(text.charAt(at))) {
    const character = text.charAt(at)
    if (character !== '"' && character !== "'") {
      value += character
      at++
      continue
    }
    const quoted = character === '"' ? doubleQuoted(text, at + 1) : singleQuoted(text, at + 1)
    // A closing quote must be followed by a blank or the end.
    if (quoted === undefined) return undefined
    if (quoted.end < text.length && !BLANK.test(text.charAt(quoted.end))) return undefined
    return { value: value + quoted.value, end: quoted.end }
  }
  return { value, end: at }
}

function doubleQuoted(text: Bytes, from: number): { value: Bytes; end: number } | undefined {
  let value = ''
  let at = from
  while (at < text.length) {
    const character = text.charAt(at)
    if (character === '"') return { value, end: at + 1 }
    if (character !== '\\' || at + 1 >= text.length) {
      value += character
      at++
      continue
    }
    const hex = /^x[0-9a-fA-F]{2}/.exec(text.slice(at + 1, at + 4))
    if (hex !== null) {
      value += String.fromCharCode(Number.parseInt(hex[0].slice(1), 16))
      at += 4
    } else {
      const escaped = text.charAt(at + 1)
      value += ESCAPES[escaped] ?? escaped
      at += 2
    }
  }
  return undefined
}

function singleQuoted(text: Bytes, from: number): { value: Bytes; end: number } | undefined {
  let value = ''
  let at = from
  while (at < text.length) {
    const character = text.charAt(at)
    if (character === "'") return { value, end: at + 1 }
    if (character === '\\' && text.charAt(at + 1) === "'") {
      value += "'"
      at += 2
    } else {
      value += character
      at++
    }
  }
  return undefined
}
