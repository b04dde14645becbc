/**
 * How long fields of hashes live: setting and removing their ends (hexpireGenericCommand and hpersistCommand in t_hash.c).
 * A field whose end is past goes at once. Replicas hear of the fields that changed, in Unix milliseconds.
 */
import type { Bytes } from '../base/bytes.ts'
import type { HashValue } from '../data/hash.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { type Argument, integer, key, oneOf, token, unixTime } from './argument.ts'
import { dropIfEmpty } from './collection.ts'
import { type Command, command } from './command.ts'
import type { Context } from './context.ts'
import { allows, isPast, type TimeForm, timeForms } from './expiry-argument.ts'
import { fieldEndMs, fieldsArgument, fieldsFrom } from './hash-field-argument.ts'

const PER_FIELD = 'O(N) where N is the number of specified fields'

/** What is answered of a field. */
const Outcome = { missing: -2, unended: -1, unmet: 0, done: 1, removed: 2 } as const

const CONDITIONS = ['NX', 'XX', 'GT', 'LT']

function expireCommand(name: string, summary: string, time: Argument, form: TimeForm): Command {
  return command({
    name,
    since: '7.4.0',
    group: 'hash',
    summary,
    complexity: PER_FIELD,
    flags: ['write', 'fast'],
    categories: ['hash'],
    args: [
      key('key', ['RW', 'update']),
      time,
      oneOf(
        'condition',
        [token('nx', 'NX'), token('xx', 'XX'), token('gt', 'GT'), token('lt', 'LT')],
        { optional: true },
      ),
      fieldsArgument,
    ],
    arity: -6,
    run: (context, argv) => expireFields(context, argv, form, name.toLowerCase()),
  })
}

export const hexpire = expireCommand(
  'HEXPIRE',
  'Ends fields of a hash after so many seconds.',
  integer('seconds'),
  timeForms.EX,
)

export const hpexpire = expireCommand(
  'HPEXPIRE',
  'Ends fields of a hash after so many milliseconds.',
  integer('milliseconds'),
  timeForms.PX,
)

export const hexpireat = expireCommand(
  'HEXPIREAT',
  'Ends fields of a hash at a Unix time in seconds.',
  unixTime('unix-time-seconds'),
  timeForms.EXAT,
)

export const hpexpireat = expireCommand(
  'HPEXPIREAT',
  'Ends fields of a hash at a Unix time in milliseconds.',
  unixTime('unix-time-milliseconds'),
  timeForms.PXAT,
)

function expireFields(
  { clock, db, propagation, reply }: Context,
  argv: readonly Bytes[],
  form: TimeForm,
  name: Bytes,
): void {
  const [word, key, time] = argv as [Bytes, Bytes, Bytes]
  const hash = db.writeHash(key)
  const atMs = fieldEndMs(time, form, clock.now, name)
  const condition = CONDITIONS.find((known) => known === argv[3]?.toUpperCase())
  const conditions = {
    nx: condition === 'NX',
    xx: condition === 'XX',
    gt: condition === 'GT',
    lt: condition === 'LT',
  }
  const start = condition === undefined ? 3 : 4
  const fields = fieldsFrom(argv, start, 'ERR Parameter `numFields` should be greater than 0')
  reply.array(fields.length)
  const isOver = isPast(atMs, db)
  const changed: Bytes[] = []
  hash?.enableExpiry()
  for (const field of fields) {
    if (hash === undefined || !hash.has(field)) reply.integer(Outcome.missing)
    else if (!allows(conditions, hash.expiries?.of(field), atMs)) reply.integer(Outcome.unmet)
    else {
      changed.push(field)
      reply.integer(isOver ? Outcome.removed : Outcome.done)
      if (isOver) hash.delete(field)
      else db.expireField(key, hash, field, atMs)
    }
  }
  if (hash === undefined || changed.length === 0) return
  if (isOver) {
    fieldsRemoved({ db, propagation }, key, hash, changed)
    return
  }
  db.modified(key, NotifyClass.hash, 'hexpire', changed.length)
  const isExact = form.absolute && form.unit === 'milliseconds'
  propagation.replaceWith([
    isExact ? word : 'HPEXPIREAT',
    key,
    String(atMs),
    ...argv.slice(3, start),
    'FIELDS',
    String(changed.length),
    ...changed,
  ])
}

/** Fields were given an end that is past, and are gone: a change, which replicas hear of field by field. */
export function fieldsRemoved(
  { db, propagation }: Pick<Context, 'db' | 'propagation'>,
  key: Bytes,
  hash: HashValue,
  fields: readonly Bytes[],
): void {
  propagation.prevent()
  for (const field of fields) propagation.also(['HDEL', key, field])
  db.modified(key, NotifyClass.hash, 'hdel', fields.length)
  dropIfEmpty(db, key, hash)
}

export const hpersist = command({
  name: 'HPERSIST',
  since: '7.4.0',
  group: 'hash',
  summary: 'Lets fields of a hash end no more.',
  complexity: PER_FIELD,
  flags: ['write', 'fast'],
  categories: ['hash'],
  args: [key('key', ['RW', 'update']), fieldsArgument],
  arity: -5,
  run: ({ db, reply }, argv) => {
    const name = argv[1] as Bytes
    const hash = db.writeHash(name)
    const fields = fieldsFrom(argv, 2)
    reply.array(fields.length)
    let persisted = 0
    for (const field of fields) {
      if (hash === undefined || !hash.has(field)) reply.integer(Outcome.missing)
      else if (!hash.persist(field)) reply.integer(Outcome.unended)
      else {
        persisted++
        reply.integer(Outcome.done)
      }
    }
    if (persisted > 0) db.modified(name, NotifyClass.hash, 'hpersist', persisted)
  },
})

/** A command that asks when fields end; `tell` turns an end into its answer. */
function endCommand(
  name: string,
  summary: string,
  tell: (endMs: number, nowMs: number) => number,
  tips: readonly string[] = [],
): Command {
  return command({
    name,
    since: '7.4.0',
    group: 'hash',
    summary,
    complexity: PER_FIELD,
    flags: ['readonly', 'fast'],
    categories: ['hash'],
    tips,
    args: [key('key', ['RO', 'access']), fieldsArgument],
    arity: -5,
    run: ({ clock, db, reply }, argv) => {
      const hash = db.readHash(argv[1] as Bytes)
      const fields = fieldsFrom(argv, 2)
      reply.array(fields.length)
      for (const field of fields) {
        if (hash === undefined || !hash.has(field)) {
          reply.integer(Outcome.missing)
          continue
        }
        const endMs = hash.expiries?.of(field)
        reply.integer(endMs === undefined ? Outcome.unended : tell(endMs, clock.now))
      }
    },
  })
}

const VARYING = ['nondeterministic_output']

export const httl = endCommand(
  'HTTL',
  'Returns how many seconds fields of a hash have left.',
  (endMs, nowMs) => Math.ceil((endMs - nowMs) / 1000),
  VARYING,
)

export const hpttl = endCommand(
  'HPTTL',
  'Returns how many milliseconds fields of a hash have left.',
  (endMs, nowMs) => endMs - nowMs,
  VARYING,
)

export const hexpiretime = endCommand(
  'HEXPIRETIME',
  'Returns the Unix time at which fields of a hash end, in seconds.',
  (endMs) => Math.ceil(endMs / 1000),
)

export const hpexpiretime = endCommand(
  'HPEXPIRETIME',
  'Returns the Unix time at which fields of a hash end, in milliseconds.',
  (endMs) => endMs,
)
