/**
 * How names would lie in a chained hash table of Redis' size: as many buckets as the next power of two (dictGetStats in
 * dict.c). Which names share a bucket depends on the hash, which is another in each server.
 */
import type { Bytes } from '../base/bytes.ts'
import { nameHash } from '../base/name-hash.ts'

/** No table has fewer buckets. */
const BUCKETS_MIN = 4

/** A table's buckets. */
export interface TableShape {
  readonly buckets: number
  readonly elements: number
  /** How many buckets hold so many names, by that number. */
  readonly bucketsByLength: readonly number[]
}

/** The shape of a table of these names, `count` of them. */
export function shapeOfTable(names: Iterable<Bytes>, count: number): TableShape {
  const buckets = 2 ** Math.ceil(Math.log2(Math.max(BUCKETS_MIN, count)))
  const lengths = new Uint32Array(buckets)
  for (const name of names) {
    const bucket = nameHash(name) % buckets
    lengths[bucket] = (lengths[bucket] as number) + 1
  }
  const bucketsByLength: number[] = []
  for (const length of lengths) {
    while (bucketsByLength.length <= length) bucketsByLength.push(0)
    bucketsByLength[length] = (bucketsByLength[length] as number) + 1
  }
  return { buckets, elements: count, bucketsByLength }
}
