/**
 * Some of a set's members: in steps that end, at random, or taken out at random (sscanCommand, srandmemberCommand and
 * spopCommand in t_set.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { INT64_MAX, parseIntegerIn } from '../base/numbers.ts'
import type { SetValue } from '../data/set.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { errors } from '../resp/reply-error.ts'
import { integer, key } from './argument.ts'
import { dropIfEmpty } from './collection.ts'
import { scanning } from './collection-scan.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { boundedArgument } from './number-argument.ts'
import { isWorthWriting } from './random-pair.ts'

export const sscan = scanning(
  {
    name: 'SSCAN',
    group: 'set',
    summary: 'Returns some of the members of a set and a cursor to go on with.',
    categories: ['set'],
  },
  (db, name) => db.readSet(name),
)

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
  run: (context, argv) => {
    const { db, reply, random } = context
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
    if (count < 0) {
      writeDrawn(context, set, -count)
      return
    }
    const members = set.randomNames(count, random)
    reply.array(members.length)
    reply.bulks(members)
  },
})

/** So many members, the same one maybe several times. */
function writeDrawn({ reply, random, client }: Context, set: SetValue, count: number): void {
  const draw = set.nameDraw(count, random)
  reply.array(count)
  for (let i = 0; i < count && isWorthWriting(i, client); i++) reply.bulk(draw() ?? '')
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
