/**
 * A hash: fields and their values in the order they came (t_hash.c). Compact (`listpack`) until a field, a value or their
 * number passes the limits, then `hashtable` for good; the encoding decides what OBJECT ENCODING says and how HSCAN walks.
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
import { KeyedCollection } from './keyed-collection.ts'
import type { StoredObject } from './stored-object.ts'

/** Fields and values. */
export class HashValue extends KeyedCollection implements StoredObject {
  readonly type = 'hash'
  readonly #limits: EncodingLimits
  readonly #fields: Map<Bytes, Bytes>
  #compact = true

  constructor(limits: EncodingLimits, fields: Map<Bytes, Bytes> = new Map()) {
    super(fields)
    this.#limits = limits
    this.#fields = fields
    if (fields.size > 0) this.#compact = isCompact(fields, limits)
  }

  get(field: Bytes): Bytes | undefined {
    return this.#fields.get(field)
  }

  /** Sets a field; true when it is new. */
  set(field: Bytes, value: Bytes): boolean {
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
    if (created) this.added(field)
    else this.resized(field)
    return created
  }

  /** Removes a field; false when there was none. */
  delete(field: Bytes): boolean {
    this.changing(field)
    if (!this.#fields.delete(field)) return false
    this.removed(field)
    return true
  }

  /** Fields and values, oldest field first. */
  entries(): MapIterator<[field: Bytes, value: Bytes]> {
    return this.#fields.entries()
  }

  /** Fields, oldest first. */
  names(): MapIterator<Bytes> {
    return this.#fields.keys()
  }

  values(): MapIterator<Bytes> {
    return this.#fields.values()
  }

  protected override get isCompact(): boolean {
    return this.#compact
  }

  encoding(): 'listpack' | 'hashtable' {
    return this.#compact ? 'listpack' : 'hashtable'
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
    const copy = new HashValue(this.#limits, new Map(this.#fields))
    copy.#compact = this.#compact
    return copy
  }
}

function isCompact(fields: ReadonlyMap<Bytes, Bytes>, limits: EncodingLimits): boolean {
  if (fields.size > limits.hashMaxListpackEntries) return false
  for (const [field, value] of fields) {
    if (Math.max(field.length, value.length) > limits.hashMaxListpackValue) return false
  }
  return true
}
