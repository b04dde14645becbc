/**
 * Values by their type: what a typed look-up returns or refuses (checkType in object.c). A family whose type is not
 * here yet does the same with its own class.
 */
import type { Bytes } from '../base/bytes.ts'
import { type Integer, parseInteger } from '../base/numbers.ts'
import { EditableString, wholeString } from '../data/editable-string.ts'
import { HashValue } from '../data/hash.ts'
import { ListValue } from '../data/list.ts'
import { SetValue } from '../data/set.ts'
import { SortedSetValue } from '../data/sorted-set.ts'
import type { KeptValue, Value, ValueType } from '../data/stored-object.ts'
import { StreamValue } from '../data/stream.ts'
import { errors } from '../resp/reply-error.ts'

/** The type of a value. */
export function typeNameOf(value: Value): ValueType {
  return typeof value === 'string' ? 'string' : value.type
}

/** The value if it is a string. Throws WRONGTYPE. */
export function stringOf(value: Value | undefined): Bytes | EditableString | undefined {
  if (value === undefined || typeof value === 'string' || value instanceof EditableString) {
    return value
  }
  throw errors.wrongType
}

/** The number a string stands for. Throws WRONGTYPE, and when it is no integer. */
export function integerOf(kept: KeptValue | undefined): Integer | undefined {
  if (kept === undefined || typeof kept === 'number') return kept
  const integer = parseInteger(wholeString(stringOf(kept) as Bytes | EditableString))
  if (integer === undefined) throw errors.notInteger
  return integer
}

/** The value if it is a list. Throws WRONGTYPE. */
export function listOf(value: Value | undefined): ListValue | undefined {
  if (value === undefined || value instanceof ListValue) return value
  throw errors.wrongType
}

/** The value if it is a hash. Throws WRONGTYPE. */
export function hashOf(value: Value | undefined): HashValue | undefined {
  if (value === undefined || value instanceof HashValue) return value
  throw errors.wrongType
}

/** The value if it is a set. Throws WRONGTYPE. */
export function setOf(value: Value | undefined): SetValue | undefined {
  if (value === undefined || value instanceof SetValue) return value
  throw errors.wrongType
}

/** The value if it is a sorted set. Throws WRONGTYPE. */
export function sortedSetOf(value: Value | undefined): SortedSetValue | undefined {
  if (value === undefined || value instanceof SortedSetValue) return value
  throw errors.wrongType
}

/** The value if it is a stream. Throws WRONGTYPE. */
export function streamOf(value: Value | undefined): StreamValue | undefined {
  if (value === undefined || value instanceof StreamValue) return value
  throw errors.wrongType
}
