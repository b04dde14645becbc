/**
 * The numbers of the RDB format (rdb.h): what a byte before a record means, and what kind of value a record holds.
 * Invariant: a kind has one name here, whether or not values of that kind can be read yet.
 */
import type { Version } from '../base/version.ts'

/** The version of files that every release since 7.0 reads. */
export const RDB_VERSION = 10

/** The first version with small sets as listpacks, and times of consumers' activity (7.2). */
export const RDB_VERSION_7_2 = 11

/** The first version with fields of hashes that end (7.4). */
export const RDB_VERSION_7_4 = 12

/** The version a release writes by itself. */
export function rdbVersionOf(release: Version): number {
  if (release.atLeast('7.4')) return RDB_VERSION_7_4
  return release.atLeast('7.2') ? RDB_VERSION_7_2 : RDB_VERSION
}

/** The latest version we read; what it added is told apart by the kinds of values. */
export const RDB_VERSION_MAX = RDB_VERSION_7_4

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
  hashFieldEnds: 24,
  hashListpackFieldEnds: 25,
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
  'hash-hashtable-md-pre-release',
  'hash-listpack-md-pre-release',
  'hash-hashtable-md',
  'hash-listpack-md',
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
