/**
 * The commands of one node: every declaration the families export and its version knows, looked up by name, with this
 * node's statistics. Invariant: a name is declared once; a subcommand has a container.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Version } from '../base/version.ts'
import type { DurationHistogram } from '../data/duration-histogram.ts'
import { catalogue } from './catalogue.ts'
import { type Command, command, isCommand } from './command.ts'
import { commandAt } from './release.ts'

/** A hostile client could spell PING in 16 ways, and longer names in thousands. */
const SPELLINGS_MAX = 4096

/** Counters of INFO commandstats for one command on one node. */
export interface CommandStats {
  calls: number
  /** Time spent, microseconds. */
  microseconds: number
  /** Calls whose time is in {@link microseconds}: those since the last one that was timed are missing. */
  timedCalls: number
  /** How long calls took; undefined while none was followed. */
  durations: DurationHistogram | undefined
  rejected: number
  failed: number
}

/** A command as one node has it. */
export interface CommandEntry {
  readonly command: Command
  readonly stats: CommandStats
  /** By lower-case name; undefined unless the command is a container. */
  readonly subcommands: ReadonlyMap<Bytes, CommandEntry> | undefined
}

/** What became of a command that was to have another name. */
export type Renaming = 'renamed' | 'unknown' | 'taken'

/** All commands of a node. What nobody asks for is not made: a node that starts uses a few of hundreds. */
export class CommandTable {
  readonly version: Version
  readonly #declared: DeclarationsAt
  #entries = new Map<Bytes, CommandEntry>()
  /** Every command has its entry, in the order of their declaration. */
  #isWhole = false
  /** Names as clients spell them, so that a look-up on the hot path does not lower-case. */
  readonly #spellings = new Map<Bytes, CommandEntry>()
  /** Lower-case names that do not stand for the command declared under them: for another one, or none. */
  readonly #renamed = new Map<Bytes, Bytes | undefined>()

  /** Commands as `version` has them. */
  constructor(version: Version) {
    this.version = version
    this.#declared = declarationsAt(version)
  }

  /** The root command of this name in any case. */
  find(name: Bytes): CommandEntry | undefined {
    const known = this.#spellings.get(name)
    if (known !== undefined) return known
    const declared = this.#declaredName(name.toLowerCase())
    const entry = declared === undefined ? undefined : this.#entry(declared)
    if (entry !== undefined && this.#spellings.size < SPELLINGS_MAX)
      this.#spellings.set(name, entry)
    return entry
  }

  /** Gives a root command another name for clients, or none; statistics and rules of access keep to the old one. */
  rename(from: Bytes, to: Bytes): Renaming {
    const name = from.toLowerCase()
    const declared = this.#declaredName(name)
    if (declared === undefined || this.#entry(declared) === undefined) return 'unknown'
    if (this.find(to) !== undefined) return 'taken'
    this.#spellings.clear()
    this.#renamed.set(name, undefined)
    if (to !== '') this.#renamed.set(to.toLowerCase(), declared)
    return 'renamed'
  }

  #declaredName(name: Bytes): Bytes | undefined {
    return this.#renamed.has(name) ? this.#renamed.get(name) : name
  }

  #isCallable(declared: Bytes): boolean {
    if (!this.#renamed.has(declared) || this.#renamed.get(declared) === declared) return true
    return [...this.#renamed.values()].includes(declared)
  }

  #entry(name: Bytes): CommandEntry | undefined {
    const known = this.#entries.get(name)
    if (known !== undefined || this.#isWhole) return known
    const declaration = this.#declared.find(name)
    if (declaration === undefined) return undefined
    const entry = rootEntryOf(declaration)
    this.#entries.set(name, entry)
    return entry
  }

  #whole(): Map<Bytes, CommandEntry> {
    if (this.#isWhole) return this.#entries
    const entries = new Map<Bytes, CommandEntry>()
    for (const name of catalogue.names) {
      const entry = this.#isCallable(name) ? this.#entry(name) : undefined
      if (entry !== undefined) entries.set(name, entry)
    }
    this.#entries = entries
    this.#isWhole = true
    return entries
  }

  /** The command or subcommand argv names; undefined when there is none. */
  resolve(argv: readonly Bytes[]): CommandEntry | undefined {
    const entry = this.find(argv[0] ?? '')
    if (entry?.subcommands === undefined || argv.length < 2) return entry
    return entry.subcommands.get(argv[1]?.toLowerCase() ?? '')
  }

  /** The command of a name in any case, or of `container|subcommand`. */
  lookUp(name: Bytes): CommandEntry | undefined {
    return this.#within(name, (root) => this.find(root))
  }

  /** {@link lookUp} by the names that commands have from the start, whatever clients call them. */
  lookUpDeclared(name: Bytes): CommandEntry | undefined {
    return this.#within(name, (root) => this.#entry(root.toLowerCase()))
  }

  #within(name: Bytes, find: (root: Bytes) => CommandEntry | undefined): CommandEntry | undefined {
    const [root = '', sub, ...rest] = name.split('|')
    const entry = find(root)
    if (sub === undefined) return entry
    return rest.length > 0 ? undefined : entry?.subcommands?.get(sub.toLowerCase())
  }

  /** Root commands, in the order of their declaration. */
  entries(): IterableIterator<CommandEntry> {
    return this.#whole().values()
  }

  /** All commands, subcommands after their containers. */
  *all(): Generator<CommandEntry> {
    for (const entry of this.#whole().values()) {
      yield entry
      yield* entry.subcommands?.values() ?? []
    }
  }

  get size(): number {
    return this.#whole().size
  }
}

/** Counters of a command that was never called. */
export function newStats(): CommandStats {
  return {
    calls: 0,
    microseconds: 0,
    timedCalls: 0,
    durations: undefined,
    rejected: 0,
    failed: 0,
  }
}

/** A root command and, if it is a container, what it contains. */
interface Declaration {
  readonly command: Command
  readonly subcommands: Command[]
}

const declaredAt = new Map<string, DeclarationsAt>()

/** What a version knows; the same for all nodes of a thread. */
function declarationsAt(version: Version): DeclarationsAt {
  const name = `${version.text} ${version.knowsLaterCommands}`
  let known = declaredAt.get(name)
  if (known === undefined) {
    known = new DeclarationsAt(version)
    declaredAt.set(name, known)
  }
  return known
}

/** Declarations as a version has them, each made when it is asked for. */
class DeclarationsAt {
  readonly #version: Version
  readonly #known = new Map<Bytes, Declaration | undefined>()

