/**
 * The grammar of a command's arguments: what COMMAND DOCS prints, and what arity and key positions derive from. It
 * describes; parsing is the handler's, whose order of checks is Redis' own.
 */

/** What a key argument may do with its key, in the words of COMMAND INFO: one of RO RW OW RM first. */
export type KeyFlag =
  | 'RO'
  | 'RW'
  | 'OW'
  | 'RM'
  | 'access'
  | 'update'
  | 'insert'
  | 'delete'
  | 'not_key'
  | 'incomplete'
  | 'variable_flags'

/** The types COMMAND DOCS knows. */
export type ArgumentType =
  | 'string'
  | 'integer'
  | 'double'
  | 'key'
  | 'pattern'
  | 'unix-time'
  | 'pure-token'
  | 'oneof'
  | 'block'

/** One argument, or a group of them. */
export interface Argument {
  readonly name: string
  readonly type: ArgumentType
  /** The literal word before the value, or the word itself for a pure token. */
  readonly token?: string
  readonly optional?: true
  readonly multiple?: true
  /** Each repetition repeats the token. */
  readonly multipleToken?: true
  /** Version that brought it, when later than the command. */
  readonly since?: string
  /** COMMAND DOCS does not tell that version. */
  readonly undated?: true
  /** Its name before 7.2, where that was another one. */
  readonly formerName?: string
  /** What a usage line calls it, where that is not its name (7.2). */
  readonly displayText?: string
  /** Version that gave it up. */
  readonly deprecatedSince?: string
  readonly keyFlags?: readonly KeyFlag[]
  /** The argument before it counts the keys. */
  readonly counted?: true
  /** Which of the key specs it belongs to, where their order does not tell. */
  readonly keySpec?: number
  readonly arguments?: readonly Argument[]
}

/** What may be added to any argument. */
export type ArgumentOptions = Pick<
  Argument,
  | 'token'
  | 'optional'
  | 'multiple'
  | 'multipleToken'
  | 'since'
  | 'undated'
  | 'formerName'
  | 'displayText'
  | 'deprecatedSince'
  | 'keySpec'
>

/** A key, with what the command does to it. */
export function key(
  name: string,
  keyFlags: readonly KeyFlag[],
  options: ArgumentOptions = {},
): Argument {
  return { name, type: 'key', keyFlags, ...options }
}

/** Keys whose number is the argument before them (`numkeys`). */
export function countedKeys(
  name: string,
  keyFlags: readonly KeyFlag[],
  options: ArgumentOptions = {},
): Argument {
  return { name, type: 'key', keyFlags, counted: true, multiple: true, ...options }
}

/** A byte string. */
export function string(name: string, options: ArgumentOptions = {}): Argument {
  return { name, type: 'string', ...options }
}

/** An integer. */
export function integer(name: string, options: ArgumentOptions = {}): Argument {
  return { name, type: 'integer', ...options }
}

/** A floating point number. */
export function double(name: string, options: ArgumentOptions = {}): Argument {
  return { name, type: 'double', ...options }
}

/** A glob pattern. */
export function pattern(name: string, options: ArgumentOptions = {}): Argument {
  return { name, type: 'pattern', ...options }
}

/** A Unix time in the unit the name says. */
export function unixTime(name: string, options: ArgumentOptions = {}): Argument {
  return { name, type: 'unix-time', ...options }
}

/** A literal word. */
export function token(name: string, word: string, options: ArgumentOptions = {}): Argument {
  return { name, type: 'pure-token', ...options, token: word }
}

/** One of several. */
export function oneOf(
  name: string,
  alternatives: readonly Argument[],
  options: ArgumentOptions = {},
): Argument {
  return { name, type: 'oneof', arguments: alternatives, ...options }
}

/** Several that go together. */
export function block(
  name: string,
  parts: readonly Argument[],
  options: ArgumentOptions = {},
): Argument {
  return { name, type: 'block', arguments: parts, ...options }
}

