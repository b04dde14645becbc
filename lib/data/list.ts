/**
 * A list: elements in order, quick at both ends and good in the middle (t_list.c, quicklist.c). Elements lie in chunks of
 * limited length, so taking from an end moves one chunk at most, and an edit in the middle too. Where the version has that
 * (7.2), a list is a `listpack` while it fits one node, and again when it needs half of one.
 * Invariant: no chunk is empty, none is longer than `CHUNK_MAX`; `#size` is the sum of their lengths.
 */
import { allocationBytes, OBJECT_BYTES } from '../base/allocation.ts'
import type { Bytes } from '../base/bytes.ts'
import { EMPTY_LISTPACK_BYTES, listpackBytes } from '../base/listpack-size.ts'
import type { EncodingLimits } from './encoding-limit.ts'
import type { StoredObject } from './stored-object.ts'

/** Moving so many elements costs as much as a look-up; more in a chunk would show. */
const CHUNK_MAX = 128

/** A quicklist, and a node of it without its listpack. */
const QUICKLIST_BYTES = 40
const NODE_BYTES = 40
/** A node holds no more, however many elements are allowed; a larger element has one to itself. */
const NODE_MAX_BYTES = 8192
/** What `list-max-listpack-size` below 0 means: -1 is the first. */
const NODE_SIZES = [4096, 8192, 16_384, 32_768, 65_536]

/** An end of a list. */
export type ListEnd = 'left' | 'right'

/** Where an index lies. */
interface Place {
  readonly chunk: number
  readonly offset: number
}

/** What {@link ListValue.positionsOf} looks for. */
export interface PositionSearch {
  /** Skips so many matches, less one; negative: from the right. Not 0. */
  readonly rank: number
  /** Stops after so many matches; 0 is all. */
  readonly count: number
  /** Compares no more than so many elements; 0 is all. */
  readonly maxLength: number
}

/** Elements in order. */
export class ListValue implements StoredObject {
  readonly type = 'list'
  readonly #limits: EncodingLimits
  #chunks: Bytes[][] = []
  #size = 0
  /** What the elements take together; undefined until somebody asks. */
  #elementBytes: number | undefined
  #isListpack = false

  constructor(limits: EncodingLimits, elements: Iterable<Bytes> = []) {
    this.#limits = limits
    for (const element of elements) this.push('right', element)
    this.#isListpack = limits.listsMayBeListpacks && this.#fitsNode(0, 0)
  }

  get size(): number {
    return this.#size
  }

  /** How the list is cut into nodes when it is written (list-max-listpack-size). */
  get maxListpackSize(): number {
    return this.#limits.listMaxListpackSize
  }

  /** Redis 7.0 has quicklists alone. */
  encoding(): 'listpack' | 'quicklist' {
    return this.#isListpack ? 'listpack' : 'quicklist'
  }

