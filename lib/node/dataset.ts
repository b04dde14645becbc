/**
 * All data of a node as an RDB file, for replicas and for the disk, and back (rdbSaveRio, rdbLoadRio). What is written is the
 * data of one instant, however long the drawing of its chunks takes.
 */
import type { Buffer } from 'node:buffer'
import { timestampLine } from '../aof/command-log.ts'
import type { Bytes } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import type { Version } from '../base/version.ts'
import { countsFrequency } from '../commands/eviction-policy.ts'
import type { Database } from '../keyspace/database.ts'
import { loadRecord } from '../keyspace/snapshot.ts'
import { RDB_VERSION, RDB_VERSION_7_4, RdbError } from '../rdb/format.ts'
import { readRdb } from '../rdb/reader.ts'
import type { KeyAccess } from '../rdb/record.ts'
import { inputOf, type RdbInput, type RdbSource } from '../rdb/source.ts'
import { RdbWriter } from '../rdb/writer.ts'
import { encodeCommand } from '../resp/command.ts'
import { ReplyError } from '../resp/reply-error.ts'
import { CommandForm } from './command-form.ts'
import type { Config } from './config/config.ts'
import type { NodeIo } from './io.ts'
import { Snapshot } from './snapshot.ts'

/** The log names so many of the keys in which nothing was. */
const EMPTY_KEYS_TOLD = 10

/** What so many leave behind is worth the time that a collection takes. */
const MANY_KEYS = 100_000

type Auxiliary = readonly (readonly [name: Bytes, value: Bytes])[]

/** What a load found. */
export interface LoadedData {
  readonly auxiliary: ReadonlyMap<Bytes, Bytes>
  readonly keys: number
  /** Keys that were left out because their time was over. */
  readonly expiredKeys: number
  /** Keys that were left out because nothing was in them. */
  readonly emptyKeys: number
  /** How long the file is; others bytes may follow. */
  readonly bytes: number
}

/** How much of a file was read, and what it has told so far. */
export interface PartlyLoaded {
  readonly bytes: number
  readonly auxiliary: ReadonlyMap<Bytes, Bytes>
}

/** The functions, as far as files are about them. */
export interface FunctionStore {
  sources(): readonly Bytes[]
  load(source: Bytes, options: { readonly replace: boolean }): unknown
  flush(): void
}

/** Data that is read beside that of the node, to take its place. */
export interface DataDraft {
  /** Those databases that have keys, by their number. */
  readonly databases: Map<number, Database>
  readonly libraries: { readonly source: Bytes; readonly endOffset: number }[]
}

/** How a file is read. */
export interface ReadOptions {
  /** A library that is there already is no error. */
  readonly replaceLibraries?: boolean
  /** Where the keys go instead; the functions take the place of the node's at the end, all or none. */
  readonly draft?: DataDraft
}

/** The data of one node. */
export class Dataset {
  readonly #databases: readonly Database[]
  readonly #clock: Clock
  readonly #config: Config
  readonly #io: NodeIo
  readonly #version: Version
  readonly #functions: FunctionStore

  constructor(parts: {
    readonly databases: readonly Database[]
    readonly clock: Clock
    readonly config: Config
    readonly io: NodeIo
    readonly version: Version
    readonly functions: FunctionStore
  }) {
    this.#databases = parts.databases
    this.#clock = parts.clock
    this.#config = parts.config
    this.#io = parts.io
    this.#version = parts.version
    this.#functions = parts.functions
  }

