/**
 * Hashes: fields set, read, removed and listed (t_hash.c). A hash that loses its last field is gone.
 */
import type { Bytes } from '../base/bytes.ts'
import { HashValue } from '../data/hash.ts'
import type { Database } from '../keyspace/database.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { wrongArity } from '../resp/reply-error.ts'
import { block, key, string } from './argument.ts'
import { dropIfEmpty } from './collection.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'

/** The hash of a key, a new one if there is none. Throws WRONGTYPE. */
export function openHash(db: Database, name: Bytes): HashValue {
  let hash = db.writeHash(name)
  if (hash === undefined) {
    hash = new HashValue(db.limits)
    db.add(name, hash)
  }
  return hash
}

export const hset = command({
  name: 'HSET',
  since: '2.0.0',
  group: 'hash',
  summary: 'Sets fields of a hash; returns how many are new.',
  complexity:
    'O(1) for each field/value pair added, so O(N) to add N field/value pairs when the command is called with multiple field/value pairs.',
  flags: ['write', 'denyoom', 'fast'],
  categories: ['hash'],
  history: [['4.0.0', 'Several fields at once.']],
  args: [
    key('key', ['RW', 'update']),
    block('data', [string('field'), string('value')], {
      formerName: 'field_value',
      multiple: true,
    }),
  ],
  run: ({ db, reply }, argv) => {
    if (argv.length % 2 === 1) throw wrongArity('hset')
    reply.integer(setFields(db, argv))
  },
})

export const hmset = command({
  name: 'HMSET',
  since: '2.0.0',
  group: 'hash',
  summary: 'Sets fields of a hash.',
  complexity: 'O(N) where N is the number of fields being set.',
  flags: ['write', 'denyoom', 'fast'],
  categories: ['hash'],
  deprecated: { since: '4.0.0', replacedBy: '`HSET` with multiple field-value pairs' },
  args: [
    key('key', ['RW', 'update']),
    block('data', [string('field'), string('value')], {
      formerName: 'field_value',
      multiple: true,
    }),
  ],
  run: ({ db, reply }, argv) => {
    if (argv.length % 2 === 1) throw wrongArity('hmset')
    setFields(db, argv)
    reply.ok()
  },
})

/** Sets the pairs from argv[2] on; returns how many fields are new. */
function setFields(db: Database, argv: readonly Bytes[]): number {
  const name = argv[1] as Bytes
  const hash = openHash(db, name)
  let created = 0
  for (let i = 2; i < argv.length; i += 2) {
    if (hash.set(argv[i] as Bytes, argv[i + 1] as Bytes)) created++
  }
  db.modified(name, NotifyClass.hash, 'hset', (argv.length - 2) / 2)
  return created
}

export const hsetnx = command({
  name: 'HSETNX',
  since: '2.0.0',
  group: 'hash',
  summary: 'Sets a field of a hash that does not exist.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  categories: ['hash'],
  args: [key('key', ['RW', 'insert']), string('field'), string('value')],
  run: ({ db, reply }, argv) => {
    const [, name, field, value] = argv as [Bytes, Bytes, Bytes, Bytes]
    const hash = openHash(db, name)
    if (hash.has(field)) {
      reply.integer(0)
      return
    }
    hash.set(field, value)
    db.modified(name, NotifyClass.hash, 'hset')
    reply.integer(1)
  },
})

export const hget = command({
  name: 'HGET',
  since: '2.0.0',
  group: 'hash',
  summary: 'Returns the value of a field of a hash.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  categories: ['hash'],
  args: [key('key', ['RO', 'access']), string('field')],
  run: ({ db, reply }, argv) => {
    reply.bulkOrNull(db.readHash(argv[1] as Bytes)?.get(argv[2] as Bytes))
  },
})

export const hmget = command({
  name: 'HMGET',
  since: '2.0.0',
  group: 'hash',
  summary: 'Returns the values of several fields of a hash; null for those it has not.',
  complexity: 'O(N) where N is the number of fields being requested.',
  flags: ['readonly', 'fast'],
  categories: ['hash'],
  args: [key('key', ['RO', 'access']), string('field', { multiple: true })],
  run: ({ db, reply }, argv) => {
    const hash = db.readHash(argv[1] as Bytes)
    reply.array(argv.length - 2)
    for (let i = 2; i < argv.length; i++) reply.bulkOrNull(hash?.get(argv[i] as Bytes))
  },
})

