/**
 * A set of byte strings (t_set.c, intset.c). An `intset` while all members are canonical 64-bit integers and not too many,
 * then a `listpack` while they are few and small, where the limits allow that (7.2), then a `hashtable` for good. An intset
 * is given in ascending order, a listpack in the order its members came.
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
import { EMPTY_LISTPACK_BYTES, listpackBytes } from '../base/listpack-size.ts'
import { type Integer, parseInteger } from '../base/numbers.ts'
import type { EncodingLimits } from './encoding-limit.ts'
import { type Elements, KeyedCollection, MANY } from './keyed-collection.ts'
import { NameSet } from './name-map.ts'
import type { StoredObject } from './stored-object.ts'

/** The head of an intset. */
const INTSET_HEAD_BYTES = 8

type Form = 'intset' | 'listpack' | 'hashtable'

/** Members. */
export class SetValue extends KeyedCollection implements StoredObject {
  readonly type = 'set'
  readonly #limits: EncodingLimits
  #members: Set<Bytes> | NameSet
  #form: Form
  #ascending: Bytes[] | undefined

  constructor(limits: EncodingLimits, members: Set<Bytes> | NameSet = new Set()) {
    super(members)
    this.#limits = limits
    this.#members = members
    this.#form = formOf(members, limits)
    if (members.size > MANY) this.#makeRoom()
  }

  /** Adds a member; false when it was there. */
  add(member: Bytes): boolean {
    const before = this.#members.size
    this.#members.add(member)
    if (this.#members.size === before) return false
    if (this.#form !== 'hashtable') {
      const former = this.#form
      this.#adapt(member)
      if (this.#form !== former) this.reencoded()
    }
    if (this.#members.size > MANY) this.#makeRoom()
    this.added(member)
    return true
  }

  /** There are many members. Compact ones may have to be arranged anew, and stay where that is quick. */
  #makeRoom(): void {
    if (this.#form !== 'hashtable' || this.#members instanceof NameSet) return
    this.#members = new NameSet(this.#members)
    this.moved(this.#members)
  }

  /** A compact set has this member now: it may have to take another form. */
  #adapt(member: Bytes): void {
    const { setMaxIntsetEntries, setMaxListpackEntries, setMaxListpackValue } = this.#limits
    if (this.#form === 'intset') {
      if (parseInteger(member) !== undefined) {
        if (this.#members.size > setMaxIntsetEntries) this.#form = 'hashtable'
        this.#ascending = undefined
        return
      }
      this.#arrange(member)
      this.#form = 'listpack'
    }
    const fits = this.#members.size <= setMaxListpackEntries && member.length <= setMaxListpackValue
    if (!fits) this.#form = 'hashtable'
  }

  /** The integers in their order, as a listpack takes them over, and the member that came. */
  #arrange(member: Bytes): void {
    if (this.#members.size > this.#limits.setMaxListpackEntries) return
    const others = [...this.#members.keys()].filter((name) => name !== member)
    this.#members = new Set(others.sort(compareIntegers))
    this.#members.add(member)
    this.moved(this.#members)
    this.#ascending = undefined
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
    if (this.#form !== 'intset') return this.#members.keys()
    this.#ascending ??= [...this.#members.keys()].sort(compareIntegers)
    return this.#ascending
  }

  protected override get isCompact(): boolean {
    return this.#form !== 'hashtable'
  }

  encoding(): Form {
    return this.#form
  }

  protected override bytesOf(member: Bytes): number {
    if (this.#form === 'intset') return integerBytes(parseInteger(member) ?? 0)
    if (this.#form === 'listpack') return listpackBytes(member)
    return TABLE_ENTRY_BYTES + textBytes(member.length)
  }

  memoryBytes(): number {
    const bytes = this.elementBytes()
    if (this.#form === 'hashtable') {
      return OBJECT_BYTES + TABLE_BYTES + bucketBytes(this.size) + bytes
    }
    const headBytes = this.#form === 'intset' ? INTSET_HEAD_BYTES : EMPTY_LISTPACK_BYTES
    return OBJECT_BYTES + allocationBytes(headBytes + bytes)
  }

  freeEffort(): number {
    return this.#form === 'hashtable' ? this.size : 1
  }

  copy(): SetValue {
    const names = this.#members.keys()
    const isLarge = this.#members instanceof NameSet
    const copy = new SetValue(this.#limits, isLarge ? new NameSet(names) : new Set(names))
    copy.#form = this.#form
    return copy
  }
}

function formOf(members: Elements, limits: EncodingLimits): Form {
  if (members.size <= limits.setMaxIntsetEntries && areIntegers(members.keys())) return 'intset'
  if (members.size > limits.setMaxListpackEntries) return 'hashtable'
  for (const { length } of members.keys())
    if (length > limits.setMaxListpackValue) return 'hashtable'
  return 'listpack'
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
