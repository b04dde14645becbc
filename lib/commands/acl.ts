/**
 * ACL and its subcommands: users, and what they may do (aclCommand in acl.c). Who there is and what that means is the
 * AclPort's; here are words and replies.
 */
import { type Bytes, upToNul } from '../base/bytes.ts'
import { ReplyError, subcommandSyntax, wrongArity } from '../resp/reply-error.ts'
import type { ReplySink } from '../resp/reply-sink.ts'
import type { AclLogEntry, SelectorDescription } from './acl-port.ts'
import { integer, oneOf, string, token } from './argument.ts'
import { ACL_CATEGORIES, type CommandDeclaration, categoriesOf, command } from './command.ts'
import { writeHelp } from './help.ts'
import { numberArgument } from './number-argument.ts'

const ORDINARY: CommandDeclaration['flags'] = ['noscript', 'loading', 'stale']
const OPERATOR: CommandDeclaration['flags'] = ['admin', 'noscript', 'loading', 'stale']
const PER_USER = 'O(N). Where N is the number of configured users.'

/** Entries of ACL LOG unless asked for more. */
const LOG_ENTRIES = 10

const PASSWORD_BITS = 256
const PASSWORD_BITS_MAX = 4096
const BITS_PER_DIGIT = 4

function subcommand(
  name: string,
  facts: Omit<CommandDeclaration, 'name' | 'group' | 'since'> & { since?: string },
) {
  return command({ name: `ACL ${name}`, group: 'server', since: '6.0.0', ...facts })
}

export const acl = command({
  name: 'ACL',
  since: '6.0.0',
  group: 'server',
  summary: 'Everything about users and what they may do.',
  complexity: 'Depends on subcommand.',
  flags: [],
  arity: -2,
  help: [
    'CAT [<category>]',
    '    Show the categories of commands, or the commands of one.',
    'DELUSER <username> [<username> ...]',
    '    Delete users and close their connections.',
    'DRYRUN <username> <command> [<arg> ...]',
    '    Tell whether a user may run a command, without running it.',
    'GENPASS [<bits>]',
    '    Make up a password of so many bits, 256 unless told.',
    'GETUSER <username>',
    '    Show what a user may do.',
    'LIST',
    '    Show all users as rules that make them.',
    'LOAD',
    '    Read the ACL file and take its users in place of all others.',
    'LOG [<count>|RESET]',
    '    Show what was refused lately, or forget it.',
    'SAVE',
    '    Write all users into the ACL file.',
    'SETUSER <username> [<rule> ...]',
    '    Change a user by rules, or make it.',
    'USERS',
    '    Show the names of all users.',
    'WHOAMI',
    '    Show as whom this connection acts.',
  ],
  run: ({ reply }) => reply.error(wrongArity('acl').message),
})

export const help = subcommand('HELP', {
  summary: 'Lists the subcommands of ACL.',
  complexity: 'O(1)',
  flags: ['loading', 'stale'],
  run: (context) => writeHelp(context, 'ACL'),
})

export const cat = subcommand('CAT', {
  summary: 'Returns the categories of commands, or the commands of a category.',
  complexity: 'O(1) since the categories and commands are a fixed set.',
  flags: ORDINARY,
  args: [string('category', { formerName: 'categoryname', optional: true })],
  run({ commands, reply }, argv) {
    const [, given = '', name] = argv
    if (argv.length > 3) throw subcommandSyntax('acl', given)
    if (name === undefined) {
      writeBulks(reply, ACL_CATEGORIES)
      return
    }
    const category = ACL_CATEGORIES.find((known) => known === name.toLowerCase())
    if (category === undefined) throw new ReplyError(`ERR Unknown category '${upToNul(name)}'`)
    const found = [...commands.all()].map((entry) => entry.command)
    const names = found.filter((command) => categoriesOf(command).includes(category))
    writeBulks(
      reply,
      names.map(({ fullName }) => fullName),
    )
  },
})

export const whoami = subcommand('WHOAMI', {
  summary: 'Returns as whom the connection acts.',
  complexity: 'O(1)',
  flags: ORDINARY,
  run: ({ client, reply }) => reply.bulk(client.userName),
})

export const users = subcommand('USERS', {
  summary: 'Returns the names of all users.',
  complexity: PER_USER,
  flags: OPERATOR,
  run: (context) => writeBulks(context.reply, context.acl.userNames),
})

export const list = subcommand('LIST', {
  summary: 'Returns all users as rules that make them.',
  complexity: PER_USER,
  flags: OPERATOR,
  run: (context) => writeBulks(context.reply, context.acl.lines()),
})

export const getuser = subcommand('GETUSER', {
  summary: 'Returns what a user may do.',
  complexity:
    'O(N). Where N is the number of password, command and pattern rules that the user has.',
  flags: OPERATOR,
  history: [
    ['6.2.0', 'Shows the channels.'],
    ['7.0.0', 'Shows the selectors, and keys and channels as rules.'],
  ],
  args: [string('username')],
  run(context, argv) {
    const { reply } = context
    const user = context.acl.describe(argv[2] as Bytes)
    if (user === undefined) {
      reply.null()
      return
    }
    reply.map(6)
    reply.bulk('flags')
    reply.set(user.flags.length)
    for (const flag of user.flags) reply.bulk(flag)
    reply.bulk('passwords')
    writeBulks(reply, user.passwords)
    writeSelector(reply, user)
    reply.bulk('selectors')
    reply.array(user.selectors.length)
    for (const selector of user.selectors) {
      reply.map(3)
      writeSelector(reply, selector)
    }
  },
})

