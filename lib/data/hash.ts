/**
 * A hash: fields and their values in the order they came (t_hash.c). Compact (`listpack`) until a field, a value or their
 * number passes the limits, then `hashtable` for good; the encoding decides what OBJECT ENCODING says and how HSCAN walks.
 * Invariant: `#order`, while it exists, holds exactly the fields.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'
import type { EncodingLimits } from './encoding-limit.ts'
import { elementAt, pickDistinct } from './random-pick.ts'
import { ScanOrder } from './scan-order.ts'
import type { StoredObject } from './stored-object.ts'

/** Up to this size walking to an element beats keeping an order. */
const WALK_MAX = 64

/** When fewer than one in this many fields are wanted, drawing them one by one beats walking over all. */
const SPARSE = 8

/** Fields and values. */
export class HashValue implements StoredObject {
  readonly type = 'hash'
  readonly #limits: EncodingLimits
  readonly #fields: Map<Bytes, Bytes>
  #compact = true
  #order: ScanOrder | undefined

  constructor(limits: EncodingLimits, fields: Map<Bytes, Bytes> = new Map()) {
    this.#limits = limits
    this.#fields = fields
    if (fields.size > 0) this.#compact = isCompact(fields, limits)
  }

  get size(): number {
    return this.#fields.size
  }

  get(field: Bytes): Bytes | undefined {
    return this.#fields.get(field)
  }

  has(field: Bytes): boolean {
    return this.#fields.has(field)
  }

  /** Sets a field; true when it is new. */
  set(field: Bytes, value: Bytes): boolean {
    const before = this.#fields.size
    this.#fields.set(field, value)
    const created = this.#fields.size !== before
    if (this.#compact) {
      const { hashMaxListpackEntries, hashMaxListpackValue } = this.#limits
      this.#compact =
        field.length <= hashMaxListpackValue &&
        value.length <= hashMaxListpackValue &&
        this.#fields.size <= hashMaxListpackEntries
    }
    if (created && this.#order !== undefined) {
      this.#order.add(field)
      if (this.#order.neglected) this.#order = undefined
    }
    return created
  }

  /** Removes a field; false when there was none. */
  delete(field: Bytes): boolean {
    if (!this.#fields.delete(field)) return false
    if (this.#order !== undefined) {
      this.#order.remove(field)
      if (this.#order.neglected) this.#order = undefined
    }
    return true
  }

  /** Fields and values, oldest field first. */
  entries(): MapIterator<[field: Bytes, value: Bytes]> {
    return this.#fields.entries()
  }

  keys(): MapIterator<Bytes> {
    return this.#fields.keys()
  }

  values(): MapIterator<Bytes> {
    return this.#fields.values()
  }

  encoding(): 'listpack' | 'hashtable' {
    return this.#compact ? 'listpack' : 'hashtable'
  }

  copy(): HashValue {
    const copy = new HashValue(this.#limits, new Map(this.#fields))
    copy.#compact = this.#compact
    return copy
  }

  /**
   * Fields from a position on (0 at first), at least `count` unless few are near, and where to go on, 0 at the end; a
   * compact hash is given whole. A field that is there from the first step to the last is given, maybe twice.
   */
  scan(position: number, count: number): { position: number; fields: Bytes[] } {
    if (this.#compact) return { position: 0, fields: [...this.#fields.keys()] }
    const fields: Bytes[] = []
    const next = this.#ordered().step(position, count, fields)
    if (next === 0) this.#order = undefined
    return { position: next, fields }
  }

  /** A field, each with the same chance; undefined of an empty hash. */
  randomField(random: Random): Bytes | undefined {
    if (this.size > WALK_MAX) return this.#ordered().sample(random)
    return this.size === 0 ? undefined : elementAt(this.#fields.keys(), random.below(this.size))
  }

  /** `count` different fields, or all when there are no more. */
  randomFields(count: number, random: Random): Bytes[] {
    if (count >= this.size) return [...this.#fields.keys()]
    if (count * SPARSE > this.size || this.size <= WALK_MAX) {
      return pickDistinct(this.#fields.keys(), this.size, count, random)
    }
    const picked = new Set<Bytes>()
    while (picked.size < count) {
      const field = this.#ordered().sample(random)
      if (field === undefined) break
      picked.add(field)
    }
    return [...picked]
  }

  /** A source of random fields, the same one maybe several times, that is quick for so many draws. */
  fieldDraw(draws: number, random: Random): () => Bytes | undefined {
    if (this.size > WALK_MAX && draws * SPARSE < this.size) return () => this.randomField(random)
    const fields = [...this.#fields.keys()]
    return () => (fields.length === 0 ? undefined : fields[random.below(fields.length)])
  }

  #ordered(): ScanOrder {
    this.#order ??= new ScanOrder(this.#fields.keys(), this.#fields.size)
    return this.#order
  }
}

function isCompact(fields: ReadonlyMap<Bytes, Bytes>, limits: EncodingLimits): boolean {
  if (fields.size > limits.hashMaxListpackEntries) return false
  for (const [field, value] of fields) {
    if (Math.max(field.length, value.length) > limits.hashMaxListpackValue) return false
  }
  return true
}
