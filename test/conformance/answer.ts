/**
 * When two servers have said the same, whatever they are: byte for byte, but for their own names for themselves (ports,
 * ids, numbers of clients), what time and chance decide, and the order of what has none.
 */
import type { Bytes } from '../../lib/base/bytes.ts'
import {
  parseReply,
  type Reply,
  RespError,
  RespPush,
  type RespValue,
} from '../support/resp-client.ts'
import { sameReply } from './generator/comparison.ts'

/** Turns what a server said into what may be compared; a text that comes out the same is the same answer. */
type View = (value: RespValue) => unknown

/** How answers are compared that are not the same bytes. Everything not named here must be, or `sameReply` says why not. */
const views: Readonly<Record<string, View>> = {
  'ACL CAT': sorted,
  'ACL GENPASS': (value) => String(value).replace(/[0-9a-f]/g, '0'),
  'ACL GETUSER': userFacts,
  'ACL LIST': (value) => (value as Bytes[]).map(ruleWords),
  'ACL LOG': (value) => (value as RespValue[]).map(refusal),
  'CLIENT ID': shapeOf,
  'CLIENT INFO': clientFields,
  'CLIENT LIST': clientFields,
  'CLUSTER INFO': (value) => fieldsOf(value, /^(cluster_stats_|cluster_(current|my)_epoch)/),
  'CLUSTER LINKS': linksOf,
  'CLUSTER NODES': nodeLines,
  'CLUSTER REPLICAS': nodeLines,
  'CLUSTER SLAVES': nodeLines,
  'CLUSTER SHARDS': shards,
  'COMMAND LIST': sorted,
  'CONFIG GET': (value) => pairs(value).sort(),
  'FUNCTION LIST': (value) => (value as RespValue[]).map(libraryFacts).sort(),
  // What is used is reckoned, not measured: `memory.test.ts` says how near.
  'MEMORY MALLOC-STATS': shapeOf,
  'MEMORY STATS': figureNames,
  'MEMORY USAGE': shapeOf,
  // Small integers are shared by all keys in Redis, and old from the start.
  'OBJECT IDLETIME': shapeOf,
  HELLO: (value) => pairs(value).map(([name, field]) => (name === 'id' ? [name] : [name, field])),
  'INFO REPLICATION': (value) => fieldsOf(value, /repl.*_offset|replid|lag|_histlen|^slave\d/),
  'PUBSUB CHANNELS': sorted,
  'PUBSUB SHARDCHANNELS': sorted,
  ROLE: roleOf,
  'SLOWLOG GET': slowLogEntries,
  'LATENCY HISTOGRAM': histograms,
  LASTSAVE: shapeOf,
  TIME: shapeOf,
}

/** Whether two raw replies to a command say the same. */
export function sameAnswer(argv: readonly Bytes[], expected: Bytes, actual: Bytes): boolean {
  if (expected === actual) return true
  if (expected[0] !== actual[0]) return false
  if (expected[0] === '-') return false
  const view = viewOf(argv)
  if (view === undefined) return sameReply(argv, expected, actual)
  return seen(view, expected) === seen(view, actual)
}

/** Whether two raw replies to EXEC say the same, given the commands that were queued. */
export function sameTransaction(
  queued: readonly (readonly Bytes[])[],
  expected: Bytes,
  actual: Bytes,
): boolean {
  if (expected === actual) return true
  const ours = elementsOf(actual)
  const theirs = elementsOf(expected)
  if (theirs.length !== queued.length || ours.length !== queued.length) return false
  return queued.every(
    (argv, i) =>
      sameAnswer(argv, theirs[i] as Bytes, ours[i] as Bytes) ||
      (isReferenceCount(argv) && isFew(theirs[i]) && isFew(ours[i])),
  )
}

/** Within a transaction Redis counts the queue's own references too. */
function isReferenceCount([first = '', second = '']: readonly Bytes[]): boolean {
  return `${first} ${second}`.toUpperCase() === 'OBJECT REFCOUNT'
}