/** Three pairs of a map. */
function writeSelector(reply: ReplySink, { commands, keys, channels }: SelectorDescription): void {
  for (const [name, rules] of Object.entries({ commands, keys, channels })) {
    reply.bulk(name)
    reply.bulk(rules)
  }
}

export const setuser = subcommand('SETUSER', {
  summary: 'Changes a user by rules, or makes it.',
  complexity: 'O(N). Where N is the number of rules provided.',
  flags: OPERATOR,
  history: [
    ['6.2.0', 'Rules about channels.'],
    ['7.0.0', 'Selectors, and permissions to read or to write a key.'],
  ],
  args: [string('username'), string('rule', { optional: true, multiple: true })],
  before: { '7.2.0': { tips: [] } },
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  run(context, argv) {
    context.acl.setUser(argv[2] as Bytes, argv.slice(3), context.client)
    context.reply.ok()
  },
})

export const deluser = subcommand('DELUSER', {
  summary: 'Deletes users and closes their connections.',
  complexity: 'O(1) amortized time considering the typical user.',
  flags: OPERATOR,
  args: [string('username', { multiple: true })],
  before: { '7.2.0': { tips: [] } },
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  run(context, argv) {
    context.reply.integer(context.acl.deleteUsers(argv.slice(2), context.client))
  },
})

export const dryrun = subcommand('DRYRUN', {
  since: '7.0.0',
  summary: 'Tells whether a user may run a command, without running it.',
  complexity: 'O(1).',
  flags: OPERATOR,
  args: [string('username'), string('command'), string('arg', { optional: true, multiple: true })],
  run({ acl: port, reply }, argv) {
    const refusal = port.dryRun(argv[2] as Bytes, argv.slice(3))
    if (refusal === undefined) reply.ok()
    else reply.bulk(refusal)
  },
})

export const genpass = subcommand('GENPASS', {
  summary: 'Makes up a password that nobody guesses.',
  complexity: 'O(1)',
  flags: ORDINARY,
  args: [integer('bits', { optional: true })],
  run({ random, reply }, argv) {
    const [, given = '', word] = argv
    if (argv.length > 3) throw subcommandSyntax('acl', given)
    const bits = word === undefined ? PASSWORD_BITS : numberArgument(word)
    if (bits <= 0 || bits > PASSWORD_BITS_MAX) {
      throw new ReplyError(
        `ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to ${PASSWORD_BITS_MAX}`,
      )
    }
    const digits = Math.ceil(bits / BITS_PER_DIGIT)
    const drawn = Array.from({ length: digits }, () => random.below(16).toString(16))
    reply.bulk(drawn.join(''))
  },
})

export const log = subcommand('LOG', {
  summary: 'Returns what was refused lately, or forgets it.',
  complexity: 'O(N) with N being the number of entries shown.',
  flags: OPERATOR,
  args: [oneOf('operation', [integer('count'), token('reset', 'RESET')], { optional: true })],
  history: [['7.2.0', 'Tells entries apart, and when they came and were last seen.']],
  run({ acl: port, reply, server }, argv) {
    const [, given = '', word] = argv
    if (argv.length > 3) throw subcommandSyntax('acl', given)
    if (word?.toLowerCase() === 'reset') {
      port.clearLog()
      reply.ok()
      return
    }
    const count = word === undefined ? LOG_ENTRIES : Math.max(0, numberArgument(word))
    const entries = port.logged(count)
    reply.array(entries.length)
    const tellsApart = server.version.atLeast('7.2')
    for (const entry of entries) writeLogEntry(reply, entry, { tellsApart })
  },
})

/** Which entry it is, and when it came and was last seen, is told since 7.2. */
function writeLogEntry(
  reply: ReplySink,
  entry: AclLogEntry,
  { tellsApart }: { tellsApart: boolean },
): void {
  reply.map(tellsApart ? 10 : 7)
  reply.bulk('count')
  reply.integer(entry.count)
  for (const [name, text] of [
    ['reason', entry.reason],
    ['context', entry.context],
    ['object', entry.object],
    ['username', entry.userName],
  ] as const) {
    reply.bulk(name)
    reply.bulk(text)
  }
  reply.bulk('age-seconds')
  reply.double(entry.ageMs / 1000)
  reply.bulk('client-info')
  reply.bulk(entry.client)
  if (!tellsApart) return
  for (const [name, number] of [
    ['entry-id', entry.id],
    ['timestamp-created', entry.createdMs],
    ['timestamp-last-updated', entry.updatedMs],
  ] as const) {
    reply.bulk(name)
    reply.integer(number)
  }
}

export const load = subcommand('LOAD', {
  summary: 'Reads the ACL file and takes its users in place of all others.',
  complexity: PER_USER,
  flags: OPERATOR,
  run(context) {
    context.acl.load(context.client)
    context.reply.ok()
  },
})

export const save = subcommand('SAVE', {
  summary: 'Writes all users into the ACL file.',
  complexity: PER_USER,
  flags: OPERATOR,
  before: { '7.2.0': { tips: [] } },
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  run(context) {
    context.acl.save()
    context.reply.ok()
  },
})

function writeBulks(reply: ReplySink, texts: readonly Bytes[]): void {
  reply.array(texts.length)
  for (const text of texts) reply.bulk(text)
}