function ownWidth(argument: Argument): number {
  return argument.token !== undefined && argument.type !== 'pure-token' ? 1 : 0
}

function leastWidth(argument: Argument): number {
  if (argument.optional) return 0
  const own = ownWidth(argument)
  const parts = argument.arguments
  if (argument.type === 'block') return own + sum((parts ?? []).map(leastWidth))
  if (argument.type === 'oneof') return own + Math.min(...(parts ?? []).map(leastWidth))
  return own + 1
}

function fixedWidth(argument: Argument): number | undefined {
  if (argument.optional || argument.multiple) return undefined
  const widths = (argument.arguments ?? []).map(fixedWidth)
  if (argument.arguments === undefined) return 1 + ownWidth(argument)
  if (widths.includes(undefined)) return undefined
  if (argument.type === 'oneof') {
    return new Set(widths).size === 1 ? (widths[0] ?? 0) + ownWidth(argument) : undefined
  }
  return sum(widths as number[]) + ownWidth(argument)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

/** Redis' arity of a command of `words` name words: exact when positive, a minimum when negative. */
export function arityOf(words: number, args: readonly Argument[]): number {
  const least = words + sum(args.map(leastWidth))
  return args.every((argument) => fixedWidth(argument) !== undefined) ? least : -least
}

/** Where keys are, in the algebra of COMMAND INFO: where to begin, then how to find them. */
export interface KeySpec {
  readonly flags: readonly KeyFlag[]
  readonly notes?: string
  readonly begin:
    | { readonly type: 'index'; readonly index: number }
    | { readonly type: 'keyword'; readonly keyword: string; readonly startFrom: number }
    | { readonly type: 'unknown' }
  readonly find:
    | {
        readonly type: 'range'
        readonly lastKey: number
        readonly keyStep: number
        readonly limit: number
      }
    | {
        readonly type: 'keynum'
        readonly keynumIndex: number
        readonly firstKey: number
        readonly keyStep: number
      }
    | { readonly type: 'unknown' }
}

/** The key specs of a command of `words` name words, as far as the grammar tells them. */
export function keySpecsOf(words: number, args: readonly Argument[]): KeySpec[] {
  const specs: KeySpec[] = []
  let position: number | undefined = words
  for (const [i, argument] of args.entries()) {
    const tail = args.slice(i + 1).map(fixedWidth)
    const after = tail.includes(undefined) ? 0 : sum(tail as number[])
    const begin = beginOf(argument, position)
    const parts = argument.arguments
    const first = parts?.[0]
    if (begin !== undefined && argument.type === 'key') {
      specs.push(specOf(argument, begin, argument.multiple ? -1 - after : 0, 1))
    } else if (begin !== undefined && argument.type === 'block' && first?.type === 'key') {
      const step = argument.multiple ? (parts?.length ?? 1) : 1
      specs.push(specOf(first, begin, argument.multiple ? -1 - after : 0, step))
    }
    const width = fixedWidth(argument)
    position = position === undefined || width === undefined ? undefined : position + width
  }
  return specs
}

function beginOf(argument: Argument, position: number | undefined): KeySpec['begin'] | undefined {
  if (argument.token !== undefined && (argument.optional || position === undefined)) {
    return { type: 'keyword', keyword: argument.token, startFrom: 1 }
  }
  if (position === undefined) return undefined
  // Counted keys begin where their number is.
  const index = position + ownWidth(argument) - (argument.counted ? 1 : 0)
  return { type: 'index', index }
}

function specOf(
  argument: Argument,
  begin: KeySpec['begin'],
  lastKey: number,
  keyStep: number,
): KeySpec {
  const flags = argument.keyFlags ?? []
  if (argument.counted) {
    return { flags, begin, find: { type: 'keynum', keynumIndex: 0, firstKey: 1, keyStep: 1 } }
  }
  return { flags, begin, find: { type: 'range', lastKey, keyStep, limit: 0 } }
}
