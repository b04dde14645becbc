/**
 * Strings as whole values: stored, read, exchanged, with expiry (t_string.c). SET without options and GET are the hottest
 * commands there are and take the shortest way; what is rewritten for replicas is rewritten here.
 */
import type { Bytes } from '../base/bytes.ts'
import { EditableString, wholeString } from '../data/editable-string.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { wrongArity } from '../resp/reply-error.ts'
import { block, integer, key, oneOf, string, token, unixTime } from './argument.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { deletionWord, isPast, positiveExpiryMs, timeForms } from './expiry-argument.ts'
import { parseGetexOptions, parseSetOptions, type StringOptions } from './string-option.ts'

export const get = command({
  name: 'GET',
  since: '1.0.0',
  group: 'string',
  summary: 'Returns the string a key holds.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  categories: ['string'],
  args: [key('key', ['RO', 'access'])],
  run: ({ db, reply }, argv) => {
    const value = db.readString(argv[1] as Bytes)
    reply.bulkOrNull(typeof value === 'object' ? value.bytes() : value)
  },
})

export const set = command({
  name: 'SET',
  since: '1.0.0',
  group: 'string',
  summary:
    'Stores a string in a key, whatever it held, optionally with an expiry or on a condition.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom'],
  categories: ['string'],
  history: [
    ['2.6.12', 'Options `EX`, `PX`, `NX` and `XX`.'],
    ['6.0.0', 'Option `KEEPTTL`.'],
    ['6.2.0', 'Options `GET`, `EXAT` and `PXAT`.'],
    ['7.0.0', '`NX` and `GET` go together.'],
  ],
  args: [
    key('key', ['RW', 'access', 'update', 'variable_flags']),
    string('value'),
    oneOf('condition', [token('nx', 'NX'), token('xx', 'XX')], { optional: true, since: '2.6.12' }),
    token('get', 'GET', { optional: true, since: '6.2.0' }),
    oneOf(
      'expiration',
      [
        integer('seconds', { token: 'EX', since: '2.6.12' }),
        integer('milliseconds', { token: 'PX', since: '2.6.12' }),
        unixTime('unix-time-seconds', { token: 'EXAT', since: '6.2.0' }),
        unixTime('unix-time-milliseconds', { token: 'PXAT', since: '6.2.0' }),
        token('keepttl', 'KEEPTTL', { since: '6.0.0' }),
      ],
      { optional: true },
    ),
  ],
  keySpecs: [
    {
      notes: 'RW and ACCESS due to the optional `GET` argument',
      flags: ['RW', 'access', 'update', 'variable_flags'],
      begin: { type: 'index', index: 1 },
      find: { type: 'range', lastKey: 0, keyStep: 1, limit: 0 },
    },
  ],
  keyFlags: (argv) =>
    argv.slice(3).some((word) => word.toUpperCase() === 'GET')
      ? ['RW', 'access', 'update']
      : ['OW', 'update'],
  run: (context, argv) => {
    if (argv.length > 3) {
      if (store(context, argv, parseSetOptions(argv))) context.reply.ok()
      return
    }
    const { db } = context
    db.replace(argv[1] as Bytes, argv[2] as Bytes)
    db.changes.dirty++
    db.notify(NotifyClass.string, 'set', argv[1] as Bytes)
    context.reply.ok()
  },
})

/** SET with options; false when the reply is written already. */
function store(context: Context, argv: readonly Bytes[], options: StringOptions): boolean {
  const { db, reply, propagation } = context
  const [, name, value] = argv as [Bytes, Bytes, Bytes]
  const atMs = expiryOf(context, options, 'set')
  if (options.get) {
    const former = db.readString(name)
    reply.bulkOrNull(typeof former === 'object' ? former.bytes() : former)
  }
  if (options.condition !== undefined && !meets(context, name, options.condition)) {
    if (!options.get) reply.null()
    return false
  }
  keep(context, name, value, { atMs, keepTtl: options.keepTtl })
  if (atMs !== undefined) {
    propagation.replaceWith(['SET', name, value, 'PXAT', String(atMs)])
  } else if (options.get) {
    propagation.replaceWith(argv.filter((word, i) => i < 3 || word.toUpperCase() !== 'GET'))
  }
  return !options.get
}

function expiryOf({ clock }: Context, options: StringOptions, command: Bytes): number | undefined {
  const { expiry } = options
  return expiry && positiveExpiryMs(expiry.time, expiry.form, clock.now, command)
}

