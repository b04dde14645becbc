/**
 * `<CONTAINER> HELP`: the container's own lines between a head and a foot that all containers share
 * (addReplySubcommandSyntaxError's sibling addReplyHelp).
 */
import type { Context } from './context.ts'

/** Writes the help of a container command, in upper case, as the node's version has it. */
export function writeHelp({ commands, reply }: Context, container: string): void {
  const lines = [
    `${container} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`,
    ...(commands.find(container)?.command.help ?? []),
    'HELP',
    '    Prints this help.',
  ]
  reply.array(lines.length)
  for (const line of lines) reply.simple(line)
}
