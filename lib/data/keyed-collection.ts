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

/** When fewer than one in this many elements are wanted, drawing them one by one beats walking over all. */
const SPARSE = 8

/** A collection of named elements. */
export abstract class KeyedCollection {
  readonly #elements: ReadonlySet<Bytes> | ReadonlyMap<Bytes, unknown>
  #order: ScanOrder | undefined

  constructor(elements: ReadonlySet<Bytes> | ReadonlyMap<Bytes, unknown>) {
    this.#elements = elements
  }

  /** The names of all elements, in the order in which a compact collection is given. */
  abstract names(): Iterable<Bytes>

  /** Small enough to be given whole by a scan. */
  protected abstract get isCompact(): boolean

  get size(): number {
    return this.#elements.size
  }

  has(name: Bytes): boolean {
    return this.#elements.has(name)
  }

  /** An element came: call it when it is there. */
  protected added(name: Bytes): void {
    if (this.#order === undefined) return
    this.#order.add(name)
    if (this.#order.neglected) this.#order = undefined
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
    if (this.size > WALK_MAX) return this.#ordered().sample(random)
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
      const name = this.#ordered().sample(random)
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
