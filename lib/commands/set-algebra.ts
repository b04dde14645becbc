/**
 * What several sets have in common, together, or one before the others (sinterGenericCommand and
 * sunionDiffGenericCommand in t_set.c). A key that is not there is an empty set; an empty result stores nothing and
 * removes what was there.
 */
import type { Bytes } from '../base/bytes.ts'
import { parseIntegerIn } from '../base/numbers.ts'
import { SetValue } from '../data/set.ts'
import type { Database } from '../keyspace/database.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { countedKeys, integer, key } from './argument.ts'
import { storeResult } from './collection.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'

type Operation = (sets: readonly (SetValue | undefined)[]) => Iterable<Bytes>

/** Puts what is to be stored into an empty set. */
type Filling = (sets: readonly (SetValue | undefined)[], result: SetValue) => void

/** All members of an operation. */
function filledBy(operation: Operation): Filling {
  return (sets, result) => {
    for (const member of operation(sets)) result.add(member)
  }
}

/** Members that all have, in the order of the smallest. */
function* intersection(sets: readonly (SetValue | undefined)[]): Generator<Bytes> {
  if (sets.includes(undefined)) return
  const [smallest, ...others] = (sets as SetValue[]).toSorted((a, b) => a.size - b.size)
  for (const member of smallest?.names() ?? []) {
    if (others.every((set) => set.has(member))) yield member
  }
}

/** Members of any, once each. */
function* union(sets: readonly (SetValue | undefined)[]): Generator<Bytes> {
  const seen = new Set<Bytes>()
  for (const set of sets) {
    for (const member of set?.names() ?? []) {
      if (seen.has(member)) continue
      seen.add(member)
      yield member
    }
  }
}

/** Members of the first that no other has. */
function* difference(sets: readonly (SetValue | undefined)[]): Generator<Bytes> {
  const [first, ...others] = sets
  for (const member of first?.names() ?? []) {
    if (!others.some((set) => set?.has(member))) yield member
  }
}

/**
 * The difference as it is stored. Of many sets Redis takes the first whole and removes from it (algorithm 2), so what the
 * first held besides integers still shows in the encoding.
 */
function storedDifference(sets: readonly (SetValue | undefined)[], result: SetValue): void {
  const [first, ...others] = sets
  if (first === undefined) return
  const present = [first, ...others.filter((set) => set !== undefined)]
  const workByMember = Math.floor((first.size * present.length) / 2)
  const workBySet = present.reduce((sum, set) => sum + set.size, 0)
  if (workByMember <= workBySet) {
    for (const member of difference(sets)) result.add(member)
    return
  }
  for (const member of first.names()) result.add(member)
  for (const set of others) for (const member of set?.names() ?? []) result.delete(member)
}

/** The sets of these keys. Throws WRONGTYPE if one holds something else. */
function setsOf(db: Database, names: readonly Bytes[]): (SetValue | undefined)[] {
  return names.map((name) => db.readSet(name))
}

function answer({ db, reply }: Context, argv: readonly Bytes[], operation: Operation): void {
  const members = [...operation(setsOf(db, argv.slice(1)))]
  reply.set(members.length)
  reply.bulks(members)
}

function store(
  { db, reply }: Context,
  argv: readonly Bytes[],
  { fill, event }: { readonly fill: Filling; readonly event: string },
): void {
  const name = argv[1] as Bytes
  const result = new SetValue(db.limits)
  fill(setsOf(db, argv.slice(2)), result)
  storeResult(db, name, result, [NotifyClass.set, event])
  reply.integer(result.size)
}

export const sinter = command({
  name: 'SINTER',
  since: '1.0.0',
  group: 'set',
  summary: 'Returns the members that all of several sets have.',
  complexity:
    'O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.',
  flags: ['readonly'],
  categories: ['set'],
  tips: ['nondeterministic_output_order'],
  args: [key('key', ['RO', 'access'], { multiple: true })],
  run: (context, argv) => answer(context, argv, intersection),
})

