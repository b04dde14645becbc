/**
 * When the data of a node is saved, and what became of it: SAVE, BGSAVE, save points, DEBUG RELOAD (rdb.c, serverCron). Nothing
 * forks here: a save in the background writes the data of the instant it was asked at in slices between the turns of others,
 * and takes the place of the old file with the cron after the last one. There is one such work at a time, and a snapshot that
 * goes to replicas counts as one. Without a directory nothing is saved unless
 * somebody asks: the host keeps it then for the node's next start.
 */
import { Buffer } from 'node:buffer'
import type { Bytes } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import type { PersistencePort } from '../commands/context.ts'
import { RdbError } from '../rdb/format.ts'
import { bytesOfSource, type RdbSource } from '../rdb/source.ts'
import { ReplyError } from '../resp/reply-error.ts'
import type { Alarm } from './alarm.ts'
import {
  BackgroundFile,
  type BackgroundProgress,
  progressOf,
  writeAtOnce,
} from './background-file.ts'
import type { Config } from './config/config.ts'
import type { Dataset, LoadedData } from './dataset.ts'
import type { NodeIo, SnapshotDraft } from './io.ts'
import type { Loading } from './loading.ts'
import type { Snapshot } from './snapshot.ts'

/** After a save that failed the next is tried so much later, milliseconds. */
const RETRY_MS = 5000

/** What becomes of a snapshot that replicas are sent as it is written. */
export interface Stream {
  /** Somebody gets it. */
  isWanted(): boolean
  stop(): void
  /** It was stopped. */
  failed(): void
}

/** Replicas that wait for a file. */
export interface FileTaker {
  isWanted(): boolean
  /** It is written; undefined if it cannot be. */
  done(file: Buffer | undefined): void
}

/** What Redis has a child process for: there is one at a time. */
interface Child {
  readonly snapshot: Snapshot
  readonly startedMs: number
  /** It was stopped, and is to be concluded with the next cron. */
  isKilled: boolean
  isWanted(): boolean
  /** It waits to be concluded. */
  isOver(): boolean
  stop(): void
  conclude(isKilled: boolean): void
}

/** What persistence needs of its node. */
export interface PersistentNode {
  readonly clock: Clock
  readonly alarm: Alarm
  /** A steady clock. */
  microseconds(): number
  readonly changes: { readonly dirty: number }
  readonly stats: { sanitizedBlocks: number }
  readonly loading: Loading
  /** What it is when it starts. */
  readonly startup: { readonly initialRole: 'master' | 'replica' }
  readonly replication: {
    /** Where in the stream the data stands, as fields of the file. */
    readonly savedPlace: readonly (readonly [name: Bytes, value: Bytes])[]
    /** Goes on from a place that was saved; false when there is none. */
    restorePlace(fields: ReadonlyMap<Bytes, Bytes>, becomes: 'master' | 'replica'): boolean
    feed(databaseIndex: number, argv: readonly Bytes[]): void
  }
  /** A transaction runs: what it asks for begins after it. */
  readonly isInTransaction: boolean
  /** The append-only file is being written anew: a save in the background has to wait. */
  readonly appendOnly: { readonly isRewriting: boolean }
}

const inProgress = new ReplyError('ERR Background save already in progress')
const isBusy = new ReplyError(
  "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a BGSAVE whenever possible.",
)

/** A file of a node that saves nothing: replicas get it, and nobody keeps it. */
class PassingDraft implements SnapshotDraft {
  readonly #chunks: Uint8Array[] = []

  append(chunk: Uint8Array): void {
    this.#chunks.push(chunk)
  }

  finishLater(done: (failure: undefined) => void): void {
    done(undefined)
  }

  publish(): void {}

  discard(): void {
    this.#chunks.length = 0
  }

  get content(): Buffer {
    return Buffer.concat(this.#chunks)
  }
}

/** Saves and loads the data of one node. */
export class Persistence implements PersistencePort {
  readonly #node: PersistentNode
  readonly #config: Config
  readonly #io: NodeIo
  readonly #dataset: Dataset
  /** Changes of the node that are saved. */
  #savedChanges = 0
  #lastTryMs = 0
  #child: Child | undefined
  /** A save in the background is to begin as soon as it can. */
  #isScheduled = false
  lastSaveMs: number
  saves = 0
  /** Works in the background that began. */
  forks = 0
  loadedKeys = 0
  loadedKeysExpired = 0
  /** The last save in the background came to an end, or was none. */
  lastWasGood = true
  /** How long it took, seconds; undefined when there was none. */
  lastSeconds: number | undefined

