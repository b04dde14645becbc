/**
 * The elements of a collection in an order that insertions and deletions leave alone: by a 32-bit hash of the element.
 * SCAN walks it, and random picks draw from it. Built when first needed, told of every change while it exists, and free
 * to be dropped and built again at any time, since a position is a hash and nothing else (dictScan in dict.c).
 * Invariant: bucket b of 2^k holds exactly the elements whose hash begins with the k bits of b, and as many as its length
 * says.
 */
import type { Bytes } from '../base/bytes.ts'
import { nameHash } from '../base/name-hash.ts'
import type { Random } from '../base/random.ts'

const HASH_BITS = 32

/** Elements per bucket, at which the buckets double; an eighth of it halves them. */
const LOAD_MAX = 4
const BITS_MIN = 4
const BITS_MAX = 24

/** Buckets a step may look at for each element wanted, so that sparse tables do not stall a node. */
const BUCKETS_PER_ELEMENT = 10

/** Draws of a random element before it takes what it finds: the chance of coming here is below one in a million. */
const DRAWS_MAX = 1000

/** Elements in the order of their hashes. */
export class ScanOrder {
  #buckets: (Bytes[] | undefined)[]
  /** Lengths of the buckets: a draw that meets none leaves the bucket, which is far away, alone. */
  #lengths: Uint32Array
  #bits: number
  #size = 0
  #changesSinceUse = 0
  /** No bucket is longer. */
  #longest = 1

  constructor(elements: Iterable<Bytes>, size: number) {
    this.#bits = Math.min(BITS_MAX, Math.max(BITS_MIN, Math.ceil(Math.log2((size + 1) / LOAD_MAX))))
    this.#buckets = emptyBuckets(this.#bits)
    this.#lengths = new Uint32Array(this.#buckets.length)
    for (const element of elements) this.add(element)
    this.#changesSinceUse = 0
  }

  /** Nobody asked for so long that building it anew costs less than having kept it: the owner may drop it. */
  get neglected(): boolean {
    return this.#changesSinceUse > 2 * this.#size + 1024
  }

  /** An element that was not there came. */
  add(element: Bytes): void {
    this.#put(element)
    this.#size++
    this.#changesSinceUse++
    if (this.#size > this.#buckets.length * LOAD_MAX && this.#bits < BITS_MAX) {
      this.#double()
    }
  }

  /** An element that was there went. */
  remove(element: Bytes): void {
    const index = this.#indexOf(element)
    const bucket = this.#buckets[index]
    const at = bucket?.indexOf(element) ?? -1
    if (bucket === undefined || at < 0) return
    const last = bucket.pop()
    if (last !== undefined && at < bucket.length) bucket[at] = last
    if (bucket.length === 0) this.#buckets[index] = undefined
    this.#lengths[index] = bucket.length
    this.#size--
    this.#changesSinceUse++
    if (this.#size * 2 < this.#buckets.length && this.#bits > BITS_MIN) this.#halve()
  }

  /**
   * Appends to `found` the elements from a position on (0 at first) until it has `count`, and returns the position to go
   * on at, 0 at the end. An element that is there from the first step to the last is found, maybe twice.
   */
  step(position: number, count: number, found: Bytes[]): number {
    this.#changesSinceUse = 0
    if (position >= 2 ** HASH_BITS) return 0
    const wanted = found.length + count
    let index = position >>> (HASH_BITS - this.#bits)
    let patience = count * BUCKETS_PER_ELEMENT
    for (; index < this.#buckets.length && found.length < wanted && patience > 0; index++) {
      const bucket = this.#buckets[index]
      if (bucket !== undefined) for (const element of bucket) found.push(element)
      patience--
    }
    return index === this.#buckets.length ? 0 : index * 2 ** (HASH_BITS - this.#bits)
  }

  /** An element, each with the same chance; undefined when there is none. */
  sample(random: Random): Bytes | undefined {
    this.#changesSinceUse = 0
    if (this.#size === 0) return undefined
    for (let draw = 0; draw < DRAWS_MAX; draw++) {
      const index = random.below(this.#lengths.length)
      const place = random.below(this.#longest)
      if (place < (this.#lengths[index] as number)) return this.#buckets[index]?.[place]
    }
    return this.#buckets.find((bucket) => bucket !== undefined)?.[0]
  }

  #put(element: Bytes): void {
    const index = this.#indexOf(element)
    const bucket = this.#buckets[index]
    if (bucket === undefined) this.#buckets[index] = [element]
    else bucket.push(element)
    this.#grew(index, bucket?.length ?? 1)
  }

  #grew(index: number, length: number): void {
    this.#lengths[index] = length
    if (length > this.#longest) this.#longest = length
  }

  #indexOf(element: Bytes): number {
    return nameHash(element) >>> (HASH_BITS - this.#bits)
  }

  #double(): void {
    const old = this.#buckets
    this.#resize(this.#bits + 1)
    for (const bucket of old) {
      if (bucket !== undefined) for (const element of bucket) this.#put(element)
    }
  }

  /** Two neighbours become one. */
  #halve(): void {
    const old = this.#buckets
    this.#resize(this.#bits - 1)
    for (let index = 0; index < this.#buckets.length; index++) {
      const first = old[2 * index]
      const second = old[2 * index + 1]
      const bucket = first === undefined ? second : first
      if (bucket === undefined) continue
      if (first !== undefined && second !== undefined) first.push(...second)
      this.#buckets[index] = bucket
      this.#grew(index, bucket.length)
    }
  }

  #resize(bits: number): void {
    this.#bits = bits
    this.#buckets = emptyBuckets(bits)
    this.#lengths = new Uint32Array(this.#buckets.length)
    this.#longest = 1
  }
}

function emptyBuckets(bits: number): undefined[] {
  return new Array<undefined>(2 ** bits).fill(undefined)
}