  /** The data of this instant, its functions alone, or neither, as a file in chunks. */
  write(
    include: 'all' | 'nothing' | 'functions',
    facts: Auxiliary,
    { isLogBase = false }: { readonly isLogBase?: boolean } = {},
  ): Snapshot {
    const writer = new RdbWriter({
      // Fields that end make it a file of the version that knew them first: who cannot read them could not keep them.
      version: this.#databases.some(({ expiringHashes }) => expiringHashes > 0)
        ? RDB_VERSION_7_4
        : RDB_VERSION,
      compress: this.#config.boolean('rdbcompression'),
      checksum: this.#config.boolean('rdbchecksum'),
    })
    for (const [name, value] of [
      ['redis-ver', this.#version.text],
      ['redis-bits', '64'],
      ['ctime', String(Math.floor(this.#clock.now / 1000))],
      ['used-mem', String(this.#io.resources().heapUsedBytes)],
      ...facts,
      ['aof-base', isLogBase ? '1' : '0'],
    ] as const) {
      writer.auxiliary(name, value)
    }
    if (include !== 'nothing') {
      for (const source of this.#functions.sources()) writer.function(source)
    }
    return new Snapshot(include === 'all' ? this.#databases : [], writer, this.#accessOf)
  }

  /** What keys are evicted by is kept with them; undefined when it is neither their age nor how often they are used. */
  get #accessOf(): ((database: Database, key: Bytes) => KeyAccess) | undefined {
    const policy = this.#config.text('maxmemory-policy')
    if (policy.endsWith('-lru')) {
      return (database, key) => ({ idleSeconds: database.idleSecondsOf(key) })
    }
    if (policy.endsWith('-lfu')) {
      return (database, key) => ({ frequency: database.frequencyOf(key) })
    }
    return undefined
  }

  /**
   * The data and the functions of this instant as the commands that make them, in chunks; led by the time for those who want
   * to know it.
   */
  writeCommands({ isStamped }: { readonly isStamped: boolean }): Snapshot {
    const stamp = isStamped ? timestampLine(this.#clock.now) : ''
    const loads = this.#functions
      .sources()
      .map((source) => encodeCommand(['FUNCTION', 'LOAD', source]))
    return new Snapshot(this.#databases, new CommandForm(stamp + loads.join('')))
  }

  /** No keys and no functions are left; of many, the memory is given back before others come. */
  clear(): void {
    this.#functions.flush()
    let keys = 0
    for (const database of this.#databases) keys += database.flush()
    if (keys >= MANY_KEYS) this.#io.releaseMemory()
  }

  /**
   * Adds what a file holds to what is there. Keys whose time is over are loaded, too, unless `dropped` hears of them; a
   * library that is there already is an error unless it may be replaced. Throws {@link RdbError}, possibly half-way.
   */
  read(
    file: Buffer | RdbSource,
    dropped?: (database: Database, key: Bytes) => void,
    options?: ReadOptions,
  ): LoadedData {
    const steps = this.reading(file, dropped, options)
    for (;;) {
      const step = steps.next()
      if (step.done === true) return step.value
    }
  }

  /** {@link read}, a key at a time; closes a source with its end, however it comes about. */
  *reading(
    file: Buffer | RdbSource,
    dropped?: (database: Database, key: Bytes) => void,
    options: ReadOptions = {},
  ): Generator<PartlyLoaded, LoadedData> {
    const sanitizes = this.#config.text('sanitize-dump-payload') === 'yes'
    const input = inputOf(file, { sanitizes })
    try {
      return yield* this.#readingFrom(input, dropped, options)
    } finally {
      input.close()
    }
  }

  *#readingFrom(
    input: RdbInput,
    dropped: ((database: Database, key: Bytes) => void) | undefined,
    { replaceLibraries = false, draft }: ReadOptions,
  ): Generator<PartlyLoaded, LoadedData> {
    const { cursor } = input
    let database = this.#target(0, draft)
    const auxiliary = new Map<Bytes, Bytes>()
    const mode = countsFrequency(this.#config) ? 'frequency' : 'idle'
    let keys = 0
    let expiredKeys = 0
    let emptyKeys = 0
    for (const item of readRdb(input)) {
      if (item.type === 'auxiliary') auxiliary.set(item.name, item.value)
      if (item.type === 'function') {
        const { source } = item
        if (draft === undefined) this.#loadLibrary(source, cursor.offset, replaceLibraries)
        else draft.libraries.push({ source, endOffset: cursor.offset })
      }
      if (item.type === 'empty' && emptyKeys++ < EMPTY_KEYS_TOLD) {
        this.#io.log('warning', `rdbLoadObject skipping empty key: ${item.key}`)
      }
      if (item.type === 'database') {
        database = this.#target(item.index, draft)
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
        loadRecord(database, item.record, mode)
        keys++
        yield { bytes: cursor.offset, auxiliary }
      }
    }
    if (draft !== undefined) this.#replaceLibraries(draft.libraries)
    return { auxiliary, keys, expiredKeys, emptyKeys, bytes: cursor.offset }
  }

  /** Where the keys of a database go; undefined when this node lacks it. */
  #target(index: number, draft: DataDraft | undefined): Database | undefined {
    const database = this.#databases[index]
    if (draft === undefined || database === undefined) return database
    const twin = draft.databases.get(index) ?? database.twin()
    draft.databases.set(index, twin)
    return twin
  }

  /** The keys of a draft take the place of those there are. */
  takeOver({ databases }: DataDraft): void {
    let keys = 0
    for (const database of this.#databases) {
      keys += database.size
      const twin = databases.get(database.index)
      if (twin === undefined) database.flush()
      else database.takeFrom(twin)
    }
    if (keys >= MANY_KEYS) this.#io.releaseMemory()
  }

  #replaceLibraries(libraries: DataDraft['libraries']): void {
    const former = this.#functions.sources()
    this.#functions.flush()
    try {
      for (const { source, endOffset } of libraries) this.#loadLibrary(source, endOffset, false)
    } catch (error) {
      this.#functions.flush()
      for (const source of former) this.#functions.load(source, { replace: false })
      throw error
    }
  }

  #loadLibrary(source: Bytes, endOffset: number, replace: boolean): void {
    try {
      this.#functions.load(source, { replace })
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error
      const reason = error.message.replace(/^ERR /, '')
      throw new RdbError(
        `Failed creating the library: ${reason}, in the record that ends at offset ${endOffset}`,
      )
    }
  }
}
