/**
 * Commands as a version has them: what came later is left out, what was otherwise is put back. A declaration tells the latest
 * version and what changed on the way there; here the changes are undone. Invariant: a command in which nothing is newer
 * stays the very same object.
 */
import { Version } from '../base/version.ts'
import type { Argument } from './argument.ts'
import {
  type Command,
  type CommandDeclaration,
  command,
  type FormerDeclaration,
} from './command.ts'

/** Arguments were renamed in this version, and got a text to display. */
export const RENAMING = '7.2.0'

/** The command as a version has it; undefined when it came later and the version knows no later commands. */
export function commandAt(latest: Command, version: Version): Command | undefined {
  const { declaration } = latest
  const former = formerFields(declaration, version)
  const known = former === undefined ? declaration : { ...declaration, ...former }
  if (!version.atLeast(known.since)) return version.knowsLaterCommands ? latest : undefined
  const args = argumentsAt(known.args, version)
  const history = onlyIf(known.history, ([changed]) => version.atLeast(changed))
  const deprecated =
    known.deprecated !== undefined && version.atLeast(known.deprecated.since)
      ? known.deprecated
      : undefined
  const isLatest =
    former === undefined &&
    args === known.args &&
    history === known.history &&
    deprecated === known.deprecated
  return isLatest ? latest : command({ ...known, args, history, deprecated })
}

/** What was otherwise at that time; undefined when nothing was. */
function formerFields(
  { before }: CommandDeclaration,
  version: Version,
): FormerDeclaration | undefined {
  const changes = Object.entries(before ?? {}).filter(([since]) => !version.atLeast(since))
  if (changes.length === 0) return undefined
  // The earlier a change, the more it says of what was before it.
  changes.sort(([one], [other]) => (new Version(one).atLeast(other) ? -1 : 1))
  return Object.assign({}, ...changes.map(([, fields]) => fields))
}

/** The same array when nothing is left out of it. */
function onlyIf<T>(
  list: readonly T[] | undefined,
  isWanted: (item: T) => boolean,
): readonly T[] | undefined {
  return list === undefined || list.every(isWanted) ? list : list.filter(isWanted)
}

function argumentsAt(
  args: readonly Argument[] | undefined,
  version: Version,
): readonly Argument[] | undefined {
  if (args === undefined) return undefined
  const known = args.flatMap((argument) => argumentAt(argument, version) ?? [])
  const isLatest =
    known.length === args.length && known.every((argument, i) => argument === args[i])
  return isLatest ? args : known
}

function argumentAt(argument: Argument, version: Version): Argument | undefined {
  if (argument.since !== undefined && !version.atLeast(argument.since)) return undefined
  const parts = argumentsAt(argument.arguments, version)
  const name = version.atLeast(RENAMING) ? argument.name : (argument.formerName ?? argument.name)
  if (parts === argument.arguments && name === argument.name) return argument
  return { ...argument, name, ...(parts !== undefined && { arguments: parts }) }
}
