/**
 * What hashes and sets share: elements that are found by name, walked in steps that end (SCAN) and drawn at random.
 * Invariant: the order that SCAN and the draws need is built when first asked for, and holds exactly the elements while
 * it exists.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'
import { elementAt, pickDistinct } from './random-pick.ts'
import { ScanOrder } from './scan-order.ts'

/** Up to this size walking to an element beats keeping an order. */
const WALK_MAX = 64

/** More elements than this lie in a {@link NameMap}: fewer take less room in a Map or a Set, and are as near. */
export const MANY = 128

/** When fewer than one in this many elements are wanted, drawing them one by one beats walking over all. */
const SPARSE = 8

/** Where the elements are: a Map or a Set, or what is like one. */
export interface Elements {
  readonly size: number
  has(name: Bytes): boolean
  keys(): Iterable<Bytes>
  /** An element, each with the same chance, where that is quick. */
  sample?(random: Random): Bytes | undefined
}

/** A collection of named elements. */
export abstract class KeyedCollection {
  #elements: Elements
  #order: ScanOrder | undefined
  /** What the elements take together; undefined until somebody asks, and again when the encoding changes. */
  #elementBytes: number | undefined

  constructor(elements: Elements) {
    this.#elements = elements
  }

  /** The names of all elements, in the order in which a compact collection is given. */
  abstract names(): Iterable<Bytes>

  /** Bytes that an element which is there takes in a Redis, as the collection is encoded now. */
  protected abstract bytesOf(name: Bytes): number

  /** Small enough to be given whole by a scan. */
  protected abstract get isCompact(): boolean

  get size(): number {
    return this.#elements.size
  }

  has(name: Bytes): boolean {
    return this.#elements.has(name)
  }

  /** The same elements are somewhere else now. */
  protected moved(elements: Elements): void {
    this.#elements = elements
  }

  /** An element came: call it when it is there. */
  protected added(name: Bytes): void {
    if (this.#elementBytes !== undefined) this.#elementBytes += this.bytesOf(name)
    if (this.#order === undefined) return
    this.#order.add(name)
    if (this.#order.neglected) this.#order = undefined
  }

  /** An element that may be there is about to go, or to take another size: see {@link resized}. */
  protected changing(name: Bytes): void {
    if (this.#elementBytes !== undefined && this.has(name)) {
      this.#elementBytes -= this.bytesOf(name)
    }
  }

  /** What {@link changing} announced has stayed, with its new size. */
  protected resized(name: Bytes): void {
    if (this.#elementBytes !== undefined) this.#elementBytes += this.bytesOf(name)
  }

  /** All elements take other sizes: the encoding changed. */
  protected reencoded(): void {
    this.#elementBytes = undefined
  }

  /** Bytes that all elements take in a Redis. */
  protected elementBytes(): number {
    if (this.#elementBytes === undefined) {
      let bytes = 0
      for (const name of this.#elements.keys()) bytes += this.bytesOf(name)
      this.#elementBytes = bytes
    }
    return this.#elementBytes
  }

  /** An element went: call it when it is gone. */
  protected removed(name: Bytes): void {
    if (this.#order === undefined) return
    this.#order.remove(name)
    if (this.#order.neglected) this.#order = undefined
  }

  /**
   * Names from a position on (0 at first), at least `count` unless few are near, and where to go on, 0 at the end; a
   * compact collection is given whole. An element that is there from the first step to the last is given, maybe twice.
   */
  scan(position: number, count: number): { position: number; names: Bytes[] } {
    if (this.isCompact) return { position: 0, names: [...this.names()] }
    const names: Bytes[] = []
    const next = this.#ordered().step(position, count, names)
    if (next === 0) this.#order = undefined
    return { position: next, names }
  }

  /** A name, each with the same chance; undefined when there is none. */
  randomName(random: Random): Bytes | undefined {
    if (this.size > WALK_MAX) {
      return this.#elements.sample?.(random) ?? this.#ordered().sample(random)
    }
    return this.size === 0 ? undefined : elementAt(this.#elements.keys(), random.below(this.size))
  }

  /** `count` different names, or all when there are no more. */
  randomNames(count: number, random: Random): Bytes[] {
    if (count >= this.size) return [...this.names()]
    if (count * SPARSE > this.size || this.size <= WALK_MAX) {
      return pickDistinct(this.#elements.keys(), this.size, count, random)
    }
    const picked = new Set<Bytes>()
    while (picked.size < count) {
      const name = this.randomName(random)
      if (name === undefined) break
      picked.add(name)
    }
    return [...picked]
  }

  /** A source of random names, the same one maybe several times, that is quick for so many draws. */
  nameDraw(draws: number, random: Random): () => Bytes | undefined {
    if (this.size > WALK_MAX && draws * SPARSE < this.size) return () => this.randomName(random)
    const names = [...this.#elements.keys()]
    return () => (names.length === 0 ? undefined : names[random.below(names.length)])
  }

  #ordered(): ScanOrder {
    this.#order ??= new ScanOrder(this.#elements.keys(), this.#elements.size)
    return this.#order
  }
}
