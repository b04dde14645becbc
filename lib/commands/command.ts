/**
 * A command, declared once: name, arguments, flags and handler in one object. Dispatch, COMMAND INFO and DOCS, slot
 * routing, ACL categories and the gates of MULTI, replicas and scripts all read this declaration and nothing else
 * (redisCommand in server.h). Exporting a declaration from a family's file registers it.
 */
import type { Bytes } from '../base/bytes.ts'
import { type Argument, arityOf, type KeyFlag, type KeySpec, keySpecsOf } from './argument.ts'
import type { Context } from './context.ts'

/** Flags as COMMAND INFO prints them. `movablekeys` is derived, never declared. */
export const COMMAND_FLAGS = [
  'write',
  'readonly',
  'denyoom',
  'module',
  'admin',
  'pubsub',
  'noscript',
  'blocking',
  'loading',
  'stale',
  'skip_monitor',
  'skip_slowlog',
  'asking',
  'fast',
  'no_auth',
  'no_mandatory_keys',
  'no_async_loading',
  'no_multi',
  'allow_busy',
  'movablekeys',
] as const

/** One of {@link COMMAND_FLAGS}, or a flag that Redis keeps to itself. */
export type CommandFlag = (typeof COMMAND_FLAGS)[number] | 'may_replicate'

/** Flags that a declaration may name; the rest follows from it. */
export type DeclaredFlag = Exclude<CommandFlag, 'movablekeys'>

/** Groups as COMMAND DOCS names them. */
export type CommandGroup =
  | 'generic'
  | 'string'
  | 'list'
  | 'set'
  | 'sorted-set'
  | 'hash'
  | 'pubsub'
  | 'transactions'
  | 'connection'
  | 'server'
  | 'scripting'
  | 'hyperloglog'
  | 'cluster'
  | 'geo'
  | 'stream'
  | 'bitmap'

/** ACL categories, without the `@`. */
export type AclCategory =
  | 'keyspace'
  | 'read'
  | 'write'
  | 'set'
  | 'sortedset'
  | 'list'
  | 'hash'
  | 'string'
  | 'bitmap'
  | 'hyperloglog'
  | 'geo'
  | 'stream'
  | 'pubsub'
  | 'admin'
  | 'fast'
  | 'slow'
  | 'blocking'
  | 'dangerous'
  | 'connection'
  | 'transaction'
  | 'scripting'

/** The words of a command that name channels. */
export interface ChannelSpec {
  readonly first: number
  /** As in a key spec: -1 is the last word. */
  readonly last: number
  /** They are globs over channels. */
  readonly arePatterns?: true
}

/** What a family's file writes for each command: what it is in the latest version. */
export interface CommandDeclaration {
  /** Upper case; a space makes it a subcommand: `CLUSTER NODES`. */
  readonly name: string
  /** Version that brought it. */
  readonly since: string
  readonly group: CommandGroup
  /** One line in our own words. */
  readonly summary: string
  readonly complexity: string
  readonly flags: readonly DeclaredFlag[]
  /** ACL categories beyond those that flags imply (setImplicitACLCategories). */
  readonly categories?: readonly AclCategory[]
  readonly tips?: readonly string[]
  readonly deprecated?: { readonly since: string; readonly replacedBy: string } | undefined
  /** Changes since it came: version and what changed. */
  readonly history?: readonly (readonly [version: string, change: string])[] | undefined
  /** What was otherwise before a version, beside what the `since` of arguments, `history` and `deprecated` tell. */
  readonly before?: Readonly<Record<string, FormerDeclaration>>
  /** A system command, not for users (COMMAND DOCS' doc_flags). */
  readonly internal?: true
  readonly args?: readonly Argument[] | undefined
  /** Only where the arguments do not tell it. */
  readonly arity?: number
  /** Only where the arguments do not tell them. */
  readonly keySpecs?: readonly KeySpec[]
  /** Positions of the keys in argv, for commands whose key specs cannot tell all. */
  readonly keyPositions?: (argv: readonly Bytes[]) => readonly number[]
  /** What is done to the key at a position, for commands whose key specs cannot tell: it depends on the arguments. */
  readonly keyFlags?: (argv: readonly Bytes[], position: number) => readonly KeyFlag[]
  /** Channels that it publishes to or subscribes to. */
  readonly channels?: ChannelSpec
  /** It looks at or changes keys, or their slots, that its arguments do not name: it waits until keys in flight have landed. */
  readonly spansKeyspace?: true
  /** It may come upon any key: those it deletes because their time is over are changes of their own, not one together. */
  readonly comesUponKeys?: true
  /** What it is to the gates with these arguments, where they tell: it runs a script, and the script says what it does. */
  readonly variant?: (context: Context, original: Command, argv: readonly Bytes[]) => Command
  /** Lines of `<CONTAINER> HELP` between the head and the HELP lines; on a container only. */
  readonly help?: readonly string[]
  /** Runs the command: reads argv (argv[0] is the name as sent), writes exactly one reply unless the command is silent. */
  readonly run: (context: Context, argv: readonly Bytes[]) => void
}