  constructor(parts: {
    readonly node: PersistentNode
    readonly config: Config
    readonly io: NodeIo
    readonly dataset: Dataset
  }) {
    this.#node = parts.node
    this.#config = parts.config
    this.#io = parts.io
    this.#dataset = parts.dataset
    this.lastSaveMs = parts.node.clock.now
  }

  get changesSinceSave(): number {
    return this.#node.changes.dirty - this.#savedChanges
  }

  /** Nothing is saved, nor will be unless something changes. */
  get isAtRest(): boolean {
    if (this.#child !== undefined || this.#isScheduled) return false
    return !this.#io.savesToDisk || this.changesSinceSave === 0
  }

  get lastSaveSeconds(): number {
    return Math.floor(this.lastSaveMs / 1000)
  }

  /** What is under way in the background: a save, or a snapshot that goes to replicas. */
  get running(): BackgroundProgress | undefined {
    if (this.#child === undefined) return undefined
    const { snapshot, startedMs } = this.#child
    return progressOf(snapshot, startedMs, this.#node.clock.now)
  }

  /** Writes are refused, since what they change could not be saved (writeCommandsDeniedByDiskError). */
  get refusesWrites(): boolean {
    return (
      !this.lastWasGood &&
      this.#config.boolean('stop-writes-on-bgsave-error') &&
      this.#savePoints().length > 0
    )
  }

  /** The node saves by itself. */
  get isAutomatic(): boolean {
    return this.#io.savesToDisk && this.#savePoints().length > 0
  }

  #savePoints(): { readonly seconds: number; readonly changes: number }[] {
    const words = this.#config.text('save').split(' ').filter(Boolean).map(Number)
    return Array.from({ length: words.length / 2 }, (_, i) => ({
      seconds: words[i * 2] as number,
      changes: words[i * 2 + 1] as number,
    }))
  }

  save(): void {
    if (this.#child !== undefined) throw inProgress
    this.saves++
    this.saveNow()
  }

  /** Saves within this turn, whatever goes on in the background (rdbSave). Throws ReplyError. */
  saveNow(): void {
    try {
      this.#saveAtOnce()
    } catch (error) {
      this.#io.log('warning', (error as Error).message)
      throw new ReplyError('ERR')
    }
    this.#saved(this.#node.changes.dirty)
    this.lastWasGood = true
  }

  saveInBackground({ isPatient }: { readonly isPatient: boolean }): 'started' | 'scheduled' {
    if (this.#child !== undefined) throw inProgress
    const { isInTransaction, appendOnly } = this.#node
    if (isInTransaction || appendOnly.isRewriting) {
      if (!isPatient && !isInTransaction) throw isBusy
      this.#isScheduled = true
      return 'scheduled'
    }
    this.#begin()
    return 'started'
  }

  #begin(): void {
    this.#isScheduled = false
    this.#beginFile(this.#snapshot(), () => this.#draft())
  }

  #beginFile(snapshot: Snapshot, open: () => SnapshotDraft, taker?: FileTaker): void {
    const { clock, alarm, changes, microseconds } = this.#node
    this.#lastTryMs = clock.now
    this.saves++
    this.#io.log('notice', `Background saving started by pid ${this.#io.host.processId}`)
    const ports = { clock, alarm, microseconds, config: this.#config }
    const file = new BackgroundFile(snapshot, open, ports)
    const { dirty } = changes
    this.#fork(snapshot, {
      isWanted: () => taker === undefined || this.isAutomatic || taker.isWanted(),
      isOver: () => file.isOver,
      stop: () => file.abandon(),
      conclude: (isKilled) => {
        const isGood = !isKilled && this.#publish(file.draft, dirty)
        if (isKilled) this.#io.log('warning', 'Background saving terminated by signal 10')
        if (taker !== undefined) taker.done(isGood ? this.#fileFor(file.draft) : undefined)
      },
    })
  }

  /** Saves where replicas are to go on, for them to get the file. */
  saveForReplicas(
    place: readonly (readonly [name: Bytes, value: Bytes])[],
    taker: FileTaker,
  ): void {
    const open = () => (this.#io.savesToDisk ? this.#draft() : new PassingDraft())
    this.#beginFile(this.#dataset.write('all', place), open, taker)
  }

  #fileFor(draft: SnapshotDraft | Error): Buffer | undefined {
    if (draft instanceof PassingDraft) return draft.content
    try {
      const file = this.#io.readSnapshot()
      return file && bytesOfSource(file)
    } catch (error) {
      this.#io.log('warning', (error as Error).message)
      return undefined
    }
  }

  /** A snapshot begins to go to replicas without a file, until {@link streamEnds}. */
  streamBegins(snapshot: Snapshot, { isWanted, stop, failed }: Stream): void {
    this.#fork(snapshot, { isWanted, isOver: () => false, stop, conclude: failed })
  }

  streamEnds(): void {
    this.#reap()
  }

  #fork(snapshot: Snapshot, work: Pick<Child, 'isWanted' | 'isOver' | 'stop' | 'conclude'>): void {
    this.forks++
    this.#child = { snapshot, startedMs: this.#node.clock.now, isKilled: false, ...work }
  }

  #reap(): void {
    this.lastSeconds = this.running?.seconds
    this.#child = undefined
  }

