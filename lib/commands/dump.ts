/**
 * Values as bytes and back: DUMP, RESTORE, and RESTORE-ASKING, under which a migrated key arrives and reaches the replicas
 * (dumpCommand, restoreCommand in cluster.c).
 */
import type { Buffer } from 'node:buffer'
import type { Bytes } from '../base/bytes.ts'
import type { Value } from '../data/stored-object.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { keepAccess, recordOf, storedValueOf } from '../keyspace/snapshot.ts'
import { RdbCursor } from '../rdb/cursor.ts'
import { decodeDumpAt, encodeDump, verifiedDump } from '../rdb/dump.ts'
import { RdbError, rdbVersionOf } from '../rdb/format.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { integer, key, string, token } from './argument.ts'
import { type CommandDeclaration, command } from './command.ts'
import type { Context } from './context.ts'
import { countsFrequency } from './eviction-policy.ts'
import { isPast } from './expiry-argument.ts'
import { numberArgument } from './number-argument.ts'

const FREQUENCY_MAX = 255

export const dump = command({
  name: 'DUMP',
  since: '2.6.0',
  group: 'generic',
  summary: 'Returns what a key holds as bytes that RESTORE takes.',
  complexity:
    'O(1) to access the key and additional O(N*M) to serialize it, where N is the number of Redis objects composing the value and M their average size. For small string values the time complexity is thus O(1)+O(1*M) where M is small, so simply O(1).',
  flags: ['readonly'],
  categories: ['keyspace'],
  tips: ['nondeterministic_output'],
  args: [key('key', ['RO', 'access'])],
  run: ({ config, db, reply, server }, argv) => {
    const value = db.read(argv[1] as Bytes)
    if (value === undefined) {
      reply.null()
      return
    }
    const options = {
      compress: config.boolean('rdbcompression'),
      version: rdbVersionOf(server.version),
    }
    reply.bulk(encodeDump(recordOf(value), options))
  },
})

/** What RESTORE and RESTORE-ASKING have in common. */
const restoring: Omit<CommandDeclaration, 'name' | 'since' | 'group' | 'summary' | 'flags'> = {
  complexity:
    'O(1) to create the new key and additional O(N*M) to reconstruct the serialized value, where N is the number of Redis objects composing the value and M their average size. For small string values the time complexity is thus O(1)+O(1*M) where M is small, so simply O(1). However for sorted set values the complexity is O(N*M*log(N)) because inserting values into sorted sets is O(log(N)).',
  categories: ['keyspace', 'dangerous'],
  history: [
    ['3.0.0', 'Takes `REPLACE`.'],
    ['5.0.0', 'Takes `ABSTTL`.'],
    ['5.0.0', 'Takes `IDLETIME` and `FREQ`.'],
  ],
  args: [
    key('key', ['OW', 'update']),
    integer('ttl'),
    string('serialized-value'),
    token('replace', 'REPLACE', { optional: true, since: '3.0.0' }),
    token('absttl', 'ABSTTL', { optional: true, since: '5.0.0' }),
    integer('seconds', { token: 'IDLETIME', optional: true, since: '5.0.0' }),
    integer('frequency', { token: 'FREQ', optional: true, since: '5.0.0' }),
  ],
  run: runRestore,
}

export const restore = command({
  name: 'RESTORE',
  since: '2.6.0',
  group: 'generic',
  summary: 'Creates a key from the bytes that DUMP returned.',
  flags: ['write', 'denyoom'],
  ...restoring,
})

export const restoreAsking = command({
  name: 'RESTORE-ASKING',
  since: '3.0.0',
  group: 'server',
  summary: 'Creates a key that another node migrates.',
  internal: true,
  flags: ['write', 'denyoom', 'asking'],
  ...restoring,
})

interface RestoreOptions {
  readonly replace: boolean
  readonly isAbsolute: boolean
  readonly idleSeconds: number | undefined
  readonly frequency: number | undefined
}

