/**
 * How many bytes things take in a listpack (listpack.c): the codec writes so many, and values that are kept otherwise
 * reckon with them where Redis decides by size.
 */
import type { Bytes } from './bytes.ts'
import { type Integer, parseInteger } from './numbers.ts'

/** Bytes of a listpack without elements: its head and its end. */
export const EMPTY_LISTPACK_BYTES = 7

/** No integer of 64 bits has more digits and a sign. */
const INTEGER_TEXT_MAX = 20

/** The integer that an element is written as; undefined: it is a string. */
export function listpackInteger(element: Bytes): Integer | undefined {
  return element.length <= INTEGER_TEXT_MAX ? parseInteger(element) : undefined
}

/** Bytes that an element takes. */
export function listpackBytes(element: Bytes): number {
  const integer = listpackInteger(element)
  if (integer !== undefined) return listpackIntegerBytes(integer)
  const size = stringBytes(element.length)
  return size + backLengthBytes(size)
}

/** Bytes that an integer takes. */
export function listpackIntegerBytes(value: Integer): number {
  // The size of all these fits one byte.
  return integerBytes(value) + 1
}

/** Bytes that the size of an element takes behind it. */
export function backLengthBytes(size: number): number {
  if (size <= 127) return 1
  if (size < 16383) return 2
  if (size < 2097151) return 3
  return size < 268435455 ? 4 : 5
}

function stringBytes(length: number): number {
  if (length < 1 << 6) return 1 + length
  return length < 1 << 12 ? 2 + length : 5 + length
}

function integerBytes(value: Integer): number {
  if (value >= 0 && value <= 127) return 1
  if (value >= -4096 && value <= 4095) return 2
  if (value >= -0x8000 && value <= 0x7fff) return 3
  if (value >= -0x80_0000 && value <= 0x7f_ffff) return 4
  return value >= -0x8000_0000 && value <= 0x7fff_ffff ? 5 : 9
}
