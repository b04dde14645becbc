/**
 * What an RDB file holds, as plain values: the form between the bytes of this room and the values of the keyspace.
 * Invariant: a record owns its strings; a hash or a list may be a view of the live value and is read at once.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Integer } from '../base/numbers.ts'
import type { StreamId } from '../base/stream-id.ts'

/** A string. */
export interface StringRecord {
  readonly type: 'string'
  readonly bytes: Bytes
}

/** When fields of a hash end, Unix ms. */
export interface FieldEnds {
  /** The earliest; 0 when it is not known. */
  readonly earliestMs: number
  /** Undefined for a field that does not end. */
  of(field: Bytes): number | undefined
}

/** A hash; `packed` says that it is small enough to be written as a listpack. */
export interface HashRecord {
  readonly type: 'hash'
  readonly packed: boolean
  readonly size: number
  /** Undefined when no field ends, and the form tells so. */
  readonly ends?: FieldEnds | undefined
  entries(): Iterable<readonly [field: Bytes, value: Bytes]>
}

/** A list; `maxListpackSize` says how it is cut when written (list-max-listpack-size). */
export interface ListRecord {
  readonly type: 'list'
  readonly size: number
  readonly maxListpackSize: number
  elements(): Iterable<Bytes>
}

/** A set; `packed` says that its members are ascending integers, or small and few, to be written so. */
export interface SetRecord {
  readonly type: 'set'
  readonly packed: 'intset' | 'listpack' | undefined
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

/** An entry of a stream; `fields` are those of its node, the same array, when it has no others. */
export interface StreamEntryRecord {
  readonly id: StreamId
  readonly fields: readonly Bytes[]
  readonly values: readonly Bytes[]
  readonly isDeleted: boolean
}

/** Entries that are written together. */
export interface StreamNodeRecord {
  readonly masterId: StreamId
  readonly fields: readonly Bytes[]
  readonly entries: readonly StreamEntryRecord[]
}

/** An entry that was delivered and not acknowledged. */
export interface PendingRecord {
  readonly id: StreamId
  /** Unix milliseconds. */
  readonly deliveredAtMs: number
  readonly deliveries: Integer
}

/** A consumer and the ids that pend for it. */
export interface ConsumerRecord {
  readonly name: Bytes
  /** Unix milliseconds of the last attempt to read. */
  readonly seenAtMs: number
  /** Unix milliseconds of the last read that gave it something; undefined when none has (7.2). */
  readonly activeAtMs: number | undefined
  readonly pending: readonly StreamId[]
}

/** A consumer group; all that pends for its consumers pends for it. */
export interface GroupRecord {
  readonly name: Bytes
  readonly lastId: StreamId
  /** Undefined: it cannot be told. */
  readonly entriesRead: Integer | undefined
  readonly pending: readonly PendingRecord[]
  readonly consumers: readonly ConsumerRecord[]
}

/** A stream; `size` counts the entries that are not deleted. */
export interface StreamRecord {
  readonly type: 'stream'
  readonly size: number
  readonly nodes: readonly StreamNodeRecord[]
  readonly lastId: StreamId
  readonly firstId: StreamId
  readonly maxDeletedId: StreamId
  readonly entriesAdded: Integer
  readonly groups: readonly GroupRecord[]
}

/** A value of any type that can be written and read. */
export type RdbValue =
  | StringRecord
  | HashRecord
  | ListRecord
  | SetRecord
  | SortedSetRecord
  | StreamRecord

/** A key with its value. */
export interface RdbRecord extends KeyAccess {
  readonly key: Bytes
  readonly value: RdbValue
  /** Unix milliseconds. */
  readonly expiryMs: number | undefined
}

/** How a key was used: what a server that evicts by it writes down. */
export interface KeyAccess {
  readonly idleSeconds?: number | undefined
  /** The logarithmic counter, 0 to 255. */
  readonly frequency?: number | undefined
}