  constructor(version: Version) {
    this.#version = version
  }

  /** What the version knows of the root command of this lower-case name. */
  find(name: Bytes): Declaration | undefined {
    const known = this.#known.get(name)
    if (known !== undefined || this.#known.has(name)) return known
    const latest = declarationOf(name)
    // What nobody has declared is not remembered: clients could make up names for ever.
    if (latest === undefined) return undefined
    const declaration = restrict(latest, this.#version)
    this.#known.set(name, declaration)
    return declaration
  }
}

function restrict(
  { command: latest, subcommands }: Declaration,
  version: Version,
): Declaration | undefined {
  const root = commandAt(latest, version)
  if (root === undefined) return undefined
  const later = version.knowsLaterCommands
    ? []
    : subcommands.filter(({ since }) => !version.atLeast(since))
  return {
    command:
      later.length === 0 ? root : command({ ...root.declaration, help: helpWithout(root, later) }),
    subcommands: subcommands.flatMap((subcommand) => commandAt(subcommand, version) ?? []),
  }
}

/** The lines of a container's help that are not about these subcommands. */
function helpWithout({ help = [] }: Command, later: readonly Command[]): string[] {
  const names = new Set(later.map(secondWord))
  let isShown = true
  return help.filter((line) => {
    if (!line.startsWith(' ')) isShown = !names.has((line.split(' ')[0] as string).toLowerCase())
    return isShown
  })
}

/** A root command and its subcommands as the families declare them. */
function declarationOf(root: Bytes): Declaration | undefined {
  const declared = catalogue
    .modulesOf(root)
    .flatMap((module) => Object.values(module).filter(isCommand))
  const command = declared.find(({ fullName }) => fullName === root)
  if (command === undefined) return undefined
  const subcommands = declared.filter(({ fullName }) => fullName.startsWith(`${root}|`))
  return { command, subcommands }
}

function secondWord(command: Command): Bytes {
  return command.name.toLowerCase().split(' ')[1] ?? ''
}

function rootEntryOf({ command, subcommands }: Declaration): CommandEntry {
  if (subcommands.length === 0) return entryOf(command)
  const entries = subcommands.map(
    (subcommand) => [secondWord(subcommand), entryOf(subcommand)] as const,
  )
  return { command, stats: newStats(), subcommands: new Map(entries) }
}

function entryOf(command: Command): CommandEntry {
  return { command, stats: newStats(), subcommands: undefined }
}
