/**
 * Types of configuration values: how words become the value, and how CONFIG REWRITE spells it. A value is kept as the text
 * CONFIG GET shows, so a back-up is a copy of a string. Redis has the same as the typeInterface of config.c; the texts
 * of refusals are those its clients see.
 */

import type { Bytes } from '../../base/bytes.ts'
import { parseMemory, spellMemory } from '../../base/memory-size.ts'
import { parseInteger } from '../../base/numbers.ts'
import { quoteWord } from '../../base/quote.ts'

/** A value that a directive does not take; `message` is the reason in Redis' words. */
export class ConfigRefusal extends Error {
  override readonly name = 'ConfigRefusal'
}

/** What kind of value a directive holds. */
export interface ValueType {
  /** Several words make the value; a single one is split at its spaces. */
  readonly takesWords?: true
  /** The value, in CONFIG GET's form unless {@link show} makes it that. Throws {@link ConfigRefusal}. */
  parse(words: readonly Bytes[], context: ParseContext): Bytes
  /** What CONFIG GET shows, for types whose values it does not show whole. */
  show?(text: Bytes): Bytes
  /** The text as a number, for types that mean one. */
  numberOf?(text: Bytes): number
  /** What follows the name on each line of a rewritten file; no line at all for a value that needs none. */
  spell(text: Bytes, initial: Bytes): readonly SpelledLine[]
}

/** What a value may depend on besides its words. */
export interface ParseContext {
  /** The value so far. */
  readonly current: Bytes
  /** A line of a file; absent for CONFIG SET. `repeated`: not the first line of this directive. */
  readonly line?: { readonly repeated: boolean }
}

/** A line of a rewritten file, without the name. */
export interface SpelledLine {
  readonly text: Bytes
  /** To be written although the old file has no such line. */
  readonly forced: boolean
}

/** The only word of a value. */
export function oneWord(words: readonly Bytes[]): Bytes {
  const [word] = words
  if (word === undefined || words.length !== 1) throw new ConfigRefusal('wrong number of arguments')
  return word
}

function plainly(text: Bytes, initial: Bytes): readonly SpelledLine[] {
  return [{ text, forced: text !== initial }]
}

/** `yes` or `no`. */
export const yesNo: ValueType = {
  parse(words) {
    const word = oneWord(words).toLowerCase()
    if (word !== 'yes' && word !== 'no') throw new ConfigRefusal("argument must be 'yes' or 'no'")
    return word
  },
  spell: plainly,
}

/** One of these words. `sameAs` maps a word to the one CONFIG GET shows for it. */
export function choice(
  words: readonly string[],
  sameAs: Readonly<Record<string, string>> = {},
): ValueType {
  return {
    parse(given) {
      const word = oneWord(given).toLowerCase()
      if (!words.includes(word)) throw notAmong(words)
      return sameAs[word] ?? word
    },
    spell: plainly,
  }
}

function notAmong(words: readonly string[]): ConfigRefusal {
  return new ConfigRefusal(`argument(s) must be one of the following: ${words.join(', ')}`)
}

/** Any of these words, in this order; the first means none of them. */
export function choices(
  words: readonly string[],
  conflict: (chosen: ReadonlySet<string>) => string | undefined,
): ValueType {
  const [none = ''] = words
  return {
    takesWords: true,
    parse(given) {
      const chosen = new Set(given.map((word) => word.toLowerCase()))
      if (chosen.size === 0 || ![...chosen].every((word) => words.includes(word))) {
        throw notAmong(words)
      }
      chosen.delete(none)
      const reason = conflict(chosen)
      if (reason !== undefined) throw new ConfigRefusal(reason)
      return words.filter((word) => chosen.has(word)).join(' ') || none
    },
    spell: plainly,
  }
}

export const INT_MIN = -2_147_483_648n
export const INT_MAX = 2_147_483_647n
export const UINT_MAX = 4_294_967_295n
export const LONG_MAX = 2n ** 63n - 1n
export const ULONG_MAX = 2n ** 64n - 1n

function checkRange(value: bigint, min: bigint, max: bigint, radix = 10): void {
  if (value >= min && value <= max) return
  throw new ConfigRefusal(
    `argument must be between ${min.toString(radix)} and ${max.toString(radix)} inclusive`,
  )
}

/** An integer within these bounds. */
export function integer(min: bigint, max: bigint): ValueType {
  return {
    parse(words) {
      const value = parseInteger(oneWord(words))
      if (value === undefined)
        throw new ConfigRefusal("argument couldn't be parsed into an integer")
      checkRange(BigInt(value), min, max)
      return `${value}`
    },
    numberOf: Number,
    spell: plainly,
  }
}

/** Permission bits, written in octal. */
export const permissions: ValueType = {
  parse(words) {
    const word = oneWord(words)
    if (!/^[0-7]+$/.test(word)) {
      throw new ConfigRefusal("argument couldn't be parsed as an octal number")
    }
    const value = BigInt(`0o${word}`)
    checkRange(value, 0n, 0o777n, 8)
    return value.toString(8)
  },
  numberOf: (text) => Number.parseInt(text, 8),
  spell: plainly,
}

/** A number of bytes within these bounds. */
export function memory(min: bigint, max: bigint): ValueType {
  return {
    parse(words) {
      const value = parseMemory(oneWord(words))
      if (value === undefined) throw new ConfigRefusal('argument must be a memory value')
      checkRange(value, min, max)
      return `${value}`
    },
    numberOf: Number,
    spell: (text, initial) => [{ text: spellMemory(text), forced: text !== initial }],
  }
}

/** A number of bytes, or a percentage; the latter counts as a negative number. */
export const memoryOrPercentage: ValueType = {
  parse(words) {
    const word = oneWord(words)
    const percent = word.endsWith('%') ? parseInteger(word.slice(0, -1)) : undefined
    const value =
      percent !== undefined && percent >= 0 ? -BigInt(percent) : asSigned(parseMemory(word))
    if (value === undefined) throw new ConfigRefusal('argument must be a memory or percent value')
    if (value < -100n) {
      throw new ConfigRefusal('percentage argument must be less or equal to 100')
    }
    return value < 0n ? `${-value}%` : `${value}`
  },
  numberOf: (text) => (text.endsWith('%') ? -Number(text.slice(0, -1)) : Number(text)),
  spell: (text, initial) => [
    { text: text.endsWith('%') ? text : spellMemory(text), forced: text !== initial },
  ],
}

function asSigned(value: bigint | undefined): bigint | undefined {
  return value === undefined ? undefined : BigInt.asIntN(64, value)
}

/** What a text must fulfil. */
export interface TextOptions {
  /** The reason to refuse a text, undefined when it is fine. */
  readonly refuse?: (text: Bytes) => string | undefined
  /** The empty text is a value of its own and not the absence of one. */
  readonly empty?: 'a value'
}

/** Any word. */
export function text({ refuse, empty }: TextOptions = {}): ValueType {
  return {
    parse(words) {
      const word = oneWord(words)
      const reason = refuse?.(word)
      if (reason !== undefined) throw new ConfigRefusal(reason)
      return word
    },
    spell: (value, initial) =>
      value === '' && empty === undefined
        ? []
        : [{ text: quoteWord(value), forced: value !== initial }],
  }
}
