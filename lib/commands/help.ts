/**
 * `<CONTAINER> HELP`: the container's own lines between a head and a foot that all containers share
 * (addReplySubcommandSyntaxError's sibling addReplyHelp).
 */
import type { ReplySink } from '../resp/reply-sink.ts'
import type { Command } from './command.ts'

/** Writes the help of a container command. */
export function writeHelp(reply: ReplySink, container: Command): void {
  const lines = [
    `${container.name} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`,
    ...(container.help ?? []),
    'HELP',
    '    Prints this help.',
  ]
  reply.array(lines.length)
  for (const line of lines) reply.simple(line)
}