  #draft(): SnapshotDraft {
    return this.#io.draftSnapshot({ isInBackground: true })
  }

  #snapshot(): Snapshot {
    return this.#dataset.write('all', this.#node.replication.savedPlace)
  }

  /** Within this turn. Throws an Error whose message is for the log. */
  #saveAtOnce(): void {
    const draft = this.#io.draftSnapshot({ isInBackground: false })
    writeAtOnce(this.#snapshot(), draft)
    draft.publish()
  }

  #saved(changes: number): void {
    this.#savedChanges = changes
    this.lastSaveMs = this.#node.clock.now
    this.#io.log('notice', 'DB saved on disk')
  }

  /** Stops what is under way in the background (killRDBChild); the next cron says what became of it. */
  kill(): void {
    const child = this.#child
    if (child === undefined || child.isKilled) return
    child.isKilled = true
    child.stop()
  }

  /** Stops what only replicas wanted that are gone. */
  killUnwanted(): void {
    if (this.#child?.isWanted() === false) this.kill()
  }

  flushed(): void {
    this.kill()
    if (!this.isAutomatic) return
    try {
      this.#saveAtOnce()
      this.#saved(this.#node.changes.dirty)
    } catch (error) {
      this.#io.log('warning', (error as Error).message)
    }
  }

  /** Ten times a second. */
  cron(): void {
    const child = this.#child
    if (child === undefined) this.#saveIfDue()
    else if (child.isKilled || child.isOver()) {
      this.#reap()
      child.conclude(child.isKilled)
    }
  }

  /** What was saved in the background takes its place; false if it cannot. */
  #publish(draft: SnapshotDraft | Error, changes: number): boolean {
    try {
      if (draft instanceof Error) throw draft
      draft.publish()
    } catch (error) {
      this.lastWasGood = false
      this.#io.log('warning', (error as Error).message)
      this.#io.log('warning', 'Background saving error')
      return false
    }
    this.#saved(changes)
    this.lastWasGood = true
    this.#io.log('notice', 'Background saving terminated with success')
    return true
  }

  #saveIfDue(): void {
    if (this.#node.appendOnly.isRewriting) return
    const { now } = this.#node.clock
    if (!this.lastWasGood && now - this.#lastTryMs <= RETRY_MS) return
    if (this.#isScheduled) {
      this.#begin()
      return
    }
    if (!this.#io.savesToDisk || this.changesSinceSave === 0) return
    const due = this.#savePoints().find(
      ({ seconds, changes }) =>
        this.changesSinceSave >= changes && now - this.lastSaveMs > seconds * 1000,
    )
    if (due === undefined) return
    this.#io.log('notice', `${due.changes} changes in ${due.seconds} seconds. Saving...`)
    this.#begin()
  }

  /** Loads what was saved last, if anything was; then calls `done`, or `failed` when it cannot be read. */
  load(done: () => void, failed: (error: Error) => void): void {
    const giveUp = (error: Error): void => {
      if (error instanceof RdbError) {
        this.#io.log('warning', `Internal error in RDB reading: ${error.message}`)
        this.#io.log('warning', 'Terminating server after rdb file reading failure.')
      } else this.#io.log('warning', `Fatal error loading the DB: ${error.message}. Exiting.`)
      failed(error)
    }
    let file: RdbSource | undefined
    try {
      file = this.#io.readSnapshot()
    } catch (error) {
      giveUp(error as Error)
      return
    }
    if (file === undefined) done()
    else this.#loadAtStart(file, done, giveUp)
  }

  #loadAtStart(file: RdbSource, done: () => void, failed: (error: Error) => void): void {
    const startedMs = this.#node.clock.now
    const { startup, replication } = this.#node
    const { initialRole } = startup
    const dropped: [databaseIndex: number, key: Bytes][] = []
    this.#node.loading.begin({
      steps: this.#dataset.reading(
        file,
        initialRole === 'replica' ? undefined : ({ index }, key) => dropped.push([index, key]),
      ),
      totalBytes: file.sizeBytes,
      done: (loaded) => {
        this.loaded(loaded)
        if (replication.restorePlace(loaded.auxiliary, initialRole)) {
          // Replicas that come back still have them.
          const word = this.#config.boolean('lazyfree-lazy-expire') ? 'UNLINK' : 'DEL'
          for (const [databaseIndex, key] of dropped) replication.feed(databaseIndex, [word, key])
        }
        this.#tellLoaded(startedMs)
        done()
      },
      failed,
    })
  }

  #tellLoaded(startedMs: number): void {
    const seconds = (this.#node.clock.now - startedMs) / 1000
    this.#io.log('notice', `DB loaded from disk: ${seconds.toFixed(3)} seconds`)
  }

  payloadRefused(reason: Bytes): void {
    this.#io.log('verbose', `Internal error in RDB reading: ${reason}`)
  }

  sanitized(blocks: number): void {
    this.#node.stats.sanitizedBlocks += blocks
  }

  /** An RDB file was read. */
  loaded({ auxiliary, keys, expiredKeys, emptyKeys }: LoadedData): void {
    this.loadedKeys = keys
    this.loadedKeysExpired = expiredKeys
    const ageSeconds = Math.floor(this.#node.clock.now / 1000) - Number(auxiliary.get('ctime') ?? 0)
    const megabytes = Number(auxiliary.get('used-mem') ?? 0) / (1024 * 1024)
    for (const line of [
      `Loading RDB produced by version ${auxiliary.get('redis-ver') ?? ''}`,
      `RDB age ${Math.max(0, ageSeconds)} seconds`,
      `RDB memory usage when created ${megabytes.toFixed(2)} Mb`,
      ...(auxiliary.get('aof-base') === '1' ? ['RDB is base AOF'] : []),
    ])
      this.#io.log('notice', line)
    const counted = `keys loaded: ${keys}, keys expired: ${expiredKeys}`
    if (emptyKeys === 0) this.#io.log('notice', `Done loading RDB, ${counted}.`)
    else this.#io.log('warning', `Done loading RDB, ${counted}, empty keys skipped: ${emptyKeys}.`)
  }

  reload(options: {
    readonly save: boolean
    readonly flush: boolean
    readonly merge: boolean
  }): void {
    if (options.save) this.saveNow()
    if (options.flush) this.#dataset.clear()
    try {
      const file = this.#io.readSnapshot()
      if (file === undefined) throw new Error('there is none')
      const replaceLibraries = options.merge
      this.loaded(this.#dataset.read(file, undefined, { replaceLibraries }))
    } catch (error) {
      this.#io.log('warning', `Loading the RDB file: ${(error as Error).message}`)
      throw new ReplyError('ERR Error trying to load the RDB dump')
    }
    this.#io.log('warning', 'DB reloaded by DEBUG RELOAD')
  }
}
