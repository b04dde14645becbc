/**
 * The text of redis.conf as lines of words: comments and blank lines left out, includes put in place
 * (loadServerConfigFromString). Invariant: the first word of a line is a directive's name in lower case.
 */
import type { Bytes } from '../../base/bytes.ts'
import { splitArguments } from '../../resp/inline.ts'

/** A line that says something. */
export interface ConfigLine {
  /** Counted from 1 in its own file. */
  readonly line: number
  /** As written, without blanks around it. */
  readonly text: Bytes
  readonly words: readonly Bytes[]
}

/** A configuration that a server does not start with; the message is what Redis prints under its headline. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly reason: string
  /** Where it is; undefined when no single line is wrong. */
  readonly at: ConfigLine | undefined

  constructor(reason: string, at?: ConfigLine) {
    super(
      at === undefined
        ? reason
        : `Reading the configuration file, at line ${at.line}\n>>> '${at.text}'\n${reason}`,
    )
    this.reason = reason
    this.at = at
  }
}

/** Reads the files an `include` names; throws an Error with the reason when there is none. */
export type IncludeReader = (pattern: Bytes) => readonly Bytes[]

/** Why a line is none. */
export const UNBALANCED = 'Unbalanced quotes in configuration line'

const MAX_DEPTH = 32

/** The lines of a configuration text. Throws {@link ConfigError}. */
export function parseConfigText(text: Bytes, include?: IncludeReader, depth = 0): ConfigLine[] {
  return text.split('\n').flatMap((raw, i) => {
    const trimmed = trimBlanks(raw)
    if (trimmed === '' || trimmed.startsWith('#')) return []
    const words = splitArguments(trimmed)
    const line: ConfigLine = { line: i + 1, text: trimmed, words: words ?? [] }
    if (words === undefined) {
      throw new ConfigError(UNBALANCED, line)
    }
    const [name = '', ...values] = words
    if (name.toLowerCase() === 'include' && values.length === 1) {
      return included(line, values[0] as Bytes, include, depth)
    }
    return [{ ...line, words: [name.toLowerCase(), ...values] }]
  })
}

function textsOf(line: ConfigLine, read: () => readonly Bytes[]): readonly Bytes[] {
  try {
    return read()
  } catch (error) {
    throw new ConfigError((error as Error).message, line)
  }
}

/** A line without the blanks around it. */
export function trimBlanks(line: Bytes): Bytes {
  return line.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
}

function included(
  line: ConfigLine,
  pattern: Bytes,
  include: IncludeReader | undefined,
  depth: number,
): ConfigLine[] {
  if (include === undefined || depth >= MAX_DEPTH) {
    throw new ConfigError(
      include === undefined ? 'There is no file to include here' : 'Files include each other',
      line,
    )
  }
  return textsOf(line, () => include(pattern)).flatMap((text) =>
    parseConfigText(text, include, depth + 1),
  )
}
