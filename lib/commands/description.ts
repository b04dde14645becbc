/**
 * Commands as COMMAND INFO and COMMAND DOCS describe them, written from the declarations alone (addReplyCommandInfo and
 * addReplyCommandDocs in server.c).
 */
import type { Version } from '../base/version.ts'
import type { ReplySink } from '../resp/reply-sink.ts'
import type { Argument, KeySpec } from './argument.ts'
import { COMMAND_FLAGS, type Command, categoriesOf } from './command.ts'
import { RENAMING } from './release.ts'
import type { CommandEntry } from './table.ts'

/** Writes the array of COMMAND INFO: name, arity, flags, key range, categories, tips, key specs, subcommands. */
export function writeInfo(reply: ReplySink, { command, subcommands }: CommandEntry): void {
  reply.array(10)
  reply.bulk(command.fullName)
  reply.integer(command.arity)
  writeWords(
    reply,
    COMMAND_FLAGS.filter((flag) => command.has(flag)),
  )
  reply.integer(command.firstKey)
  reply.integer(command.lastKey)
  reply.integer(command.keyStep)
  writeWords(
    reply,
    categoriesOf(command).map((category) => `@${category}`),
  )
  const tips = command.tips ?? []
  reply.set(tips.length)
  for (const tip of tips) reply.bulk(tip)
  reply.set(command.keySpecs.length)
  for (const spec of command.keySpecs) writeKeySpec(reply, spec)
  if (subcommands === undefined) {
    reply.set(0)
    return
  }
  reply.array(subcommands.size)
  for (const subcommand of subcommands.values()) writeInfo(reply, subcommand)
}

/** Writes a set of simple strings. */
export function writeWords(reply: ReplySink, words: readonly string[]): void {
  reply.set(words.length)
  for (const word of words) reply.simple(word)
}

function writeKeySpec(reply: ReplySink, { notes, flags, begin, find }: KeySpec): void {
  reply.map(notes === undefined ? 3 : 4)
  if (notes !== undefined) writeText(reply, 'notes', notes)
  reply.bulk('flags')
  writeWords(reply, flags)
  reply.bulk('begin_search')
  writeSearch(reply, begin.type, beginSpec(begin))
  reply.bulk('find_keys')
  writeSearch(reply, find.type, findSpec(find))
}

type Spec = readonly (readonly [name: string, value: string | number])[]

function beginSpec(begin: KeySpec['begin']): Spec {
  if (begin.type === 'index') return [['index', begin.index]]
  if (begin.type === 'unknown') return []
  return [
    ['keyword', begin.keyword],
    ['startfrom', begin.startFrom],
  ]
}

function findSpec(find: KeySpec['find']): Spec {
  if (find.type === 'unknown') return []
  if (find.type === 'range') {
    return [
      ['lastkey', find.lastKey],
      ['keystep', find.keyStep],
      ['limit', find.limit],
    ]
  }
  return [
    ['keynumidx', find.keynumIndex],
    ['firstkey', find.firstKey],
    ['keystep', find.keyStep],
  ]
}

function writeSearch(reply: ReplySink, type: string, spec: Spec): void {
  reply.map(2)
  writeText(reply, 'type', type)
  reply.bulk('spec')
  reply.map(spec.length)
  for (const [name, value] of spec) {
    reply.bulk(name)
    if (typeof value === 'number') reply.integer(value)
    else reply.bulk(value)
  }
}

function writeText(reply: ReplySink, name: string, text: string): void {
  reply.bulk(name)
  reply.bulk(text)
}

