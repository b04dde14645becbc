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
    const declared: Command[] = families.flatMap((family) =>
      Object.values(family).filter((exported): exported is Command => isCommand(exported)),
    )
    for (const command of declared) {
      if (command.name.includes(' ')) continue
      const subcommands = declared.filter((other) => other.name.startsWith(`${command.name} `))
      this.#add(command, subcommands)
    }
    for (const command of declared) this.#checkListed(command)
  }

  #add(command: Command, subcommands: readonly Command[]): void {
    const name = command.name.toLowerCase()
    if (this.#entries.has(name)) throw new Error(`${command.name} is declared twice`)
    this.#entries.set(name, {
      command,
      stats: newStats(),
      subcommands:
        subcommands.length === 0
          ? undefined
          : new Map(
              subcommands.map((subcommand) => [
                subcommand.name.split(' ')[1]?.toLowerCase() ?? '',
                { command: subcommand, stats: newStats(), subcommands: undefined },
              ]),
            ),
    })
  }

  #checkListed(command: Command): void {
    const [container = '', subcommand] = command.name.toLowerCase().split(' ')
    if (subcommand === undefined) return
    if (this.#entries.get(container)?.subcommands?.get(subcommand) === undefined) {
      throw new Error(`${command.name} has no container`)
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
