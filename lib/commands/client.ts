/**
 * CLIENT and its subcommands: what the server knows of its connections, and what it does with them (clientCommand in
 * networking.c).
 */
import { type Bytes, upToNul } from '../base/bytes.ts'
import { parseInteger } from '../base/numbers.ts'
import { errors, ReplyError, subcommandSyntax, wrongArity } from '../resp/reply-error.ts'
import { block, integer, oneOf, string, token } from './argument.ts'
import { type CommandDeclaration, command } from './command.ts'
import type { ClientFilter, Context } from './context.ts'
import { writeHelp } from './help.ts'
import { numberArgument } from './number-argument.ts'

type Facts = Omit<CommandDeclaration, 'name' | 'group' | 'complexity'> & { complexity?: string }

/** Flags of subcommands that concern the caller alone. */
export const ORDINARY: CommandDeclaration['flags'] = ['noscript', 'loading', 'stale']
/** Flags of subcommands that concern other clients. */
export const OPERATOR: CommandDeclaration['flags'] = ['admin', 'noscript', 'loading', 'stale']
/** Complexity of what looks at every client. */
export const PER_CLIENT = 'O(N) where N is the number of client connections'

/** A subcommand of CLIENT, O(1) and in the connection category unless said otherwise. */
export function clientSubcommand(name: string, facts: Facts) {
  return command({
    name: `CLIENT ${name}`,
    group: 'connection',
    complexity: 'O(1)',
    categories: ['connection'],
    ...facts,
  })
}

/** Throws unless these bytes may name a client: printable ASCII without blanks, or nothing. */
export function checkClientName(name: Bytes): void {
  if (!isPlain(name)) {
    throw new ReplyError('ERR Client names cannot contain spaces, newlines or special characters.')
  }
}

function isPlain(bytes: Bytes): boolean {
  return /^[!-~]*$/.test(bytes)
}

export const client = command({
  name: 'CLIENT',
  since: '2.4.0',
  group: 'connection',
  summary: 'Everything about the connections of clients.',
  complexity: 'Depends on subcommand.',
  flags: [],
  arity: -2,
  help: [
    'CACHING (YES|NO)',
    '    Remember what the next command reads, or not, in the modes OPTIN and OPTOUT.',
    'GETNAME',
    '    Show the name of this connection.',
    'GETREDIR',
    '    Show the number of the connection that hears of changes instead.',
    'ID',
    '    Show the number of this connection.',
    'INFO',
    '    Describe this connection.',
    'KILL <ip:port>',
    '    Close the connection that comes from an address.',
    'KILL <option> <value> [<option> <value> [...]]',
    '    Close the connections that fit all options:',
    '    * ID <number>',
    '    * ADDR <ip:port>, where they come from',
    '    * LADDR <ip:port>, what they connected to',
    '    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)',
    '    * USER <username>',
    '    * SKIPME (YES|NO), whether to spare this connection (default: yes)',
    'LIST [TYPE (NORMAL|MASTER|REPLICA|PUBSUB)|ID <number> [<number> ...]]',
    '    Describe connections: all, those of a type, or those with a number.',
    'NO-EVICT (ON|OFF)',
    '    Spare this connection when clients need too much memory.',
    'NO-TOUCH (ON|OFF)',
    '    Let commands of this connection leave the age of keys alone.',
    'PAUSE <timeout> [WRITE|ALL]',
    '    Let commands wait for so many milliseconds: all, or what may reach replicas.',
    'REPLY (ON|OFF|SKIP)',
    '    Answer this connection always, never, or not the next time.',
    'SETINFO (LIB-NAME|LIB-VER) <value>',
    '    Tell which library the client uses.',
    'SETNAME <name>',
    '    Give this connection a name.',
    'TRACKING (ON|OFF) [REDIRECT <id>] [BCAST] [PREFIX <prefix> [...]]',
    '         [OPTIN] [OPTOUT] [NOLOOP]',
    '    Tell this connection, or another, when keys change that it has read.',
    'TRACKINGINFO',
    '    Show what of this connection is tracked.',
    'UNPAUSE',
    '    Let commands wait no longer.',
    'UNBLOCK <number> [TIMEOUT|ERROR]',
    '    End what a connection waits for: its time is over (default), or an error.',
  ],
  run: ({ reply }) => reply.error(wrongArity('client').message),
})

