/**
 * A map whose keys come in the order of their bytes, from any key on (what Redis keeps a radix tree for). Keys stand in
 * sorted chunks beside a hash table, so that adding at the end, the common case, costs no search.
 * Invariant: `#chunks` holds exactly the keys of `#values`, ascending; no chunk is empty.
 */
import type { Bytes } from '../base/bytes.ts'

const CHUNK_MAX = 256

/** A map in the order of its keys. */
export class OrderedMap<Value> {
  readonly #values = new Map<Bytes, Value>()
  readonly #chunks: Bytes[][] = []

  get size(): number {
    return this.#values.size
  }

  get(key: Bytes): Value | undefined {
    return this.#values.get(key)
  }

  has(key: Bytes): boolean {
    return this.#values.has(key)
  }

  set(key: Bytes, value: Value): void {
    const before = this.#values.size
    this.#values.set(key, value)
    if (this.#values.size !== before) this.#insert(key)
  }

  /** Removes a key; false when it is not there. */
  delete(key: Bytes): boolean {
    if (!this.#values.delete(key)) return false
    const index = this.#chunkOf(key)
    const chunk = this.#chunks[index] as Bytes[]
    if (chunk.length === 1) this.#chunks.splice(index, 1)
    else chunk.splice(lowerBound(chunk, key), 1)
    return true
  }

  firstKey(): Bytes | undefined {
    return this.#chunks[0]?.[0]
  }

  lastKey(): Bytes | undefined {
    return this.#chunks.at(-1)?.at(-1)
  }

  /** The first key that is not before `bound`. */
  keyFrom(bound: Bytes): Bytes | undefined {
    for (const [key] of this.from(bound)) return key
    return undefined
  }

  /** The first key behind `bound`. */
  keyAfter(bound: Bytes): Bytes | undefined {
    for (const [key] of this.from(bound)) if (key !== bound) return key
    return undefined
  }

  /** Keys and values, ascending, from the first key that is not before `bound`. They must not change meanwhile. */
  *from(bound: Bytes): Generator<[key: Bytes, value: Value], void> {
    let index = this.#chunkOf(bound)
    let at = lowerBound(this.#chunks[index] ?? [], bound)
    for (; index < this.#chunks.length; index++, at = 0) {
      const chunk = this.#chunks[index] as Bytes[]
      for (; at < chunk.length; at++) {
        const key = chunk[at] as Bytes
        yield [key, this.#values.get(key) as Value]
      }
    }
  }

  /** All keys and values, ascending. */
  entries(): Generator<[key: Bytes, value: Value], void> {
    return this.from('')
  }

  /** All values in the order of their keys. */
  *values(): Generator<Value, void> {
    for (const [, value] of this.from('')) yield value
  }

  #insert(key: Bytes): void {
    const index = this.#chunkOf(key)
    const chunk = this.#chunks[index]
    if (chunk === undefined) {
      this.#chunks.push([key])
    } else if (key > (chunk.at(-1) as Bytes)) {
      if (chunk.length < CHUNK_MAX) chunk.push(key)
      else this.#chunks.push([key])
    } else {
      chunk.splice(lowerBound(chunk, key), 0, key)
      if (chunk.length > CHUNK_MAX) {
        this.#chunks.splice(index + 1, 0, chunk.splice(CHUNK_MAX >>> 1))
      }
    }
  }

  /** The first chunk that ends with the key or behind it, the last one when none does. */
  #chunkOf(key: Bytes): number {
    let low = 0
    let high = this.#chunks.length - 1
    if (high >= 0 && key > (this.#chunks[high]?.at(-1) as Bytes)) return high
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#chunks[middle]?.at(-1) as Bytes) < key) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Where the first element stands that is not before `bound`. */
function lowerBound(sorted: readonly Bytes[], bound: Bytes): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as Bytes) < bound) low = middle + 1
    else high = middle
  }
  return low
}