/** Writes the name and the map of COMMAND DOCS as a version tells it: two replies. */
export function writeDocs(
  reply: ReplySink,
  { command, subcommands }: CommandEntry,
  version: Version,
): void {
  const { args, complexity, deprecated, history = [] } = command
  const docFlags = docFlagsOf(command)
  const pairs = [
    complexity !== '',
    docFlags.length > 0,
    deprecated !== undefined,
    deprecated !== undefined,
    history.length > 0,
    args.length > 0,
    subcommands !== undefined,
  ].filter(Boolean).length
  reply.bulk(command.fullName)
  reply.map(3 + pairs)
  writeText(reply, 'summary', command.summary)
  writeText(reply, 'since', command.since)
  writeText(reply, 'group', command.group)
  if (complexity !== '') writeText(reply, 'complexity', complexity)
  if (docFlags.length > 0) {
    reply.bulk('doc_flags')
    writeWords(reply, docFlags)
  }
  if (deprecated !== undefined) {
    writeText(reply, 'deprecated_since', deprecated.since)
    writeText(reply, 'replaced_by', deprecated.replacedBy)
  }
  if (history.length > 0) writeHistory(reply, history)
  if (args.length > 0) {
    reply.bulk('arguments')
    const specs = new KeySpecCount(command.keySpecs.length)
    writeArguments(reply, args, { specs, hasDisplayText: version.atLeast(RENAMING) })
  }
  if (subcommands === undefined) return
  reply.bulk('subcommands')
  reply.map(subcommands.size)
  for (const subcommand of subcommands.values()) writeDocs(reply, subcommand, version)
}

function docFlagsOf({ deprecated, internal }: Command): string[] {
  return [...(deprecated === undefined ? [] : ['deprecated']), ...(internal ? ['syscmd'] : [])]
}

function writeHistory(reply: ReplySink, history: NonNullable<Command['history']>): void {
  reply.bulk('history')
  reply.set(history.length)
  for (const [version, change] of history) {
    reply.array(2)
    reply.bulk(version)
    reply.bulk(change)
  }
}

/** Keys are described in the order of their specs; when there are fewer specs, the last one covers several keys. */
class KeySpecCount {
  readonly #specs: number
  #next = 0

  constructor(specs: number) {
    this.#specs = specs
  }

  /** The index of the spec of the next key. */
  next(): number {
    return Math.min(this.#next++, this.#specs - 1)
  }
}

/** How arguments are told. */
interface ArgumentStyle {
  readonly specs: KeySpecCount
  readonly hasDisplayText: boolean
}

function writeArguments(reply: ReplySink, args: readonly Argument[], style: ArgumentStyle): void {
  reply.array(args.length)
  for (const argument of args) writeArgument(reply, argument, style)
}

function writeArgument(reply: ReplySink, argument: Argument, style: ArgumentStyle): void {
  const { name, type, token, deprecatedSince } = argument
  const since = argument.undated ? undefined : argument.since
  // What consists of parts has none.
  const displayText =
    style.hasDisplayText && argument.arguments === undefined
      ? (argument.displayText ?? name)
      : undefined
  const flags = [
    ...(argument.optional ? ['optional'] : []),
    ...(argument.multiple ? ['multiple'] : []),
    ...(argument.multipleToken ? ['multiple_token'] : []),
  ]
  const isKey = type === 'key' || argument.keySpec !== undefined
  // A token may be an empty word.
  const hasToken = token !== undefined
  const parts = [
    displayText,
    isKey,
    hasToken,
    since,
    deprecatedSince,
    flags.length > 0,
    argument.arguments,
  ]
  reply.map(2 + parts.filter(Boolean).length)
  writeText(reply, 'name', name)
  writeText(reply, 'type', type)
  if (displayText !== undefined) writeText(reply, 'display_text', displayText)
  if (isKey) {
    reply.bulk('key_spec_index')
    reply.integer(argument.keySpec ?? style.specs.next())
  }
  if (hasToken) writeText(reply, 'token', token)
  if (since) writeText(reply, 'since', since)
  if (deprecatedSince) writeText(reply, 'deprecated_since', deprecatedSince)
  if (flags.length > 0) {
    reply.bulk('flags')
    writeWords(reply, flags)
  }
  if (argument.arguments === undefined) return
  reply.bulk('arguments')
  writeArguments(reply, argument.arguments, style)
}
