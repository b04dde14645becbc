/**
 * The numbers of the RDB format (rdb.h): what a byte before a record means, and what kind of value a record holds.
 * Invariant: a kind has one name here, whether or not values of that kind can be read yet.
 */

/** The version we write: that of Redis 7.0. */
export const RDB_VERSION = 10

/** The latest version we read; what it added is told apart by the kinds of values. */
export const RDB_VERSION_MAX = 12

/** Bytes that are not the kind of a value. */
export const Opcode = {
  slotInfo: 0xf4,
  function: 0xf5,
  functionPreview: 0xf6,
  moduleAuxiliary: 0xf7,
  idle: 0xf8,
  frequency: 0xf9,
  auxiliary: 0xfa,
  resize: 0xfb,
  expiryMs: 0xfc,
  expirySeconds: 0xfd,
  selectDatabase: 0xfe,
  end: 0xff,
} as const

/** Kinds of values. */
export const Kind = {
  string: 0,
  list: 1,
  set: 2,
  sortedSetText: 3,
  hash: 4,
  sortedSet: 5,
  hashZipmap: 9,
  listZiplist: 10,
  setIntset: 11,
  sortedSetZiplist: 12,
  hashZiplist: 13,
  listQuicklist: 14,
  streamListpacks: 15,
  hashListpack: 16,
  sortedSetListpack: 17,
  listQuicklist2: 18,
  streamListpacks2: 19,
  setListpack: 20,
  streamListpacks3: 21,
} as const

const KIND_NAMES: readonly string[] = [
  'string',
  'list',
  'set',
  'zset',
  'hash',
  'zset-2',
  'module',
  'module-2',
  '',
  'hash-zipmap',
  'list-ziplist',
  'set-intset',
  'zset-ziplist',
  'hash-ziplist',
  'list-quicklist',
  'stream-listpacks',
  'hash-listpack',
  'zset-listpack',
  'list-quicklist-2',
  'stream-listpacks-2',
  'set-listpack',
  'stream-listpacks-3',
]

/** What a kind of value is called in messages. */
export function kindName(kind: number): string {
  return KIND_NAMES[kind] || `unknown-${kind}`
}

/** The bytes are not a valid RDB file or payload, or hold what cannot be read; `message` says what and where. */
export class RdbError extends Error {
  override readonly name: string = 'RdbError'
}

/** The bytes end before what they announce: more may come. */
export class RdbTruncatedError extends RdbError {
  override readonly name = 'RdbTruncatedError'
}
