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
import { clusterDebugging } from './debug-cluster.ts'
import { dataDebugging } from './debug-data.ts'
import { objectDebugging } from './debug-object.ts'
import { persistenceDebugging } from './debug-persistence.ts'
import { protocolDebugging } from './debug-protocol.ts'
import type { Subcommands } from './debug-subcommand.ts'
import { tableDebugging } from './debug-table.ts'
import { writeHelp } from './help.ts'

const subcommands: Subcommands = {
  HELP: () => (context) => writeHelp(context, 'DEBUG'),
  DIGEST: (argv) => (argv.length === 2 ? digestAll : undefined),
  'DIGEST-VALUE': () => digestValues,
  SLEEP: (argv) => (argv.length === 3 ? sleep : undefined),
  ...clusterDebugging,
  ...dataDebugging,
  ...objectDebugging,
  ...persistenceDebugging,
  ...protocolDebugging,
  ...tableDebugging,
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
    'AOF-FLUSH-SLEEP <microseconds>',
    '    Stop the server for so long before each write to the append-only file.',
    'ASSERT, PANIC, SEGFAULT',
    '    End the server, each as the other.',
    'CHANGE-REPL-ID',
    '    Go on under a new replication id: replicas have to take all data anew.',
    'CLUSTERLINK KILL <to|from|all> <node-id>',
    '    Close the links with a node, in one direction or both.',
    'CONFIG-REWRITE-FORCE-ALL',
    '    Write the configuration into its file, defaults too.',
    'DIGEST',
    '    A digest of all data: equal data sets have equal ones.',
    'DIGEST-VALUE <key> [<key> ...]',
    '    A digest of the value of each key.',
    'DROP-CLUSTER-PACKET-FILTER <packet-type>',
    '    Do not hear bus messages of a type; -1 hears all.',
    'ERROR <string>',
    '    Reply with this error.',
    'HTSTATS <dbid>, HTSTATS-KEY <key>',
    '    How keys and expiries, fields or members would lie in hash tables.',
    'LISTPACK <key>, QUICKLIST <key> [<0|1>]',
    '    Whether the value is one; there is no standard output to print it on.',
    'LOADAOF',
    '    Forget all data and load what the append-only file holds.',
    'LOG <message>',
    '    Write a line into the log.',
    'OBJECT <key>',
    '    How the value of a key is kept.',
    'PAUSE-CRON <0|1>',
    '    1 stops all that the server does from time to time, 0 lets it go on.',
    'POPULATE <count> [<prefix>] [<size>]',
    '    Create string keys named <prefix>:<number>, `key` unless given, whatever their slots.',
    '    Replicas hear nothing of them.',
    'PROTOCOL <type>',
    '    Reply with a value of a type: string, integer, double, bignum, null, array, set, map,',
    '    attrib, push, verbatim, true or false.',
    'QUICKLIST-PACKED-THRESHOLD <size>',
    '    Taken and checked; lists have no nodes here that it could concern.',
    'RELOAD [NOSAVE] [NOFLUSH] [MERGE]',
    '    Save all data, forget it, and load it again.',
    'REPLICATE <command> [<arg> ...]',
    '    Let replicas run a command that does not run here.',
    'REPLYBUFFER <PEAK-RESET-TIME|RESIZING> <value>',
    '    How long the largest reply is remembered (milliseconds, never, reset), and whether the',
    '    buffers of replies that CLIENT LIST tells of shrink and grow (0, 1).',
    'SDSLEN <key>, STRUCTSIZE',
    '    What the texts of a key and its value, and structures, take in a Redis.',
    'SET-ACTIVE-EXPIRE <0|1>',
    '    0 leaves keys whose time is over until somebody asks for them, 1 deletes them.',
    'SET-DISABLE-DENY-SCRIPTS <0|1>',
    '    1 lets scripts call commands that are not for scripts.',
    'SET-SKIP-CHECKSUM-VALIDATION <0|1>',
    '    1 lets RESTORE take bytes with a wrong checksum.',
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

function sleep({ blocking, debugging, reply, transaction }: Context, argv: readonly Bytes[]): void {
  const seconds = Number.parseFloat(argv[2] as Bytes)
  // A transaction happens at one time, and so does a script.
  debugging.sleep(seconds > 0 ? seconds * 1000 : 0, {
    keepsTime: transaction.active || blocking.isScript,
  })
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
