/**
 * A hash: fields and their values in the order they came (t_hash.c). Compact (`listpack`) until a field, a value or their
 * number passes the limits, then `hashtable` for good; the encoding decides what OBJECT ENCODING says and how HSCAN walks.
 * Fields may end: a compact hash that was asked for it once (`listpackex`) has those that do in front, earliest first.
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
import { EMPTY_LISTPACK_BYTES, listpackBytes } from '../base/listpack-size.ts'
import type { EncodingLimits } from './encoding-limit.ts'
import { FieldExpiries } from './field-expiry.ts'
import { KeyedCollection, MANY } from './keyed-collection.ts'
import { NameMap } from './name-map.ts'
import type { StoredObject } from './stored-object.ts'

/** Fields and values. */
export class HashValue extends KeyedCollection implements StoredObject {
  readonly type = 'hash'
  readonly #limits: EncodingLimits
  #fields: Map<Bytes, Bytes> | NameMap<Bytes>
  #compact = true
  /** Undefined until a field is to end. */
  #expiries: FieldExpiries | undefined

  constructor(
    limits: EncodingLimits,
    fields: Map<Bytes, Bytes> | NameMap<Bytes> = new Map(),
    expiries?: FieldExpiries,
  ) {
    super(fields)
    this.#limits = limits
    this.#fields = fields
    this.#expiries = expiries
    if (fields.size > 0) this.#compact = isCompact(fields, limits)
    if (expiries !== undefined && this.#compact) this.#arrange()
    if (fields.size > MANY) this.#makeRoom()
  }

  /** When fields end, for who only looks; undefined while the hash was never asked for it. */
  get expiries(): Pick<FieldExpiries, 'size' | 'nextMs' | 'of' | 'earliestMs'> | undefined {
    return this.#expiries
  }

  /** No field is over before; infinite when none ends. */
  get nextExpiryMs(): number {
    return this.#expiries === undefined ? Number.POSITIVE_INFINITY : this.#expiries.nextMs
  }

  get(field: Bytes): Bytes | undefined {
    return this.#fields.get(field)
  }

  /** Sets a field, which does not end then; true when it is new. */
  set(field: Bytes, value: Bytes): boolean {
    if (this.#expiries !== undefined) this.persist(field)
    return this.setKeepingExpiry(field, value)
  }

  /** Sets a field and leaves it when it ends; true when it is new. */
  setKeepingExpiry(field: Bytes, value: Bytes): boolean {
    const before = this.#fields.size
    this.changing(field)
    this.#fields.set(field, value)
    const created = this.#fields.size !== before
    if (this.#compact) {
      const { hashMaxListpackEntries, hashMaxListpackValue } = this.#limits
      this.#compact =
        field.length <= hashMaxListpackValue &&
        value.length <= hashMaxListpackValue &&
        this.#fields.size <= hashMaxListpackEntries
      if (!this.#compact) this.reencoded()
    }
    if (created) {
      if (this.#fields.size > MANY) this.#makeRoom()
      this.added(field)
    } else this.resized(field)
    return created
  }

  /** There are many fields. Compact ones may have to be arranged anew, and stay where that is quick. */
  #makeRoom(): void {
    if (this.#compact || this.#fields instanceof NameMap) return
    this.#fields = new NameMap(this.#fields)
    this.moved(this.#fields)
  }

  /** Removes a field; false when there was none. */
  delete(field: Bytes): boolean {
    this.changing(field)
    if (!this.#fields.delete(field)) return false
    if (this.#expiries !== undefined) this.#expiries.clear(field)
    this.removed(field)
    return true
  }

  /** Lets a field that is there end, Unix ms. */
  expire(field: Bytes, atMs: number): void {
    this.enableExpiry().set(field, atMs)
    if (this.#compact) this.#move(field, atMs)
  }

  /** The field ends no more; false when it did not. */
  persist(field: Bytes): boolean {
    if (this.#expiries?.clear(field) !== true) return false
    if (this.#compact) this.#move(field, Number.POSITIVE_INFINITY)
    return true
  }

  /** Makes the hash one whose fields may end (hashTypeConvert). */
  enableExpiry(): FieldExpiries {
    this.#expiries ??= new FieldExpiries()
    return this.#expiries
  }

  /** Removes the fields whose time is over and gives their names. */
  takeDue(nowMs: number): Bytes[] {
    const expiries = this.#expiries
    if (expiries === undefined) return []
    const order = this.#compact ? [...this.#fields.keys()] : undefined
    const due = expiries.due(nowMs)
    if (order !== undefined) due.sort((one, other) => order.indexOf(one) - order.indexOf(other))
    for (const field of due) this.delete(field)
    expiries.recount()
    return due
  }

  /** An equal hash without the fields whose time is over. */
  withoutDue(nowMs: number): HashValue {
    const copy = this.copy()
    copy.takeDue(nowMs)
    return copy
  }

  /** Puts a field before the first that ends no sooner, or behind all if it does not end (listpackExAddInternal). */
  #move(field: Bytes, atMs: number): void {
    const value = this.#fields.get(field) as Bytes
    this.#fields.delete(field)
    if (atMs !== Number.POSITIVE_INFINITY) {
      const rest = [...this.#fields].filter(([name]) => this.#endOf(name) >= atMs)
      for (const [name] of rest) this.#fields.delete(name)
      this.#fields.set(field, value)
      for (const [name, kept] of rest) this.#fields.set(name, kept)
    } else this.#fields.set(field, value)
  }

  #endOf(field: Bytes): number {
    return this.#expiries?.of(field) ?? Number.POSITIVE_INFINITY
  }

  /** Puts the fields in the order of their ends. */
  #arrange(): void {
    const sorted = [...this.#fields].sort(([one], [other]) => {
      const [end, otherEnd] = [this.#endOf(one), this.#endOf(other)]
      return end === otherEnd ? 0 : end < otherEnd ? -1 : 1
    })
    this.#fields = new Map(sorted)
    this.moved(this.#fields)
  }

  /** Fields and values, oldest field first. */
  entries(): IterableIterator<[field: Bytes, value: Bytes]> {
    return this.#fields[Symbol.iterator]()
  }

  /** Fields, oldest first. */
  names(): IterableIterator<Bytes> {
    return this.#fields.keys()
  }

  values(): IterableIterator<Bytes> {
    return this.#fields.values()
  }

  protected override get isCompact(): boolean {
    return this.#compact
  }

  encoding(): 'listpack' | 'listpackex' | 'hashtable' {
    if (!this.#compact) return 'hashtable'
    return this.#expiries === undefined ? 'listpack' : 'listpackex'
  }

  protected override bytesOf(field: Bytes): number {
    const value = this.#fields.get(field) ?? ''
    return this.#compact
      ? listpackBytes(field) + listpackBytes(value)
      : TABLE_ENTRY_BYTES + textBytes(field.length) + textBytes(value.length)
  }

  memoryBytes(): number {
    const bytes = this.elementBytes()
    return this.#compact
      ? OBJECT_BYTES + allocationBytes(EMPTY_LISTPACK_BYTES + bytes)
      : OBJECT_BYTES + TABLE_BYTES + bucketBytes(this.size) + bytes
  }

  freeEffort(): number {
    return this.#compact ? 1 : this.size
  }

  copy(): HashValue {
    const isLarge = this.#fields instanceof NameMap
    const fields = isLarge ? new NameMap(this.#fields) : new Map(this.#fields)
    const copy = new HashValue(this.#limits, fields)
    copy.#compact = this.#compact
    copy.#expiries = this.#expiries?.copy()
    return copy
  }
}

function isCompact(fields: Map<Bytes, Bytes> | NameMap<Bytes>, limits: EncodingLimits): boolean {
  if (fields.size > limits.hashMaxListpackEntries) return false
  for (const [field, value] of fields) {
    if (Math.max(field.length, value.length) > limits.hashMaxListpackValue) return false
  }
  return true
}
