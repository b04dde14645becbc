/**
 * SORT and SORT_RO: the elements of a collection in order, or what patterns find for them (sort.c). Equal elements are
 * ordered as bytes, so the outcome is the same everywhere. A cluster refuses patterns, whose keys may lie anywhere.
 */
import { type Bytes, upToNul } from '../base/bytes.ts'
import { keySlot } from '../base/crc16.ts'
import { parseSortDouble } from '../base/numbers.ts'
import { ListValue } from '../data/list.ts'
import { SetValue } from '../data/set.ts'
import { SortedSetValue } from '../data/sorted-set.ts'
import type { Value } from '../data/stored-object.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import {
  type Argument,
  block,
  integer,
  type KeySpec,
  key,
  oneOf,
  pattern,
  token,
} from './argument.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { numberArgument } from './number-argument.ts'
import { lookUpPattern, patternSlot } from './sort-pattern.ts'

/** What SORT is asked for. */
interface Request {
  /** The pattern that finds what to sort by; without one the elements themselves are. */
  readonly by: Bytes | undefined
  /** BY names no key: the order stays as it is. */
  readonly unsorted: boolean
  readonly alphabetic: boolean
  readonly descending: boolean
  readonly offset: number
  /** Below 0: all. */
  readonly count: number
  readonly get: readonly Bytes[]
  readonly store: Bytes | undefined
}

/** Keys elsewhere cannot be asked for; from 7.4 on it is seen whether a pattern keeps to the slot of the key. */
function deniedInCluster(option: 'BY' | 'GET', { server }: Context): ReplyError {
  const reason = server.version.atLeast('7.4')
    ? ' when keys formed by the pattern may be in different slots'
    : ''
  return new ReplyError(`ERR ${option} option of SORT denied in Cluster mode${reason}.`)
}

/** Whether keys that a pattern makes may be in other slots than the key that is sorted. */
function mayLeaveSlot({ cluster, server }: Context, pattern: Bytes, name: Bytes): boolean {
  if (cluster === undefined) return false
  return !server.version.atLeast('7.4') || patternSlot(pattern) !== keySlot(name)
}
const forbiddenBy = new ReplyError(
  'ERR BY option of SORT denied due to insufficient ACL permissions.',
)
const forbiddenGet = new ReplyError(
  'ERR GET option of SORT denied due to insufficient ACL permissions.',
)
const notNumbers = new ReplyError("ERR One or more scores can't be converted into double")

/** The element itself may be asked for where patterns are looked at. */
function isGetDenied(context: Context, pattern: Bytes, name: Bytes): boolean {
  if (pattern === '#' && context.server.version.atLeast('7.4')) return false
  return mayLeaveSlot(context, pattern, name)
}

function parseRequest(
  context: Context,
  argv: readonly Bytes[],
  { mayStore }: { readonly mayStore: boolean },
): Request {
  const { client } = context
  const name = argv[1] as Bytes
  let request: Request = PLAIN
  for (let i = 2; i < argv.length; i++) {
    const word = (argv[i] as Bytes).toLowerCase()
    const value = argv[i + 1]
    if (word === 'asc' || word === 'desc') request = { ...request, descending: word === 'desc' }
    else if (word === 'alpha') request = { ...request, alphabetic: true }
    else if (value === undefined) throw errors.syntax
    else if (word === 'limit' && argv[i + 2] !== undefined) {
      const count = argv[i + 2] as Bytes
      request = { ...request, offset: numberArgument(value), count: numberArgument(count) }
      i += 2
    } else if (word === 'store' && mayStore) {
      request = { ...request, store: value }
      i++
    } else if (word === 'by') {
      const unsorted = !value.includes('*')
      if (!unsorted && mayLeaveSlot(context, value, name)) throw deniedInCluster('BY', context)
      if (!unsorted && !client.readsEveryKey(argv)) throw forbiddenBy
      request = { ...request, by: value, unsorted: request.unsorted || unsorted }
      i++
    } else if (word === 'get') {
      if (isGetDenied(context, value, name)) throw deniedInCluster('GET', context)
      if (!client.readsEveryKey(argv)) throw forbiddenGet
      request = { ...request, get: [...request.get, value] }
      i++
    } else throw errors.syntax
  }
  return request
}

