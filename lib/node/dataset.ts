/**
 * All data of a node as an RDB file, for replicas and for the disk, and back (rdbSaveRio, rdbLoadRio). What is written is the
 * data of one instant: chunks are drawn before anything else runs.
 */
import { Buffer } from 'node:buffer'
import { timestampLine } from '../aof/command-log.ts'
import { commandsOf } from '../aof/rewriting.ts'
import type { Bytes } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import type { Version } from '../base/version.ts'
import type { Database } from '../keyspace/database.ts'
import { loadRecord, snapshotOf } from '../keyspace/snapshot.ts'
import { RdbCursor } from '../rdb/cursor.ts'
import { RDB_VERSION, RDB_VERSION_7_4, RdbError } from '../rdb/format.ts'
import { readRdb } from '../rdb/reader.ts'
import { writeRdb } from '../rdb/writer.ts'
import { encodeCommand } from '../resp/command.ts'
import type { Config } from './config/config.ts'
import type { NodeIo } from './io.ts'

type Auxiliary = readonly (readonly [name: Bytes, value: Bytes])[]

/** What a load found. */
export interface LoadedData {
  readonly auxiliary: ReadonlyMap<Bytes, Bytes>
  readonly keys: number
  /** Keys that were left out because their time was over. */
  readonly expiredKeys: number
  /** How long the file is; others bytes may follow. */
  readonly bytes: number
}

/** How much of a file was read, and what it has told so far. */
export interface PartlyLoaded {
  readonly bytes: number
  readonly auxiliary: ReadonlyMap<Bytes, Bytes>
}

const CHUNK_BYTES = 64 * 1024

/** The data of one node. */
export class Dataset {
  readonly #databases: readonly Database[]
  readonly #clock: Clock
  readonly #config: Config
  readonly #io: NodeIo
  readonly #version: Version

  constructor(parts: {
    readonly databases: readonly Database[]
    readonly clock: Clock
    readonly config: Config
    readonly io: NodeIo
    readonly version: Version
  }) {
    this.#databases = parts.databases
    this.#clock = parts.clock
    this.#config = parts.config
    this.#io = parts.io
    this.#version = parts.version
  }

  /** The file in chunks: all data, or none. There are no functions yet. */
  write(
    include: 'all' | 'nothing' | 'functions',
    facts: Auxiliary,
    { isLogBase = false }: { readonly isLogBase?: boolean } = {},
  ): Generator<Buffer, void> {
    return writeRdb({
      auxiliary: [
        ['redis-ver', this.#version.text],
        ['redis-bits', '64'],
        ['ctime', String(Math.floor(this.#clock.now / 1000))],
        ['used-mem', String(this.#io.resources().heapUsedBytes)],
        ...facts,
        ['aof-base', isLogBase ? '1' : '0'],
      ],
      // Fields that end make it a file of the version that knew them first: who cannot read them could not keep them.
      version: this.#databases.some(({ expiringHashes }) => expiringHashes > 0)
        ? RDB_VERSION_7_4
        : RDB_VERSION,
      databases: include === 'all' ? this.#databases.map(snapshotOf) : [],
      compress: this.#config.boolean('rdbcompression'),
      checksum: this.#config.boolean('rdbchecksum'),
    })
  }

  /** The commands that make all data, in chunks; led by the time for those who want to know it. */
  *writeCommands({ isStamped }: { readonly isStamped: boolean }): Generator<Buffer, void> {
    let text = isStamped ? timestampLine(this.#clock.now) : ''
    for (const database of this.#databases) {
      const { index, keys, records } = snapshotOf(database)
      if (keys === 0) continue
      text += encodeCommand(['SELECT', String(index)])
      for (const record of records) {
        for (const command of commandsOf(record)) text += encodeCommand(command)
        if (text.length < CHUNK_BYTES) continue
        yield Buffer.from(text, 'latin1')
        text = ''
      }
    }
    yield Buffer.from(text, 'latin1')
  }

  get keyCount(): number {
    return this.#databases.reduce((count, { size }) => count + size, 0)
  }

  clear(): void {
    for (const database of this.#databases) database.flush()
  }

  /**
   * Adds what a file holds to what is there. Keys whose time is over are loaded, too, unless `dropped` hears of them.
   * Throws {@link RdbError}, possibly half-way.
   */
  read(file: Buffer, dropped?: (database: Database, key: Bytes) => void): LoadedData {
    const steps = this.reading(file, dropped)
    for (;;) {
      const step = steps.next()
      if (step.done === true) return step.value
    }
  }

  /** {@link read}, a key at a time. */
  *reading(
    file: Buffer,
    dropped?: (database: Database, key: Bytes) => void,
  ): Generator<PartlyLoaded, LoadedData> {
    const cursor = new RdbCursor(file)
    let [database] = this.#databases
    const auxiliary = new Map<Bytes, Bytes>()
    let keys = 0
    let expiredKeys = 0
    let bytes = 0
    for (const item of readRdb(file, cursor)) {
      if (item.type === 'auxiliary') auxiliary.set(item.name, item.value)
      if (item.type === 'end') bytes = item.at
      if (item.type === 'database') {
        database = this.#databases[item.index]
        if (database === undefined) {
          throw new RdbError(`the file has keys of database ${item.index}, which this node lacks`)
        }
      } else if (item.type === 'record' && database !== undefined) {
        const { expiryMs, key } = item.record
        if (dropped !== undefined && expiryMs !== undefined && expiryMs < this.#clock.now) {
          dropped(database, key)
          expiredKeys++
          continue
        }
        loadRecord(database, item.record)
        keys++
        yield { bytes: cursor.position, auxiliary }
      }
    }
    return { auxiliary, keys, expiredKeys, bytes }
  }
}
