/**
 * Some of a set's members: in steps that end, at random, or taken out at random (sscanCommand, srandmemberCommand and
 * spopCommand in t_set.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { INT64_MAX, parseIntegerIn } from '../base/numbers.ts'
import type { SetValue } from '../data/set.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { errors } from '../resp/reply-error.ts'
import { integer, key, pattern } from './argument.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { boundedArgument } from './number-argument.ts'
import { isWanted, parseCursor, parseScanOptions } from './scan-option.ts'
import { dropIfEmpty } from './set.ts'

export const sscan = command({
  name: 'SSCAN',
  since: '2.8.0',
  group: 'set',
  summary: 'Returns some of the members of a set and a cursor to go on with.',
  complexity:
    'O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection..',
  flags: ['readonly'],
  categories: ['set'],
  tips: ['nondeterministic_output'],
  args: [
    key('key', ['RO', 'access']),
    integer('cursor'),
    pattern('pattern', { token: 'MATCH', optional: true }),
    integer('count', { token: 'COUNT', optional: true }),
  ],
  run: ({ db, reply }, argv) => {
    const cursor = parseCursor(argv[2] as Bytes)
    const set = db.readSet(argv[1] as Bytes)
    if (set === undefined) {
      reply.array(2)
      reply.bulk('0')
      reply.array(0)
      return
    }
    const options = parseScanOptions(argv, 3)
    const { position, names } = set.scan(cursor, options.count)
    const wanted = names.filter((name) => isWanted(name, options))
    reply.array(2)
    reply.bulk(String(position))
    reply.array(wanted.length)
    for (const member of wanted) reply.bulk(member)
  },
})

export const srandmember = command({
  name: 'SRANDMEMBER',
  since: '1.0.0',
  group: 'set',
  summary: 'Returns random members of a set.',
  complexity:
    'Without the count argument O(1), otherwise O(N) where N is the absolute value of the passed count.',
  flags: ['readonly'],
  categories: ['set'],
  tips: ['nondeterministic_output'],
  history: [['2.6.0', 'Several members, with `count`.']],
  args: [key('key', ['RO', 'access']), integer('count', { optional: true, since: '2.6.0' })],
  run: ({ db, reply, random }, argv) => {
    const [, name, countText] = argv as [Bytes, Bytes, ...Bytes[]]
    if (argv.length > 3) throw errors.syntax
    if (countText === undefined) {
      reply.bulkOrNull(db.readSet(name)?.randomName(random))
      return
    }
    const count = Number(boundedArgument(countText, -INT64_MAX, INT64_MAX))
    const set = db.readSet(name)
    if (set === undefined || count === 0) {
      reply.array(0)
      return
    }
    const members = count < 0 ? drawn(set, -count, random) : set.randomNames(count, random)
    reply.array(members.length)
    for (const member of members) reply.bulk(member)
  },
})

/** So many members, the same one maybe several times. */
function drawn(set: SetValue, count: number, random: Context['random']): Bytes[] {
  const draw = set.nameDraw(count, random)
  return Array.from({ length: count }, () => draw() ?? '')
}

export const spop = command({
  name: 'SPOP',
  since: '1.0.0',
  group: 'set',
  summary: 'Takes random members out of a set and returns them.',
  complexity:
    'Without the count argument O(1), otherwise O(N) where N is the value of the passed count.',
  flags: ['write', 'fast'],
  categories: ['set'],
  tips: ['nondeterministic_output'],
  history: [['3.2.0', 'Several members, with `count`.']],
  args: [
    key('key', ['RW', 'access', 'delete']),
    integer('count', { optional: true, since: '3.2.0' }),
  ],
  run: (context, argv) => {
    const { db, reply, random, propagation } = context
    const [, name, countText] = argv as [Bytes, Bytes, ...Bytes[]]
    if (argv.length > 3) throw errors.syntax
    if (countText !== undefined) {
      popSeveral(context, name, countText)
      return
    }
    const set = db.writeSet(name)
    const member = set?.randomName(random)
    if (set === undefined || member === undefined) {
      reply.null()
      return
    }
    set.delete(member)
    db.modified(name, NotifyClass.set, 'spop')
    // Replicas cannot draw the same lot.
    propagation.replaceWith(['SREM', name, member])
    reply.bulk(member)
    dropIfEmpty(db, name, set)
  },
})

function popSeveral(context: Context, name: Bytes, countText: Bytes): void {
  const { db, reply, random, propagation, config } = context
  const count = parseIntegerIn(countText, 0, Number.MAX_SAFE_INTEGER)
  if (count === undefined) throw errors.mustBePositive
  const set = db.writeSet(name)
  if (set === undefined || count === 0) {
    reply.set(0)
    return
  }
  const members = set.randomNames(count, random)
  const isAll = members.length === set.size
  reply.set(members.length)
  for (const member of members) {
    set.delete(member)
    reply.bulk(member)
  }
  db.modified(name, NotifyClass.set, 'spop', members.length)
  if (isAll) {
    propagation.replaceWith([config.boolean('lazyfree-lazy-server-del') ? 'UNLINK' : 'DEL', name])
    dropIfEmpty(db, name, set)
    return
  }
  propagation.prevent()
  for (const member of members) propagation.also(['SREM', name, member])
}