function meets({ db }: Context, name: Bytes, condition: 'NX' | 'XX'): boolean {
  return (db.write(name) !== undefined) === (condition === 'XX')
}

/** Stores, counts and reports, the expiry too; propagation is the caller's. */
function keep(
  { db }: Context,
  name: Bytes,
  value: Bytes,
  { atMs, keepTtl }: { atMs: number | undefined; keepTtl: boolean },
): void {
  if (keepTtl && db.exists(name)) db.set(name, value)
  else db.replace(name, value)
  db.changes.dirty++
  db.notify(NotifyClass.string, 'set', name)
  if (atMs === undefined) return
  db.setExpiry(name, atMs)
  db.notify(NotifyClass.generic, 'expire', name)
}

export const setnx = command({
  name: 'SETNX',
  since: '1.0.0',
  group: 'string',
  summary: 'Stores a string in a key that does not exist.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  categories: ['string'],
  args: [key('key', ['OW', 'insert']), string('value')],
  before: { '7.2.0': { deprecated: undefined } },
  deprecated: { since: '2.6.12', replacedBy: '`SET` with the `NX` argument' },
  run: (context, argv) => {
    const [, name, value] = argv as [Bytes, Bytes, Bytes]
    const absent = meets(context, name, 'NX')
    if (absent) keep(context, name, value, { atMs: undefined, keepTtl: false })
    context.reply.integer(absent ? 1 : 0)
  },
})

export const setex = command({
  name: 'SETEX',
  since: '2.0.0',
  group: 'string',
  summary: 'Stores a string in a key that ends after so many seconds.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom'],
  categories: ['string'],
  args: [key('key', ['OW', 'update']), integer('seconds'), string('value')],
  before: { '7.2.0': { deprecated: undefined } },
  deprecated: { since: '2.6.12', replacedBy: '`SET` with the `EX` argument' },
  run: (context, argv) => storeFor(context, argv, 'EX', 'setex'),
})

export const psetex = command({
  name: 'PSETEX',
  since: '2.6.0',
  group: 'string',
  summary: 'Stores a string in a key that ends after so many milliseconds.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom'],
  categories: ['string'],
  args: [key('key', ['OW', 'update']), integer('milliseconds'), string('value')],
  before: { '7.2.0': { deprecated: undefined } },
  deprecated: { since: '2.6.12', replacedBy: '`SET` with the `PX` argument' },
  run: (context, argv) => storeFor(context, argv, 'PX', 'psetex'),
})

function storeFor(
  context: Context,
  argv: readonly Bytes[],
  word: 'EX' | 'PX',
  command: Bytes,
): void {
  const [, name, time, value] = argv as [Bytes, Bytes, Bytes, Bytes]
  const atMs = positiveExpiryMs(time, timeForms[word], context.clock.now, command)
  keep(context, name, value, { atMs, keepTtl: false })
  context.propagation.replaceWith(['SET', name, value, 'PXAT', String(atMs)])
  context.reply.ok()
}

export const getset = command({
  name: 'GETSET',
  since: '1.0.0',
  group: 'string',
  summary: 'Stores a string in a key and returns the one it held.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  categories: ['string'],
  deprecated: { since: '6.2.0', replacedBy: '`SET` with the `!GET` argument' },
  args: [key('key', ['RW', 'access', 'update']), string('value')],
  run: (context, argv) => {
    const [, name, value] = argv as [Bytes, Bytes, Bytes]
    const former = context.db.readString(name)
    context.reply.bulkOrNull(typeof former === 'object' ? former.bytes() : former)
    keep(context, name, value, { atMs: undefined, keepTtl: false })
    context.propagation.replaceWith(['SET', name, value])
  },
})

export const getdel = command({
  name: 'GETDEL',
  since: '6.2.0',
  group: 'string',
  summary: 'Returns the string a key holds and deletes the key.',
  complexity: 'O(1)',
  flags: ['write', 'fast'],
  categories: ['string'],
  args: [key('key', ['RW', 'access', 'delete'])],
  run: ({ db, reply, propagation }, argv) => {
    const name = argv[1] as Bytes
    const value = db.readString(name)
    reply.bulkOrNull(typeof value === 'object' ? value.bytes() : value)
    if (value === undefined) return
    db.delete(name)
    propagation.replaceWith(['DEL', name])
  },
})