function isFew(raw: Bytes = ''): boolean {
  return /^:[1-9]\r\n$/.test(raw)
}

/** The raw elements of a raw array; none for anything else. */
function elementsOf(raw: Bytes): Bytes[] {
  if (raw[0] !== '*') return []
  const elements: Bytes[] = []
  let at = raw.indexOf('\r\n') + 2
  while (at < raw.length) {
    const end = parseReply(raw, at)?.end ?? raw.length
    elements.push(raw.slice(at, end))
    at = end
  }
  return elements
}

function viewOf(argv: readonly Bytes[]): View | undefined {
  const [first = '', second = ''] = argv
  if (second.toUpperCase() === 'HELP') return helpFrame
  return views[first.toUpperCase()] ?? views[`${first} ${second}`.toUpperCase()]
}

function seen(view: View, raw: Bytes): string {
  const value = parseReply(raw)?.value
  return JSON.stringify(value === undefined ? raw : view(value))
}

/** The kinds in a reply and how they nest, not what it says. */
export function shapeOf(value: RespValue): unknown {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (value instanceof RespError) return value.message
  if (value instanceof RespPush) return { push: value.items.map(shapeOf) }
  return value === null ? null : typeof value
}

/** Entries of the slow log without what depends on the machine: times and addresses. */
function slowLogEntries(value: RespValue): unknown {
  if (!Array.isArray(value)) return simplified(value)
  return (value as RespValue[][]).map(([, , , words, , name]) => [words, name])
}

/** The calls of each command; how long they took is the machine's. */
function histograms(value: RespValue): unknown {
  return pairs(value)
    .map(([name, detail]) => [name, JSON.stringify(detail).match(/"calls",\d+/)?.[0]])
    .sort()
}

/** A value as plain data. */
function simplified(value: RespValue): unknown {
  if (value instanceof Map) return [...value].map(([key, item]) => [key, simplified(item)])
  if (Array.isArray(value)) return value.map(simplified)
  if (value instanceof RespError) return { error: value.message }
  return typeof value === 'bigint' ? String(value) : value
}

function sorted(value: RespValue): unknown {
  return Array.isArray(value) ? (value as Bytes[]).toSorted() : simplified(value)
}

/** How a line of MONITOR begins. */
const MONITOR_HEAD = /^\+\d+\.\d{6} \[(\d+) [^\]]+\]/

/** Messages without an order where Redis has none: a message that matches several patterns comes once for each. */
export function inOrder(messages: readonly Reply[]): Bytes {
  const shown: Bytes[] = []
  let begin = 0
  let last: string | undefined
  for (const { raw, value } of messages) {
    const words = value instanceof RespPush ? value.items : Array.isArray(value) ? value : []
    const message = words[0] === 'pmessage' ? JSON.stringify(words.slice(2)) : undefined
    if (message === undefined || message !== last) begin = shown.length
    last = message
    shown.push(raw.replace(MONITOR_HEAD, '+time [$1 address]'))
    shown.push(...shown.splice(begin).sort())
  }
  return shown.join('')
}

/** A map, or the flat array it is in RESP2. */
function pairs(value: RespValue): [RespValue, unknown][] {
  if (value instanceof Map) return [...value].map(([key, item]) => [key, simplified(item)])
  if (!Array.isArray(value)) return [['', simplified(value)]]
  const found: [RespValue, unknown][] = []
  for (let i = 0; i < value.length; i += 2) {
    found.push([value[i] ?? null, simplified(value[i + 1] ?? null)])
  }
  return found
}

/** The names of figures, those within figures too, and the kind of each. */
function figureNames(value: RespValue): unknown {
  if (!Array.isArray(value) && !(value instanceof Map)) return shapeOf(value)
  const shown = value instanceof Map ? [...value].flat() : value
  return shown.map((item, i) => (i % 2 === 0 ? item : figureNames(item)))
}

