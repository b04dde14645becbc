/**
 * The data out of an append-only file: its files in their order, each an RDB file, commands, or both (loadAppendOnlyFiles).
 * Invariant: a file is loaded to its end, or to where its last writer was stopped if that is allowed and it is the last one;
 * everything else is refused with the file and the place, and the node does not start with it.
 */

import type { AofFile } from '../../aof/manifest.ts'
import { AofError, AofReader, AofTruncatedError } from '../../aof/reader.ts'
import type { Bytes } from '../../base/bytes.ts'
import { RdbError } from '../../rdb/format.ts'
import type { Config } from '../config/config.ts'
import type { LoadedData, PartlyLoaded } from '../dataset.ts'
import type { NodeIo } from '../io.ts'
import type { Session } from '../session.ts'
import { type AofChain, UnusableLogError } from './chain.ts'

/** What loading needs of its node. */
export interface LoadingNode {
  microseconds(): number
  readonly dataset: { reading(file: Buffer): Generator<PartlyLoaded, LoadedData> }
  /** A session that is refused nothing and told nothing. */
  openLoadingSession(): Session
  /** Runs a command of the log as it is; why it cannot be run, if it cannot. */
  replay(session: Session, argv: readonly Bytes[]): 'unknown' | 'malformed' | undefined
  /** While `apply` runs, keys are there until somebody says otherwise. */
  whileApplying(apply: () => void): void
  /** An RDB file was read. */
  dataLoaded(data: LoadedData): void
}

/** How an RDB file begins. */
const RDB_MAGIC = 'REDIS'

const NO_FACTS: ReadonlyMap<Bytes, Bytes> = new Map()

/** Loads the chain of one node. */
export class AofLoader {
  readonly #node: LoadingNode
  readonly #config: Config
  readonly #io: NodeIo
  readonly #chain: AofChain

  constructor(parts: {
    readonly node: LoadingNode
    readonly config: Config
    readonly io: NodeIo
    readonly chain: AofChain
  }) {
    this.#node = parts.node
    this.#config = parts.config
    this.#io = parts.io
    this.#chain = parts.chain
  }

  /** What there is to read. Throws {@link UnusableLogError} when a file is missing. */
  get totalBytes(): number {
    const sizes = this.#chain.manifest.files.map(({ name }) => this.#chain.sizeOf(name))
    return sizes.reduce((total, size) => total + size, 0)
  }

