/** Commands under other names, or none: `rename-command` (the renames of loadServerConfigFromString). */
import type { Bytes } from '../base/bytes.ts'
import type { CommandTable, Renaming } from '../commands/table.ts'
import type { Config } from './config/config.ts'
import { ConfigError } from './config/config-text.ts'

const REFUSALS: Readonly<Record<Exclude<Renaming, 'renamed'>, string>> = {
  unknown: 'No such command in rename-command',
  taken: 'Target command name already exists',
}

/** Follows the lines of the configuration one after the other. Throws {@link ConfigError} at the first that cannot be. */
export function renameCommands(table: CommandTable, { renameLines }: Config): void {
  for (const line of renameLines) {
    const [, from, to] = line.words as [Bytes, Bytes, Bytes]
    const renaming = table.rename(from, to)
    if (renaming !== 'renamed') throw new ConfigError(REFUSALS[renaming], line)
  }
}