export const getex = command({
  name: 'GETEX',
  since: '6.2.0',
  group: 'string',
  summary: 'Returns the string a key holds and sets or removes its expiry.',
  complexity: 'O(1)',
  flags: ['write', 'fast'],
  categories: ['string'],
  args: [
    key('key', ['RW', 'access', 'update']),
    oneOf(
      'expiration',
      [
        integer('seconds', { token: 'EX' }),
        integer('milliseconds', { token: 'PX' }),
        unixTime('unix-time-seconds', { token: 'EXAT' }),
        unixTime('unix-time-milliseconds', { token: 'PXAT' }),
        token('persist', 'PERSIST'),
      ],
      { optional: true },
    ),
  ],
  keySpecs: [
    {
      notes: 'RW and UPDATE because it changes the TTL',
      flags: ['RW', 'access', 'update'],
      begin: { type: 'index', index: 1 },
      find: { type: 'range', lastKey: 0, keyStep: 1, limit: 0 },
    },
  ],
  run: (context, argv) => {
    const { db, reply, config, propagation } = context
    const name = argv[1] as Bytes
    const options = parseGetexOptions(argv)
    const value = db.readString(name)
    if (value === undefined) {
      reply.null()
      return
    }
    const atMs = expiryOf(context, options, 'getex')
    reply.bulk(wholeString(value))
    if (atMs !== undefined && isPast(atMs, db)) {
      db.delete(name)
      propagation.replaceWith([deletionWord(config), name])
    } else if (atMs !== undefined) {
      db.setExpiry(name, atMs)
      db.modified(name, NotifyClass.generic, 'expire')
      propagation.replaceWith(['PEXPIREAT', name, String(atMs)])
    } else if (options.persist && db.clearExpiry(name)) {
      db.modified(name, NotifyClass.generic, 'persist')
      propagation.replaceWith(['PERSIST', name])
    }
  },
})

export const mget = command({
  name: 'MGET',
  since: '1.0.0',
  group: 'string',
  summary: 'Returns the strings several keys hold; null for those that hold none.',
  complexity: 'O(N) where N is the number of keys to retrieve.',
  flags: ['readonly', 'fast'],
  categories: ['string'],
  tips: ['request_policy:multi_shard'],
  args: [key('key', ['RO', 'access'], { multiple: true })],
  run: ({ db, reply }, argv) => {
    reply.array(argv.length - 1)
    for (let i = 1; i < argv.length; i++) {
      const value = db.read(argv[i] as Bytes)
      if (typeof value === 'string') reply.bulk(value)
      else if (value instanceof EditableString) reply.bulk(value.bytes())
      else reply.null()
    }
  },
})

export const mset = command({
  name: 'MSET',
  since: '1.0.1',
  group: 'string',
  summary: 'Stores strings in several keys at once.',
  complexity: 'O(N) where N is the number of keys to set.',
  flags: ['write', 'denyoom'],
  categories: ['string'],
  tips: ['request_policy:multi_shard', 'response_policy:all_succeeded'],
  args: [
    block('data', [key('key', ['OW', 'update']), string('value')], {
      formerName: 'key_value',
      multiple: true,
    }),
  ],
  run: (context, argv) => {
    if (argv.length % 2 === 0) throw wrongArity('mset')
    storePairs(context, argv)
    context.reply.ok()
  },
})

export const msetnx = command({
  name: 'MSETNX',
  since: '1.0.1',
  group: 'string',
  summary: 'Stores strings in several keys at once, unless one of them exists.',
  complexity: 'O(N) where N is the number of keys to set.',
  flags: ['write', 'denyoom'],
  categories: ['string'],
  tips: [],
  args: [
    block('data', [key('key', ['OW', 'insert']), string('value')], {
      formerName: 'key_value',
      multiple: true,
    }),
  ],
  before: { '7.2.0': { tips: ['request_policy:multi_shard', 'response_policy:agg_min'] } },
  run: (context, argv) => {
    if (argv.length % 2 === 0) throw wrongArity('msetnx')
    for (let i = 1; i < argv.length; i += 2) {
      if (context.db.write(argv[i] as Bytes) === undefined) continue
      context.reply.integer(0)
      return
    }
    storePairs(context, argv)
    context.reply.integer(1)
  },
})

function storePairs({ db }: Context, argv: readonly Bytes[]): void {
  for (let i = 1; i < argv.length; i += 2) {
    db.replace(argv[i] as Bytes, argv[i + 1] as Bytes)
    db.notify(NotifyClass.string, 'set', argv[i] as Bytes)
  }
  db.changes.dirty += (argv.length - 1) / 2
}