  /** Adds all data to what there is, a piece at a time. Throws {@link UnusableLogError}, possibly half-way. */
  steps(): Iterator<PartlyLoaded, void> {
    const steps = this.#loading()
    const next = (): IteratorResult<PartlyLoaded, void> => {
      let result: IteratorResult<PartlyLoaded, void> = { done: true, value: undefined }
      this.#node.whileApplying(() => {
        result = steps.next()
      })
      return result
    }
    return { next }
  }

  *#loading(): Generator<PartlyLoaded, void> {
    const { files } = this.#chain.manifest
    let bytesBefore = 0
    for (const file of files) {
      const startedAt = this.#node.microseconds()
      const size = this.#chain.sizeOf(file.name)
      if (size === 0) continue
      yield* this.#loadFile(file, { bytesBefore, isLast: file === files.at(-1) })
      bytesBefore += size
      const seconds = (this.#node.microseconds() - startedAt) / 1e6
      const kind = file.type === 'base' ? 'base' : 'incr'
      this.#io.log(
        'notice',
        `DB loaded from ${kind} file ${file.name}: ${seconds.toFixed(3)} seconds`,
      )
    }
  }

  *#loadFile(
    { name }: AofFile,
    { bytesBefore, isLast }: { readonly bytesBefore: number; readonly isLast: boolean },
  ): Generator<PartlyLoaded, void> {
    const bytes = this.#read(name)
    const hasPreamble = bytes.toString('latin1', 0, RDB_MAGIC.length) === RDB_MAGIC
    const preamble = hasPreamble ? yield* this.#loadPreamble(name, bytes, bytesBefore) : undefined
    const { auxiliary = NO_FACTS } = preamble ?? {}
    const session = this.#node.openLoadingSession()
    const reader = new AofReader(bytes, {
      from: preamble?.bytes ?? 0,
      maxBulkLength: this.#config.number('proto-max-bulk-len'),
    })
    let multiAt = 0
    try {
      for (let argv = reader.next(); argv !== undefined; argv = reader.next()) {
        const wasQueueing = session.transaction.active
        this.#run(session, name, argv, reader)
        if (session.transaction.active && !wasQueueing) multiAt = reader.lastStart
        yield { bytes: bytesBefore + reader.position, auxiliary }
      }
      if (session.transaction.active) throw new AofTruncatedError(multiAt)
    } catch (error) {
      if (error instanceof AofTruncatedError) {
        const isInTransaction = session.transaction.active
        session.transaction.discard()
        this.#truncated(name, {
          offset: isInTransaction ? multiAt : error.offset,
          isLast,
          isInTransaction,
        })
      } else if (error instanceof AofError) this.#malformed(name, error)
      else throw error
    }
  }

  #read(name: Bytes): Buffer {
    try {
      return this.#io.files.read(this.#chain.path(name))
    } catch (error) {
      return this.#chain.refuse(
        `Fatal error: can't open the append log file ${name} for reading: ${(error as Error).message}`,
      )
    }
  }

  /** Loads the RDB file that this one begins with. */
  *#loadPreamble(
    name: Bytes,
    file: Buffer,
    bytesBefore: number,
  ): Generator<PartlyLoaded, LoadedData> {
    const isOld = name === this.#chain.stem
    this.#io.log(
      'notice',
      isOld ? 'Reading RDB preamble from AOF file...' : 'Reading RDB base file on AOF loading...',
    )
    try {
      const reading = this.#node.dataset.reading(file)
      let step = reading.next()
      for (; step.done !== true; step = reading.next()) {
        const { auxiliary, bytes } = step.value
        yield { auxiliary, bytes: bytesBefore + bytes }
      }
      this.#node.dataLoaded(step.value)
      if (isOld) this.#io.log('notice', 'Reading the remaining AOF tail...')
      return step.value
    } catch (error) {
      if (!(error instanceof RdbError)) throw error
      const what = isOld ? 'RDB preamble of the AOF file' : 'RDB base file'
      this.#io.log('warning', `Error reading the ${what} ${name}, AOF loading aborted`)
      return this.#chain.refuse(`Loading the RDB data of ${name}: ${error.message}`)
    }
  }

  #run(session: Session, name: Bytes, argv: readonly Bytes[], reader: AofReader): void {
    const trouble = this.#node.replay(session, argv)
    if (trouble === undefined) return
    if (trouble === 'malformed') {
      throw new AofError(
        `bad format ('${argv[0]}' with ${argv.length - 1} arguments)`,
        reader.lastStart,
      )
    }
    const line = `Unknown command '${argv[0]}' reading the append only file ${name}`
    this.#io.log('warning', line)
    throw new UnusableLogError(`${line} at offset ${reader.lastStart}`)
  }

  /** The last writer was stopped: what it began is cut off, if that is allowed. */
  #truncated(
    name: Bytes,
    {
      offset,
      isLast,
      isInTransaction,
    }: { readonly offset: number; readonly isLast: boolean; readonly isInTransaction: boolean },
  ): void {
    const warn = (line: string): void => this.#io.log('warning', line)
    if (isInTransaction) warn(`Revert incomplete MULTI/EXEC transaction in AOF file ${name}`)
    if (!this.#config.boolean('aof-load-truncated')) {
      warn(
        `Unexpected end of file reading the append only file ${name}. You can: 1) Make a backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest>. 2) Alternatively you can set the 'aof-load-truncated' configuration option to yes and restart the server.`,
      )
      throw new UnusableLogError(
        `Unexpected end of file reading the append only file ${name} at offset ${offset}`,
      )
    }
    warn(`!!! Warning: short read while loading the AOF file ${name}!!!`)
    if (!isLast) {
      warn('Fatal error: the truncated file is not the last file')
      throw new UnusableLogError(
        `the append only file ${name} ends within a command at offset ${offset}, and is not the last file`,
      )
    }
    warn(`!!! Truncating the AOF ${name} at offset ${offset} !!!`)
    try {
      this.#io.files.truncate(this.#chain.path(name), offset)
    } catch (error) {
      this.#chain.refuse(`Error truncating the AOF file ${name}: ${(error as Error).message}`)
    }
    warn(`AOF ${name} loaded anyway because aof-load-truncated is enabled`)
  }

  #malformed(name: Bytes, error: AofError): never {
    this.#io.log(
      'warning',
      `Bad file format reading the append only file ${name}: make a backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest>`,
    )
    throw new UnusableLogError(
      `Bad file format reading the append only file ${name}: ${error.message}`,
    )
  }
}
