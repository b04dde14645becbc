/**
 * The append-only file of a node: every effect, in order, so that whoever starts from it has all that was acknowledged
 * (aof.c). It is off, on, or waits for its first base: until then what happens goes into an increment for the time being.
 * Invariant: what the manifest on disk names is complete: its base and increments make the data up to the last flush.
 */
import type { Bytes } from '../../base/bytes.ts'
import type { Clock } from '../../base/clock.ts'
import type { AppendOnlyPort } from '../../commands/context.ts'
import { ReplyError } from '../../resp/reply-error.ts'
import type { Alarm } from '../alarm.ts'
import { BackgroundFile, type BackgroundProgress, writeAtOnce } from '../background-file.ts'
import type { Config } from '../config/config.ts'
import { ConfigRefusal } from '../config/value-type.ts'
import type { Dataset } from '../dataset.ts'
import type { DraftFile } from '../files.ts'
import type { AppendOnlyFacts } from '../info/facts.ts'
import type { NodeIo } from '../io.ts'
import type { AofLatencyEventName } from '../latency.ts'
import type { Loading } from '../loading.ts'
import type { Snapshot } from '../snapshot.ts'
import { AofChain, UnusableLogError } from './chain.ts'
import { AofLoader, type LoadingNode } from './loader.ts'
import { RewriteRecord, type RunningRewrite } from './rewrite.ts'
import { AofWriter } from './writer.ts'

/** What the append-only file needs of its node. */
export interface LoggedNode extends LoadingNode {
  readonly clock: Clock
  readonly alarm: Alarm
  /** A steady clock. */
  microseconds(): number
  readonly propagation: { feedsLog: boolean }
  /** A snapshot is being saved in the background: a rewrite has to wait. */
  readonly isSavingInBackground: boolean
  /** A transaction runs: what it asks for begins after it. */
  readonly isInTransaction: boolean
  readonly writeOffset: number
  readonly changes: { dirty: number }
  readonly loading: Loading
  readonly latency: { add(event: AofLatencyEventName, microseconds: number): void }
}

/** `waiting`: it is to be on once its first base is there. */
type AofState = 'off' | 'waiting' | 'on'

const ALREADY = new ReplyError('ERR Background append only file rewriting already in progress')

/** Logs the effects of one node. */
export class AppendOnlyFile implements AppendOnlyPort {
  readonly writer: AofWriter
  readonly #node: LoggedNode
  readonly #config: Config
  readonly #io: NodeIo
  readonly #dataset: Dataset
  readonly #chain: AofChain
  readonly #loader: AofLoader
  readonly #rewrite: RewriteRecord
  #state: AofState = 'off'
  /** Bytes of the files before the one that grows. */
  #olderBytes = 0
  /** How large the file was when it was written anew. */
  #baseBytes = 0

