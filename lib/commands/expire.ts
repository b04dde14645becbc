/**
 * How long keys live: setting, removing and asking (expire.c). Times go to replicas as Unix milliseconds, because they
 * hear of them later.
 */
import { type Bytes, upToNul } from '../base/bytes.ts'
import { Lookup } from '../keyspace/lookup.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { ReplyError } from '../resp/reply-error.ts'
import { type Argument, integer, key, oneOf, token, unixTime } from './argument.ts'
import { type Command, command } from './command.ts'
import type { Context } from './context.ts'
import {
  allows,
  deletionWord,
  type ExpireConditions,
  expiryMs,
  isPast,
  type TimeForm,
  timeForms,
} from './expiry-argument.ts'

function expireCommand(
  name: string,
  since: string,
  summary: string,
  time: Argument,
  form: TimeForm,
): Command {
  return command({
    name,
    since,
    group: 'generic',
    summary,
    complexity: 'O(1)',
    flags: ['write', 'fast'],
    categories: ['keyspace'],
    history: [['7.0.0', 'Options `NX`, `XX`, `GT` and `LT`.']],
    args: [
      key('key', ['RW', 'update']),
      time,
      oneOf(
        'condition',
        [token('nx', 'NX'), token('xx', 'XX'), token('gt', 'GT'), token('lt', 'LT')],
        { optional: true, since: '7.0.0' },
      ),
    ],
    run: (context, argv) => setExpiry(context, argv, form, name.toLowerCase()),
  })
}

export const expire = expireCommand(
  'EXPIRE',
  '1.0.0',
  'Ends a key after so many seconds.',
  integer('seconds'),
  timeForms.EX,
)

export const pexpire = expireCommand(
  'PEXPIRE',
  '2.6.0',
  'Ends a key after so many milliseconds.',
  integer('milliseconds'),
  timeForms.PX,
)

export const expireat = expireCommand(
  'EXPIREAT',
  '1.2.0',
  'Ends a key at a Unix time in seconds.',
  unixTime('unix-time-seconds'),
  timeForms.EXAT,
)

export const pexpireat = expireCommand(
  'PEXPIREAT',
  '2.6.0',
  'Ends a key at a Unix time in milliseconds.',
  unixTime('unix-time-milliseconds'),
  timeForms.PXAT,
)

function setExpiry(context: Context, argv: readonly Bytes[], form: TimeForm, command: Bytes): void {
  const { db, reply, clock, config, propagation } = context
  const [, name, time] = argv as [Bytes, Bytes, Bytes]
  const conditions = parseConditions(argv)
  const atMs = expiryMs(time, form, clock.now, command)
  if (db.write(name) === undefined || !allows(conditions, db.expiryOf(name), atMs)) {
    reply.integer(0)
    return
  }
  reply.integer(1)
  if (isPast(atMs, db)) {
    db.delete(name)
    propagation.replaceWith([deletionWord(config), name])
    return
  }
  db.setExpiry(name, atMs)
  db.modified(name, NotifyClass.generic, 'expire')
  if (form.absolute && form.unit === 'milliseconds') return
  propagation.replaceWith(['PEXPIREAT', name, String(atMs), ...argv.slice(3)])
}

function parseConditions(argv: readonly Bytes[]): ExpireConditions {
  const words = new Set<Bytes>()
  for (let i = 3; i < argv.length; i++) {
    const word = (argv[i] as Bytes).toUpperCase()
    if (!['NX', 'XX', 'GT', 'LT'].includes(word)) {
      throw new ReplyError(`ERR Unsupported option ${upToNul(argv[i] as Bytes)}`)
    }
    words.add(word)
  }
  const [nx, xx, gt, lt] = [words.has('NX'), words.has('XX'), words.has('GT'), words.has('LT')]
  if (nx && (xx || gt || lt)) {
    throw new ReplyError('ERR NX and XX, GT or LT options at the same time are not compatible')
  }
  if (gt && lt) throw new ReplyError('ERR GT and LT options at the same time are not compatible')
  return { nx, xx, gt, lt }
}

export const persist = command({
  name: 'PERSIST',
  since: '2.2.0',
  group: 'generic',
  summary: 'Takes the expiry of a key away.',
  complexity: 'O(1)',
  flags: ['write', 'fast'],
  categories: ['keyspace'],
  args: [key('key', ['RW', 'update'])],
  run: ({ db, reply }, argv) => {
    const name = argv[1] as Bytes
    const cleared = db.write(name) !== undefined && db.clearExpiry(name)
    if (cleared) db.modified(name, NotifyClass.generic, 'persist')
    reply.integer(cleared ? 1 : 0)
  },
})

function lifeCommand(
  name: string,
  since: string,
  summary: string,
  { unit, absolute }: TimeForm,
): Command {
  return command({
    name,
    since,
    group: 'generic',
    summary,
    complexity: 'O(1)',
    flags: ['readonly', 'fast'],
    categories: ['keyspace'],
    tips: absolute ? [] : ['nondeterministic_output'],
    history: absolute ? [] : [['2.8.0', 'The reply -2.']],
    args: [key('key', ['RO', 'access'])],
    run: ({ db, reply, clock }, argv) => {
      const key = argv[1] as Bytes
      if (db.read(key, Lookup.noTouch) === undefined) {
        reply.integer(-2)
        return
      }
      const atMs = db.expiryOf(key)
      if (atMs === undefined) {
        reply.integer(-1)
        return
      }
      const time = absolute ? atMs : Math.max(0, atMs - clock.now)
      reply.integer(unit === 'seconds' ? Math.floor((time + 500) / 1000) : time)
    },
  })
}

export const ttl = lifeCommand(
  'TTL',
  '1.0.0',
  'Returns how many seconds a key has left.',
  timeForms.EX,
)

export const pttl = lifeCommand(
  'PTTL',
  '2.6.0',
  'Returns how many milliseconds a key has left.',
  timeForms.PX,
)

export const expiretime = lifeCommand(
  'EXPIRETIME',
  '7.0.0',
  'Returns the Unix time at which a key ends, in seconds.',
  timeForms.EXAT,
)

export const pexpiretime = lifeCommand(
  'PEXPIRETIME',
  '7.0.0',
  'Returns the Unix time at which a key ends, in milliseconds.',
  timeForms.PXAT,
)