export const help = clientSubcommand('HELP', {
  since: '5.0.0',
  summary: 'Lists the subcommands of CLIENT.',
  flags: ['loading', 'stale'],
  run: (context) => writeHelp(context, 'CLIENT'),
})

export const id = clientSubcommand('ID', {
  since: '5.0.0',
  summary: 'Returns the number of the connection.',
  flags: ORDINARY,
  run: ({ client: caller, reply }) => reply.integer(caller.id),
})

export const info = clientSubcommand('INFO', {
  since: '6.2.0',
  summary: 'Describes the connection.',
  flags: ORDINARY,
  tips: ['nondeterministic_output'],
  run: ({ client: caller, reply }, argv) => reply.verbatim('txt', `${caller.describe(argv)}\n`),
})

type ClientType = NonNullable<ClientFilter['type']>

const TYPES: Readonly<Record<string, ClientType>> = {
  normal: 'normal',
  master: 'master',
  replica: 'replica',
  slave: 'replica',
  pubsub: 'pubsub',
}

/** The type of client a word means, in any case. Throws `Unknown client type`. */
export function clientType(word: Bytes): ClientType {
  const type = TYPES[word.toLowerCase()]
  if (type === undefined) throw new ReplyError(`ERR Unknown client type '${upToNul(word)}'`)
  return type
}

const CLIENT_TYPES = oneOf(
  'client-type',
  [
    token('normal', 'NORMAL'),
    token('master', 'MASTER'),
    token('replica', 'REPLICA'),
    token('pubsub', 'PUBSUB'),
  ],
  { formerName: 'normal_master_replica_pubsub', token: 'TYPE', optional: true, since: '5.0.0' },
)

export const list = clientSubcommand('LIST', {
  since: '2.4.0',
  summary: 'Describes the connections, a line each.',
  complexity: PER_CLIENT,
  flags: OPERATOR,
  tips: ['nondeterministic_output'],
  history: [
    ['2.8.12', 'Shows the number of a connection.'],
    ['5.0.0', 'Can be limited to a type.'],
    ['6.0.0', 'Shows the user.'],
    ['6.2.0', 'Shows `argv-mem`, `tot-mem`, `laddr` and `redir`, and can be limited to numbers.'],
    ['7.0.0', 'Shows `resp`, `multi-mem`, `rbs` and `rbp`.'],
    ['7.0.3', 'Shows `ssub`.'],
    ['7.2.0', 'Shows `lib-name` and `lib-ver`.'],
    ['7.4.0', 'Shows `watch`.'],
    ['8.0.0', 'Shows `io-thread`.'],
  ],
  args: [
    CLIENT_TYPES,
    integer('client-id', { token: 'ID', optional: true, multiple: true, since: '6.2.0' }),
  ],
  before: {
    '7.2.0': {
      args: [
        CLIENT_TYPES,
        block('id', [integer('client-id', { multiple: true })], {
          token: 'ID',
          optional: true,
          since: '6.2.0',
        }),
      ],
    },
  },
  run(context, argv) {
    // The system may show a connection before another that was written to earlier: who asks may know what it has sent.
    context.client.afterReading(argv, () => {
      const lines = listed(context, argv)
      context.reply.verbatim('txt', lines.map((line) => `${line}\n`).join(''))
    })
  },
})

function listed({ client, clients }: Context, argv: readonly Bytes[]): readonly Bytes[] {
  const option = argv[2]?.toLowerCase()
  if (option === undefined) return clients.list({}, client, argv)
  if (option === 'type' && argv.length === 4) {
    return clients.list({ type: clientType(argv[3] as Bytes) }, client, argv)
  }
  if (option !== 'id' || argv.length < 4) throw errors.syntax
  const numbers = argv.slice(3).map((word) => {
    const number = parseInteger(word)
    if (number === undefined) throw new ReplyError('ERR Invalid client ID')
    return Number(number)
  })
  // In the order asked for, and as often.
  return numbers.flatMap((number) => clients.list({ id: number }, client, argv))
}

