/**
 * Sorted sets as RDB bytes: a listpack of members and scores by rising score where the value is small, else members and
 * binary scores by falling score, as a real server writes them; read in those forms and the two that came before.
 * Invariant: no score that is read is NaN, and no member comes twice.
 */
import type { Bytes } from '../base/bytes.ts'
import { formatPackedDouble, parseDouble } from '../base/numbers.ts'
import type { RdbCursor } from './cursor.ts'
import type { RdbEncoder } from './encoder.ts'
import { RdbError } from './format.ts'
import { decodeListpack, encodeListpack } from './listpack.ts'
import type { SortedSetRecord } from './record.ts'
import { decodeZiplist } from './ziplist.ts'

/** Lengths of the text of a score that stand for what has no digits. */
const SPECIAL_SCORES: ReadonlyMap<number, number> = new Map([
  [253, Number.NaN],
  [254, Number.POSITIVE_INFINITY],
  [255, Number.NEGATIVE_INFINITY],
])

/** Writes a sorted set without its kind. */
export function encodeSortedSet(encoder: RdbEncoder, set: SortedSetRecord): void {
  if (set.packed) {
    const elements: Bytes[] = []
    for (const [member, score] of [...set.descending()].reverse()) {
      elements.push(member, formatPackedDouble(score))
    }
    encoder.stringBlob(encodeListpack(elements))
    return
  }
  encoder.length(set.size)
  for (const [member, score] of set.descending()) {
    encoder.string(member)
    encoder.double(score)
  }
}

/** Members with binary scores. Throws {@link RdbError}, as all that read. */
export function decodeBinarySortedSet(cursor: RdbCursor): SortedSetRecord {
  return decodeElements(cursor, () => cursor.double())
}

/** Members with scores as text: servers older than 4.0. */
export function decodeTextSortedSet(cursor: RdbCursor): SortedSetRecord {
  return decodeElements(cursor, () => {
    const length = cursor.byte()
    return SPECIAL_SCORES.get(length) ?? scoreOf(cursor.text(length))
  })
}

function decodeElements(cursor: RdbCursor, score: () => number): SortedSetRecord {
  const elements: [Bytes, number][] = []
  for (let left = cursor.length(); left > 0; left--) elements.push([cursor.string(), score()])
  return sortedSetRecord(elements, false)
}

/** A small sorted set of servers older than 7.0. */
export function decodeZiplistSortedSet(cursor: RdbCursor): SortedSetRecord {
  return packedSortedSet(decodeZiplist(cursor.stringBlob(), 'Zset ziplist'))
}

/** A small sorted set. */
export function decodeListpackSortedSet(cursor: RdbCursor): SortedSetRecord {
  const block = cursor.stringBlob()
  const sanitizes = cursor.sanitizesBlock()
  return packedSortedSet(decodeListpack(block, { name: 'Zset listpack', sanitizes }))
}

function packedSortedSet(texts: readonly Bytes[]): SortedSetRecord {
  if (texts.length % 2 === 1)
    throw new RdbError('Zset integrity check failed: a member without a score')
  const elements: [Bytes, number][] = []
  for (let i = texts.length - 2; i >= 0; i -= 2) {
    elements.push([texts[i] as Bytes, scoreOf(texts[i + 1] as Bytes)])
  }
  return sortedSetRecord(elements, true)
}

function scoreOf(text: Bytes): number {
  return parseDouble(text) ?? Number.NaN
}

function sortedSetRecord(
  elements: readonly [member: Bytes, score: number][],
  packed: boolean,
): SortedSetRecord {
  const scores = new Map(elements)
  if (scores.size !== elements.length) throw new RdbError('Duplicate zset fields detected')
  if (elements.some(([, score]) => Number.isNaN(score))) {
    throw new RdbError('Zset with NAN score detected')
  }
  return { type: 'zset', packed, size: scores.size, descending: () => scores }
}
