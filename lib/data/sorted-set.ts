/**
 * A sorted set: members with scores, in the order of the scores (t_zset.c). A `listpack` while it is small enough, then a
 * `skiplist` for good.
 * Invariant: no score is NaN.
 */
import {
  allocationBytes,
  bucketBytes,
  OBJECT_BYTES,
  TABLE_BYTES,
  TABLE_ENTRY_BYTES,
  textBytes,
} from '../base/allocation.ts'
import type { Bytes } from '../base/bytes.ts'
import { EMPTY_LISTPACK_BYTES, listpackBytes, listpackIntegerBytes } from '../base/listpack-size.ts'
import type { EncodingLimits } from './encoding-limit.ts'
import { KeyedCollection } from './keyed-collection.ts'
import type { Before } from './score-node.ts'
import type { Scored, Visit } from './score-order.ts'
import { ScoreTable } from './score-table.ts'
import type { StoredObject } from './stored-object.ts'

/** A stretch of a sorted set: between scores, or between names where all scores are one. */
export interface ElementRange {
  readonly isBelow: Before
  readonly isAbove: (member: Bytes, score: number) => boolean
}

/** A stretch by rank: from `start` up to, but not with, `end`. */
export interface RankRange {
  readonly start: number
  readonly end: number
}

/** A skiplist with the node it begins with, and the two pointers of a sorted set. */
const SKIPLIST_BYTES = 32 + 640 + 16
/** A node of a skiplist, on average: three of four have one level, of the rest three of four two, and so on. */
const SKIPLIST_NODE_BYTES = 53

const NONE: ReadonlyMap<Bytes, number> = new Map()

/** Members with scores. */
export class SortedSetValue extends KeyedCollection implements StoredObject {
  readonly type = 'zset'
  readonly #limits: EncodingLimits
  readonly #scores: ScoreTable
  #isListpack: boolean

  constructor(
    limits: EncodingLimits,
    scores: ReadonlyMap<Bytes, number> = NONE,
    isListpack: boolean = fitsListpack(scores, limits),
  ) {
    const table = new ScoreTable()
    super(table)
    this.#limits = limits
    this.#scores = table
    this.#isListpack = isListpack
    for (const [member, score] of scores) table.add(member, this.#kept(score))
  }

  scoreOf(member: Bytes): number | undefined {
    return this.#scores.get(member)
  }

  /** Gives a member a score, which is not NaN; true when it is new. */
  set(member: Bytes, score: number): boolean {
    const before = this.#scores.get(member)
    if (before === undefined) this.add(member, score)
    else this.change(member, before, score)
    return before === undefined
  }

  /** {@link set} of a member that is not there. */
  add(member: Bytes, score: number): void {
    if (this.#isListpack) {
      const { zsetMaxListpackEntries, zsetMaxListpackValue } = this.#limits
      this.#isListpack =
        member.length <= zsetMaxListpackValue && this.#scores.size < zsetMaxListpackEntries
      if (!this.#isListpack) this.reencoded()
    }
    this.#scores.add(member, this.#kept(score))
    this.added(member)
  }

  /** {@link set} of a member that is there with a score. */
  change(member: Bytes, before: number, score: number): void {
    this.changing(member)
    this.#scores.change(member, before, this.#kept(score))
    this.resized(member)
  }

  /** A score as the encoding has it: in a listpack zero has no sign. */
  #kept(score: number): number {
    return this.#isListpack ? score + 0 : score
  }

  /** Removes a member; false when there was none. */
  delete(member: Bytes): boolean {
    const score = this.#scores.get(member)
    if (score === undefined) return false
    this.#drop(member, score)
    return true
  }

  #drop(member: Bytes, score: number): void {
    this.changing(member)
    this.#scores.delete(member, score)
    this.removed(member)
  }

  /** Removes the members of some ranks. */
  deleteRanks({ start, end }: RankRange): void {
    const taken: Scored[] = []
    this.#scores.order.walk(start, end - start, (member, score) => taken.push([member, score]))
    for (const [member, score] of taken) this.#drop(member, score)
  }

  /** The rank of a member, 0 for the lowest score; undefined when there is none. */
  rankOf(member: Bytes): number | undefined {
    const score = this.#scores.get(member)
    return score === undefined ? undefined : this.#scores.order.rankOf(member, score)
  }

  /** The ranks of the elements in a range. */
  ranksIn(range: ElementRange): RankRange {
    const { order } = this.#scores
    const start = order.countBefore(range.isBelow)
    const end = order.countBefore((member, score) => !range.isAbove(member, score))
    return { start, end: Math.max(start, end) }
  }

  /** Visits up to `count` elements, from a rank on, by rising score. The set must not change meanwhile. */
  walk(rank: number, count: number, visit: Visit): void {
    this.#scores.order.walk(rank, count, visit)
  }

  /** Visits up to `count` elements, from a rank on, by falling score. The set must not change meanwhile. */
  walkBack(rank: number, count: number, visit: Visit): void {
    this.#scores.order.walkBack(rank, count, visit)
  }

  /** Members by rising score. */
  names(): Iterable<Bytes> {
    return this.#scores.order.members()
  }

  /** Members and scores by falling score. */
  descending(): Iterable<Scored> {
    return this.#scores.order.descending()
  }

  protected override get isCompact(): boolean {
    return this.#isListpack
  }

  /** It is a listpack no longer, however small. */
  becomeSkiplist(): void {
    this.#isListpack = false
    this.reencoded()
  }

  encoding(): 'listpack' | 'skiplist' {
    return this.#isListpack ? 'listpack' : 'skiplist'
  }

  protected override bytesOf(member: Bytes): number {
    const score = this.#scores.get(member) ?? 0
    return this.#isListpack
      ? listpackBytes(member) + scoreBytes(score)
      : TABLE_ENTRY_BYTES + SKIPLIST_NODE_BYTES + textBytes(member.length)
  }

  memoryBytes(): number {
    const bytes = this.elementBytes()
    return this.#isListpack
      ? OBJECT_BYTES + allocationBytes(EMPTY_LISTPACK_BYTES + bytes)
      : OBJECT_BYTES + SKIPLIST_BYTES + TABLE_BYTES + bucketBytes(this.size) + bytes
  }

  freeEffort(): number {
    return this.#isListpack ? 1 : this.size
  }

  copy(): SortedSetValue {
    return new SortedSetValue(
      this.#limits,
      new Map(this.#scores.order.descending()),
      this.#isListpack,
    )
  }
}

/** What a score takes in a listpack: an integer, or its digits. */
function scoreBytes(score: number): number {
  return Number.isSafeInteger(score) ? listpackIntegerBytes(score) : listpackBytes(String(score))
}

function fitsListpack(scores: ReadonlyMap<Bytes, number>, limits: EncodingLimits): boolean {
  if (scores.size > limits.zsetMaxListpackEntries) return false
  for (const member of scores.keys()) if (member.length > limits.zsetMaxListpackValue) return false
  return true
}
