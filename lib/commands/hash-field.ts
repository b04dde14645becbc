/**
 * Fields of hashes read, set or removed together with what becomes of their ends (hgetexCommand, hsetexCommand and
 * hgetdelCommand in t_hash.c).
 */
import type { Bytes } from '../base/bytes.ts'
import type { HashValue } from '../data/hash.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { ReplyError, wrongArity } from '../resp/reply-error.ts'
import { block, integer, key, oneOf, string, token, unixTime } from './argument.ts'
import { dropIfEmpty } from './collection.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { isPast, type TimeForm, timeForms } from './expiry-argument.ts'
import { openHash } from './hash.ts'
import { fieldsRemoved } from './hash-expire.ts'
import { fieldCount, fieldEndMs, fieldsArgument, fieldsFrom } from './hash-field-argument.ts'

const PER_FIELD = 'O(N) where N is the number of specified fields'

/** The ways to give an end, as arguments. */
const timeArguments = [
  integer('seconds', { token: 'EX' }),
  integer('milliseconds', { token: 'PX' }),
  unixTime('unix-time-seconds', { token: 'EXAT' }),
  unixTime('unix-time-milliseconds', { token: 'PXAT' }),
]

function timeFormOf(word: Bytes): TimeForm | undefined {
  return timeForms[word.toUpperCase() as keyof typeof timeForms]
}

export const hgetdel = command({
  name: 'HGETDEL',
  since: '8.0.0',
  group: 'hash',
  summary: 'Returns the values of fields of a hash and removes the fields.',
  complexity: PER_FIELD,
  flags: ['write', 'fast'],
  categories: ['hash'],
  args: [key('key', ['RW', 'access', 'delete']), fieldsArgument],
  arity: -5,
  run: ({ db, propagation, reply }, argv) => {
    const name = argv[1] as Bytes
    const hash = db.writeHash(name)
    const fields = fieldsFrom(argv, 2)
    reply.array(fields.length)
    let removed = 0
    for (const field of fields) {
      reply.bulkOrNull(hash?.get(field))
      if (hash?.delete(field)) removed++
    }
    if (hash === undefined || removed === 0) return
    propagation.replaceWith(['HDEL', name, ...fields])
    db.modified(name, NotifyClass.hash, 'hdel', removed)
    dropIfEmpty(db, name, hash)
  },
})

export const hgetex = command({
  name: 'HGETEX',
  since: '8.0.0',
  group: 'hash',
  summary:
    'Returns the values of fields of a hash, and says when the fields end, or that they do not.',
  complexity: PER_FIELD,
  flags: ['write', 'fast'],
  categories: ['hash'],
  args: [
    key('key', ['RW', 'access', 'update']),
    oneOf('expiration', [...timeArguments, token('persist', 'PERSIST')], { optional: true }),
    fieldsArgument,
  ],
  arity: -5,
  keySpecs: [
    {
      notes: 'RW and UPDATE because it changes the TTL',
      flags: ['RW', 'access', 'update'],
      begin: { type: 'index', index: 1 },
      find: { type: 'range', lastKey: 0, keyStep: 1, limit: 0 },
    },
  ],
  run: (context, argv) => {
    const { clock, db, reply } = context
    const [, name, word = ''] = argv as [Bytes, Bytes, Bytes]
    const hash = db.writeHash(name)
    const form = timeFormOf(word)
    const persists = word.toUpperCase() === 'PERSIST'
    const atMs =
      form === undefined ? undefined : fieldEndMs(argv[3] as Bytes, form, clock.now, 'hgetex')
    const fields = fieldsFrom(argv, form !== undefined ? 4 : persists ? 3 : 2)
    reply.array(fields.length)
    for (const field of fields) reply.bulkOrNull(hash?.get(field))
    if (hash === undefined) return
    if (persists) persistFields(context, name, hash, fields)
    else if (atMs !== undefined) endFields(context, name, hash, fields, atMs)
  },
})

function persistFields(
  { db, propagation }: Context,
  name: Bytes,
  hash: HashValue,
  fields: readonly Bytes[],
): void {
  hash.enableExpiry()
  const persisted = fields.filter((field) => hash.persist(field)).length
  if (persisted === 0) return
  db.modified(name, NotifyClass.hash, 'hpersist', persisted)
  propagation.replaceWith(['HPERSIST', name, 'FIELDS', String(fields.length), ...fields])
}

function endFields(
  context: Context,
  name: Bytes,
  hash: HashValue,
  fields: readonly Bytes[],
  atMs: number,
): void {
  const { db, propagation } = context
  hash.enableExpiry()
  if (isPast(atMs, db)) {
    const removed = fields.filter((field) => hash.delete(field))
    if (removed.length > 0) fieldsRemoved(context, name, hash, removed)
    return
  }
  const found = fields.filter((field) => hash.has(field))
  for (const field of found) db.expireField(name, hash, field, atMs)
  if (found.length === 0) return
  db.modified(name, NotifyClass.hash, 'hexpire', found.length)
  propagation.replaceWith([
    'HPEXPIREAT',
    name,
    String(atMs),
    'FIELDS',
    String(fields.length),
    ...fields,
  ])
}

