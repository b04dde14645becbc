/**
 * When two servers have answered alike: byte for byte, but for what Redis leaves open - the order of fields and keys,
 * random choices, and the little time that passes between two servers hearing the same command.
 */
import type { Bytes } from '../../../lib/base/bytes.ts'
import { parseReply, type RespValue } from '../../support/resp-client.ts'

/** How far apart times may be: a slow machine between two servers. */
const TOLERANCE_SECONDS = 3

const toleranceOf: Readonly<Record<string, number>> = {
  TTL: TOLERANCE_SECONDS,
  EXPIRETIME: TOLERANCE_SECONDS,
  PTTL: TOLERANCE_SECONDS * 1000,
  PEXPIRETIME: TOLERANCE_SECONDS * 1000,
  // A busy Redis reads its own clock late, and this is the time between two such readings.
  'OBJECT IDLETIME': 5 * TOLERANCE_SECONDS,
}

const unordered = new Set([
  'HGETALL',
  'HKEYS',
  'HVALS',
  'KEYS',
  'SCAN',
  'HSCAN',
  'SMEMBERS',
  'SINTER',
  'SUNION',
  'SDIFF',
  'SSCAN',
  'SPOP',
  'ZSCAN',
])
/** They tell when something was delivered or asked for. */
const timed = new Set(['XINFO', 'XPENDING'])
const random = new Set(['RANDOMKEY', 'HRANDFIELD', 'SRANDMEMBER', 'ZRANDMEMBER'])

/** Whether two raw replies to a command say the same. */
export function sameReply(argv: readonly Bytes[], a: Bytes, b: Bytes): boolean {
  if (a === b) return true
  const name = (argv[0] as Bytes).toUpperCase()
  const fullName = name === 'OBJECT' ? `${name} ${argv[1]?.toUpperCase()}` : name
  const tolerance = toleranceOf[fullName]
  if (tolerance !== undefined) return near(parsed(a), parsed(b), tolerance)
  if (a[0] !== b[0]) return false
  if (timed.has(name)) return sameUpToTime(parsed(a), parsed(b))
  if (unordered.has(name)) return sortedText(name, parsed(a)) === sortedText(name, parsed(b))
  if (random.has(name)) return shapeOf(parsed(a)) === shapeOf(parsed(b))
  return false
}

function parsed(raw: Bytes): RespValue {
  const reply = parseReply(raw)
  if (reply === undefined || reply.end !== raw.length) throw new Error(`not one reply: ${raw}`)
  return reply.value
}

function near(a: RespValue, b: RespValue, tolerance: number): boolean {
  if (typeof a === 'bigint' || typeof b === 'bigint')
    return nearDouble(Number(a), Number(b), tolerance)
  if (typeof a !== 'number' || typeof b !== 'number') return false
  // Below zero are the replies that are no time.
  return a < 0 === b < 0 && (a >= 0 || a === b) && nearDouble(a, b, tolerance)
}

/** The same but for times: Unix ms, or ms since then. */
function sameUpToTime(a: RespValue, b: RespValue): boolean {
  if (a instanceof Map && b instanceof Map) return sameUpToTime([...a].flat(), [...b].flat())
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b
  return (
    a.length === b.length &&
    a.every((item, i) => {
      const other = b[i] as RespValue
      return isTime(a, i) ? near(item, other, TOLERANCE_SECONDS * 1000) : sameUpToTime(item, other)
    })
  )
}

/** Behind its label, or the last but one of what pends: `[id, consumer, time, deliveries]` or without the consumer. */
function isTime(items: readonly RespValue[], at: number): boolean {
  if (items[at - 1] === 'idle' || items[at - 1] === 'seen-time') return true
  const isPending = /^\d+-\d+$/.test(String(items[0])) && items.length >= 3
  return isPending && at === items.length - 2 && typeof items[at] === 'number'
}

/** Times beyond 2^53 are doubles here. */
function nearDouble(a: number, b: number, tolerance: number): boolean {
  return Math.abs(a - b) <= Math.max(tolerance, Math.abs(a) * 2 ** -50)
}

function sortedText(name: string, value: RespValue): string {
  if (value instanceof Map) return JSON.stringify([...value].sort())
  if (!Array.isArray(value)) return String(value)
  if (name === 'SCAN' || name === 'SSCAN')
    return JSON.stringify([value[0], (value[1] as Bytes[]).toSorted()])
  if (name === 'HSCAN' || name === 'ZSCAN')
    return JSON.stringify([value[0], pairsOf(value[1] as RespValue[])])
  return JSON.stringify(name === 'HGETALL' ? pairsOf(value) : value.toSorted())
}

function pairsOf(items: readonly RespValue[]): RespValue[][] {
  const pairs: RespValue[][] = []
  for (let i = 0; i < items.length; i += 2) pairs.push(items.slice(i, i + 2))
  return pairs.sort()
}

/** The kinds and lengths in a reply, not what it says. */
function shapeOf(value: RespValue): string {
  if (Array.isArray(value)) return `[${value.map(shapeOf).join()}]`
  return value === null ? 'null' : typeof value
}
