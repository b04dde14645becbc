/**
 * The tokens of a JSON text as cjson reads it (json_next_token in lua_cjson.c): up to the first NUL, with the numbers that
 * C's strtod takes and strings whose bytes pass as they are.
 */
import type { Bytes } from '../base/bytes.ts'
import { bytesOf } from '../base/bytes.ts'
import { doubleOfHex } from '../base/long-double.ts'

/** A token; `name` is what errors call it. */
export type JsonToken =
  | { readonly name: 'T_STRING'; readonly value: Bytes }
  | { readonly name: 'T_NUMBER'; readonly value: number }
  | { readonly name: 'T_BOOLEAN'; readonly value: boolean }
  | { readonly name: 'invalid token' | 'invalid number' }
  | { readonly name: 'unexpected end of string' | 'invalid escape code' }
  | { readonly name: 'invalid unicode escape code' }
  | { readonly name: Mark }

type Mark =
  | 'T_OBJ_BEGIN'
  | 'T_OBJ_END'
  | 'T_ARR_BEGIN'
  | 'T_ARR_END'
  | 'T_NULL'
  | 'T_COLON'
  | 'T_COMMA'
  | 'T_END'

const MARKS: Readonly<Record<string, JsonToken>> = {
  '{': { name: 'T_OBJ_BEGIN' },
  '}': { name: 'T_OBJ_END' },
  '[': { name: 'T_ARR_BEGIN' },
  ']': { name: 'T_ARR_END' },
  ':': { name: 'T_COLON' },
  ',': { name: 'T_COMMA' },
}
const END: JsonToken = { name: 'T_END' }
const NULL: JsonToken = { name: 'T_NULL' }
const TRUE: JsonToken = { name: 'T_BOOLEAN', value: true }
const FALSE: JsonToken = { name: 'T_BOOLEAN', value: false }

const SPACE = /[ \t\n\r]*/y
/** A string without escapes, which most are. */
const PLAIN_STRING = /"([^"\\\0]*)"/y
const ESCAPES: Readonly<Record<string, Bytes>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
}
const HEX4 = /[0-9A-Fa-f]{4}/y

/** What strtod takes. */
const DECIMAL = /[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y
const HEXADECIMAL = /[+-]?0[xX](?:[0-9A-Fa-f]+\.?[0-9A-Fa-f]*|\.[0-9A-Fa-f]+)(?:[pP][+-]?[0-9]+)?/y
const WORD = /([+-]?)(?:(inf(?:inity)?)|nan(?:\([0-9A-Za-z_]*\))?)/iy
/** Numbers that JSON does not know (json_is_invalid_number). */
const INVALID_NUMBER = /\+|-?0[xX0-9]|-?inf|-?nan/iy

/** Takes a text apart. */
export class JsonTokenizer {
  /** Where the token begins that was taken last. */
  start = 0
  readonly #text: Bytes
  readonly #takesInvalidNumbers: boolean
  #at = 0

  constructor(text: Bytes, takesInvalidNumbers: boolean) {
    this.#text = text
    this.#takesInvalidNumbers = takesInvalidNumbers
  }

  /** Where the next token is looked for. */
  get position(): number {
    return this.#at
  }

  /** The next token; errors and the end come again and again. */
  next(): JsonToken {
    this.#skip(SPACE)
    this.start = this.#at
    const text = this.#text
    const first = text[this.#at]
    if (first === undefined || first === '\0') return END
    const mark = MARKS[first]
    if (mark !== undefined) {
      this.#at++
      return mark
    }
    if (first === '"') return this.#string()
    if (first === '-' || (first >= '0' && first <= '9')) {
      const isInvalid = !this.#takesInvalidNumbers && this.#find(INVALID_NUMBER) !== null
      return isInvalid ? { name: 'invalid number' } : this.#number()
    }
    if (text.startsWith('true', this.#at)) return this.#word(TRUE, 4)
    if (text.startsWith('false', this.#at)) return this.#word(FALSE, 5)
    if (text.startsWith('null', this.#at)) return this.#word(NULL, 4)
    if (this.#takesInvalidNumbers && this.#find(INVALID_NUMBER) !== null) return this.#number()
    return { name: 'invalid token' }
  }

  #word(token: JsonToken, length: number): JsonToken {
    this.#at += length
    return token
  }

  #number(): JsonToken {
    const hexadecimal = this.#skip(HEXADECIMAL)
    if (hexadecimal !== null) {
      return { name: 'T_NUMBER', value: doubleOfHex(hexadecimal[0]) ?? 0 }
    }
    const decimal = this.#skip(DECIMAL)
    if (decimal !== null) return { name: 'T_NUMBER', value: Number(decimal[0]) }
    const word = this.#skip(WORD)
    if (word === null) return { name: 'invalid number' }
    if (word[2] === undefined) return { name: 'T_NUMBER', value: Number.NaN }
    const value = word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
    return { name: 'T_NUMBER', value }
  }

  #string(): JsonToken {
    const plain = this.#skip(PLAIN_STRING)
    if (plain !== null) return { name: 'T_STRING', value: plain[1] as Bytes }
    const text = this.#text
    let value = ''
    this.#at++
    for (;;) {
      const byte = text[this.#at]
      if (byte === undefined || byte === '\0') return this.#broken('unexpected end of string')
      if (byte === '"') break
      if (byte !== '\\') {
        value += byte
        this.#at++
        continue
      }
      const letter = text[this.#at + 1] ?? ''
      const meant = letter === 'u' ? this.#unicode() : ESCAPES[letter]
      if (meant === undefined) {
        return this.#broken(letter === 'u' ? 'invalid unicode escape code' : 'invalid escape code')
      }
      value += meant
      if (letter !== 'u') this.#at += 2
    }
    this.#at++
    return { name: 'T_STRING', value }
  }

  #broken(
    name: 'unexpected end of string' | 'invalid escape code' | 'invalid unicode escape code',
  ): JsonToken {
    this.start = this.#at
    return { name }
  }

  /** The UTF-8 bytes of a `\u` escape, or of two that are one character; undefined when it is none. */
  #unicode(): Bytes | undefined {
    const first = this.#codeUnit(this.#at)
    if (first === undefined) return undefined
    if ((first & 0xf800) !== 0xd800) {
      this.#at += 6
      return bytesOf(String.fromCharCode(first))
    }
    const second = this.#codeUnit(this.#at + 6)
    if ((first & 0x400) !== 0 || second === undefined || (second & 0xfc00) !== 0xdc00) {
      return undefined
    }
    this.#at += 12
    return bytesOf(String.fromCharCode(first, second))
  }

  #codeUnit(at: number): number | undefined {
    if (!this.#text.startsWith('\\u', at)) return undefined
    HEX4.lastIndex = at + 2
    const digits = HEX4.exec(this.#text)
    return digits === null ? undefined : Number.parseInt(digits[0], 16)
  }

  #find(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    return pattern.exec(this.#text)
  }

  #skip(pattern: RegExp): RegExpExecArray | null {
    const found = this.#find(pattern)
    if (found !== null) this.#at += found[0].length
    return found
  }
}
