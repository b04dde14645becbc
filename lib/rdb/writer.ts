/**
 * Writes an RDB file (rdbSaveRio) record by record, in whatever order they come. Invariant: what `take` and at last `end`
 * hand out is, in this order, one valid file.
 */
import { Buffer } from 'node:buffer'
import type { Bytes } from '../base/bytes.ts'
import { Crc64 } from '../base/crc64.ts'
import { RdbEncoder } from './encoder.ts'
import { Opcode, RDB_VERSION } from './format.ts'
import type { RdbRecord } from './record.ts'
import { encodeValue } from './value.ts'

const CHUNK_BYTES = 2 * 1024

/** How a file is written. */
export interface RdbForm {
  /** LZF for long strings (rdbcompression); yes without it. */
  readonly compress?: boolean
  /** The version of the format, 10 without it; a value that needs a later one asks for it. */
  readonly version?: number
  /** A checksum at the end (rdbchecksum) instead of zeros; yes without it. */
  readonly checksum?: boolean
}

/** A file in the making. */
export class RdbWriter {
  readonly #encoder: RdbEncoder
  readonly #crc: Crc64 | undefined
  readonly #version: number
  /** What was announced of databases of which no record has come yet. */
  readonly #sizes = new Map<number, readonly [keys: number, expiring: number]>()
  #database: number | undefined

  constructor({ compress = true, version = RDB_VERSION, checksum = true }: RdbForm = {}) {
    this.#encoder = new RdbEncoder({ compress, capacity: CHUNK_BYTES + (CHUNK_BYTES >>> 2) })
    this.#crc = checksum ? new Crc64() : undefined
    this.#version = version
    this.#encoder.text(`REDIS${String(version).padStart(4, '0')}`)
  }

  /** A fact about the file: `redis-ver`, `ctime`. Before all records. */
  auxiliary(name: Bytes, value: Bytes): void {
    this.#encoder.byte(Opcode.auxiliary)
    this.#encoder.string(name)
    this.#encoder.string(value)
  }

  /** The source of a function library. Before all records. */
  function(source: Bytes): void {
    this.#encoder.byte(Opcode.function)
    this.#encoder.string(source)
  }

  /** How many keys a database has, and how many of them with an expiry: a hint for the reader, before its records. */
  announce(index: number, keys: number, expiring: number): void {
    this.#sizes.set(index, [keys, expiring])
  }

  /** A key of a database. */
  record(index: number, { key, value, expiryMs, idleSeconds, frequency }: RdbRecord): void {
    if (index !== this.#database) this.#select(index)
    if (expiryMs !== undefined) {
      this.#encoder.byte(Opcode.expiryMs)
      this.#encoder.int64(expiryMs)
    }
    if (idleSeconds !== undefined) {
      this.#encoder.byte(Opcode.idle)
      this.#encoder.length(idleSeconds)
    }
    if (frequency !== undefined) {
      this.#encoder.byte(Opcode.frequency)
      this.#encoder.byte(frequency)
    }
    encodeValue(this.#encoder, value, { key, version: this.#version })
  }

  #select(index: number): void {
    this.#database = index
    this.#encoder.byte(Opcode.selectDatabase)
    this.#encoder.length(index)
    const size = this.#sizes.get(index)
    if (size === undefined) return
    this.#sizes.delete(index)
    this.#encoder.byte(Opcode.resize)
    for (const count of size) this.#encoder.length(count)
  }

  /** There is enough for a chunk: about 2 KiB, more only when the last record is large. */
  get isFull(): boolean {
    return this.#encoder.pendingBytes >= CHUNK_BYTES
  }

  /** What was written since the last time. */
  take(): Buffer {
    const chunk = this.#encoder.take()
    this.#crc?.update(chunk)
    return chunk
  }

  /** The last of the file. */
  end(): Buffer {
    this.#encoder.byte(Opcode.end)
    const rest = this.take()
    const checksum = Buffer.alloc(8)
    this.#crc?.writeTo(checksum, 0)
    return Buffer.concat([rest, checksum])
  }
}
