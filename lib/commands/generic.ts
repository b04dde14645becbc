/**
 * Keys whatever they hold: deleting, naming, finding (db.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { globMatch } from '../base/glob.ts'
import { EditableString } from '../data/editable-string.ts'
import type { Value } from '../data/stored-object.ts'
import { referencesOf } from '../data/string-encoding.ts'
import type { Database } from '../keyspace/database.ts'
import { Lookup } from '../keyspace/lookup.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { integer, key, pattern, token } from './argument.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { intArgument } from './number-argument.ts'

export const del = command({
  name: 'DEL',
  since: '1.0.0',
  group: 'generic',
  summary: 'Deletes keys; returns how many there were.',
  complexity:
    'O(N) where N is the number of keys that will be removed. When a key to remove holds a value other than a string, the individual complexity for this key is O(M) where M is the number of elements in the list, set, sorted set or hash. Removing a single key that holds a string value is O(1).',
  flags: ['write'],
  categories: ['keyspace'],
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
  args: [key('key', ['RM', 'delete'], { multiple: true })],
  run: (context, argv) =>
    deleteKeys(context, argv, context.config.boolean('lazyfree-lazy-user-del')),
})

export const unlink = command({
  name: 'UNLINK',
  since: '4.0.0',
  group: 'generic',
  summary: 'Deletes keys and leaves freeing their memory for later; returns how many there were.',
  complexity:
    'O(1) for each key removed regardless of its size. Then the command does O(N) work in a different thread in order to reclaim memory, where N is the number of allocations the deleted objects where composed of.',
  flags: ['write', 'fast'],
  categories: ['keyspace'],
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
  args: [key('key', ['RM', 'delete'], { multiple: true })],
  run: (context, argv) => deleteKeys(context, argv, true),
})

function deleteKeys({ db, reply }: Context, argv: readonly Bytes[], isLazy: boolean): void {
  let deleted = 0
  for (let i = 1; i < argv.length; i++) {
    const name = argv[i] as Bytes
    if (!db.exists(name)) continue
    if (isLazy) db.countLazyFree(name)
    if (db.delete(name)) deleted++
  }
  reply.integer(deleted)
}

export const exists = command({
  name: 'EXISTS',
  since: '1.0.0',
  group: 'generic',
  summary: 'Counts which of the keys exist; a key named twice counts twice.',
  complexity: 'O(N) where N is the number of keys to check.',
  flags: ['readonly', 'fast'],
  categories: ['keyspace'],
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
  history: [['3.0.3', 'Several keys at once.']],
  args: [key('key', ['RO'], { multiple: true })],
  run: ({ db, reply }, argv) => {
    let found = 0
    for (let i = 1; i < argv.length; i++) {
      if (db.read(argv[i] as Bytes, Lookup.noTouch) !== undefined) found++
    }
    reply.integer(found)
  },
})

export const touch = command({
  name: 'TOUCH',
  since: '3.2.1',
  group: 'generic',
  summary: 'Counts which of the keys exist and marks them as used now.',
  complexity: 'O(N) where N is the number of keys that will be touched.',
  flags: ['readonly', 'fast'],
  categories: ['keyspace'],
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
  args: [key('key', ['RO'], { multiple: true })],
  run: ({ db, reply }, argv) => {
    let found = 0
    for (let i = 1; i < argv.length; i++) if (db.use(argv[i] as Bytes)) found++
    reply.integer(found)
  },
})

export const type = command({
  name: 'TYPE',
  since: '1.0.0',
  group: 'generic',
  summary: 'Returns the type of what a key holds.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  categories: ['keyspace'],
  args: [key('key', ['RO'])],
  run: ({ db, reply }, argv) => reply.simple(db.typeOf(argv[1] as Bytes)),
})

export const keys = command({
  name: 'KEYS',
  since: '1.0.0',
  group: 'generic',
  summary: 'Returns all keys that match a pattern.',
  complexity:
    'O(N) with N being the number of keys in the database, under the assumption that the key names in the database and the given pattern have limited length.',
  flags: ['readonly'],
  categories: ['keyspace', 'dangerous'],
  tips: ['request_policy:all_shards', 'nondeterministic_output_order'],
  args: [pattern('pattern')],
  run: ({ db, reply }, argv) => {
    const wanted = argv[1] as Bytes
    const found: Bytes[] = []
    for (const [name, , expiryMs] of db.entries()) {
      if (wanted !== '*' && !globMatch(wanted, name)) continue
      if (expiryMs === undefined || !db.isExpired(name)) found.push(name)
    }
    reply.array(found.length)
    reply.bulks(found)
  },
})

export const randomkey = command({
  name: 'RANDOMKEY',
  since: '1.0.0',
  group: 'generic',
  summary: 'Returns a key at random.',
  complexity: 'O(1)',
  flags: ['readonly'],
  categories: ['keyspace'],
  tips: ['request_policy:all_shards', 'response_policy:special', 'nondeterministic_output'],
  before: { '7.2.0': { tips: ['request_policy:all_shards', 'nondeterministic_output'] } },
  comesUponKeys: true,
  run: ({ db, reply }) => reply.bulkOrNull(db.randomKey()),
})

export const rename = command({
  name: 'RENAME',
  since: '1.0.0',
  group: 'generic',
  summary: 'Gives a key another name, in place of what that held.',
  complexity: 'O(1)',
  flags: ['write'],
  categories: ['keyspace'],
  args: [key('key', ['RW', 'access', 'delete']), key('newkey', ['OW', 'update'])],
  run: (context, argv) => {
    renameKey(context, argv, { replace: true })
    context.reply.ok()
  },
})

export const renamenx = command({
  name: 'RENAMENX',
  since: '1.0.0',
  group: 'generic',
  summary: 'Gives a key another name that no key has.',
  complexity: 'O(1)',
  flags: ['write', 'fast'],
  categories: ['keyspace'],
  history: [['3.2.0', 'A key may be renamed to its own name.']],
  args: [key('key', ['RW', 'access', 'delete']), key('newkey', ['OW', 'insert'])],
  run: (context, argv) => {
    context.reply.integer(renameKey(context, argv, { replace: false }) ? 1 : 0)
  },
})

/** True when the key has another name now. Throws `no such key`. */
function renameKey(
  { db }: Context,
  argv: readonly Bytes[],
  { replace }: { readonly replace: boolean },
): boolean {
  const [, from, to] = argv as [Bytes, Bytes, Bytes]
  if (db.write(from) === undefined) throw errors.noSuchKey
  if (from === to) return false
  if (db.write(to) !== undefined && !replace) return false
  db.rename(from, to)
  db.changes.dirty++
  db.notify(NotifyClass.generic, 'rename_from', from)
  db.notify(NotifyClass.generic, 'rename_to', to)
  return true
}

