/**
 * CLIENT KILL in both its forms: by an address, which may be the caller's own, and by options, which spare the caller
 * unless told not to (clientKillCommand in networking.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { parseInteger } from '../base/numbers.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import type { AclPort } from './acl-port.ts'
import { type Argument, type ArgumentOptions, integer, oneOf, string, token } from './argument.ts'
import { clientSubcommand, clientType, OPERATOR, PER_CLIENT } from './client.ts'
import type { ClientFilter } from './context.ts'

const ENDPOINT = 'ip:port'

const KILL_OPTIONS: readonly Argument[] = [
  integer('client-id', { token: 'ID', optional: true, since: '2.8.12' }),
  oneOf(
    'client-type',
    [
      token('normal', 'NORMAL'),
      token('master', 'MASTER', { since: '3.2.0' }),
      token('slave', 'SLAVE'),
      token('replica', 'REPLICA', { since: '5.0.0' }),
      token('pubsub', 'PUBSUB'),
    ],
    {
      formerName: 'normal_master_slave_pubsub',
      token: 'TYPE',
      optional: true,
      since: '2.8.12',
    },
  ),
  string('username', { token: 'USER', optional: true }),
  endpoint('addr', { token: 'ADDR', optional: true }),
  endpoint('laddr', { token: 'LADDR', optional: true, since: '6.2.0' }),
]

const killArguments = (skipMe: Argument): readonly Argument[] => [
  oneOf('filter', [
    endpoint('old-format', { deprecatedSince: '2.8.12' }),
    oneOf(
      'new-format',
      [
        ...KILL_OPTIONS,
        skipMe,
        integer('maxage', { token: 'MAXAGE', optional: true, since: '7.4.0' }),
      ],
      { multiple: true },
    ),
  ]),
]

function endpoint(name: string, options: ArgumentOptions): Argument {
  return string(name, { formerName: ENDPOINT, displayText: ENDPOINT, ...options })
}

export const kill = clientSubcommand('KILL', {
  since: '2.4.0',
  summary: 'Closes connections.',
  complexity: PER_CLIENT,
  flags: OPERATOR,
  history: [
    ['2.8.12', 'Takes options instead of an address.'],
    ['2.8.12', 'Option `ID`.'],
    ['3.2.0', 'Type `master`.'],
    ['5.0.0', 'Type `replica`; `slave` means the same.'],
    ['6.2.0', 'Option `LADDR`.'],
    ['7.4.0', 'Option `MAXAGE`.'],
  ],
  args: killArguments(
    oneOf('skipme', [token('yes', 'YES'), token('no', 'NO')], { token: 'SKIPME', optional: true }),
  ),
  before: {
    '7.2.0': { args: killArguments(string('yes/no', { token: 'SKIPME', optional: true })) },
  },
  arity: -3,
  run({ acl, client: caller, clients, reply, server }, argv) {
    if (argv.length === 3) {
      const address = argv[2] as Bytes
      if (clients.kill({ address, skipMe: false }, caller) === 0) {
        throw new ReplyError('ERR No such client')
      }
      reply.ok()
      return
    }
    reply.integer(
      clients.kill(killFilter(acl, argv.slice(2), server.version.atLeast('7.4')), caller),
    )
  },
})

function killFilter(acl: AclPort, words: readonly Bytes[], knowsAge: boolean): ClientFilter {
  let filter: ClientFilter = {}
  for (let i = 0; i < words.length; i += 2) {
    const value = words[i + 1]
    if (value === undefined) throw errors.syntax
    const option = (words[i] as Bytes).toLowerCase()
    const more =
      option === 'maxage' && knowsAge
        ? { ageSeconds: secondsOld(value) }
        : killOption(acl, option, value)
    filter = { ...filter, ...more }
  }
  return filter
}

function killOption(acl: AclPort, option: string, value: Bytes): ClientFilter {
  switch (option) {
    case 'id':
      return { id: clientNumber(value) }
    case 'type':
      return { type: clientType(value) }
    case 'addr':
      return { address: value }
    case 'laddr':
      return { localAddress: value }
    case 'user':
      if (!acl.hasUser(value)) throw new ReplyError(`ERR No such user '${value}'`)
      return { user: value }
    case 'skipme':
      return { skipMe: yesOrNo(value) }
    default:
      throw errors.syntax
  }
}

function secondsOld(word: Bytes): number {
  const seconds = parseInteger(word)
  if (seconds === undefined) throw new ReplyError('ERR maxage is not an integer or out of range')
  if (seconds < 1) throw new ReplyError('ERR maxage should be greater than 0')
  return Number(seconds)
}

function clientNumber(word: Bytes): number {
  const number = parseInteger(word)
  if (number === undefined || number < 1) {
    throw new ReplyError('ERR client-id should be greater than 0')
  }
  return Number(number)
}

function yesOrNo(word: Bytes): boolean {
  const value = word.toLowerCase()
  if (value !== 'yes' && value !== 'no') throw errors.syntax
  return value === 'yes'
}