  /** Elements of these words, from `start` on, are about to come (listTypeTryConversionAppend). */
  makeRoom(words: readonly Bytes[], start: number): void {
    if (!this.#isListpack) return
    let bytes = 0
    for (let i = start; i < words.length; i++) bytes += (words[i] as Bytes).length
    this.#isListpack = this.#fitsNode(bytes, words.length - start)
  }

  /** Elements went: a quicklist that needs half a node is a listpack again (listTypeTryConvertQuicklist). */
  #shrunk(): void {
    if (this.#isListpack || !this.#limits.listsMayBeListpacks) return
    const { maxListpackSize } = this
    const bytes = EMPTY_LISTPACK_BYTES + this.#bytesOfElements()
    if (this.#nodeCount(bytes) > 1) return
    this.#isListpack =
      maxListpackSize < 0
        ? bytes <= nodeBytesMax(maxListpackSize) / 2
        : this.#size <= Math.floor(Math.max(1, maxListpackSize) / 2)
  }

  /** Whether all elements and so many more are small enough for one node (quicklistNodeExceedsLimit). */
  #fitsNode(moreBytes: number, moreElements: number): boolean {
    const { maxListpackSize } = this
    const bytes = EMPTY_LISTPACK_BYTES + this.#bytesOfElements() + moreBytes
    if (maxListpackSize < 0) return bytes <= nodeBytesMax(maxListpackSize)
    return bytes <= NODE_MAX_BYTES && this.#size + moreElements <= Math.max(1, maxListpackSize)
  }

  copy(): ListValue {
    const copy = new ListValue(this.#limits)
    for (const chunk of this.#chunks) copy.#chunks.push(chunk.slice())
    copy.#size = this.#size
    copy.#isListpack = this.#isListpack
    return copy
  }

  /** Adds an element at an end. */
  push(end: ListEnd, element: Bytes): void {
    const chunks = this.#chunks
    const chunk = end === 'left' ? chunks[0] : chunks[chunks.length - 1]
    this.#size++
    this.#weigh(element, 1)
    // A literal is as long as it must be, and most lists stay short: what is pushed to an empty list makes room for 17.
    if (chunk === undefined) this.#chunks = [[element]]
    else if (chunk.length === CHUNK_MAX) {
      if (end === 'left') chunks.unshift([element])
      else chunks.push([element])
    } else if (end === 'left') chunk.unshift(element)
    else chunk.push(element)
  }

  /** Takes the element at an end; undefined of an empty list. */
  pop(end: ListEnd): Bytes | undefined {
    const chunks = this.#chunks
    const chunk = end === 'left' ? chunks[0] : chunks[chunks.length - 1]
    if (chunk === undefined) return undefined
    this.#size--
    const element = end === 'left' ? chunk.shift() : chunk.pop()
    this.#weigh(element as Bytes, -1)
    if (chunk.length === 0) {
      if (end === 'left') chunks.shift()
      else chunks.pop()
    }
    this.#shrunk()
    return element
  }

  /** The element at an index, negative ones from the right; undefined outside. */
  at(index: number): Bytes | undefined {
    const place = this.#placeOf(index)
    return place === undefined ? undefined : this.#chunks[place.chunk]?.[place.offset]
  }

  /** Replaces the element at an index as of {@link at}; false outside. */
  set(index: number, element: Bytes): boolean {
    const place = this.#placeOf(index)
    if (place === undefined) return false
    const chunk = this.#chunks[place.chunk] as Bytes[]
    this.#weigh(chunk[place.offset] as Bytes, -1)
    this.#weigh(element, 1)
    chunk[place.offset] = element
    this.#shrunk()
    return true
  }

  /** The elements from one index to another, both included and not negative. */
  range(first: number, last: number): Bytes[] {
    const found: Bytes[] = []
    let start = 0
    for (const chunk of this.#chunks) {
      if (start > last) break
      const end = start + chunk.length
      if (end > first) {
        for (let i = Math.max(0, first - start); i < chunk.length && start + i <= last; i++) {
          found.push(chunk[i] as Bytes)
        }
      }
      start = end
    }
    return found
  }

  /** All elements, first one first. The list must not change meanwhile. */
  *values(): Generator<Bytes, undefined> {
    for (const chunk of this.#chunks) yield* chunk
  }

  /** Removes so many elements from each end, at most all. */
  trim(left: number, right: number): void {
    const kept = this.#size - left - right
    if (kept <= 0) {
      this.#chunks.length = 0
      this.#size = 0
      this.#elementBytes = undefined
      return
    }
    this.#cut('left', left)
    this.#cut('right', right)
    this.#size = kept
    this.#shrunk()
  }

  #cut(end: ListEnd, count: number): void {
    const chunks = this.#chunks
    let left = count
    let whole = 0
    const chunkAt = (i: number) => chunks[end === 'left' ? i : chunks.length - 1 - i] as Bytes[]
    while (left > 0 && chunkAt(whole).length <= left) left -= chunkAt(whole++).length
    this.#weighAll(chunks.splice(end === 'left' ? 0 : chunks.length - whole, whole))
    if (left > 0) this.#weighAll([chunkAt(0).splice(end === 'left' ? 0 : -left, left)])
  }

  /** Removes up to `limit` elements equal to this one, beginning at an end; 0 is no limit. Returns how many. */
  remove(element: Bytes, limit: number, from: ListEnd): number {
    let removed = 0
    const wanted = limit === 0 ? this.#size : limit
    const order = from === 'left' ? this.#chunks : this.#chunks.toReversed()
    for (const chunk of order) {
      if (removed === wanted) break
      removed += removeFrom(chunk, element, wanted - removed, from)
    }
    if (removed > 0) this.#dropEmpty()
    this.#size -= removed
    this.#weigh(element, -removed)
    if (removed > 0) this.#shrunk()
    return removed
  }

  #dropEmpty(): void {
    const chunks = this.#chunks
    let kept = 0
    for (const chunk of chunks) if (chunk.length > 0) chunks[kept++] = chunk
    chunks.length = kept
  }

  /** Puts an element beside the first one equal to `pivot`; false when there is none. */
  insert(side: 'before' | 'after', pivot: Bytes, element: Bytes): boolean {
    for (const [index, chunk] of this.#chunks.entries()) {
      const found = chunk.indexOf(pivot)
      if (found < 0) continue
      chunk.splice(side === 'before' ? found : found + 1, 0, element)
      this.#size++
      this.#weigh(element, 1)
      if (chunk.length > CHUNK_MAX) {
        this.#chunks.splice(index + 1, 0, chunk.splice(CHUNK_MAX >>> 1))
      }
      return true
    }
    return false
  }

  /** Indexes of the elements equal to this one, in the order they are found. */
  positionsOf(element: Bytes, { rank, count, maxLength }: PositionSearch): number[] {
    const found: number[] = []
    const step = rank > 0 ? 1 : -1
    let toSkip = Math.abs(rank) - 1
    let left = maxLength === 0 ? this.#size : Math.min(maxLength, this.#size)
    let index = rank > 0 ? 0 : this.#size - 1
    const chunks = rank > 0 ? this.#chunks : this.#chunks.toReversed()
    for (const chunk of chunks) {
      let i = rank > 0 ? 0 : chunk.length - 1
      for (; i >= 0 && i < chunk.length; i += step, index += step) {
        if (left-- === 0) return found
        if (chunk[i] !== element || toSkip-- > 0) continue
        found.push(index)
        if (found.length === count) return found
      }
    }
    return found
  }

  #bytesOfElements(): number {
    if (this.#elementBytes === undefined) {
      this.#elementBytes = 0
      for (const element of this.values()) this.#weigh(element, 1)
    }
    return this.#elementBytes
  }

  memoryBytes(): number {
    const bytes = this.#bytesOfElements()
    if (this.#isListpack) return OBJECT_BYTES + allocationBytes(EMPTY_LISTPACK_BYTES + bytes)
    const nodes = this.#nodeCount(bytes)
    const perNode = NODE_BYTES + allocationBytes(EMPTY_LISTPACK_BYTES + Math.ceil(bytes / nodes))
    return OBJECT_BYTES + QUICKLIST_BYTES + nodes * perNode
  }

  freeEffort(): number {
    if (this.#isListpack) return 1
    return this.#nodeCount(this.memoryBytes())
  }

  /** Into how many nodes Redis would cut so many bytes of elements. */
  #nodeCount(bytes: number): number {
    const { maxListpackSize } = this
    const bySize = Math.ceil(bytes / nodeBytesMax(maxListpackSize))
    const byCount = maxListpackSize > 0 ? Math.ceil(this.#size / maxListpackSize) : 0
    return Math.max(1, bySize, byCount)
  }

  /** An element came or went, so many times. */
  #weigh(element: Bytes, times: number): void {
    if (this.#elementBytes === undefined) return
    const bytes =
      element.length > NODE_MAX_BYTES
        ? NODE_BYTES + allocationBytes(element.length)
        : listpackBytes(element)
    this.#elementBytes += times * bytes
  }

  #weighAll(gone: readonly (readonly Bytes[])[]): void {
    if (this.#elementBytes === undefined) return
    for (const chunk of gone) for (const element of chunk) this.#weigh(element, -1)
  }

  #placeOf(index: number): Place | undefined {
    const chunks = this.#chunks
    const at = index < 0 ? index + this.#size : index
    if (at < 0 || at >= this.#size) return undefined
    if (at < this.#size / 2) {
      let start = 0
      for (let chunk = 0; ; chunk++) {
        const { length } = chunks[chunk] as Bytes[]
        if (at < start + length) return { chunk, offset: at - start }
        start += length
      }
    }
    let start = this.#size
    for (let chunk = chunks.length - 1; ; chunk--) {
      start -= (chunks[chunk] as Bytes[]).length
      if (at >= start) return { chunk, offset: at - start }
    }
  }
}

/** Removes up to `limit` equal elements from a chunk, in place; returns how many. */
function removeFrom(chunk: Bytes[], element: Bytes, limit: number, from: ListEnd): number {
  if (!chunk.includes(element)) return 0
  let removed = 0
  const isKept = (other: Bytes) => other !== element || removed++ >= limit
  const kept = from === 'left' ? chunk.filter(isKept) : chunk.toReversed().filter(isKept).reverse()
  const count = chunk.length - kept.length
  chunk.splice(0, chunk.length, ...kept)
  return count
}

/** What a node may take, where `list-max-listpack-size` says it in bytes. */
function nodeBytesMax(maxListpackSize: number): number {
  return NODE_SIZES[-maxListpackSize - 1] ?? NODE_MAX_BYTES
}
