/**
 * Ids, intervals of ids and other words that stream commands share, refused with Redis' words
 * (streamGenericParseIDOrReply, streamParseIntervalIDOrReply).
 */
import { type Bytes, upToNul } from '../base/bytes.ts'
import { parseInteger } from '../base/numbers.ts'
import {
  MAX_STREAM_ID,
  MIN_STREAM_ID,
  nextStreamId,
  previousStreamId,
  type StreamId,
  streamIdOf,
} from '../base/stream-id.ts'
import { ReplyError } from '../resp/reply-error.ts'
import { numberArgument } from './number-argument.ts'

const UINT64_MAX = 2n ** 64n - 1n
/** Longer texts are no ids. */
const TEXT_MAX = 127
/** What strtoull takes. */
const UNSIGNED = /^[ \t-\r]*([+-]?)(\d+)$/

const invalidId = new ReplyError('ERR Invalid stream ID specified as stream command argument')

/** An id as XADD takes it: with `*` for its sequence number, that is for the stream to say. */
export interface GivenId {
  readonly id: StreamId
  readonly isComplete: boolean
}

/** `<ms>`, `<ms>-<seq>` or `<ms>-*`. Throws on anything else. */
export function givenIdArgument(text: Bytes): GivenId {
  const [id, isComplete] = parseId(text, 0n, true) ?? fail()
  return { id, isComplete }
}

/** `<ms>` or `<ms>-<seq>`; without a sequence number it is 0. Throws on anything else. */
export function idArgument(text: Bytes): StreamId {
  return tryId(text) ?? fail()
}

/** {@link idArgument} that gives undefined instead of throwing. */
export function tryId(text: Bytes): StreamId | undefined {
  return isEdge(text) ? undefined : parseId(text, 0n, false)?.[0]
}

/** An id, or `-` and `+` for the least and the greatest. Throws on anything else. */
export function looseIdArgument(text: Bytes, missingSequence = 0n): StreamId {
  if (isEdge(text)) return text.startsWith('-') ? MIN_STREAM_ID : MAX_STREAM_ID
  return parseId(text, missingSequence, false)?.[0] ?? fail()
}

function isEdge(text: Bytes): boolean {
  const seen = upToNul(text)
  return seen === '-' || seen === '+'
}

function fail(): never {
  throw invalidId
}

/** The start of an interval: an id, `(` before one that is left out, or `-`. */
export function intervalStart(text: Bytes): StreamId {
  if (!isExclusive(text)) return looseIdArgument(text)
  const id = nextStreamId(idArgument(text.slice(1)))
  if (id === undefined) throw new ReplyError('ERR invalid start ID for the interval')
  return id
}

/** The end of an interval: an id, `(` before one that is left out, or `+`. Without a sequence number it is the greatest. */
export function intervalEnd(text: Bytes): StreamId {
  if (!isExclusive(text)) return looseIdArgument(text, UINT64_MAX)
  const bound = text.slice(1)
  if (isEdge(bound)) throw invalidId
  const id = previousStreamId(looseIdArgument(bound, UINT64_MAX))
  if (id === undefined) throw new ReplyError('ERR invalid end ID for the interval')
  return id
}

function isExclusive(text: Bytes): boolean {
  return text.length > 1 && text.startsWith('(')
}

/** The id, and whether its sequence number was given or may stay away. */
function parseId(
  text: Bytes,
  missingSequence: bigint,
  mayBeOpen: boolean,
): [id: StreamId, isComplete: boolean] | undefined {
  if (text.length > TEXT_MAX) return undefined
  const seen = upToNul(text)
  if (mayBeOpen && isEdge(text)) return undefined
  const dash = seen.indexOf('-')
  const milliseconds = parseUnsigned(dash < 0 ? seen : seen.slice(0, dash))
  if (milliseconds === undefined) return undefined
  if (dash < 0) return [streamIdOf(milliseconds, missingSequence), true]
  const rest = seen.slice(dash + 1)
  if (mayBeOpen && rest === '*') return [streamIdOf(milliseconds, 0n), false]
  const sequence = parseUnsigned(rest)
  return sequence === undefined ? undefined : [streamIdOf(milliseconds, sequence), true]
}

/** An unsigned integer of 64 bits, as string2ull reads it: strict first, then whatever C takes. */
function parseUnsigned(text: Bytes): bigint | undefined {
  const strict = parseInteger(text)
  if (strict !== undefined) return strict < 0 ? undefined : BigInt(strict)
  const match = UNSIGNED.exec(text)
  if (match === null) return undefined
  const value = BigInt(match[2] as string)
  if (value > UINT64_MAX) return undefined
  return match[1] === '-' ? BigInt.asUintN(64, -value) : value
}

/** How many at most, where less than nothing is nothing. */
export function countArgument(text: Bytes): number {
  return Math.max(0, numberArgument(text))
}
