/**
 * Writes an RDB file (rdbSaveRio) as a sequence of chunks: whoever draws them may do other work in between, as long as
 * the records it hands out stay what they were. Invariant: the chunks in their order are one valid file.
 */
import { Buffer } from 'node:buffer'
import type { Bytes } from '../base/bytes.ts'
import { Crc64 } from '../base/crc64.ts'
import { RdbEncoder } from './encoder.ts'
import { Opcode, RDB_VERSION } from './format.ts'
import type { RdbRecord } from './record.ts'
import { encodeValue } from './value.ts'

const CHUNK_BYTES = 64 * 1024

/** A database to write; one without keys leaves no trace in the file. */
export interface RdbDatabase {
  readonly index: number
  /** Keys, and keys with an expiry: hints for the reader. */
  readonly keys: number
  readonly expiring: number
  readonly records: Iterable<RdbRecord>
}

/** What to write, and how. */
export interface RdbContents {
  /** Facts about the file, in order: `redis-ver`, `ctime`. */
  readonly auxiliary: readonly (readonly [name: Bytes, value: Bytes])[]
  /** Sources of function libraries. */
  readonly functions?: Iterable<Bytes>
  readonly databases: Iterable<RdbDatabase>
  /** LZF for long strings (rdbcompression); yes without it. */
  readonly compress?: boolean
  /** The version of the format, 10 without it; a value that needs a later one asks for it. */
  readonly version?: number
  /** A checksum at the end (rdbchecksum) instead of zeros; yes without it. */
  readonly checksum?: boolean
}

/** The file in chunks of about 64 KiB; a chunk is larger only when one record is. */
export function* writeRdb(contents: RdbContents): Generator<Buffer, void> {
  const encoder = new RdbEncoder({
    compress: contents.compress ?? true,
    capacity: CHUNK_BYTES + (CHUNK_BYTES >>> 2),
  })
  const crc = (contents.checksum ?? true) ? new Crc64() : undefined
  const take = () => {
    const chunk = encoder.take()
    crc?.update(chunk)
    return chunk
  }
  const { version = RDB_VERSION } = contents
  encoder.text(`REDIS${String(version).padStart(4, '0')}`)
  for (const [name, value] of contents.auxiliary) {
    encoder.byte(Opcode.auxiliary)
    encoder.string(name)
    encoder.string(value)
  }
  for (const source of contents.functions ?? []) {
    encoder.byte(Opcode.function)
    encoder.string(source)
    if (encoder.pendingBytes >= CHUNK_BYTES) yield take()
  }
  for (const database of contents.databases) {
    if (database.keys === 0) continue
    encodeHead(encoder, database)
    for (const record of database.records) {
      encodeRecord(encoder, record, version)
      if (encoder.pendingBytes >= CHUNK_BYTES) yield take()
    }
  }
  encoder.byte(Opcode.end)
  yield take()
  const checksum = Buffer.alloc(8)
  crc?.writeTo(checksum, 0)
  yield checksum
}

function encodeHead(encoder: RdbEncoder, database: RdbDatabase): void {
  encoder.byte(Opcode.selectDatabase)
  encoder.length(database.index)
  encoder.byte(Opcode.resize)
  encoder.length(database.keys)
  encoder.length(database.expiring)
}

function encodeRecord(encoder: RdbEncoder, record: RdbRecord, version: number): void {
  if (record.expiryMs !== undefined) {
    encoder.byte(Opcode.expiryMs)
    encoder.int64(record.expiryMs)
  }
  encodeValue(encoder, record.value, { key: record.key, version })
}