function runRestore(context: Context, argv: readonly Bytes[]): void {
  const { db, reply } = context
  const name = argv[1] as Bytes
  const options = parseOptions(argv)
  if (!options.replace && db.write(name) !== undefined) throw errors.busyKey
  const ttl = numberArgument(argv[2] as Bytes)
  if (ttl < 0) throw new ReplyError('ERR Invalid TTL value, must be >= 0')
  const { activity, version } = context.server
  const payload = verifiedDump(argv[3] as Bytes, {
    latest: rdbVersionOf(version),
    checksum: activity.verifiesChecksums,
  })
  if (payload === undefined) throw errors.badDump
  const value = restoredValue(context, payload)
  const expiryMs = ttl === 0 || options.isAbsolute ? ttl : ttl + db.clock.now
  const hadKey = options.replace && db.remove(name)
  if (expiryMs !== 0 && isPast(expiryMs, db)) {
    if (hadKey) deletedInstead(context, name)
  } else {
    db.add(name, value)
    if (expiryMs !== 0) keepExpiry(context, argv, options, expiryMs)
    keepAccess(context.db, name, options, countsFrequency(context.config) ? 'frequency' : 'idle')
    db.modified(name, NotifyClass.generic, 'restore')
  }
  reply.ok()
}

/** A key was replaced by one whose time is over. */
function deletedInstead({ config, db, propagation }: Context, name: Bytes): void {
  propagation.replaceWith([config.boolean('lazyfree-lazy-server-del') ? 'UNLINK' : 'DEL', name])
  db.modified(name, NotifyClass.generic, 'del')
}

/** Replicas are told the time that was meant, not how long it is until then. */
function keepExpiry(
  { db, propagation }: Context,
  argv: readonly Bytes[],
  { isAbsolute }: RestoreOptions,
  expiryMs: number,
): void {
  const [word, name, , ...rest] = argv as [Bytes, Bytes, ...Bytes[]]
  db.setExpiry(name, expiryMs)
  if (!isAbsolute) propagation.replaceWith([word, name, String(expiryMs), ...rest, 'ABSTTL'])
}

function restoredValue(context: Context, payload: Buffer): Value {
  const { db, persistence } = context
  const cursor = new RdbCursor(payload, { sanitizes: sanitizes(context) })
  try {
    return storedValueOf(decodeDumpAt(cursor), db.limits)
  } catch (error) {
    if (!(error instanceof RdbError)) throw error
    persistence.payloadRefused(error.message)
    throw new ReplyError('ERR Bad data format')
  } finally {
    persistence.sanitized(cursor.sanitizedBlocks)
  }
}

/** Whether what a client sends has to be right where nobody would look, too (rdbLoadObject). */
function sanitizes({ client, config }: Context): boolean {
  const rule = config.text('sanitize-dump-payload')
  return rule === 'yes' || (rule === 'clients' && !client.trustsPayloads)
}

function parseOptions(argv: readonly Bytes[]): RestoreOptions {
  let replace = false
  let isAbsolute = false
  let idleSeconds: number | undefined
  let frequency: number | undefined
  for (let i = 4; i < argv.length; i++) {
    const word = (argv[i] as Bytes).toUpperCase()
    const hasNext = i + 1 < argv.length
    if (word === 'REPLACE') replace = true
    else if (word === 'ABSTTL') isAbsolute = true
    else if (word === 'IDLETIME' && hasNext && frequency === undefined) {
      idleSeconds = numberArgument(argv[++i] as Bytes)
      if (idleSeconds < 0) throw new ReplyError('ERR Invalid IDLETIME value, must be >= 0')
    } else if (word === 'FREQ' && hasNext && idleSeconds === undefined) {
      frequency = numberArgument(argv[++i] as Bytes)
      if (frequency < 0 || frequency > FREQUENCY_MAX) {
        throw new ReplyError('ERR Invalid FREQ value, must be >= 0 and <= 255')
      }
    } else throw errors.syntax
  }
  return { replace, isAbsolute, idleSeconds, frequency }
}
