/**
 * What OBJECT tells of a plain string. Redis picks the encoding when it stores (tryObjectEncoding in object.c); here it
 * follows from the bytes, and the few strings whose history decides are EditableString.
 */
import { allocationBytes, OBJECT_BYTES, textBytes } from '../base/allocation.ts'
import type { Bytes } from '../base/bytes.ts'
import { parseInteger } from '../base/numbers.ts'

/** Encodings of a string. */
export type StringEncoding = 'int' | 'embstr' | 'raw'

/** Longest string that Redis keeps beside its header, bytes. */
const EMBEDDED_MAX = 44

/** No integer of 64 bits has more digits and a sign. */
const INTEGER_TEXT_MAX = 20

/** Head and end of a text beside the header of its value. */
const EMBEDDED_FRAME_BYTES = 4

/** Integers from 0 up to here exist once per server. */
const SHARED_INTEGERS = 10_000

/** OBJECT REFCOUNT of what exists once per server. */
const SHARED_REFERENCES = 2_147_483_647

/** The encoding of a plain string: `int` for a canonical 64-bit integer, else by its length. */
export function encodingOf(bytes: Bytes): StringEncoding {
  if (parseInteger(bytes) !== undefined) return 'int'
  return bytes.length <= EMBEDDED_MAX ? 'embstr' : 'raw'
}

/** OBJECT REFCOUNT of a plain string: small integers are shared, everything else has one owner. */
export function referencesOf(bytes: Bytes): number {
  const integer = parseInteger(bytes)
  const shared = typeof integer === 'number' && integer >= 0 && integer < SHARED_INTEGERS
  return shared ? SHARED_REFERENCES : 1
}

/** Bytes that a plain string takes in a Redis. */
export function plainStringBytes(bytes: Bytes): number {
  const { length } = bytes
  if (length <= INTEGER_TEXT_MAX && parseInteger(bytes) !== undefined) return OBJECT_BYTES
  return length <= EMBEDDED_MAX
    ? allocationBytes(OBJECT_BYTES + EMBEDDED_FRAME_BYTES + length)
    : rawStringBytes(length)
}

/** Bytes that a string with room for so many takes when it is kept by itself. */
export function rawStringBytes(room: number): number {
  return OBJECT_BYTES + textBytes(room)
}
