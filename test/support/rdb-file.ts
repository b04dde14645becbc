/** Whole RDB files out of records, and the records of a database. */
import type { Bytes } from '../../lib/base/bytes.ts'
import type { Database } from '../../lib/keyspace/database.ts'
import { recordOf } from '../../lib/keyspace/snapshot.ts'
import type { RdbRecord } from '../../lib/rdb/record.ts'
import { type RdbForm, RdbWriter } from '../../lib/rdb/writer.ts'

/** A database to write; one without keys leaves no trace in the file. */
export interface RdbDatabase {
  readonly index: number
  /** Keys, and keys with an expiry: hints for the reader. */
  readonly keys: number
  readonly expiring: number
  readonly records: Iterable<RdbRecord>
}

/** What to write, and how. */
export interface RdbContents extends RdbForm {
  /** Facts about the file, in order: `redis-ver`, `ctime`. */
  readonly auxiliary: readonly (readonly [name: Bytes, value: Bytes])[]
  /** Sources of function libraries. */
  readonly functions?: Iterable<Bytes>
  readonly databases: Iterable<RdbDatabase>
}

/** A file in chunks. */
export function* writeRdb(contents: RdbContents): Generator<Buffer, void> {
  const writer = new RdbWriter(contents)
  for (const [name, value] of contents.auxiliary) writer.auxiliary(name, value)
  for (const source of contents.functions ?? []) writer.function(source)
  for (const { index, keys, expiring, records } of contents.databases) {
    writer.announce(index, keys, expiring)
    for (const record of records) {
      writer.record(index, record)
      if (writer.isFull) yield writer.take()
    }
  }
  yield writer.end()
}

/** A database as it is. */
export function snapshotOf(database: Database): RdbDatabase {
  const { index, size, expiring } = database
  return { index, keys: size, expiring, records: recordsOf(database) }
}

function* recordsOf(database: Database): Generator<RdbRecord> {
  for (const [key, value, expiryMs] of database.entries()) {
    yield { key, value: recordOf(value), expiryMs }
  }
}
