/**
 * The growing end of the append-only file: what was written waits until the turn's replies are about to leave, goes into the
 * file before them, and onto the disk as `appendfsync` says (flushAppendOnlyFile).
 * Invariant: under `always` a reply leaves only after its writes are on disk, or never. Positions count the bytes of all
 * files there ever were in this life.
 */
import { CommandLog } from '../../aof/command-log.ts'
import type { Bytes } from '../../base/bytes.ts'
import type { Clock } from '../../base/clock.ts'
import type { Config } from '../config/config.ts'
import type { GrowingFile, NodeFiles } from '../files.ts'
import type { LogLevel } from '../io.ts'
import type { AofLatencyEventName } from '../latency.ts'

/** A write waits at most so long for the disk to be done with an earlier one, milliseconds. */
const PATIENCE_MS = 2000
/** A write that failed is tried again, and the same failure told again, so much later, milliseconds. */
const RETRY_MS = 1000
const RETELL_MS = 30_000

/** When what was written goes onto the disk. */
type SyncPolicy = 'always' | 'everysec' | 'no'

/** What the writer needs of its node. */
export interface WriterParts {
  readonly clock: Clock
  readonly config: Config
  readonly files: NodeFiles
  readonly log: (level: LogLevel, text: string) => void
  /** Something is saved in the background that the disk is busy with. */
  readonly isDiskBusy: () => boolean
  readonly sleep: (milliseconds: number) => void
  /** A steady clock. */
  readonly microseconds: () => number
  /** How long the node was held up by the disk. */
  readonly heldUp: (event: AofLatencyEventName, microseconds: number) => void
  /** Where the replication stream is. */
  readonly streamOffset: () => number
}

/** Writes the last increment. */
export class AofWriter {
  /** Turns whose writes had to wait for the disk for too long (aof_delayed_fsync). */
  delayedSyncs = 0
  /** Bytes of the file that grows. */
  fileBytes = 0
  /** Holds up each flush, milliseconds (DEBUG AOF-FLUSH-SLEEP). */
  flushDelayMs = 0
  readonly #parts: WriterParts
  readonly #log = new CommandLog()
  #file: GrowingFile | undefined
  #policy: SyncPolicy = 'everysec'
  #isStamped = false
  #addedBytes = 0
  #writtenBytes = 0
  #syncedBytes = 0
  /** The place in the replication stream up to which all is on disk. */
  #syncedOffset = 0
  #syncsRunning = 0
  /** The file that grows is being synced: a write would have to wait for that. */
  #isSyncing = false
  /** The second in which the file was synced last. */
  #lastSyncSecond = 0
  #postponedSinceMs: number | undefined
  #writeFailure: string | undefined
  #syncFailure: string | undefined
  #failedMs = 0
  #toldMs = 0

  constructor(parts: WriterParts) {
    this.#parts = parts
    const { config } = parts
    const follow = (name: string, read: () => void): void => {
      read()
      config.onChange(name, read)
    }
    follow('appendfsync', () => {
      this.#policy = config.text('appendfsync') as SyncPolicy
    })
    follow('aof-timestamp-enabled', () => {
      this.#isStamped = config.boolean('aof-timestamp-enabled')
    })
  }

  /** Something waits to be written. */
  get isDirty(): boolean {
    return this.#log.pendingBytes > 0
  }

  /** Nothing waits to be written, nor to be kept. */
  get isAtRest(): boolean {
    const isKept = this.#policy === 'no' || this.#syncedBytes === this.#writtenBytes
    return !this.isDirty && isKept && this.#syncsRunning === 0 && this.failure === undefined
  }

  get pendingBytes(): number {
    return this.#log.pendingBytes
  }

  get syncsRunning(): number {
    return this.#syncsRunning
  }

  /** Why nothing can be kept, in the system's words; undefined while all is well. */
  get failure(): string | undefined {
    return this.#writeFailure ?? this.#syncFailure
  }

  /** Where the log ends, written or not. */
  get position(): number {
    return this.#addedBytes
  }

