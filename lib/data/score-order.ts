/**
 * Members in the order of their scores, those of one score in the order of their bytes: what a skiplist with spans is in
 * Redis (zslInsert, zslGetRank in t_zset.c). Kept as a row of chunks, each two parallel arrays, so that an element costs no
 * object of its own and everything that looks for one takes logarithmic time.
 * Invariant: no chunk is empty, none is longer than `CHUNK_MAX`, and `#counts` holds their lengths.
 */
import type { Bytes } from '../base/bytes.ts'
import { PrefixSum } from './prefix-sum.ts'

const CHUNK_MAX = 512
/** A chunk this short is joined with a neighbour. */
const CHUNK_MIN = 64
/** Chunks that are made whole, or joined, have room for more. */
const CHUNK_FILL = 384

/** A member and its score. */
export type Scored = readonly [member: Bytes, score: number]

/** Whether an element comes before something: true for the first elements and false for all others. */
export type Before = (member: Bytes, score: number) => boolean

/** Is told of elements. */
export type Visit = (member: Bytes, score: number) => void

interface Chunk {
  readonly members: Bytes[]
  readonly scores: number[]
}

/** Orders by score, then by the bytes of the member. */
export function compareScored([a, aScore]: Scored, [b, bScore]: Scored): number {
  return aScore - bScore || (a < b ? -1 : a === b ? 0 : 1)
}

/** Members by rank. */
export class ScoreOrder {
  readonly #chunks: Chunk[] = []
  readonly #counts = new PrefixSum()
  /** Where `#seek` ended. */
  #chunk = 0
  #index = 0

  /** Takes elements that are in order already. */
  constructor(elements: readonly Scored[] = []) {
    for (let at = 0; at < elements.length; at += CHUNK_FILL) {
      const part = elements.slice(at, at + CHUNK_FILL)
      this.#chunks.push({
        members: part.map(([member]) => member),
        scores: part.map(([, score]) => score),
      })
    }
    this.#recount()
  }

  /** Puts a member that is not there in its place. */
  insert(member: Bytes, score: number): void {
    this.#seek(beforeElement(member, score))
    const chunk = this.#chunks[this.#chunk]
    if (chunk === undefined) {
      this.#chunks.push({ members: [member], scores: [score] })
      this.#recount()
      return
    }
    chunk.members.splice(this.#index, 0, member)
    chunk.scores.splice(this.#index, 0, score)
    if (chunk.members.length > CHUNK_MAX) this.#split(this.#chunk)
    else this.#counts.add(this.#chunk, 1)
  }

  /** Takes a member out that is there with this score. */
  remove(member: Bytes, score: number): void {
    this.#seek(beforeElement(member, score))
    const chunk = this.#chunks[this.#chunk] as Chunk
    chunk.members.splice(this.#index, 1)
    chunk.scores.splice(this.#index, 1)
    this.#counts.add(this.#chunk, -1)
    if (chunk.members.length < CHUNK_MIN) this.#join(this.#chunk)
  }

  /** How many elements come before something. */
  countBefore(isBefore: Before): number {
    this.#seek(isBefore)
    return this.#counts.before(this.#chunk) + this.#index
  }

  /** The rank of a member that is there with this score. */
  rankOf(member: Bytes, score: number): number {
    return this.countBefore(beforeElement(member, score))
  }

  /** Visits up to `count` elements from a rank on, upwards. The order must not change meanwhile. */
  walk(rank: number, count: number, visit: Visit): void {
    let left = count
    let at = this.#counts.indexOf(rank)
    let index = rank - this.#counts.before(at)
    for (; left > 0 && at < this.#chunks.length; at++) {
      const { members, scores } = this.#chunks[at] as Chunk
      for (; left > 0 && index < members.length; index++, left--) {
        visit(members[index] as Bytes, scores[index] as number)
      }
      index = 0
    }
  }

  /** Visits up to `count` elements from a rank on, downwards. The order must not change meanwhile. */
  walkBack(rank: number, count: number, visit: Visit): void {
    let left = count
    let at = this.#counts.indexOf(rank)
    let index = rank - this.#counts.before(at)
    for (; left > 0 && at >= 0; at--) {
      const { members, scores } = this.#chunks[at] as Chunk
      if (index < 0) index = members.length - 1
      for (; left > 0 && index >= 0; index--, left--) {
        visit(members[index] as Bytes, scores[index] as number)
      }
    }
  }

  /** All members, upwards. The order must not change meanwhile. */
  *members(): Generator<Bytes> {
    for (const { members } of this.#chunks) yield* members
  }

  /** All elements, downwards. The order must not change meanwhile. */
  *descending(): Generator<Scored> {
    for (let at = this.#chunks.length - 1; at >= 0; at--) {
      const { members, scores } = this.#chunks[at] as Chunk
      for (let i = members.length - 1; i >= 0; i--) yield [members[i] as Bytes, scores[i] as number]
    }
  }

  /** Finds the first element that is not before; there is none behind the last one of the last chunk. */
  #seek(isBefore: Before): void {
    let low = 0
    let high = this.#chunks.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      const { members, scores } = this.#chunks[middle] as Chunk
      const last = members.length - 1
      if (isBefore(members[last] as Bytes, scores[last] as number)) low = middle + 1
      else high = middle
    }
    this.#chunk = low
    this.#index = 0
    const chunk = this.#chunks[low]
    if (chunk === undefined) return
    const { members, scores } = chunk
    low = 0
    high = members.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isBefore(members[middle] as Bytes, scores[middle] as number)) low = middle + 1
      else high = middle
    }
    this.#index = low
  }

  #split(at: number): void {
    const { members, scores } = this.#chunks[at] as Chunk
    // Who adds at the end goes on there: the chunk stays full.
    const isGrowing = at === this.#chunks.length - 1 && this.#index === members.length - 1
    const keep = isGrowing ? this.#index : members.length >>> 1
    this.#chunks.splice(at + 1, 0, { members: members.splice(keep), scores: scores.splice(keep) })
    this.#recount()
  }

  /** A chunk is short: it joins the next one or the one before, and goes when it is empty. */
  #join(at: number): void {
    const chunk = this.#chunks[at] as Chunk
    const isFirst = at === 0
    const into = this.#chunks[isFirst ? 1 : at - 1]
    if (into === undefined) {
      if (chunk.members.length > 0) return
    } else if (into.members.length + chunk.members.length > CHUNK_FILL) {
      if (chunk.members.length > 0) return
    } else if (isFirst) {
      into.members.unshift(...chunk.members)
      into.scores.unshift(...chunk.scores)
    } else {
      into.members.push(...chunk.members)
      into.scores.push(...chunk.scores)
    }
    this.#chunks.splice(at, 1)
    this.#recount()
  }

  #recount(): void {
    this.#counts.reset(this.#chunks.map(({ members }) => members.length))
  }
}

function beforeElement(member: Bytes, score: number): Before {
  return (other, otherScore) => otherScore < score || (otherScore === score && other < member)
}