  constructor(parts: {
    readonly node: LoggedNode
    readonly config: Config
    readonly io: NodeIo
    readonly dataset: Dataset
  }) {
    const { node, config, io } = parts
    this.#node = node
    this.#config = config
    this.#io = io
    this.#dataset = parts.dataset
    this.#chain = new AofChain(config, io)
    this.#loader = new AofLoader({ node, config, io, chain: this.#chain })
    this.#rewrite = new RewriteRecord(node.clock)
    this.writer = new AofWriter({
      clock: node.clock,
      config,
      files: io.files,
      log: (level, text) => io.log(level, text),
      sleep: (milliseconds) => io.sleep(milliseconds),
      microseconds: () => node.microseconds(),
      heldUp: (event, microseconds) => node.latency.add(event, microseconds),
      isDiskBusy: () => node.isSavingInBackground || this.isRewriting,
      streamOffset: () => node.writeOffset,
    })
    config.onChange('appendonly', (value) => {
      if (value === 'no') this.#turnOff()
      else if (!this.#turnOn()) {
        throw new ConfigRefusal('Unable to turn on AOF. Check server logs.')
      }
    })
    if (config.knows('aof-disable-auto-gc')) {
      config.onChange('aof-disable-auto-gc', () => this.#chain.deleteHistory())
    }
  }

  get isEnabled(): boolean {
    return this.#state !== 'off'
  }

  /** A new life would begin with all that is on disk: the first base is there. */
  get isComplete(): boolean {
    return this.#state === 'on'
  }

  get isRewriting(): boolean {
    return this.#rewrite.running !== undefined
  }

  /** All that was logged is kept, and nothing is rewritten, nor will be unless more is logged. */
  get isAtRest(): boolean {
    const { running, isScheduled, consecutiveFailures } = this.#rewrite
    if (running !== undefined || isScheduled) return false
    return this.#state === 'off' || (this.writer.isAtRest && consecutiveFailures === 0)
  }

  /** How far the rewriting is that is under way. */
  get progress(): BackgroundProgress | undefined {
    return this.#rewrite.running?.file.progress
  }

  /** Why writes are refused, in the system's words. */
  get failure(): string | undefined {
    return this.#state === 'off' ? undefined : this.writer.failure
  }

  get facts(): AppendOnlyFacts {
    return {
      isEnabled: this.isEnabled,
      isRewriting: this.isRewriting,
      isScheduled: this.#rewrite.isScheduled,
      lastRewriteSeconds: this.#rewrite.lastSeconds,
      currentRewriteSeconds: this.#rewrite.currentSeconds,
      lastRewriteWasGood: this.#rewrite.lastWasGood,
      rewrites: this.#rewrite.count,
      consecutiveFailures: this.#rewrite.consecutiveFailures,
      isWritable: this.writer.failure === undefined,
      currentBytes: this.#currentBytes,
      baseBytes: this.#baseBytes,
      bufferBytes: this.writer.pendingBytes,
      syncsRunning: this.writer.syncsRunning,
      delayedSyncs: this.writer.delayedSyncs,
    }
  }

  get #currentBytes(): number {
    return this.#olderBytes + this.writer.fileBytes
  }

  /** An effect, for the file. */
  feed(databaseIndex: number, argv: readonly Bytes[]): void {
    this.writer.add(databaseIndex, argv)
  }

