/**
 * What things take in the memory of a Redis: requests rounded up as its allocator does (jemalloc's size classes), texts with
 * their head and end (sds.c). Nothing here takes so much itself; it is what MEMORY USAGE tells and `maxmemory` counts.
 */

/** Below it classes are apart by a fixed step; above, four lie between a power of two and the next. */
const STEPPED_MAX = 128
const STEP = 16
const TINY = 8
/** Rounding is lost in anything larger. */
const ROUNDED_MAX = 2 ** 31

/** Bytes that a request for so many takes. */
export function allocationBytes(bytes: number): number {
  if (bytes <= TINY) return TINY
  if (bytes <= STEPPED_MAX) return (bytes + STEP - 1) & ~(STEP - 1)
  if (bytes > ROUNDED_MAX) return bytes
  const spacing = 2 ** (29 - Math.clz32(bytes - 1))
  return Math.ceil(bytes / spacing) * spacing
}

/** Bytes of the head and the end of a text of this length. */
export function textFrameBytes(length: number): number {
  if (length < 1 << 5) return 2
  if (length < 1 << 8) return 4
  return length < 1 << 16 ? 6 : 10
}

/** Bytes that a text takes that stands by itself: a key, a field, a member. */
export function textBytes(length: number): number {
  return allocationBytes(length + textFrameBytes(length))
}

/** Bytes of the buckets of a hash table with so many entries. */
export function bucketBytes(entries: number): number {
  return POINTER_BYTES * 2 ** Math.ceil(Math.log2(Math.max(4, entries)))
}

/** A pointer. */
export const POINTER_BYTES = 8
/** The head that each value has (robj). */
export const OBJECT_BYTES = 16
/** An entry of a hash table, without what it points to. */
export const TABLE_ENTRY_BYTES = 24
/** A hash table, without buckets and entries. */
export const TABLE_BYTES = 56
