/**
 * COMMAND and its subcommands: what clients ask to learn which commands there are and where their keys stand
 * (commandCommand and its kin in server.c). Every answer derives from the declarations.
 */
import type { Bytes } from '../base/bytes.ts'
import { globMatch } from '../base/glob.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import type { ReplySink } from '../resp/reply-sink.ts'
import { oneOf, pattern, string } from './argument.ts'
import {
  arityFits,
  type Command,
  type CommandDeclaration,
  categoriesOf,
  command,
  type KeyReference,
  keyReferencesOf,
} from './command.ts'
import type { Context } from './context.ts'
import { writeDocs, writeInfo, writeWords } from './description.ts'
import { writeHelp } from './help.ts'
import type { CommandTable } from './table.ts'

const FLAGS: CommandDeclaration['flags'] = ['loading', 'stale']
const UNORDERED = ['nondeterministic_output_order']
const PER_COMMAND = 'O(N) where N is the total number of Redis commands'
const PER_NAME = 'O(N) where N is the number of commands to look up'
const PER_ARGUMENT = 'O(N) where N is the number of arguments to the command'
const NAMES = [string('command-name', { optional: true, multiple: true })]

function subcommand(name: string, facts: Omit<CommandDeclaration, 'name' | 'group' | 'flags'>) {
  return command({
    name: `COMMAND ${name}`,
    group: 'server',
    flags: FLAGS,
    categories: ['connection'],
    ...facts,
  })
}

export const container = command({
  name: 'COMMAND',
  since: '2.8.13',
  group: 'server',
  summary: 'Describes all commands.',
  complexity: PER_COMMAND,
  flags: FLAGS,
  categories: ['connection'],
  tips: UNORDERED,
  arity: -1,
  help: [
    '(no subcommand)',
    '    Describe all commands.',
    'COUNT',
    '    Show how many commands there are.',
    'LIST [FILTERBY (MODULE <name>|ACLCAT <category>|PATTERN <pattern>)]',
    '    Show the names of commands.',
    'INFO [<command-name> ...]',
    '    Describe commands as programs need it: all, or those named.',
    'DOCS [<command-name> ...]',
    '    Describe commands as people need it: all, or those named.',
    'GETKEYS <full-command>',
    '    Show the keys of a command with its arguments.',
    'GETKEYSANDFLAGS <full-command>',
    '    Show these keys with what the command does to them.',
  ],
  run({ commands, reply }) {
    writeAll(reply, commands)
  },
})

function writeAll(reply: ReplySink, commands: CommandTable): void {
  reply.array(commands.size)
  for (const entry of commands.entries()) writeInfo(reply, entry)
}

export const help = subcommand('HELP', {
  since: '5.0.0',
  summary: 'Lists the subcommands of COMMAND.',
  complexity: 'O(1)',
  run: (context) => writeHelp(context, 'COMMAND'),
})

export const count = subcommand('COUNT', {
  since: '2.8.13',
  summary: 'Returns how many commands there are.',
  complexity: 'O(1)',
  run: ({ commands, reply }) => reply.integer(commands.size),
})

export const info = subcommand('INFO', {
  since: '2.8.13',
  summary: 'Describes commands as programs need it.',
  complexity: PER_NAME,
  tips: UNORDERED,
  history: [['7.0.0', 'Without a name it describes all commands.']],
  args: NAMES,
  run({ commands, reply }, argv) {
    if (argv.length === 2) {
      writeAll(reply, commands)
      return
    }
    reply.array(argv.length - 2)
    for (const name of argv.slice(2)) {
      const entry = commands.lookUp(name)
      if (entry === undefined) reply.null()
      else writeInfo(reply, entry)
    }
  },
})

export const docs = subcommand('DOCS', {
  since: '7.0.0',
  summary: 'Describes commands as people need it.',
  complexity: PER_NAME,
  tips: UNORDERED,
  args: NAMES,
  run({ commands, reply, server }, argv) {
    const named = argv.slice(2).flatMap((name) => commands.lookUp(name) ?? [])
    const entries = argv.length === 2 ? [...commands.entries()] : named
    reply.map(entries.length)
    for (const entry of entries) writeDocs(reply, entry, server.version)
  },
})

export const list = subcommand('LIST', {
  since: '7.0.0',
  summary: 'Returns the names of commands.',
  complexity: PER_COMMAND,
  tips: UNORDERED,
  args: [
    oneOf(
      'filterby',
      [
        string('module-name', { token: 'MODULE' }),
        string('category', { token: 'ACLCAT' }),
        pattern('pattern', { token: 'PATTERN' }),
      ],
      { token: 'FILTERBY', optional: true },
    ),
  ],
  run({ commands, reply }, argv) {
    const wanted = listFilter(argv.slice(2))
    const names = [...commands.all()].map(({ command }) => command).filter(wanted)
    reply.array(names.length)
    for (const { fullName } of names) reply.bulk(fullName)
  },
})

function listFilter(words: readonly Bytes[]): (command: Command) => boolean {
  if (words.length === 0) return () => true
  const [filterBy = '', kind = '', value = ''] = words
  if (words.length !== 3 || filterBy.toLowerCase() !== 'filterby') throw errors.syntax
  switch (kind.toLowerCase()) {
    case 'module':
      // There are no modules.
      return () => false
    case 'aclcat': {
      const category = value.toLowerCase()
      return (command) => categoriesOf(command).some((name) => name === category)
    }
    case 'pattern':
      return ({ fullName }) => globMatch(value, fullName, true)
    default:
      throw errors.syntax
  }
}

/** The keys of the command in `argv`, whose name is its first word. Throws what COMMAND GETKEYS says of a wrong one. */
function keysOf({ commands }: Context, argv: readonly Bytes[]): readonly KeyReference[] {
  const found = commands.resolve(argv)?.command
  if (found === undefined) throw new ReplyError('ERR Invalid command specified')
  if (found.keySpecs.every(({ flags }) => flags.includes('not_key')) && !found.keyPositions) {
    throw new ReplyError('ERR The command has no key arguments')
  }
  if (!arityFits(found, argv)) {
    throw new ReplyError('ERR Invalid number of arguments specified for command')
  }
  const keys = keyReferencesOf(found, argv)
  if (keys === undefined || (keys.length === 0 && !found.has('no_mandatory_keys'))) {
    throw new ReplyError('ERR Invalid arguments specified for command')
  }
  return keys
}

export const getkeys = subcommand('GETKEYS', {
  since: '2.8.13',
  summary: 'Returns the keys of a command with its arguments.',
  complexity: PER_ARGUMENT,
  arity: -3,
  before: { '7.2.0': { arity: -4, args: [] } },
  args: [string('command'), string('arg', { optional: true, multiple: true })],
  run(context, argv) {
    const words = argv.slice(2)
    const keys = keysOf(context, words)
    context.reply.array(keys.length)
    for (const { position } of keys) context.reply.bulk(words[position] as Bytes)
  },
})

export const getkeysandflags = subcommand('GETKEYSANDFLAGS', {
  since: '7.0.0',
  summary: 'Returns the keys of a command with its arguments, and what it does to them.',
  complexity: PER_ARGUMENT,
  arity: -3,
  before: { '7.2.0': { arity: -4, args: [] } },
  args: [string('command'), string('arg', { optional: true, multiple: true })],
  run(context, argv) {
    const words = argv.slice(2)
    const keys = keysOf(context, words)
    context.reply.array(keys.length)
    for (const { position, flags } of keys) {
      context.reply.array(2)
      context.reply.bulk(words[position] as Bytes)
      writeWords(context.reply, flags)
    }
  },
})