  /** Up to where it is on disk. */
  get syncedPosition(): number {
    return this.#syncedBytes
  }

  /** Up to where what the replication stream told is on disk. */
  get syncedOffset(): number {
    return this.#syncedBytes === this.#addedBytes ? this.#parts.streamOffset() : this.#syncedOffset
  }

  /** An effect, for the file. */
  add(database: number, argv: readonly Bytes[]): void {
    const before = this.#log.pendingBytes
    this.#log.add(database, argv, this.#isStamped ? this.#parts.clock.now : undefined)
    this.#addedBytes += this.#log.pendingBytes - before
  }

  /** Goes on in another file; what waits goes into the one there was. */
  open(path: Bytes): void {
    const { files } = this.#parts
    this.flush({ isForced: true })
    const file = files.grow(path)
    this.#retire()
    this.#file = file
    this.#isSyncing = false
    this.fileBytes = files.sizeOf(path) ?? 0
    this.#log.beginAnew()
    this.#lastSyncSecond = this.#second
  }

  /** Writes and syncs what there is, and ends; what could not be written is lost. */
  close(): void {
    this.flush({ isForced: true })
    this.sync()
    this.abandon()
  }

  /** Ends, and forgets what waits. */
  abandon(): void {
    this.#file?.close()
    this.#file = undefined
    this.#log.clear()
    this.#writtenBytes = this.#addedBytes
    this.#syncedBytes = this.#addedBytes
    this.#postponedSinceMs = undefined
    this.#writeFailure = undefined
    this.#syncFailure = undefined
    this.fileBytes = 0
  }

  /** The file is left: what it holds reaches the disk in its own time. */
  #retire(): void {
    const file = this.#file
    if (file === undefined) return
    if (this.#syncedBytes < this.#writtenBytes) this.#syncLater(file)
    file.close()
  }

  get #second(): number {
    return Math.floor(this.#parts.clock.now / 1000)
  }

  /** Writes what waits. `isForced` waits for no disk. Under `always` it throws if that cannot be kept. */
  flush({ isForced = false }: { readonly isForced?: boolean } = {}): void {
    const file = this.#file
    if (file === undefined) return
    const mayWait = this.isDirty && !isForced && this.#policy === 'everysec'
    if (mayWait && this.#postpones()) return
    while (this.isDirty) if (!this.#write(file)) return
    this.#syncIfDue(file)
  }

  /** The disk is not done with what it was given, and may have some more time. */
  #postpones(): boolean {
    const { now } = this.#parts.clock
    if (!this.#isSyncing) {
      this.#postponedSinceMs = undefined
      return false
    }
    this.#postponedSinceMs ??= now
    if (now - this.#postponedSinceMs < PATIENCE_MS) return true
    this.#postponedSinceMs = undefined
    this.delayedSyncs++
    this.#parts.log(
      'notice',
      'Asynchronous AOF fsync is taking too long (disk is busy?). Writing the AOF buffer without waiting for fsync to complete, this may slow down Redis.',
    )
    return false
  }

  #write(file: GrowingFile): boolean {
    if (this.flushDelayMs > 0) this.#parts.sleep(this.flushDelayMs)
    const { pending } = this.#log
    const startedAt = this.#parts.microseconds()
    const { bytes, failure } = file.append(pending)
    this.#heldUpByWrite(this.#parts.microseconds() - startedAt)
    if (failure !== undefined) {
      this.#writeFailed(file, { bytes, failure, expected: pending.length })
      return false
    }
    this.#taken(bytes)
    if (this.#writeFailure === undefined) return true
    this.#writeFailure = undefined
    this.#parts.log('warning', 'AOF write error looks solved, Redis can write again.')
    return true
  }

  #heldUpByWrite(microseconds: number): void {
    const { heldUp, isDiskBusy } = this.#parts
    if (this.#isSyncing) heldUp('aof-write-pending-fsync', microseconds)
    else heldUp(isDiskBusy() ? 'aof-write-active-child' : 'aof-write-alone', microseconds)
    heldUp('aof-write', microseconds)
  }

  #taken(bytes: number): void {
    this.#log.taken(bytes)
    this.#writtenBytes += bytes
    this.fileBytes += bytes
  }

