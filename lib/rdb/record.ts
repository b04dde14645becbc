/**
 * What an RDB file holds, as plain values: the form between the bytes of this room and the values of the keyspace.
 * Invariant: a record owns its strings; a hash or a list may be a view of the live value and is read at once.
 */
import type { Bytes } from '../base/bytes.ts'

/** A string. */
export interface StringRecord {
  readonly type: 'string'
  readonly bytes: Bytes
}

/** A hash; `packed` says that it is small enough to be written as a listpack. */
export interface HashRecord {
  readonly type: 'hash'
  readonly packed: boolean
  readonly size: number
  entries(): Iterable<readonly [field: Bytes, value: Bytes]>
}

/** A list; `maxListpackSize` says how it is cut when written (list-max-listpack-size). */
export interface ListRecord {
  readonly type: 'list'
  readonly size: number
  readonly maxListpackSize: number
  elements(): Iterable<Bytes>
}

/** A set; `packed` says that its members are ascending integers, to be written as an intset. */
export interface SetRecord {
  readonly type: 'set'
  readonly packed: boolean
  readonly size: number
  members(): Iterable<Bytes>
}

/** A sorted set; `packed` says that it is small enough to be written as a listpack. */
export interface SortedSetRecord {
  readonly type: 'zset'
  readonly packed: boolean
  readonly size: number
  /** By falling score where the record is to be written. */
  descending(): Iterable<readonly [member: Bytes, score: number]>
}

/** A value of any type that can be written and read. */
export type RdbValue = StringRecord | HashRecord | ListRecord | SetRecord | SortedSetRecord

/** A key with its value. */
export interface RdbRecord {
  readonly key: Bytes
  readonly value: RdbValue
  /** Unix milliseconds. */
  readonly expiryMs: number | undefined
}
