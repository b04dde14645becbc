/**
 * The commands of one node: every declaration the families export, looked up by name, with this node's statistics.
 * Invariant: a name is declared once; a subcommand has a container.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Command } from './command.ts'
import { families } from './family.ts'

/** A hostile client could spell PING in 16 ways, and longer names in thousands. */
const SPELLINGS_MAX = 4096

/** Counters of INFO commandstats for one command on one node. */
export interface CommandStats {
  calls: number
  /** Time spent, microseconds. */
  microseconds: number
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

/** All commands of a node. */
export class CommandTable {
  readonly #entries = new Map<Bytes, CommandEntry>()
  /** Names as clients spell them, so that a look-up on the hot path does not lower-case. */
  readonly #spellings = new Map<Bytes, CommandEntry>()

  constructor() {
    for (const [name, { command, subcommands }] of declarations()) {
      this.#entries.set(name, {
        command,
        stats: newStats(),
        subcommands:
          subcommands.length === 0
            ? undefined
            : new Map(
                subcommands.map((subcommand) => [secondWord(subcommand), entryOf(subcommand)]),
              ),
      })
    }
  }

  /** The root command of this name in any case. */
  find(name: Bytes): CommandEntry | undefined {
    const known = this.#spellings.get(name)
    if (known !== undefined) return known
    const entry = this.#entries.get(name.toLowerCase())
    if (entry !== undefined && this.#spellings.size < SPELLINGS_MAX)
      this.#spellings.set(name, entry)
    return entry
  }

  /** The command or subcommand argv names; undefined when there is none. */
  resolve(argv: readonly Bytes[]): CommandEntry | undefined {
    const entry = this.find(argv[0] ?? '')
    if (entry?.subcommands === undefined || argv.length < 2) return entry
    return entry.subcommands.get(argv[1]?.toLowerCase() ?? '')
  }

  /** Root commands, in the order of their declaration. */
  entries(): IterableIterator<CommandEntry> {
    return this.#entries.values()
  }

  get size(): number {
    return this.#entries.size
  }
}

function newStats(): CommandStats {
  return { calls: 0, microseconds: 0, rejected: 0, failed: 0 }
}

function isCommand(exported: unknown): exported is Command {
  return (
    typeof exported === 'object' && exported !== null && 'fullName' in exported && 'run' in exported
  )
}

/** A root command and, if it is a container, what it contains. */
interface Declaration {
  readonly command: Command
  readonly subcommands: Command[]
}

let declared: ReadonlyMap<Bytes, Declaration> | undefined

/** All declarations by the lower-case name of the root command; gathered once for all nodes of a thread. */
function declarations(): ReadonlyMap<Bytes, Declaration> {
  declared ??= gather()
  return declared
}

function gather(): ReadonlyMap<Bytes, Declaration> {
  const commands = families.flatMap((family) => Object.values(family).filter(isCommand))
  const found = new Map<Bytes, Declaration>()
  for (const command of commands) {
    if (command.name.includes(' ')) continue
    const name = command.name.toLowerCase()
    if (found.has(name)) throw new Error(`${command.name} is declared twice`)
    found.set(name, { command, subcommands: [] })
  }
  for (const command of commands) {
    if (!command.name.includes(' ')) continue
    const container = found.get(command.name.toLowerCase().split(' ')[0] ?? '')
    if (container === undefined) throw new Error(`${command.name} has no container`)
    if (container.subcommands.some(({ name }) => name === command.name)) {
      throw new Error(`${command.name} is declared twice`)
    }
    container.subcommands.push(command)
  }
  return found
}

function secondWord(command: Command): Bytes {
  return command.name.toLowerCase().split(' ')[1] ?? ''
}

function entryOf(command: Command): CommandEntry {
  return { command, stats: newStats(), subcommands: undefined }
}