export const unblock = clientSubcommand('UNBLOCK', {
  since: '5.0.0',
  summary: 'Ends the wait of a client that a command blocks.',
  complexity: 'O(log N) where N is the number of client connections',
  flags: OPERATOR,
  args: [
    integer('client-id'),
    oneOf('unblock-type', [token('timeout', 'TIMEOUT'), token('error', 'ERROR')], {
      formerName: 'timeout_error',
      optional: true,
    }),
  ],
  run({ blocking, reply }, argv) {
    if (argv.length > 4) throw subcommandSyntax('client', argv[1] as Bytes)
    const how = argv[3]?.toLowerCase() ?? 'timeout'
    if (how !== 'timeout' && how !== 'error') {
      throw new ReplyError('ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR')
    }
    reply.integer(blocking.unblock(numberArgument(argv[2] as Bytes), how) ? 1 : 0)
  },
})

export const getname = clientSubcommand('GETNAME', {
  since: '2.6.9',
  summary: 'Returns the name of the connection.',
  flags: ORDINARY,
  run: ({ client: caller, reply }) =>
    reply.bulkOrNull(caller.name === '' ? undefined : caller.name),
})

export const setname = clientSubcommand('SETNAME', {
  since: '2.6.9',
  summary: 'Gives the connection a name.',
  flags: ORDINARY,
  args: [string('connection-name')],
  before: { '7.2.0': { tips: [] } },
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  run({ client: caller, reply }, argv) {
    const name = argv[2] as Bytes
    checkClientName(name)
    caller.name = name
    reply.ok()
  },
})

export const setinfo = clientSubcommand('SETINFO', {
  since: '7.2.0',
  summary: 'Tells which library the client uses.',
  flags: ORDINARY,
  args: [
    oneOf('attr', [
      string('libname', { token: 'LIB-NAME' }),
      string('libver', { token: 'LIB-VER' }),
    ]),
  ],
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  run({ client: caller, reply }, argv) {
    const [, , attribute = '', value = ''] = argv
    const name = attribute.toLowerCase()
    if (name !== 'lib-name' && name !== 'lib-ver') {
      throw new ReplyError(`ERR Unrecognized option '${attribute}'`)
    }
    if (!isPlain(value)) {
      throw new ReplyError(
        `ERR ${attribute} cannot contain spaces, newlines or special characters.`,
      )
    }
    if (name === 'lib-name') caller.libraryName = value
    else caller.libraryVersion = value
    reply.ok()
  },
})

const ON_OFF = [oneOf('enabled', [token('on', 'ON'), token('off', 'OFF')])]

function onOrOff(word: Bytes): boolean {
  const value = word.toLowerCase()
  if (value !== 'on' && value !== 'off') throw errors.syntax
  return value === 'on'
}

export const noEvict = clientSubcommand('NO-EVICT', {
  since: '7.0.0',
  summary: 'Spares the connection when clients need too much memory.',
  flags: OPERATOR,
  args: ON_OFF,
  run({ client: caller, reply }, argv) {
    caller.noEvict = onOrOff(argv[2] as Bytes)
    reply.ok()
  },
})

export const noTouch = clientSubcommand('NO-TOUCH', {
  since: '7.2.0',
  summary: 'Lets the commands of the connection leave the age of keys alone.',
  flags: ORDINARY,
  args: ON_OFF,
  run({ client: caller, reply }, argv) {
    caller.noTouch = onOrOff(argv[2] as Bytes)
    reply.ok()
  },
})

export const replyMode = clientSubcommand('REPLY', {
  since: '3.2.0',
  summary: 'Chooses whether the connection is answered.',
  flags: ORDINARY,
  args: [
    oneOf('action', [token('on', 'ON'), token('off', 'OFF'), token('skip', 'SKIP')], {
      formerName: 'on_off_skip',
    }),
  ],
  run({ client: caller, reply }, argv) {
    const mode = (argv[2] as Bytes).toLowerCase()
    if (mode === 'on') {
      caller.replyMode = 'on'
      reply.ok()
    } else if (mode === 'off') {
      caller.replyMode = 'off'
    } else if (mode === 'skip') {
      if (caller.replyMode !== 'off') caller.replyMode = 'skip-next'
    } else {
      throw errors.syntax
    }
  },
})