const sameObject = new ReplyError('ERR source and destination objects are the same')

/** The index of a database in an argument. Throws when there is none. */
function databaseIndex({ config }: Context, text: Bytes): number {
  const index = intArgument(text)
  if (index >= 0 && index < config.number('databases')) return index
  throw new ReplyError('ERR DB index is out of range')
}

export const copy = command({
  name: 'COPY',
  since: '6.2.0',
  group: 'generic',
  summary: 'Copies what a key holds, with its expiry, to another key.',
  complexity:
    'O(N) worst case for collections, where N is the number of nested items. O(1) for string values.',
  flags: ['write', 'denyoom'],
  categories: ['keyspace'],
  args: [
    key('source', ['RO', 'access']),
    key('destination', ['OW', 'update']),
    integer('destination-db', { token: 'DB', optional: true }),
    token('replace', 'REPLACE', { optional: true }),
  ],
  run: (context, argv) => {
    const { db, reply } = context
    const [, from, to] = argv as [Bytes, Bytes, Bytes]
    const { target, replace } = parseCopyOptions(context, argv)
    if (target === db && from === to) throw sameObject
    const value = db.read(from)
    if (value === undefined || (target.write(to) !== undefined && !replace)) {
      reply.integer(0)
      return
    }
    const atMs = db.expiryOf(from)
    target.remove(to)
    target.add(to, copyOf(value))
    if (atMs !== undefined) target.setExpiry(to, atMs)
    target.modified(to, NotifyClass.generic, 'copy_to')
    reply.integer(1)
  },
})

function parseCopyOptions(
  context: Context,
  argv: readonly Bytes[],
): { readonly target: Database; readonly replace: boolean } {
  let index: number | undefined
  let replace = false
  for (let i = 3; i < argv.length; i++) {
    const word = (argv[i] as Bytes).toUpperCase()
    if (word === 'REPLACE') replace = true
    else if (word === 'DB' && i + 1 < argv.length)
      index = databaseIndex(context, argv[++i] as Bytes)
    else throw errors.syntax
  }
  if (context.cluster !== undefined && index) {
    throw new ReplyError('ERR Copying to another database is not allowed in cluster mode')
  }
  const target = index === undefined ? context.db : context.server.databases[index]
  return { target: target as Database, replace }
}

function copyOf(value: Value): Value {
  if (typeof value !== 'string') return value.copy()
  // The copy of a shared integer is an integer that is not shared, which OBJECT REFCOUNT shows.
  return referencesOf(value) === 1 ? value : new EditableString(value, 'int')
}

export const move = command({
  name: 'MOVE',
  since: '1.0.0',
  group: 'generic',
  summary: 'Moves a key to another database.',
  complexity: 'O(1)',
  flags: ['write', 'fast'],
  categories: ['keyspace'],
  args: [key('key', ['RW', 'access', 'update']), integer('db')],
  run: (context, argv) => {
    const { db, cluster, reply } = context
    const [, name, index] = argv as [Bytes, Bytes, Bytes]
    if (cluster !== undefined) throw new ReplyError('ERR MOVE is not allowed in cluster mode')
    const target = context.server.databases[databaseIndex(context, index)] as Database
    if (target === db) throw sameObject
    const value = db.write(name)
    if (value === undefined || target.write(name) !== undefined) {
      reply.integer(0)
      return
    }
    const atMs = db.expiryOf(name)
    target.set(name, value)
    if (atMs !== undefined) target.setExpiry(name, atMs)
    db.remove(name)
    db.changes.dirty++
    db.notify(NotifyClass.generic, 'move_from', name)
    target.notify(NotifyClass.generic, 'move_to', name)
    reply.integer(1)
  },
})