const COUNT_MAX = 2 ** 31 - 1

const twoConditions = new ReplyError('ERR Only one of FXX or FNX arguments can be specified')
const twoEnds = new ReplyError(
  'ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified',
)

/** What HSETEX is told. */
interface SetRequest {
  /** Index in argv of the first field. */
  readonly start: number
  readonly keepsEnds: boolean
  /** Unix ms; undefined when the fields do not end. */
  readonly atMs: number | undefined
  /** Index in argv of the word that gives the time. */
  readonly timeAt: number
  readonly condition: 'FNX' | 'FXX' | undefined
}

export const hsetex = command({
  name: 'HSETEX',
  since: '8.0.0',
  group: 'hash',
  summary: 'Sets fields of a hash, and says when they end.',
  complexity: 'O(N) where N is the number of fields being set.',
  flags: ['write', 'denyoom', 'fast'],
  categories: ['hash'],
  args: [
    key('key', ['RW', 'update']),
    oneOf('condition', [token('fnx', 'FNX'), token('fxx', 'FXX')], { optional: true }),
    oneOf('expiration', [...timeArguments, token('keepttl', 'KEEPTTL')], { optional: true }),
    block(
      'fields',
      [integer('numfields'), block('data', [string('field'), string('value')], { multiple: true })],
      { token: 'FIELDS' },
    ),
  ],
  arity: -6,
  run: (context, argv) => {
    const { clock, db, reply } = context
    const name = argv[1] as Bytes
    const request = parseSetRequest(argv, clock.now)
    const existing = db.writeHash(name)
    if (!meets(request, argv, existing)) {
      reply.integer(0)
      return
    }
    setFields(context, argv, request)
    reply.integer(1)
  },
})

function meets(
  { condition, start }: SetRequest,
  argv: readonly Bytes[],
  hash: HashValue | undefined,
): boolean {
  if (condition === undefined) return true
  for (let i = start; i < argv.length; i += 2) {
    if ((hash?.has(argv[i] as Bytes) ?? false) !== (condition === 'FXX')) return false
  }
  return true
}

function setFields(
  context: Context,
  argv: readonly Bytes[],
  { start, keepsEnds, atMs, timeAt }: SetRequest,
): void {
  const { db, propagation } = context
  const name = argv[1] as Bytes
  const hash = openHash(db, name)
  const fields: Bytes[] = []
  for (let i = start; i < argv.length; i += 2) {
    const [field, value] = [argv[i] as Bytes, argv[i + 1] as Bytes]
    fields.push(field)
    if (keepsEnds) hash.setKeepingExpiry(field, value)
    else hash.set(field, value)
    if (atMs !== undefined) db.expireField(name, hash, field, atMs)
  }
  db.modified(name, NotifyClass.hash, 'hset', fields.length)
  if (atMs === undefined) return
  if (isPast(atMs, db)) {
    for (const field of fields) hash.delete(field)
    fieldsRemoved(context, name, hash, [...new Set(fields)])
    return
  }
  db.notify(NotifyClass.hash, 'hexpire', name)
  const words = [...argv]
  words[timeAt] = 'PXAT'
  words[timeAt + 1] = String(atMs)
  propagation.replaceWith(words)
}

function parseSetRequest(argv: readonly Bytes[], nowMs: number): SetRequest {
  let condition: SetRequest['condition']
  let keepsEnds = false
  let atMs: number | undefined
  let timeAt = 0
  let start: number | undefined
  for (let i = 2; i < argv.length && start === undefined; i++) {
    const given = argv[i] as Bytes
    const word = given.toUpperCase()
    const form = timeFormOf(given)
    if (word === 'FNX' || word === 'FXX') {
      if (condition !== undefined) throw twoConditions
      condition = word
    } else if (word === 'KEEPTTL' || form !== undefined) {
      if (keepsEnds || atMs !== undefined) throw twoEnds
      if (form === undefined) keepsEnds = true
      else {
        timeAt = i++
        const time = argv[i]
        if (time === undefined) throw wrongArity('hsetex')
        atMs = fieldEndMs(time, form, nowMs, 'hsetex')
      }
    } else if (word === 'FIELDS') start = i + 2
    else throw new ReplyError(`ERR unknown argument: ${given}`)
  }
  const numfields = start === undefined ? undefined : argv[start - 1]
  if (start === undefined || numfields === undefined) throw wrongArity('hsetex')
  const count = fieldCount(numfields, 'ERR invalid number of fields', COUNT_MAX)
  if (argv.length - start !== 2 * count) throw wrongArity('hsetex')
  return { condition, keepsEnds, atMs, timeAt, start }
}