export const sinterstore = command({
  name: 'SINTERSTORE',
  since: '1.0.0',
  group: 'set',
  summary: 'Stores the members that all of several sets have; returns how many they are.',
  complexity:
    'O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.',
  flags: ['write', 'denyoom'],
  categories: ['set'],
  args: [key('destination', ['OW', 'update']), key('key', ['RO', 'access'], { multiple: true })],
  before: {
    '7.2.0': {
      args: [
        key('destination', ['RW', 'update']),
        key('key', ['RO', 'access'], { multiple: true }),
      ],
    },
  },
  run: (context, argv) =>
    store(context, argv, { fill: filledBy(intersection), event: 'sinterstore' }),
})

export const sintercard = command({
  name: 'SINTERCARD',
  since: '7.0.0',
  group: 'set',
  summary: 'Returns how many members all of several sets have, up to a limit.',
  complexity:
    'O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.',
  flags: ['readonly'],
  categories: ['set'],
  args: [
    integer('numkeys'),
    countedKeys('key', ['RO', 'access']),
    integer('limit', { token: 'LIMIT', optional: true }),
  ],
  run: ({ db, reply }, argv) => {
    const count = parseIntegerIn(argv[1] as Bytes, 1, Number.MAX_SAFE_INTEGER)
    if (count === undefined) throw new ReplyError('ERR numkeys should be greater than 0')
    if (count > argv.length - 2) {
      throw new ReplyError("ERR Number of keys can't be greater than number of args")
    }
    const limit = limitOf(argv, 2 + count)
    let found = 0
    for (const _ of intersection(setsOf(db, argv.slice(2, 2 + count)))) {
      found++
      if (found === limit) break
    }
    reply.integer(found)
  },
})

/** The options from `start` on: LIMIT, 0 for none. */
function limitOf(argv: readonly Bytes[], start: number): number {
  let limit = 0
  for (let i = start; i < argv.length; i += 2) {
    const value = argv[i + 1]
    if (value === undefined || (argv[i] as Bytes).toUpperCase() !== 'LIMIT') throw errors.syntax
    const given = parseIntegerIn(value, 0, Number.MAX_SAFE_INTEGER)
    if (given === undefined) throw new ReplyError("ERR LIMIT can't be negative")
    limit = given
  }
  return limit
}

export const sunion = command({
  name: 'SUNION',
  since: '1.0.0',
  group: 'set',
  summary: 'Returns the members that any of several sets has.',
  complexity: 'O(N) where N is the total number of elements in all given sets.',
  flags: ['readonly'],
  categories: ['set'],
  tips: ['nondeterministic_output_order'],
  args: [key('key', ['RO', 'access'], { multiple: true })],
  run: (context, argv) => answer(context, argv, union),
})

export const sunionstore = command({
  name: 'SUNIONSTORE',
  since: '1.0.0',
  group: 'set',
  summary: 'Stores the members that any of several sets has; returns how many they are.',
  complexity: 'O(N) where N is the total number of elements in all given sets.',
  flags: ['write', 'denyoom'],
  categories: ['set'],
  args: [key('destination', ['OW', 'update']), key('key', ['RO', 'access'], { multiple: true })],
  run: (context, argv) => store(context, argv, { fill: filledBy(union), event: 'sunionstore' }),
})

export const sdiff = command({
  name: 'SDIFF',
  since: '1.0.0',
  group: 'set',
  summary: 'Returns the members of the first set that no other set has.',
  complexity: 'O(N) where N is the total number of elements in all given sets.',
  flags: ['readonly'],
  categories: ['set'],
  tips: ['nondeterministic_output_order'],
  args: [key('key', ['RO', 'access'], { multiple: true })],
  run: (context, argv) => answer(context, argv, difference),
})

export const sdiffstore = command({
  name: 'SDIFFSTORE',
  since: '1.0.0',
  group: 'set',
  summary: 'Stores the members of the first set that no other set has; returns how many they are.',
  complexity: 'O(N) where N is the total number of elements in all given sets.',
  flags: ['write', 'denyoom'],
  categories: ['set'],
  args: [key('destination', ['OW', 'update']), key('key', ['RO', 'access'], { multiple: true })],
  run: (context, argv) => store(context, argv, { fill: storedDifference, event: 'sdiffstore' }),
})