/** What may change from version to version. */
export type FormerDeclaration = Partial<
  Pick<
    CommandDeclaration,
    | 'since'
    | 'complexity'
    | 'flags'
    | 'categories'
    | 'tips'
    | 'deprecated'
    | 'history'
    | 'args'
    | 'arity'
    | 'keySpecs'
  >
>

/** Positions in argv: of the word that says how many keys there are, and of the first key. */
export interface CountedKeys {
  readonly count: number
  readonly first: number
}

/** A declaration with all that derives from it. */
export interface Command extends CommandDeclaration {
  /** As it was written. */
  readonly declaration: CommandDeclaration
  /** `get`, `cluster|nodes`: the name in errors, stats and COMMAND. */
  readonly fullName: Bytes
  readonly arity: number
  readonly args: readonly Argument[]
  readonly keySpecs: readonly KeySpec[]
  /** The command of the table that it stands for, as a script makes it look to the gates: a user may run both or neither. */
  readonly original: Command | undefined
  readonly isWrite: boolean
  readonly isReadonly: boolean
  readonly isAdmin: boolean
  /** First, last and step of the legacy key range; first is 0 without one. */
  readonly firstKey: number
  readonly lastKey: number
  readonly keyStep: number
  /** Keys are not told by first, last and step alone. */
  readonly movableKeys: boolean
  /** All keys lie in a row behind a word that counts them: where it and the first of them are; undefined otherwise. */
  readonly countedKeys: CountedKeys | undefined
  /** It reads or writes keys that it names, waits for none, and does nothing else. */
  readonly isPlain: boolean
  /** With no more words than this the command's work does not grow with the data. */
  readonly quickWords: number
  has(flag: CommandFlag): boolean
}

/** Declares a command, or one that stands for another. Throws on a declaration that contradicts itself. */
export function command(declaration: CommandDeclaration, original?: Command): Command {
  const words = declaration.name.split(' ').length
  const args = declaration.args ?? []
  const keySpecs = declaration.keySpecs ?? keySpecsOf(words, args)
  const flags = new Set<CommandFlag>(declaration.flags)
  if (flags.has('write') && flags.has('readonly')) {
    throw new Error(`${declaration.name}: a command is not both write and readonly`)
  }
  const range = legacyRange(keySpecs)
  const arity = declaration.arity ?? arityOf(words, args)
  const movableKeys = isMovable(keySpecs)
  if (movableKeys) flags.add('movablekeys')
  // Every field by name, and none that is a getter: all commands have one shape then that V8 keeps, and dispatch looks at
  // every one of them.
  const made: { readonly [Field in keyof Command]-?: Command[Field] | undefined } = {
    declaration,
    name: declaration.name,
    since: declaration.since,
    group: declaration.group,
    summary: declaration.summary,
    complexity: declaration.complexity,
    flags: declaration.flags,
    categories: declaration.categories,
    tips: declaration.tips,
    deprecated: declaration.deprecated,
    history: declaration.history,
    before: declaration.before,
    internal: declaration.internal,
    args,
    arity,
    keySpecs,
    keyPositions: declaration.keyPositions,
    keyFlags: declaration.keyFlags,
    channels: declaration.channels,
    spansKeyspace: declaration.spansKeyspace,
    comesUponKeys: declaration.comesUponKeys,
    variant: declaration.variant,
    help: declaration.help,
    run: declaration.run,
    fullName: declaration.name.toLowerCase().replace(' ', '|'),
    original,
    isWrite: flags.has('write'),
    isReadonly: flags.has('readonly'),
    isAdmin: flags.has('admin'),
    firstKey: range.firstKey,
    lastKey: range.lastKey,
    keyStep: range.keyStep,
    movableKeys,
    countedKeys: declaration.keyPositions === undefined ? countedKeysOf(keySpecs) : undefined,
    isPlain: isPlain(flags, range.firstKey),
    quickWords: quickWordsOf(declaration, arity),
    has: (flag) => flags.has(flag),
  }
  return made as Command
}

/** Whether what a module exports is a declared command. */
export function isCommand(exported: unknown): exported is Command {
  return (
    typeof exported === 'object' && exported !== null && 'fullName' in exported && 'run' in exported
  )
}