  #setState(state: AofState): void {
    this.#state = state
    this.#feedingChanged()
  }

  #feedingChanged(): void {
    this.#node.propagation.feedsLog =
      this.#state === 'on' || (this.#state === 'waiting' && this.isRewriting)
  }

  // ---- start and end

  /** Looks what files there are, and says whether the data comes from here. Throws {@link UnusableLogError}. */
  isToLoad(): boolean {
    this.#chain.read()
    if (!this.#config.boolean('appendonly')) return false
    this.#chain.upgrade()
    return true
  }

  /** Loads the data there is; then calls `done`, or `failed` when it cannot be used. Throws {@link UnusableLogError}. */
  load(done: () => void, failed: (error: Error) => void): void {
    if (this.#chain.manifest.isEmpty) {
      done()
      return
    }
    const startedAt = this.#node.microseconds()
    this.#node.loading.begin({
      steps: this.#loader.steps(),
      totalBytes: this.#loader.totalBytes,
      done: () => {
        const seconds = (this.#node.microseconds() - startedAt) / 1e6
        this.#io.log('notice', `DB loaded from append only file: ${seconds.toFixed(3)} seconds`)
        this.#countLoaded()
        done()
      },
      failed,
    })
  }

  #countLoaded(): void {
    const { base, files, lastIncrement } = this.#chain.manifest
    for (const file of files) {
      const size = this.#chain.sizeOf(file.name)
      if (file === base) this.#baseBytes = size
      if (file !== lastIncrement) this.#olderBytes += size
    }
  }

  /** Opens the last file to go on in it (aofOpenIfNeededOnServerStart). Throws {@link UnusableLogError}. */
  open(): void {
    if (this.#config.boolean('appendonly')) this.#openLast()
    this.#chain.deleteHistory()
  }

  #openLast(): void {
    const chain = this.#chain
    const { stem } = chain
    let next = chain.manifest
    chain.makeDirectory()
    try {
      if (next.isEmpty) {
        next = next.withNewBase(stem, this.#format)
        const name = next.base?.name ?? ''
        this.#writeBase().publish(chain.path(name))
        this.#io.log('notice', `Creating AOF base file ${name} on server start`)
      }
      const isNew = next.lastIncrement === undefined
      if (isNew) next = next.withNewIncrement(stem)
      const { name } = next.lastIncrement as { readonly name: Bytes }
      this.writer.open(chain.path(name))
      if (next !== chain.manifest) chain.keep(next)
      const verb = isNew ? 'Creating' : 'Opening'
      this.#io.log('notice', `${verb} AOF incr file ${name} on server start`)
    } catch (error) {
      if (error instanceof UnusableLogError) throw error
      chain.refuse(`Can't open the append-only file: ${(error as Error).message}`)
    }
    this.#setState('on')
  }

  /** The server ends; false when it must not, since nothing it holds is on disk yet. */
  finish({ isForced }: { readonly isForced: boolean }): boolean {
    if (this.#state === 'off') return true
    this.#finishFirstBase()
    if (this.isRewriting) {
      if (this.#state === 'waiting') {
        const outcome = isForced ? '. Exit anyway.' : ", can't exit."
        this.#io.log('warning', `Writing initial AOF${outcome}`)
        if (!isForced) return false
      }
      this.#io.log('warning', 'There is a child rewriting the AOF. Killing it!')
      this.#abort()
    }
    this.#io.log('notice', 'Calling fsync() on the AOF file.')
    this.writer.flush({ isForced: true })
    this.writer.sync()
    return true
  }

  /**
   * The first base may be written, but no cron has found it: scripts kept the thread. A child of Redis has it on disk and
   * has been seen to end by then.
   */
  #finishFirstBase(): void {
    const { running } = this.#rewrite
    if (this.#state === 'waiting' && running?.file.isWritten === true) this.#conclude(running)
  }

  // ---- on and off

  #turnOn(): boolean {
    this.#setState('waiting')
    const { isSavingInBackground, isInTransaction } = this.#node
    if (isSavingInBackground || isInTransaction) {
      const why = isInTransaction
        ? 'AOF was enabled during a transaction.'
        : 'AOF was enabled but there is already another background operation.'
      this.#schedule(`${why} An AOF background was scheduled to start when possible.`)
      return true
    }
    if (this.isRewriting) {
      this.#io.log(
        'warning',
        'AOF was enabled but there is already an AOF rewriting in background. Stopping background AOF and starting a rewrite now.',
      )
      this.#abort()
    }
    if (this.#begin()) return true
    this.#setState('off')
    this.#io.log(
      'warning',
      "Redis needs to enable the AOF but can't trigger a background AOF rewrite operation. Check the above logs for more info about the error.",
    )
    return false
  }

  #schedule(line: string): void {
    this.#rewrite.isScheduled = true
    this.#io.log('notice', line)
  }

  #turnOff(): void {
    if (this.#state === 'off') return
    this.writer.close()
    const wasWaiting = this.#state === 'waiting'
    this.#rewrite.isScheduled = false
    this.#setState('off')
    if (!this.isRewriting) return
    this.#io.log('notice', `Killing running AOF rewrite child: ${this.#io.host.processId}`)
    this.#abort()
    if (wasWaiting) this.#removeTemporary()
  }

  #abort(): void {
    this.#rewrite.abort()
    this.#feedingChanged()
  }

  #removeTemporary(): void {
    this.writer.abandon()
    this.#chain.remove('temp incr aof file', this.#chain.temporaryIncrement)
  }

  /** All data is about to be replaced: what comes in between is nobody's history. */
  suspend(): void {
    this.#turnOff()
  }

  /** The data is there, or never will be: it goes into a new base (restartAOFAfterSYNC). */
  resume(): void {
    if (!this.#config.boolean('appendonly') || this.isEnabled || this.#turnOn()) return
    this.#setState('waiting')
    this.#rewrite.isScheduled = true
  }

  // ---- rewriting

  rewrite(): 'started' | 'scheduled' {
    if (this.isRewriting) throw ALREADY
    const { isSavingInBackground, isInTransaction } = this.#node
    if (isSavingInBackground || isInTransaction) {
      this.#rewrite.isScheduled = true
      this.#rewrite.consecutiveFailures = 0
      return 'scheduled'
    }
    if (this.#begin()) return 'started'
    throw new ReplyError(
      "ERR Can't execute an AOF background rewriting. Please check the server logs for more information.",
    )
  }

  get #format(): 'rdb' | 'aof' {
    return this.#config.boolean('aof-use-rdb-preamble') ? 'rdb' : 'aof'
  }

  #snapshot(): Snapshot {
    return this.#format === 'rdb'
      ? this.#dataset.write('all', [], { isLogBase: true })
      : this.#dataset.writeCommands({ isStamped: this.#config.boolean('aof-timestamp-enabled') })
  }

  /** A base, within this turn. Throws an Error, and leaves nothing then. */
  #writeBase(): DraftFile {
    const draft = this.#draftBase()
    writeAtOnce(this.#snapshot(), draft)
    draft.finish()
    return draft
  }

  #draftBase(): DraftFile {
    return this.#io.files.draft(this.#temporaryBase)
  }

  get #temporaryBase(): Bytes {
    return `temp-rewriteaof-bg-${this.#io.host.processId}.aof`
  }

  /** Begins: from now on what happens goes into another increment. False when it cannot be. */
  #begin(): boolean {
    try {
      this.#chain.makeDirectory()
      this.#openNext()
    } catch (error) {
      this.#rewrite.lastWasGood = false
      if (!(error instanceof UnusableLogError)) {
        this.#io.log('warning', `Can't open the append-only file: ${(error as Error).message}`)
      }
      return false
    }
    const { clock, alarm, microseconds } = this.#node
    const file = new BackgroundFile(this.#snapshot(), () => this.#draftBase(), {
      clock,
      alarm,
      microseconds,
      config: this.#config,
    })
    this.#rewrite.begin({ file, format: this.#format })
    this.#io.log(
      'notice',
      `Background append only file rewriting started by pid ${this.#io.host.processId}`,
    )
    this.#feedingChanged()
    return true
  }

  /** Opens the increment that belongs to the base to come (openNewIncrAofForAppend). */
  #openNext(): void {
    const chain = this.#chain
    if (this.#state === 'waiting') {
      this.#io.files.remove(chain.path(chain.temporaryIncrement))
      this.writer.open(chain.path(chain.temporaryIncrement))
      this.#io.log(
        'notice',
        `Creating AOF incr temp file ${chain.temporaryIncrement} on background rewrite`,
      )
    } else if (this.#state === 'on') {
      const next = chain.manifest.withNewIncrement(chain.stem)
      const { name } = next.lastIncrement as { readonly name: Bytes }
      const before = this.#currentBytes
      this.writer.open(chain.path(name))
      chain.keep(next)
      this.#olderBytes = before
      this.#io.log('notice', `Creating AOF incr file ${name} on background rewrite`)
    }
  }

  /** Ten times a second. */
  cron(): void {
    this.writer.cron()
    const { running } = this.#rewrite
    if (running?.file.isOver === true) this.#conclude(running)
    else if (running === undefined && !this.#node.isSavingInBackground) this.#rewriteIfDue()
  }

  #rewriteIfDue(): void {
    const warn = (line: string): void => this.#io.log('warning', line)
    if (this.#rewrite.isScheduled) {
      if (!this.#rewrite.isLimited(warn)) this.#begin()
      return
    }
    const percentage = this.#config.number('auto-aof-rewrite-percentage')
    if (this.#state !== 'on' || percentage === 0) return
    if (this.#currentBytes <= this.#config.number('auto-aof-rewrite-min-size')) return
    const growth = Math.floor((this.#currentBytes * 100) / (this.#baseBytes || 1)) - 100
    if (growth < percentage || this.#rewrite.isLimited(warn)) return
    this.#io.log('notice', `Starting automatic rewriting of AOF on ${growth}% growth`)
    this.#begin()
  }

  #conclude({ file, format }: RunningRewrite): void {
    try {
      const draft = this.#finished(file)
      this.#io.log('notice', 'Background AOF rewrite terminated with success')
      this.#publish(draft, format)
      this.#rewrite.end(true)
      this.#io.log('notice', 'Background AOF rewrite finished successfully')
      if (this.#state === 'waiting') this.#setState('on')
    } catch {
      this.#rewrite.end(false)
      if (this.#state === 'waiting') {
        this.#removeTemporary()
        this.#rewrite.isScheduled = true
      }
      this.#feedingChanged()
    }
  }

  #finished({ draft, isOver }: BackgroundFile<DraftFile>): DraftFile {
    try {
      if (draft instanceof Error) throw draft
      if (!isOver) draft.finish()
      return draft
    } catch (error) {
      const { message } = error as Error
      this.#io.log('warning', `Error writing append only file on disk: ${message}`)
      this.#io.log('warning', 'Background AOF rewrite terminated with error')
      throw error
    }
  }

  /** The base takes its place, with the increment that goes with it. */
  #publish(draft: DraftFile, format: 'rdb' | 'aof'): void {
    const chain = this.#chain
    let next = chain.manifest.withNewBase(chain.stem, format)
    const base = next.base?.name ?? ''
    const moved = (what: string, from: Bytes, to: Bytes, move: () => void): void => {
      try {
        move()
      } catch (error) {
        this.#io.log(
          'warning',
          `Error trying to rename the temporary AOF ${what} file ${from} into ${to}: ${(error as Error).message}`,
        )
        throw error
      }
      this.#io.log(
        'notice',
        `Successfully renamed the temporary AOF ${what} file ${from} into ${to}`,
      )
    }
    moved('base', this.#temporaryBase, base, () => draft.publish(chain.path(base)))
    if (this.#state === 'waiting') {
      const waiting = chain.temporaryIncrement
      next = next.withNewIncrement(chain.stem)
      const { name } = next.lastIncrement as { readonly name: Bytes }
      moved('incr', waiting, name, () =>
        this.#io.files.rename(chain.path(waiting), chain.path(name)),
      )
    }
    next = next.withoutRewritten({ keepsLast: this.#state !== 'off' })
    chain.keep(next)
    if (this.#state !== 'off') {
      this.#olderBytes = draft.sizeBytes
      this.#baseBytes = this.#currentBytes
    }
    chain.deleteHistory()
  }

  // ---- for tests

  holdUp(milliseconds: number): void {
    this.writer.flushDelayMs = milliseconds
  }

  reload(): void {
    if (this.#state === 'on') this.writer.flush({ isForced: true })
    this.#dataset.clear()
    try {
      this.#chain.read()
      this.#chain.upgrade()
      if (this.#chain.manifest.isEmpty) throw new UnusableLogError('there are no files')
      this.#node.propagation.feedsLog = false
      const steps = this.#loader.steps()
      // Clients are heard while a script of the file is slow.
      this.#node.loading.expect({
        isAsync: false,
        totalBytes: this.#loader.totalBytes,
        receivedBytes: () => 0,
      })
      while (steps.next().done !== true);
    } catch (error) {
      if (!(error instanceof UnusableLogError)) throw error
      throw new ReplyError('ERR Error trying to load the AOF files, check server logs')
    } finally {
      this.#node.loading.abandon()
      this.#feedingChanged()
    }
    this.#node.changes.dirty = 0
    this.#io.log('warning', 'Append Only File loaded by DEBUG LOADAOF')
  }
}
