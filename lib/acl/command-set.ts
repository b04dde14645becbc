/**
 * The commands a selector allows: some of all there are, and of commands that it does not allow perhaps those with a
 * certain first argument (allowed_commands and allowed_firstargs of aclSelector in acl.c). Invariant: a first argument is
 * kept for a root command only, and goes when the whole command is allowed or denied.
 */
import type { Bytes } from '../base/bytes.ts'
import { type AclCategory, type Command, categoriesOf } from '../commands/command.ts'
import type { CommandEntry, CommandTable } from '../commands/table.ts'

/** Commands out of a table; none at first. */
export class CommandSet {
  readonly table: CommandTable
  /** Undefined: all of the table, which is not asked for them before it has to be. */
  #commands: Set<Command> | undefined = new Set()
  readonly #firstArguments = new Map<Command, readonly Bytes[]>()
  /** It began with all commands: those that would come later are in it, too. */
  includesFuture = false

  constructor(table: CommandTable) {
    this.table = table
  }

  /** There is no command that it does not allow. */
  get isWhole(): boolean {
    return this.#commands === undefined || this.#commands.size === [...this.table.all()].length
  }

  allowAll(): void {
    this.#commands = undefined
    this.#firstArguments.clear()
    this.includesFuture = true
  }

  denyAll(): void {
    this.#commands = new Set()
    this.#firstArguments.clear()
    this.includesFuture = false
  }

  /** Allows or denies a command with all its subcommands. */
  set({ command, subcommands }: CommandEntry, isAllowed: boolean): void {
    this.#setOne(command, isAllowed)
    this.#firstArguments.delete(command)
    for (const entry of subcommands?.values() ?? []) this.#setOne(entry.command, isAllowed)
  }

  #setOne(command: Command, isAllowed: boolean): void {
    if (isAllowed) this.#commands?.add(command)
    else {
      this.#commands ??= new Set([...this.table.all()].map((entry) => entry.command))
      this.#commands.delete(command)
    }
  }

  setCategory(category: AclCategory, isAllowed: boolean): void {
    for (const entry of this.table.all()) {
      if (categoriesOf(entry.command).includes(category)) this.set(entry, isAllowed)
    }
  }

  /** Allows a command with this first argument, in any case. */
  allowFirstArgument(command: Command, argument: Bytes): void {
    const known = this.firstArgumentsOf(command)
    if (known.some((other) => other.toLowerCase() === argument.toLowerCase())) return
    this.#firstArguments.set(command, [...known, argument])
  }

  firstArgumentsOf(command: Command): readonly Bytes[] {
    return this.#firstArguments.get(command.original ?? command) ?? NONE
  }

  /** The command is allowed whatever its arguments are. */
  has(command: Command): boolean {
    return this.#commands?.has(command.original ?? command) ?? true
  }

  /** The command is allowed with these arguments. */
  permits(command: Command, argv: readonly Bytes[]): boolean {
    if (this.has(command)) return true
    const first = argv[1]?.toLowerCase()
    return this.firstArgumentsOf(command).some((argument) => argument.toLowerCase() === first)
  }

  copy(): CommandSet {
    const copy = new CommandSet(this.table)
    copy.#commands = this.#commands && new Set(this.#commands)
    for (const [command, words] of this.#firstArguments) copy.#firstArguments.set(command, words)
    copy.includesFuture = this.includesFuture
    return copy
  }
}

const NONE: readonly Bytes[] = []