const PLAIN: Request = {
  by: undefined,
  unsorted: false,
  alphabetic: false,
  descending: false,
  offset: 0,
  count: -1,
  get: [],
  store: undefined,
}

/** The elements of a value that can be sorted. Throws WRONGTYPE. */
function elementsOf(value: Value | undefined): Bytes[] {
  if (value === undefined) return []
  if (value instanceof ListValue) return [...value.values()]
  if (value instanceof SetValue) return [...value.names()]
  if (value instanceof SortedSetValue) return [...value.names()]
  throw errors.wrongType
}

/** An element with what it is compared by. */
interface Item {
  readonly element: Bytes
  readonly score: number
  /** Undefined where the pattern found nothing. */
  readonly text: Bytes | undefined
}

function itemOf({ db }: Context, request: Request, element: Bytes): Item {
  const { by, alphabetic } = request
  const text = by === undefined ? element : lookUpPattern(db, by, element)
  if (alphabetic || text === undefined) return { element, score: 0, text }
  const score = parseSortDouble(text)
  if (score === undefined) throw notNumbers
  return { element, score, text }
}

function sorted(context: Context, request: Request, elements: readonly Bytes[]): Bytes[] {
  const items = elements.map((element) => itemOf(context, request, element))
  const sign = request.descending ? -1 : 1
  const compare = request.alphabetic ? comparerOfTexts(request) : compareScores
  items.sort((a, b) => sign * compare(a, b))
  return items.map(({ element }) => element)
}

function compareScores(a: Item, b: Item): number {
  if (a.score !== b.score) return a.score < b.score ? -1 : 1
  return compareBytes(a.element, b.element)
}

/** What is stored is ordered as bytes; what is only told is collated, where a NUL ends a text. */
function comparerOfTexts({ store }: Request): (a: Item, b: Item) => number {
  const seen = (text: Bytes) => (store === undefined ? upToNul(text) : text)
  return ({ text: a }, { text: b }) => {
    if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined)
    return compareBytes(seen(a), seen(b))
  }
}

function compareBytes(a: Bytes, b: Bytes): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** The elements in the order asked for, all of them. */
function ordered(context: Context, request: Request, value: Value | undefined): Bytes[] {
  const elements = elementsOf(value)
  if (!request.unsorted) return sorted(context, request, elements)
  if (value instanceof SetValue) {
    // A set has no order of its own that a replica would share, nor one that a script should see.
    if (request.store === undefined && !context.blocking.isScript) return elements
    return sorted(context, { ...request, by: undefined, alphabetic: true }, elements)
  }
  return request.descending ? elements.reverse() : elements
}

function run(
  context: Context,
  argv: readonly Bytes[],
  options: { readonly mayStore: boolean },
): void {
  const { db, reply } = context
  const request = parseRequest(context, argv, options)
  const key = argv[1] as Bytes
  const value = db.read(key)
  if (value instanceof SortedSetValue) {
    // Redis does, whatever comes of it.
    db.willEdit(key, value)
    value.becomeSkiplist()
  }
  const elements = ordered(context, request, value)
  const first = Math.max(request.offset, 0)
  const last = request.count < 0 ? elements.length : first + request.count
  const chosen = elements.slice(first, last)
  const found: (Bytes | undefined)[] =
    request.get.length === 0
      ? chosen
      : chosen.flatMap((element) => request.get.map((wanted) => lookUpPattern(db, wanted, element)))
  if (request.store !== undefined) {
    store(context, request.store, found)
    return
  }
  reply.array(found.length)
  for (const element of found) reply.bulkOrNull(element)
}

