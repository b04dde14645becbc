/**
 * A set of byte strings (t_set.c, intset.c). An `intset` while all members are canonical 64-bit integers and not too many,
 * then a `hashtable` for good; an intset is given in ascending order.
 * Invariant: `#ascending`, while it exists, holds exactly the members of an intset.
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
import { type Integer, parseInteger } from '../base/numbers.ts'
import type { EncodingLimits } from './encoding-limit.ts'
import { KeyedCollection } from './keyed-collection.ts'
import type { StoredObject } from './stored-object.ts'

/** The head of an intset. */
const INTSET_HEAD_BYTES = 8

/** Members. */
export class SetValue extends KeyedCollection implements StoredObject {
  readonly type = 'set'
  readonly #limits: EncodingLimits
  readonly #members: Set<Bytes>
  #isIntset: boolean
  #ascending: Bytes[] | undefined

  constructor(limits: EncodingLimits, members: Set<Bytes> = new Set()) {
    super(members)
    this.#limits = limits
    this.#members = members
    this.#isIntset = members.size <= limits.setMaxIntsetEntries && areIntegers(members)
  }

  /** Adds a member; false when it was there. */
  add(member: Bytes): boolean {
    const before = this.#members.size
    this.#members.add(member)
    if (this.#members.size === before) return false
    if (this.#isIntset) {
      this.#isIntset =
        this.#members.size <= this.#limits.setMaxIntsetEntries && parseInteger(member) !== undefined
      this.#ascending = undefined
      if (!this.#isIntset) this.reencoded()
    }
    this.added(member)
    return true
  }

  /** Removes a member; false when there was none. */
  delete(member: Bytes): boolean {
    this.changing(member)
    if (!this.#members.delete(member)) return false
    this.#ascending = undefined
    this.removed(member)
    return true
  }

  /** Members: an intset's in ascending order, others oldest first. */
  names(): Iterable<Bytes> {
    if (!this.#isIntset) return this.#members.keys()
    this.#ascending ??= [...this.#members].sort(compareIntegers)
    return this.#ascending
  }

  protected override get isCompact(): boolean {
    return this.#isIntset
  }

  encoding(): 'intset' | 'hashtable' {
    return this.#isIntset ? 'intset' : 'hashtable'
  }

  protected override bytesOf(member: Bytes): number {
    return this.#isIntset
      ? integerBytes(parseInteger(member) ?? 0)
      : TABLE_ENTRY_BYTES + textBytes(member.length)
  }

  memoryBytes(): number {
    const bytes = this.elementBytes()
    return this.#isIntset
      ? OBJECT_BYTES + allocationBytes(INTSET_HEAD_BYTES + bytes)
      : OBJECT_BYTES + TABLE_BYTES + bucketBytes(this.size) + bytes
  }

  freeEffort(): number {
    return this.#isIntset ? 1 : this.size
  }

  copy(): SetValue {
    const copy = new SetValue(this.#limits, new Set(this.#members))
    copy.#isIntset = this.#isIntset
    return copy
  }
}

function areIntegers(members: Iterable<Bytes>): boolean {
  for (const member of members) if (parseInteger(member) === undefined) return false
  return true
}

/** What a member of an intset needs; all are given as much as the widest in Redis, which few sets mix. */
function integerBytes(value: Integer): number {
  if (value >= -0x8000 && value <= 0x7fff) return 2
  return value >= -0x8000_0000 && value <= 0x7fff_ffff ? 4 : 8
}

/** Orders canonical integers by value: of one sign the longer text is the greater number, and digits compare as text. */
function compareIntegers(a: Bytes, b: Bytes): number {
  const isNegative = a.startsWith('-')
  if (isNegative !== b.startsWith('-')) return isNegative ? -1 : 1
  const order = a.length - b.length || (a < b ? -1 : 1)
  return isNegative ? -order : order
}