/** ROLE without offsets: a master's replicas are [address, port, offset], a replica's last item is its own. */
function roleOf(value: RespValue): unknown {
  const [role, ...rest] = value as RespValue[]
  if (role !== 'master') return [role, ...rest.slice(0, -1)]
  return [role, (rest[1] as RespValue[][]).map(([address, port]) => [address, port])]
}

/** Help is worded by each server for itself, but for how it begins and ends. */
function helpFrame(value: RespValue): unknown {
  const lines = value as Bytes[]
  return [lines[0], lines.at(-2), lines.at(-1)]
}

/** Lines `name:value`; of those that vary only the name. */
function fieldsOf(value: RespValue, varying: RegExp): string[] {
  return String(value)
    .split('\r\n')
    .map((line) => (varying.test(line) ? line.replace(/:.*/, '') : line))
    .filter((line) => !line.startsWith('cluster_stats_'))
}

/** Rules about single commands come in the order of a hash table. */
function ruleWords(rules: unknown): string[] {
  return String(rules)
    .split(/(?=[ (])|(?=\))/)
    .map((word) => word.trim())
    .sort()
}

/** The facts about a user, or about one of its selectors. */
function userFacts(value: RespValue): unknown {
  return pairs(value).map(([name, fact]) => {
    if (name === 'commands') return [name, ruleWords(fact)]
    return [name, name === 'selectors' ? (fact as RespValue[]).map(userFacts) : fact]
  })
}

/** A library, its functions in any order. */
function libraryFacts(library: RespValue): string {
  const facts = pairs(library).map(([name, fact]) =>
    name === 'functions'
      ? [name, (fact as unknown[]).map((one) => JSON.stringify(one)).sort()]
      : [name, fact],
  )
  return JSON.stringify(facts)
}

/** An entry of ACL LOG, whenever it happened and wherever its client came from. */
function refusal(value: RespValue): unknown {
  return pairs(value).map(([name, fact]) => {
    if (name === 'client-info') return [name, clientFields(String(fact))]
    return name === 'age-seconds' ? [name] : [name, fact]
  })
}

/** What a line about a client says that does not depend on the machine. */
const CLIENT_FIELDS = /^(name|flags|db|sub|psub|ssub|multi|cmd|user|redir|resp)=/

function clientFields(value: RespValue): string[][] {
  return String(value)
    .trimEnd()
    .split('\n')
    .map((line) =>
      line
        .split(' ')
        .map((field) => (CLIENT_FIELDS.test(field) ? field : field.replace(/=.*/, ''))),
    )
    .sort()
}

/** Lines about nodes without their times, in any order. */
function nodeLines(value: RespValue): string[] {
  const lines = Array.isArray(value) ? (value as string[]) : String(value).trimEnd().split('\n')
  return lines.map((line) => line.replace(/ \d+ \d+ (\d+ \w+)/, ' 0 0 $1')).sort()
}

function shards(value: RespValue): unknown {
  if (!Array.isArray(value)) return simplified(value)
  return value
    .map((shard) =>
      pairs(shard).map(([name, detail]) => {
        if (name !== 'nodes') return [name, detail]
        const nodes = (detail as RespValue[]).map((node) => {
          const fields: [RespValue, unknown][] = Array.isArray((node as RespValue[])[0])
            ? (node as unknown as [RespValue, unknown][])
            : pairs(node)
          return fields.map(([key, item]) => [key, key === 'replication-offset' ? 'offset' : item])
        })
        return [name, nodes]
      }),
    )
    .map((shard) => JSON.stringify(shard))
    .sort()
}

function linksOf(value: RespValue): unknown {
  if (!Array.isArray(value)) return simplified(value)
  return value
    .map((link) =>
      pairs(link).map(([name, detail]) =>
        name === 'direction' || name === 'node' ? [name, detail] : [name],
      ),
    )
    .map((link) => JSON.stringify(link))
    .sort()
}
