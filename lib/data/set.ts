/**
 * A set of byte strings (t_set.c, intset.c). An `intset` while all members are canonical 64-bit integers and not too many,
 * then a `hashtable` for good; an intset is given in ascending order.
 * Invariant: `#ascending`, while it exists, holds exactly the members of an intset.
 */
import type { Bytes } from '../base/bytes.ts'
import { parseInteger } from '../base/numbers.ts'
import type { EncodingLimits } from './encoding-limit.ts'
import { KeyedCollection } from './keyed-collection.ts'
import type { StoredObject } from './stored-object.ts'

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
    }
    this.added(member)
    return true
  }

  /** Removes a member; false when there was none. */
  delete(member: Bytes): boolean {
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

/** Orders canonical integers by value: of one sign the longer text is the greater number, and digits compare as text. */
function compareIntegers(a: Bytes, b: Bytes): number {
  const isNegative = a.startsWith('-')
  if (isNegative !== b.startsWith('-')) return isNegative ? -1 : 1
  const order = a.length - b.length || (a < b ? -1 : 1)
  return isNegative ? -order : order
}
