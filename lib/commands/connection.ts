/**
 * The state of a connection: its protocol, who it is, which database it has selected (networking.c, acl.c, db.c).
 * HELLO applies its options one by one as it reads them, so what came before a mistake has happened.
 */
import { type Bytes, upToNul } from '../base/bytes.ts'
import { parseInteger } from '../base/numbers.ts'
import { errors, ReplyError, wrongArity } from '../resp/reply-error.ts'
import type { Protocol } from '../resp/reply-sink.ts'
import { block, integer, string } from './argument.ts'
import { checkClientName } from './client.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { intArgument } from './number-argument.ts'

const wrongPassword = new ReplyError(
  'WRONGPASS invalid username-password pair or user is disabled.',
)

export const hello = command({
  name: 'HELLO',
  since: '6.0.0',
  group: 'connection',
  summary:
    'Chooses the protocol of the connection, can authenticate and name it, and describes the server.',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'allow_busy'],
  categories: ['connection'],
  history: [['6.2.0', 'The version may be left out: the connection keeps its protocol.']],
  args: [
    block(
      'arguments',
      [
        integer('protover'),
        block('auth', [string('username'), string('password')], {
          formerName: 'username_password',
          token: 'AUTH',
          optional: true,
        }),
        string('clientname', { token: 'SETNAME', optional: true }),
      ],
      { optional: true },
    ),
  ],
  run(context, argv) {
    const { client, reply } = context
    const protocol = argv[1] === undefined ? reply.protocol : protocolVersion(argv[1])
    applyHelloOptions(context, argv)
    if (!client.authenticated) {
      throw new ReplyError(
        'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time',
      )
    }
    client.setProtocol(protocol)
    describeServer(context)
  },
})

function protocolVersion(text: Bytes): Protocol {
  const version = parseInteger(text)
  if (version === undefined) {
    throw new ReplyError('ERR Protocol version is not an integer or out of range')
  }
  if (version !== 2 && version !== 3) throw new ReplyError('NOPROTO unsupported protocol version')
  return version
}

function applyHelloOptions({ client }: Context, argv: readonly Bytes[]): void {
  const [command = ''] = argv
  for (let i = 2; i < argv.length; i++) {
    const option = argv[i] as Bytes
    const name = option.toUpperCase()
    const [first, second] = [argv[i + 1], argv[i + 2]]
    if (name === 'AUTH' && first !== undefined && second !== undefined) {
      if (!client.logIn({ userName: first, password: second, command })) throw wrongPassword
      i += 2
    } else if (name === 'SETNAME' && first !== undefined) {
      checkClientName(first)
      client.name = first
      i += 1
    } else {
      throw new ReplyError(`ERR Syntax error in HELLO option '${upToNul(option)}'`)
    }
  }
}

function describeServer({ client, cluster, replication, reply, server }: Context): void {
  reply.map(7)
  reply.bulk('server')
  reply.bulk('redis')
  reply.bulk('version')
  reply.bulk(server.version.text)
  reply.bulk('proto')
  reply.integer(reply.protocol)
  reply.bulk('id')
  reply.integer(client.id)
  reply.bulk('mode')
  reply.bulk(cluster === undefined ? 'standalone' : 'cluster')
  reply.bulk('role')
  reply.bulk(replication.role)
  reply.bulk('modules')
  reply.array(0)
}

export const auth = command({
  name: 'AUTH',
  since: '1.0.0',
  group: 'connection',
  summary: 'Authenticates the connection.',
  complexity: 'O(N) where N is the number of passwords defined for the user',
  flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'allow_busy'],
  categories: ['connection'],
  history: [['6.0.0', 'Takes a user name, too.']],
  args: [string('username', { optional: true, since: '6.0.0' }), string('password')],
  run({ acl, client, reply }, argv) {
    const [command = '', first = '', second] = argv
    if (argv.length > 3) throw errors.syntax
    if (second === undefined && acl.defaultNeedsNoPassword) {
      throw new ReplyError(
        'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
      )
    }
    const credentials =
      second === undefined ? { password: first } : { userName: first, password: second }
    if (!client.logIn({ ...credentials, command })) throw wrongPassword
    reply.ok()
  },
})

export const ping = command({
  name: 'PING',
  since: '1.0.0',
  group: 'connection',
  summary: 'Answers PONG, or the given message.',
  complexity: 'O(1)',
  flags: ['fast'],
  categories: ['connection'],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  args: [string('message', { optional: true })],
  run({ client, reply }, argv) {
    if (argv.length > 2) throw wrongArity('ping')
    if (client.subscribed && reply.protocol === 2) {
      // A RESP2 subscriber reads nothing but arrays of its own kind.
      reply.array(2)
      reply.bulk('pong')
      reply.bulk(argv[1] ?? '')
    } else if (argv[1] === undefined) reply.simple('PONG')
    else reply.bulk(argv[1])
  },
})

export const echo = command({
  name: 'ECHO',
  since: '1.0.0',
  group: 'connection',
  summary: 'Answers the given message.',
  complexity: 'O(1)',
  flags: ['loading', 'stale', 'fast'],
  categories: ['connection'],
  args: [string('message')],
  run: ({ reply }, argv) => reply.bulk(argv[1] as Bytes),
})

export const select = command({
  name: 'SELECT',
  since: '1.0.0',
  group: 'connection',
  summary: 'Chooses the database that the commands of the connection work on.',
  complexity: 'O(1)',
  flags: ['loading', 'stale', 'fast'],
  categories: ['connection'],
  args: [integer('index')],
  run({ client, cluster, reply, server }, argv) {
    const index = intArgument(argv[1] as Bytes)
    if (cluster !== undefined && index !== 0) {
      throw new ReplyError('ERR SELECT is not allowed in cluster mode')
    }
    if (index < 0 || index >= server.databases.length) {
      throw new ReplyError('ERR DB index is out of range')
    }
    client.selectDatabase(index)
    reply.ok()
  },
})

export const quit = command({
  name: 'QUIT',
  since: '1.0.0',
  group: 'connection',
  summary: 'Closes the connection once its replies are sent.',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'allow_busy'],
  categories: ['connection'],
  arity: -1,
  deprecated: { since: '7.2.0', replacedBy: 'just closing the connection' },
  run({ client, reply }) {
    reply.ok()
    client.closeAfterReply()
  },
})

export const reset = command({
  name: 'RESET',
  since: '6.2.0',
  group: 'connection',
  summary: 'Makes the connection what it was when it was new.',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'allow_busy'],
  categories: ['connection'],
  run({ client, reply }) {
    client.reset()
    reply.simple('RESET')
  },
})
