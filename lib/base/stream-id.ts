/**
 * Ids of stream entries: milliseconds and a sequence number, both unsigned 64-bit (streamID in stream.h). An id is the 16
 * bytes of both, the highest first: ids compare as byte strings, are keys of maps, and stand so in RDB files.
 * Invariant: no id passes through a double, so all 128 bits are exact.
 */
import type { Bytes } from './bytes.ts'
import { type Integer, integerOf } from './numbers.ts'

/** An id: 16 bytes. */
export type StreamId = Bytes

/** `0-0`, before every entry. */
export const MIN_STREAM_ID: StreamId = '\0'.repeat(16)
/** Nothing comes after it. */
export const MAX_STREAM_ID: StreamId = '\xff'.repeat(16)

const HALF = 8
const WORDS = 4
const WORD_END = 2 ** 32
/** The high word of a number that is no safe integer any more. */
const UNSAFE_HIGH = 2 ** 21

/** The id of two unsigned 64-bit numbers. */
export function streamIdOf(milliseconds: bigint, sequence: bigint): StreamId {
  return fromWords([...wordsOf(milliseconds), ...wordsOf(sequence)])
}

/** The first id of a moment, Unix ms. */
export function streamIdAt(milliseconds: number): StreamId {
  return fromWords([Math.floor(milliseconds / WORD_END), milliseconds >>> 0, 0, 0])
}

/** `<ms>-<seq>`, or with another sign between them. */
export function formatStreamId(id: StreamId, sign = '-'): Bytes {
  return `${formatHalf(id, 0)}${sign}${formatHalf(id, HALF)}`
}

/** The id after this one; undefined after the last. */
export function nextStreamId(id: StreamId): StreamId | undefined {
  if (id === MAX_STREAM_ID) return undefined
  return moved(id, 1)
}

/** The id before this one; undefined before the first. */
export function previousStreamId(id: StreamId): StreamId | undefined {
  if (id === MIN_STREAM_ID) return undefined
  return moved(id, -1)
}

/** The id of the next entry made at a moment (Unix ms), if the last one was this; undefined when there are no more. */
export function nextStreamIdAt(milliseconds: number, last: StreamId): StreamId | undefined {
  const now = streamIdAt(milliseconds)
  return now > last ? now : nextStreamId(last)
}

/** The next id with the milliseconds of another; undefined when their sequence numbers are used up. */
export function nextStreamIdWithin(id: StreamId, last: StreamId): StreamId | undefined {
  if (id.slice(0, HALF) !== last.slice(0, HALF)) return id
  return last.endsWith('\xff'.repeat(HALF)) ? undefined : nextStreamId(last)
}

/** How far an id is from another: milliseconds and sequence number, as signed 64-bit integers that wrap around. */
export function streamIdDistance(
  id: StreamId,
  from: StreamId,
): [milliseconds: Integer, sequence: Integer] {
  return [halfDistance(id, from, 0), halfDistance(id, from, HALF)]
}

/** The id at such a distance. */
export function streamIdAfter(from: StreamId, milliseconds: bigint, sequence: bigint): StreamId {
  return streamIdOf(
    BigInt.asUintN(64, halfOf(from, 0) + milliseconds),
    BigInt.asUintN(64, halfOf(from, HALF) + sequence),
  )
}

function halfDistance(id: StreamId, from: StreamId, at: number): Integer {
  const high = wordAt(id, at)
  const fromHigh = wordAt(from, at)
  if (high < UNSAFE_HIGH && fromHigh < UNSAFE_HIGH) {
    return (high - fromHigh) * WORD_END + (wordAt(id, at + 4) - wordAt(from, at + 4))
  }
  return integerOf(BigInt.asIntN(64, halfOf(id, at) - halfOf(from, at))) as Integer
}

function formatHalf(id: StreamId, at: number): Bytes {
  const high = wordAt(id, at)
  return high < UNSAFE_HIGH ? String(high * WORD_END + wordAt(id, at + 4)) : String(halfOf(id, at))
}

function halfOf(id: StreamId, at: number): bigint {
  return (BigInt(wordAt(id, at)) << 32n) | BigInt(wordAt(id, at + 4))
}

function wordAt(id: StreamId, at: number): number {
  return (
    id.charCodeAt(at) * 2 ** 24 +
    ((id.charCodeAt(at + 1) << 16) | (id.charCodeAt(at + 2) << 8) | id.charCodeAt(at + 3))
  )
}

/** The id one further on or back, its 128 bits as one number. */
function moved(id: StreamId, step: 1 | -1): StreamId {
  const words = Array.from({ length: WORDS }, (_, i) => wordAt(id, 4 * i))
  for (let i = WORDS - 1; i >= 0; i--) {
    const word = (words[i] as number) + step
    words[i] = word >>> 0
    if (word >= 0 && word < WORD_END) break
  }
  return fromWords(words)
}

function wordsOf(value: bigint): [high: number, low: number] {
  return [Number(value >> 32n), Number(value & 0xffff_ffffn)]
}

function fromWords(words: readonly number[]): StreamId {
  const codes: number[] = []
  for (const word of words) {
    codes.push(word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255)
  }
  return String.fromCharCode(...codes)
}
