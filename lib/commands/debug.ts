/**
 * DEBUG: what tests and tools look at, digests of data first of all (debugCommand in debug.c). Refused unless
 * `enable-debug-command` allows it. A further subcommand is a member of {@link subcommands} and its lines of help.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Value } from '../data/stored-object.ts'
import { Lookup } from '../keyspace/lookup.ts'
import { recordOf } from '../keyspace/snapshot.ts'
import { appendValue, DataDigest, uint32 } from '../rdb/digest.ts'
import { ReplyError, subcommandSyntax } from '../resp/reply-error.ts'
import { type Command, command } from './command.ts'
import type { Context } from './context.ts'
import { writeHelp } from './help.ts'

type Run = (context: Context, argv: readonly Bytes[]) => void

/** By their names; undefined for a number of arguments they do not take. */
const subcommands: Readonly<Record<string, (argv: readonly Bytes[]) => Run | undefined>> = {
  HELP: () => (context) => writeHelp(context, 'DEBUG'),
  DIGEST: (argv) => (argv.length === 2 ? digestAll : undefined),
  'DIGEST-VALUE': () => digestValues,
  SLEEP: (argv) => (argv.length === 3 ? sleep : undefined),
}

export const debug: Command = command({
  name: 'DEBUG',
  since: '1.0.0',
  group: 'server',
  summary: 'Looks at the inside of the server.',
  complexity: 'Depends on subcommand.',
  flags: ['admin', 'noscript', 'loading', 'stale'],
  internal: true,
  arity: -2,
  spansKeyspace: true,
  help: [
    'DIGEST',
    '    A digest of all data: equal data sets have equal ones.',
    'DIGEST-VALUE <key> [<key> ...]',
    '    A digest of the value of each key.',
    'SLEEP <seconds>',
    '    Stop the server for so long. Decimals are allowed.',
  ],
  run: (context, argv) => {
    if (!isAllowed(context)) throw notAllowed
    const word = argv[1] as Bytes
    const run = subcommands[word.toUpperCase()]?.(argv)
    if (run === undefined) throw subcommandSyntax('DEBUG', word)
    run(context, argv)
  },
})

const notAllowed = new ReplyError(
  'ERR DEBUG command not allowed. If the enable-debug-command option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.',
)

function isAllowed({ client, config }: Context): boolean {
  const setting = config.text('enable-debug-command')
  return setting === 'yes' || (setting === 'local' && client.isLocal)
}

function sleep({ debugging, reply }: Context, argv: readonly Bytes[]): void {
  const seconds = Number.parseFloat(argv[2] as Bytes)
  debugging.sleep(seconds > 0 ? seconds * 1000 : 0)
  reply.ok()
}

function digestValues({ db, reply }: Context, argv: readonly Bytes[]): void {
  reply.array(argv.length - 2)
  for (const name of argv.slice(2)) {
    const digest = new DataDigest()
    const value = db.read(name, Lookup.noTouch | Lookup.noStats | Lookup.noNotify)
    if (value !== undefined) append(digest, value, db.expiryOf(name) !== undefined)
    reply.simple(digest.hex())
  }
}

function digestAll({ reply, server }: Context): void {
  const whole = new DataDigest()
  for (const database of server.databases) {
    if (database.size === 0) continue
    whole.append(uint32(database.index))
    for (const [name, value, expiryMs] of database.entries()) {
      const digest = new DataDigest()
      digest.append(name)
      append(digest, value, expiryMs !== undefined)
      whole.add(digest.bytes())
    }
  }
  reply.simple(whole.hex())
}

function append(digest: DataDigest, value: Value, expires: boolean): void {
  appendValue(digest, recordOf(value), expires)
}