function isPlain(flags: ReadonlySet<CommandFlag>, firstKey: number): boolean {
  if (firstKey === 0 || flags.has('movablekeys')) return false
  if (flags.has('blocking') || flags.has('admin') || flags.has('noscript')) return false
  return flags.has('write') || flags.has('readonly')
}

/** The work of commands that are quick for each of their words is small up to so many of them. */
const FEW_WORDS = 64

function quickWordsOf({ name, flags, complexity }: CommandDeclaration, arity: number): number {
  if (flags.includes('blocking') || flags.includes('pubsub')) return 0
  // SET is quick, too, although Redis does not say so.
  if (!flags.includes('fast') && name !== 'SET') return 0
  // A count, or something to be trimmed, comes after the words that must be there.
  return /^O\((1|log\(N\))\)(?! when)/.test(complexity) ? FEW_WORDS : Math.abs(arity)
}

/** All ACL categories in Redis' order. */
export const ACL_CATEGORIES: readonly AclCategory[] = [
  'keyspace',
  'read',
  'write',
  'set',
  'sortedset',
  'list',
  'hash',
  'string',
  'bitmap',
  'hyperloglog',
  'geo',
  'stream',
  'pubsub',
  'admin',
  'fast',
  'slow',
  'blocking',
  'dangerous',
  'connection',
  'transaction',
  'scripting',
]

/** All ACL categories of a command, implied ones included, in Redis' order. */
export function categoriesOf(command: Pick<Command, 'categories' | 'flags'>): AclCategory[] {
  const found = new Set<AclCategory>(command.categories)
  const flags = new Set<CommandFlag>(command.flags)
  if (flags.has('write')) found.add('write')
  if (flags.has('readonly') && !found.has('scripting')) found.add('read')
  if (flags.has('admin')) found.add('admin').add('dangerous')
  if (flags.has('pubsub')) found.add('pubsub')
  if (flags.has('blocking')) found.add('blocking')
  found.add(flags.has('fast') ? 'fast' : 'slow')
  return ACL_CATEGORIES.filter((category) => found.has(category))
}

function legacyRange(specs: readonly KeySpec[]): Pick<Command, 'firstKey' | 'lastKey' | 'keyStep'> {
  let firstKey = Number.POSITIVE_INFINITY
  let lastKey = 0
  let keyStep = 0
  // The widest run of index ranges that touch each other, as populateCommandLegacyRangeSpec takes it.
  for (const { begin, find } of specs) {
    if (begin.type !== 'index' || find.type !== 'range') continue
    if (keyStep > 1 && keyStep !== find.keyStep) continue
    if (firstKey === Number.POSITIVE_INFINITY || find.keyStep === keyStep) {
      const last = find.lastKey >= 0 ? begin.index + find.lastKey : find.lastKey
      if (firstKey !== Number.POSITIVE_INFINITY && begin.index !== lastKey + keyStep) continue
      firstKey = Math.min(firstKey, begin.index)
      lastKey = last
      keyStep = find.keyStep
    }
  }
  if (firstKey === Number.POSITIVE_INFINITY) return { firstKey: 0, lastKey: 0, keyStep: 0 }
  return { firstKey, lastKey, keyStep }
}

function isMovable(specs: readonly KeySpec[]): boolean {
  return specs.some(
    ({ begin, find, flags }) =>
      begin.type !== 'index' || find.type !== 'range' || flags.includes('incomplete'),
  )
}

function countedKeysOf(specs: readonly KeySpec[]): CountedKeys | undefined {
  const [spec, ...others] = specs
  if (spec === undefined || others.length > 0) return undefined
  const { begin, find, flags } = spec
  if (begin.type !== 'index' || find.type !== 'keynum' || find.keyStep !== 1) return undefined
  if (flags.includes('not_key') || flags.includes('incomplete')) return undefined
  return { count: begin.index + find.keynumIndex, first: begin.index + find.firstKey }
}

/** The command can have so many words. */
export function arityFits({ arity }: Command, argv: readonly Bytes[]): boolean {
  return arity > 0 ? argv.length === arity : argv.length >= -arity
}

/** Positions in argv of a command's keys; empty when it has none or the arguments are malformed. */
export function keyPositionsOf(command: Command, argv: readonly Bytes[]): readonly number[] {
  if (command.keyPositions !== undefined) return command.keyPositions(argv)
  if (!command.movableKeys) return rangePositions(command, argv.length)
  return keyReferencesOf(command, argv)?.map(({ position }) => position) ?? []
}