export const hdel = command({
  name: 'HDEL',
  since: '2.0.0',
  group: 'hash',
  summary: 'Removes fields of a hash; returns how many it had.',
  complexity: 'O(N) where N is the number of fields to be removed.',
  flags: ['write', 'fast'],
  categories: ['hash'],
  history: [['2.4.0', 'Several fields at once.']],
  args: [key('key', ['RW', 'delete']), string('field', { multiple: true })],
  run: ({ db, reply }, argv) => {
    const name = argv[1] as Bytes
    const hash = db.writeHash(name)
    let removed = 0
    for (let i = 2; hash !== undefined && i < argv.length; i++) {
      if (hash.delete(argv[i] as Bytes)) removed++
    }
    if (hash !== undefined && removed > 0) {
      db.modified(name, NotifyClass.hash, 'hdel', removed)
      dropIfEmpty(db, name, hash)
    }
    reply.integer(removed)
  },
})

export const hexists = command({
  name: 'HEXISTS',
  since: '2.0.0',
  group: 'hash',
  summary: 'Tells whether a hash has a field.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  categories: ['hash'],
  args: [key('key', ['RO']), string('field')],
  run: ({ db, reply }, argv) => {
    reply.integer(db.readHash(argv[1] as Bytes)?.has(argv[2] as Bytes) ? 1 : 0)
  },
})

export const hlen = command({
  name: 'HLEN',
  since: '2.0.0',
  group: 'hash',
  summary: 'Returns how many fields a hash has.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  categories: ['hash'],
  args: [key('key', ['RO'])],
  run: ({ db, reply }, argv) => reply.integer(db.readHash(argv[1] as Bytes)?.size ?? 0),
})

export const hstrlen = command({
  name: 'HSTRLEN',
  since: '3.2.0',
  group: 'hash',
  summary: 'Returns the length of the value of a field, in bytes.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  categories: ['hash'],
  args: [key('key', ['RO']), string('field')],
  run: ({ db, reply }, argv) => {
    reply.integer(db.readHash(argv[1] as Bytes)?.get(argv[2] as Bytes)?.length ?? 0)
  },
})

export const hgetall = command({
  name: 'HGETALL',
  since: '2.0.0',
  group: 'hash',
  summary: 'Returns all fields and values of a hash.',
  complexity: 'O(N) where N is the size of the hash.',
  flags: ['readonly'],
  categories: ['hash'],
  tips: ['nondeterministic_output_order'],
  args: [key('key', ['RO', 'access'])],
  run: ({ db, reply }, argv) => {
    const hash = db.readHash(argv[1] as Bytes)
    reply.map(hash?.size ?? 0)
    if (hash === undefined) return
    const words: Bytes[] = []
    for (const [field, value] of hash.entries()) words.push(field, value)
    reply.bulks(words)
  },
})

export const hkeys = command({
  name: 'HKEYS',
  since: '2.0.0',
  group: 'hash',
  summary: 'Returns all fields of a hash.',
  complexity: 'O(N) where N is the size of the hash.',
  flags: ['readonly'],
  categories: ['hash'],
  tips: ['nondeterministic_output_order'],
  args: [key('key', ['RO', 'access'])],
  run: (context, argv) => writeAll(context, argv, (hash) => hash.names()),
})

export const hvals = command({
  name: 'HVALS',
  since: '2.0.0',
  group: 'hash',
  summary: 'Returns all values of a hash.',
  complexity: 'O(N) where N is the size of the hash.',
  flags: ['readonly'],
  categories: ['hash'],
  tips: ['nondeterministic_output_order'],
  args: [key('key', ['RO', 'access'])],
  run: (context, argv) => writeAll(context, argv, (hash) => hash.values()),
})

function writeAll(
  { db, reply }: Context,
  argv: readonly Bytes[],
  select: (hash: HashValue) => Iterable<Bytes>,
): void {
  const hash = db.readHash(argv[1] as Bytes)
  reply.array(hash?.size ?? 0)
  if (hash !== undefined) reply.bulks([...select(hash)])
}
