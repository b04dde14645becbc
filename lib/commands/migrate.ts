/**
 * MIGRATE: keys go to another server and leave this one when it has them (migrateCommand in cluster.c). The handler reads
 * the arguments and finds the keys; the transfer is the node's and takes more than this turn.
 */
import type { Bytes } from '../base/bytes.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import {
  type Argument,
  type ArgumentOptions,
  block,
  integer,
  key,
  oneOf,
  string,
  token,
} from './argument.ts'
import { command } from './command.ts'
import type { MigrationRequest } from './context.ts'
import { numberArgument } from './number-argument.ts'

const DEFAULT_TIMEOUT_MS = 1000
/** Words that follow an option and are none. */
const SKIPPED: Readonly<Record<string, number>> = { AUTH: 1, AUTH2: 2 }

/** `alternative` holds for each of the ways to log in. */
function argumentsWith(alternative: ArgumentOptions): readonly Argument[] {
  return [
    string('host'),
    integer('port'),
    oneOf(
      'key-selector',
      [
        key('key', ['RW', 'access', 'delete']),
        token('empty-string', '', { formerName: 'empty_string' }),
      ],
      { formerName: 'key_or_empty_string' },
    ),
    integer('destination-db'),
    integer('timeout'),
    token('copy', 'COPY', { optional: true, since: '3.0.0' }),
    token('replace', 'REPLACE', { optional: true, since: '3.0.0' }),
    oneOf(
      'authentication',
      [
        string('auth', {
          formerName: 'password',
          displayText: 'password',
          token: 'AUTH',
          since: '4.0.7',
          ...alternative,
        }),
        block('auth2', [string('username'), string('password')], {
          formerName: 'username_password',
          token: 'AUTH2',
          since: '6.0.0',
          ...alternative,
        }),
      ],
      { optional: true },
    ),
    key('keys', ['RW', 'access', 'delete'], {
      formerName: 'key',
      displayText: 'key',
      token: 'KEYS',
      optional: true,
      multiple: true,
      since: '3.0.6',
    }),
  ]
}

export const migrate = command({
  name: 'MIGRATE',
  since: '2.6.0',
  group: 'generic',
  summary: 'Moves keys to another server.',
  complexity:
    'This command actually executes a DUMP+DEL in the source instance, and a RESTORE in the target instance. See the pages of these commands for time complexity. Also an O(N) data transfer between the two instances is performed.',
  flags: ['write'],
  categories: ['keyspace', 'dangerous'],
  tips: ['nondeterministic_output'],
  history: [
    ['3.0.0', 'Takes `COPY` and `REPLACE`.'],
    ['3.0.6', 'Takes `KEYS`.'],
    ['4.0.7', 'Takes `AUTH`.'],
    ['6.0.0', 'Takes `AUTH2`.'],
  ],
  args: argumentsWith({}),
  before: { '7.2.0': { args: argumentsWith({ optional: true }) } },
  keySpecs: [
    {
      flags: ['RW', 'access', 'delete'],
      begin: { type: 'index', index: 3 },
      find: { type: 'range', lastKey: 0, keyStep: 1, limit: 0 },
    },
    {
      flags: ['RW', 'access', 'delete', 'incomplete'],
      begin: { type: 'keyword', keyword: 'KEYS', startFrom: -2 },
      find: { type: 'range', lastKey: -1, keyStep: 1, limit: 0 },
    },
  ],
  keyPositions,
  // One at a time, as where a server does nothing else meanwhile.
  spansKeyspace: true,
  run: (context, argv) => {
    const options = parseOptions(argv)
    const timeoutMs = numberArgument(argv[5] as Bytes)
    const databaseIndex = numberArgument(argv[4] as Bytes)
    const keys = options.keys.filter((name) => context.db.read(name) !== undefined)
    if (keys.length === 0) {
      context.reply.simple('NOKEY')
      return
    }
    // It takes turns of the node, and a script is one.
    if (context.blocking.isScript) throw inScript
    context.migration.start({
      ...options,
      argv,
      keys,
      host: argv[1] as Bytes,
      port: Number.parseInt(argv[2] as Bytes, 10) || 0,
      databaseIndex,
      timeoutMs: timeoutMs > 0 ? timeoutMs : DEFAULT_TIMEOUT_MS,
    })
  },
})

function keyPositions(argv: readonly Bytes[]): number[] {
  for (let i = 6; i < argv.length; i++) {
    const word = (argv[i] as Bytes).toUpperCase()
    if (word === 'KEYS') {
      // With a key before it this is an error, which the handler tells.
      if (argv[3] !== '') return []
      if (i + 1 < argv.length) return argv.slice(i + 1).map((_, index) => i + 1 + index)
      break
    }
    i += SKIPPED[word] ?? 0
  }
  return argv.length > 3 ? [3] : []
}

type MigrateOptions = Pick<MigrationRequest, 'copy' | 'replace' | 'credentials' | 'keys'>

function parseOptions(argv: readonly Bytes[]): MigrateOptions {
  let copy = false
  let replace = false
  let credentials: readonly Bytes[] = []
  for (let i = 6; i < argv.length; i++) {
    const word = (argv[i] as Bytes).toUpperCase()
    const left = argv.length - 1 - i
    if (word === 'COPY') copy = true
    else if (word === 'REPLACE') replace = true
    else if (word === 'KEYS') {
      if (argv[3] !== '') throw keyAndKeys
      return { copy, replace, credentials, keys: argv.slice(i + 1) }
    } else if (Object.hasOwn(SKIPPED, word)) {
      const count = SKIPPED[word] as number
      if (left < count) throw errors.syntax
      credentials = argv.slice(i + 1, i + 1 + count)
      i += count
    } else throw errors.syntax
  }
  return { copy, replace, credentials, keys: [argv[3] as Bytes] }
}

const inScript = new ReplyError('ERR MIGRATE of keys that exist is not supported in a script here')

const keyAndKeys = new ReplyError(
  'ERR When using MIGRATE KEYS option, the key argument must be set to the empty string',
)