/** A key among the words of a command. */
export interface KeyReference {
  /** Index in argv. */
  readonly position: number
  readonly flags: readonly KeyFlag[]
}

/** The keys of a command with what it does to them; undefined when the arguments are malformed (getKeysUsingKeySpecs). */
export function keyReferencesOf(
  command: Command,
  argv: readonly Bytes[],
): readonly KeyReference[] | undefined {
  const referenceTo = (position: number, flags: readonly KeyFlag[]): KeyReference => ({
    position,
    flags: command.keyFlags?.(argv, position) ?? flags,
  })
  if (command.keyPositions !== undefined) {
    const flags = command.keySpecs[0]?.flags ?? []
    return command.keyPositions(argv).map((position) => referenceTo(position, flags))
  }
  const references: KeyReference[] = []
  for (const spec of command.keySpecs) {
    if (spec.flags.includes('not_key')) continue
    const positions = positionsOf(spec, argv)
    if (positions !== undefined) {
      for (const position of positions) references.push(referenceTo(position, spec.flags))
    } else if (!command.has('no_mandatory_keys')) {
      return undefined
    }
  }
  return hasOddCount(command, argv) ? asCounted(references, command, argv) : references
}

/** How many keys there are is said by a word that is a number at its front only, or not written as one. */
function hasOddCount({ keySpecs, movableKeys }: Command, argv: readonly Bytes[]): boolean {
  return (
    movableKeys && keySpecs.some((spec) => !/^(0|-?[1-9]\d*)$/.test(countIn(spec, argv) ?? '0'))
  )
}

/** Undefined where no word says how many keys there are. */
function countIn(spec: KeySpec, argv: readonly Bytes[]): Bytes | undefined {
  if (spec.find.type !== 'keynum') return undefined
  const first = beginPosition(spec, argv)
  return first === undefined ? undefined : argv[first + spec.find.keynumIndex]
}

/** Redis falls back to a rule that takes a destination last, and tells nothing of what becomes of a key. */
function asCounted(
  references: readonly KeyReference[],
  { keySpecs }: Command,
  argv: readonly Bytes[],
): KeyReference[] {
  const counted = keySpecs.find((spec) => countIn(spec, argv) !== undefined) as KeySpec
  const isCounted = new Set(positionsOf(counted, argv))
  const all = references.map(({ position }) => ({ position, flags: [] }))
  return [
    ...all.filter(({ position }) => isCounted.has(position)),
    ...all.filter(({ position }) => !isCounted.has(position)),
  ]
}

function rangePositions(command: Command, length: number): number[] {
  const positions: number[] = []
  if (command.firstKey === 0) return positions
  const last = command.lastKey < 0 ? length + command.lastKey : command.lastKey
  for (let i = command.firstKey; i <= last && i < length; i += command.keyStep) positions.push(i)
  return positions
}

/** Undefined when the arguments end before the keys do. */
function positionsOf(spec: KeySpec, argv: readonly Bytes[]): number[] | undefined {
  const first = beginPosition(spec, argv)
  // A keyword that is not there brings no keys.
  if (first === undefined || spec.find.type === 'unknown') return []
  if (spec.find.type === 'keynum') {
    const { keynumIndex, firstKey, keyStep } = spec.find
    // As atoi reads it, which Redis falls back to (genericGetKeys).
    const count = Number.parseInt(argv[first + keynumIndex] ?? '', 10)
    if (!(count >= 1)) return undefined
    return run(first + firstKey, first + firstKey + (count - 1) * keyStep, keyStep, argv.length)
  }
  const { lastKey, keyStep, limit } = spec.find
  if (lastKey >= 0) return run(first, first + lastKey, keyStep, argv.length)
  const last =
    limit > 1 ? first + Math.floor((argv.length - first) / limit) + lastKey : argv.length + lastKey
  return run(first, last, keyStep, argv.length)
}

function run(first: number, last: number, step: number, end: number): number[] | undefined {
  if (first >= end || last >= end || last < first) return undefined
  const positions: number[] = []
  for (let i = first; i <= last; i += step) positions.push(i)
  return positions
}

function beginPosition({ begin }: KeySpec, argv: readonly Bytes[]): number | undefined {
  if (begin.type === 'index') return begin.index
  if (begin.type === 'unknown') return undefined
  const step = begin.startFrom > 0 ? 1 : -1
  const start = begin.startFrom > 0 ? begin.startFrom : argv.length + begin.startFrom
  // A keyword with nothing behind it is none.
  for (let i = start; i > 0 && i < argv.length - 1; i += step) {
    if (argv[i]?.toUpperCase() === begin.keyword) return i + 1
  }
  return undefined
}
