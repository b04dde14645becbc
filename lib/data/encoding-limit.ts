/**
 * The sizes up to which collections count as compactly encoded (`*-max-listpack-*` of redis.conf). One object per node,
 * changed in place by CONFIG SET: values look at it when they grow, and never turn back.
 */

/** The directives that decide encodings, in their own units: numbers of elements and bytes per element. */
export interface EncodingLimits {
  /** hash-max-listpack-entries */
  hashMaxListpackEntries: number
  /** hash-max-listpack-value */
  hashMaxListpackValue: number
  /** list-max-listpack-size: elements per node of a list, or one of five sizes below 0. */
  listMaxListpackSize: number
  /** Lists that fit one node are a `listpack` (7.2). */
  listsMayBeListpacks: boolean
  /** set-max-intset-entries */
  setMaxIntsetEntries: number
  /** set-max-listpack-entries; 0: sets have no such form (before 7.2). */
  setMaxListpackEntries: number
  /** set-max-listpack-value */
  setMaxListpackValue: number
  /** zset-max-listpack-entries */
  zsetMaxListpackEntries: number
  /** zset-max-listpack-value */
  zsetMaxListpackValue: number
  /** stream-node-max-bytes; 0: as many as a node can have. */
  streamNodeMaxBytes: number
  /** stream-node-max-entries; 0: any number. */
  streamNodeMaxEntries: number
}

/** What redis.conf has when it says nothing. */
export function defaultEncodingLimits(): EncodingLimits {
  return {
    hashMaxListpackEntries: 512,
    hashMaxListpackValue: 64,
    listMaxListpackSize: -2,
    listsMayBeListpacks: false,
    setMaxIntsetEntries: 512,
    setMaxListpackEntries: 128,
    setMaxListpackValue: 64,
    zsetMaxListpackEntries: 128,
    zsetMaxListpackValue: 64,
    streamNodeMaxBytes: 4096,
    streamNodeMaxEntries: 100,
  }
}
