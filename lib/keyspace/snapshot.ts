/**
 * Databases as RDB records and back: one conversion per type in each direction, so a new type is two lines
 * (rdbSaveObject and rdbLoadObject seen from the keyspace). Invariant: what is written and loaded again is equal; its
 * encoding is chosen anew by the limits of the loader.
 */
import type { Bytes } from '../base/bytes.ts'
import { EditableString } from '../data/editable-string.ts'
import type { EncodingLimits } from '../data/encoding-limit.ts'
import { FieldExpiries } from '../data/field-expiry.ts'
import { HashValue } from '../data/hash.ts'
import { ListValue } from '../data/list.ts'
import { SetValue } from '../data/set.ts'
import { SortedSetValue } from '../data/sorted-set.ts'
import type { Value } from '../data/stored-object.ts'
import { StreamValue } from '../data/stream.ts'
import type {
  FieldEnds,
  HashRecord,
  KeyAccess,
  RdbRecord,
  RdbValue,
  SetRecord,
} from '../rdb/record.ts'
import type { AccessMode } from './access-record.ts'
import type { Database } from './database.ts'
import { streamOfRecord, streamRecord } from './stream-snapshot.ts'

/** A stored value as a record. Collections are read from the live value: use it before anything else runs. */
export function recordOf(value: Value): RdbValue {
  if (typeof value === 'string') return { type: 'string', bytes: value }
  if (value instanceof EditableString) return { type: 'string', bytes: value.bytes() }
  if (value instanceof HashValue) {
    return {
      type: 'hash',
      packed: value.encoding() !== 'hashtable',
      size: value.size,
      ends: endsOf(value),
      entries: () => value.entries(),
    }
  }
  if (value instanceof ListValue) {
    return {
      type: 'list',
      size: value.size,
      maxListpackSize: value.maxListpackSize,
      elements: () => value.values(),
    }
  }
  if (value instanceof SetValue) {
    return {
      type: 'set',
      packed: packedFormOf(value),
      size: value.size,
      members: () => value.names(),
    }
  }
  if (value instanceof SortedSetValue) {
    return {
      type: 'zset',
      packed: value.encoding() === 'listpack',
      size: value.size,
      descending: () => value.descending(),
    }
  }
  if (value instanceof StreamValue) return streamRecord(value)
  throw new TypeError(`no RDB record for a ${value.type}`)
}

function packedFormOf(set: SetValue): SetRecord['packed'] {
  const encoding = set.encoding()
  return encoding === 'hashtable' ? undefined : encoding
}

function endsOf(hash: HashValue): FieldEnds | undefined {
  const { expiries } = hash
  if (expiries === undefined) return undefined
  const of = (field: Bytes) => expiries.of(field)
  if (hash.encoding() === 'listpackex') {
    return { earliestMs: expiries.nextMs === Number.POSITIVE_INFINITY ? 0 : expiries.nextMs, of }
  }
  return expiries.size === 0 ? undefined : { earliestMs: expiries.earliestMs(), of }
}

function hashOfRecord({ entries, ends }: HashRecord, limits: EncodingLimits): HashValue {
  const fields = new Map(entries())
  if (ends === undefined) return new HashValue(limits, fields)
  const times = new Map<Bytes, number>()
  for (const field of fields.keys()) {
    const atMs = ends.of(field)
    if (atMs !== undefined) times.set(field, atMs)
  }
  return new HashValue(limits, fields, new FieldExpiries(times))
}

/** A value to store, from a record. */
export function storedValueOf(record: RdbValue, limits: EncodingLimits): Value {
  switch (record.type) {
    case 'string':
      return record.bytes
    case 'hash':
      return hashOfRecord(record, limits)
    case 'set':
      return new SetValue(limits, new Set(record.members()))
    case 'zset':
      return new SortedSetValue(limits, new Map(record.descending()))
    case 'list':
      return new ListValue(limits, record.elements())
    case 'stream':
      return streamOfRecord(record, limits)
  }
}

/** Stores a record that was read, telling nobody. */
export function loadRecord(database: Database, record: RdbRecord, mode: AccessMode = 'idle'): void {
  const { key, value, expiryMs } = record
  database.load(key, storedValueOf(value, database.limits), expiryMs)
  keepAccess(database, key, record, mode)
}

/** How a key was used that is told with it, as far as the server records it (objectSetLRUOrLFU). */
export function keepAccess(
  database: Database,
  key: Bytes,
  { idleSeconds, frequency }: KeyAccess,
  mode: AccessMode,
): void {
  if (mode === 'frequency') {
    if (frequency !== undefined) database.setFrequency(key, frequency)
  } else if (idleSeconds !== undefined) database.setIdle(key, idleSeconds)
}