/** Keeps a list of what was found, in place of what the key held. */
function store({ db, reply }: Context, name: Bytes, found: readonly (Bytes | undefined)[]): void {
  if (found.length > 0) {
    const list = new ListValue(
      db.limits,
      found.map((element) => element ?? ''),
    )
    db.replace(name, list)
    db.changes.dirty += found.length
    db.notify(NotifyClass.list, 'sortstore', name)
  } else if (db.exists(name)) db.delete(name)
  reply.integer(found.length)
}

const patternSpec: KeySpec = {
  flags: ['RO', 'access'],
  notes:
    "For the optional BY/GET keyword. It is marked 'unknown' because the key names derive from the content of the key we sort",
  begin: { type: 'unknown' },
  find: { type: 'unknown' },
}

const keySpec: KeySpec = {
  flags: ['RO', 'access'],
  begin: { type: 'index', index: 1 },
  find: { type: 'range', lastKey: 0, keyStep: 1, limit: 0 },
}

const destinationSpec: KeySpec = {
  flags: ['OW', 'update'],
  notes:
    "For the optional STORE keyword. It is marked 'unknown' because the keyword can appear anywhere in the argument array",
  begin: { type: 'unknown' },
  find: { type: 'unknown' },
}

const sortArguments: readonly Argument[] = [
  key('key', ['RO', 'access']),
  pattern('by-pattern', {
    formerName: 'pattern',
    displayText: 'pattern',
    token: 'BY',
    optional: true,
    keySpec: 1,
  }),
  block('limit', [integer('offset'), integer('count')], {
    formerName: 'offset_count',
    token: 'LIMIT',
    optional: true,
  }),
  pattern('get-pattern', {
    formerName: 'pattern',
    displayText: 'pattern',
    token: 'GET',
    optional: true,
    multiple: true,
    multipleToken: true,
    keySpec: 1,
  }),
  oneOf('order', [token('asc', 'ASC'), token('desc', 'DESC')], { optional: true }),
  token('sorting', 'ALPHA', { optional: true }),
]

/** Words that options take behind them. */
const TAKEN: Readonly<Record<string, number>> = { limit: 2, get: 1, by: 1 }

/** The key, and the last destination. */
function sortKeys(argv: readonly Bytes[]): readonly number[] {
  let destination: number | undefined
  for (let i = 2; i < argv.length; i++) {
    const word = (argv[i] as Bytes).toLowerCase()
    const taken = TAKEN[word]
    if (taken !== undefined) i += taken
    // What follows is looked at, too: it may be the word STORE again.
    else if (word === 'store' && i + 1 < argv.length) destination = i + 1
  }
  return destination === undefined ? [1] : [1, destination]
}

const COMPLEXITY =
  'O(N+M*log(M)) where N is the number of elements in the list or set to sort, and M the number of returned elements. When the elements are not sorted, complexity is O(N).'

export const sort = command({
  name: 'SORT',
  since: '1.0.0',
  group: 'generic',
  summary: 'Returns or stores the elements of a list, set or sorted set in order.',
  complexity: COMPLEXITY,
  flags: ['write', 'denyoom'],
  categories: ['set', 'sortedset', 'list', 'dangerous'],
  args: [
    ...sortArguments,
    key('destination', ['OW', 'update'], { token: 'STORE', optional: true, keySpec: 2 }),
  ],
  keySpecs: [keySpec, patternSpec, destinationSpec],
  keyPositions: sortKeys,
  keyFlags: (_, position) => (position === 1 ? keySpec : destinationSpec).flags,
  run: (context, argv) => run(context, argv, { mayStore: true }),
})

export const sortRo = command({
  name: 'SORT_RO',
  since: '7.0.0',
  group: 'generic',
  summary: 'Returns the elements of a list, set or sorted set in order.',
  complexity: COMPLEXITY,
  flags: ['readonly'],
  categories: ['set', 'sortedset', 'list', 'dangerous'],
  args: sortArguments,
  keySpecs: [keySpec, patternSpec],
  keyPositions: () => [1],
  run: (context, argv) => run(context, argv, { mayStore: false }),
})