  /** Half a command must not stay: the next one would end it. */
  #writeFailed(
    file: GrowingFile,
    {
      bytes,
      failure,
      expected,
    }: { readonly bytes: number; readonly failure: string; readonly expected: number },
  ): void {
    const { clock, log } = this.#parts
    const isTold = this.#writeFailure !== undefined && clock.now - this.#toldMs < RETELL_MS
    const tell = (text: string): void => {
      if (!isTold) log('warning', text)
    }
    if (!isTold) this.#toldMs = clock.now
    if (bytes === 0) tell(`Error writing to the AOF file: ${failure}`)
    else {
      tell(`Short write while writing to the AOF file: (nwritten=${bytes}, expected=${expected})`)
      try {
        file.truncate(this.fileBytes)
      } catch (error) {
        tell(
          `Could not remove short write from the append-only file.  Redis may refuse to load the AOF the next time it starts.  ftruncate: ${(error as Error).message}`,
        )
        this.#taken(bytes)
      }
    }
    this.#writeFailure = failure
    this.#failedMs = clock.now
    if (this.#policy !== 'always') return
    log(
      'warning',
      "Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting...",
    )
    throw new Error(`the append-only file cannot be written: ${failure}`)
  }

  #syncIfDue(file: GrowingFile): void {
    if (this.#syncedBytes === this.#writtenBytes || this.#policy === 'no') return
    const { config, isDiskBusy } = this.#parts
    if (config.boolean('no-appendfsync-on-rewrite') && isDiskBusy()) return
    if (this.#policy === 'always') this.#syncNow(file)
    else if (this.#second > this.#lastSyncSecond) {
      this.#lastSyncSecond = this.#second
      if (this.#syncsRunning === 0) this.#syncLater(file)
    }
  }

  #syncNow(file: GrowingFile): void {
    const startedAt = this.#parts.microseconds()
    try {
      file.sync()
    } catch (error) {
      const reason = (error as Error).message
      this.#parts.log(
        'warning',
        `Can't persist AOF for fsync error when the AOF fsync policy is 'always': ${reason}. Exiting...`,
      )
      throw new Error(`the append-only file cannot be kept: ${reason}`)
    }
    this.#parts.heldUp('aof-fsync-always', this.#parts.microseconds() - startedAt)
    this.#synced(this.#writtenBytes, this.#parts.streamOffset())
  }

  #syncLater(file: GrowingFile): void {
    const position = this.#writtenBytes
    const offset = this.#parts.streamOffset()
    this.#syncsRunning++
    if (file === this.#file) this.#isSyncing = true
    file.syncLater((failure) => {
      this.#syncsRunning--
      if (file === this.#file) this.#isSyncing = false
      if (failure !== undefined) {
        if (this.#syncFailure === undefined) {
          this.#parts.log('warning', `Fail to fsync the AOF file: ${failure}`)
        }
        this.#syncFailure = failure
        return
      }
      this.#syncFailure = undefined
      this.#synced(position, offset)
    })
  }

  #synced(position: number, offset: number): void {
    this.#syncedBytes = Math.max(this.#syncedBytes, position)
    this.#syncedOffset = offset
  }

  /** Has all that was written on disk, if the disk can. */
  sync(): void {
    try {
      this.#file?.sync()
      this.#synced(this.#writtenBytes, this.#parts.streamOffset())
    } catch (error) {
      this.#parts.log('warning', `Fail to fsync the AOF file: ${(error as Error).message}`)
    }
  }

  /** Ten times a second: what was put off is tried again. */
  cron(): void {
    if (this.#file === undefined) return
    if (this.#writeFailure !== undefined) {
      if (this.#parts.clock.now - this.#failedMs >= RETRY_MS) this.flush()
    } else this.flush()
  }
}
