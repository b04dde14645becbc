/**
 * Data on its way from files into the databases, a slice a turn, so that clients hear in between that they have to
 * wait (rdbLoadRio, loadingProgressCallback). A file that is short enough is loaded within the turn that asks for it, and
 * `key-load-delay` makes each key as slow as a test wants it.
 * Invariant: `isUnderway` is told to be true exactly between turns of which more are needed.
 */
import type { Clock } from '../base/clock.ts'
import { RdbError } from '../rdb/format.ts'
import type { Alarm } from './alarm.ts'
import { UnusableLogError } from './append-only/chain.ts'
import type { Config } from './config/config.ts'
import type { PartlyLoaded } from './dataset.ts'

/** So often the delay is looked at: a test that has seen enough takes it away. */
const LOOK_MS = 100

/** What to load, and what is to follow. */
export interface LoadRequest<Loaded> {
  /** The load itself, a piece at a time. It throws {@link RdbError} or {@link UnusableLogError}. */
  readonly steps: Iterator<PartlyLoaded, Loaded>
  readonly totalBytes: number
  /** Clients are served meanwhile: it is loaded beside other data. No unless given. */
  readonly isAsync?: boolean
  done(data: Loaded): void
  /** Half of it may be there. */
  failed(error: Error): void
}

/** Data that begins to come and counts as being loaded. */
export interface ExpectedLoad {
  readonly isAsync: boolean
  readonly totalBytes: number
  /** How much has come. */
  receivedBytes(): number
}

/** Whether data is being loaded, and who has to wait for it. */
export type LoadingKind = 'no' | 'blocking' | 'async'

/** How far a load is. */
export interface LoadProgress {
  readonly isAsync: boolean
  readonly startedMs: number
  readonly totalBytes: number
  readonly loadedBytes: number
  /** What the data took where the file was written. */
  readonly usedBytes: number
}

interface Load {
  /** Goes on; undefined when that was the end. */
  readonly step: () => PartlyLoaded | undefined
  readonly stop: () => void
  readonly failed: (error: Error) => void
  readonly totalBytes: number
  readonly isAsync: boolean
  readonly startedMs: number
  progress: PartlyLoaded
  /** When the clock was looked at last, and how much of `key-load-delay` was still to pass then. */
  lookedMs: number
  owedMs: number
}

/** Loads data of one node. */
export class Loading {
  readonly #clock: Clock
  readonly #alarm: Alarm
  readonly #config: Config
  readonly #changed: (kind: LoadingKind) => void
  #load: Load | undefined
  #expected: (ExpectedLoad & { readonly startedMs: number }) | undefined
  readonly #goOn = (): void => this.#advance()

  constructor(parts: {
    readonly clock: Clock
    readonly alarm: Alarm
    readonly config: Config
    /** A load that takes more than its turn begins, or is over. */
    readonly changed: (kind: LoadingKind) => void
  }) {
    this.#clock = parts.clock
    this.#alarm = parts.alarm
    this.#config = parts.config
    this.#changed = parts.changed
  }

  /** Undefined while nothing is loaded. */
  get progress(): LoadProgress | undefined {
    if (this.#load === undefined) return this.#expectedProgress
    const { totalBytes, isAsync, startedMs, progress } = this.#load
    return {
      isAsync,
      startedMs,
      totalBytes,
      loadedBytes: progress.bytes,
      usedBytes: Number(progress.auxiliary.get('used-mem') ?? 0),
    }
  }

  get #expectedProgress(): LoadProgress | undefined {
    if (this.#expected === undefined) return undefined
    const { isAsync, startedMs, totalBytes } = this.#expected
    return {
      isAsync,
      startedMs,
      totalBytes,
      loadedBytes: this.#expected.receivedBytes(),
      usedBytes: 0,
    }
  }

  /** Data that `begin` will be told of is on its way; what was being loaded is left half-way. */
  expect(load: ExpectedLoad): void {
    this.abandon()
    this.#expected = { ...load, startedMs: this.#clock.now }
    this.#changed(kindOf(load))
  }

  /** Adds to what is there; what was being loaded is left half-way. */
  begin<Loaded>({ steps, totalBytes, done, failed, isAsync = false }: LoadRequest<Loaded>): void {
    const { now } = this.#clock
    const startedMs = this.#expected?.startedMs ?? now
    this.abandon()
    const step = (): PartlyLoaded | undefined => {
      const next = steps.next()
      if (next.done !== true) return next.value
      this.abandon()
      done(next.value)
      return undefined
    }
    this.#load = {
      step,
      stop: () => steps.return?.(),
      failed,
      totalBytes,
      isAsync,
      startedMs,
      progress: { bytes: 0, auxiliary: new Map() },
      lookedMs: now,
      owedMs: 0,
    }
    this.#advance()
    if (this.#load !== undefined) this.#changed(kindOf(this.#load))
  }

  /** Nobody wants it any more. */
  abandon(): void {
    const load = this.#load
    if (load === undefined && this.#expected === undefined) return
    this.#load = undefined
    this.#expected = undefined
    load?.stop()
    this.#changed('no')
  }

  #advance(): void {
    const load = this.#load
    if (load === undefined) return
    const { now } = this.#clock
    const delayMs = Math.max(0, this.#config.number('key-load-delay')) / 1000
    // What a late timer has cost may be made up for.
    load.owedMs = delayMs === 0 ? 0 : Math.max(-LOOK_MS, load.owedMs - (now - load.lookedMs))
    load.lookedMs = now
    const sliceEnd =
      load.progress.bytes + this.#config.number('loading-process-events-interval-bytes')
    try {
      while (load.owedMs < 1 && load.progress.bytes < sliceEnd) {
        const progress = load.step()
        if (progress === undefined) return
        load.progress = progress
        load.owedMs += delayMs
      }
    } catch (error) {
      if (!(error instanceof RdbError || error instanceof UnusableLogError)) throw error
      this.abandon()
      load.failed(error)
      return
    }
    this.#alarm.set(this.#goOn, now + Math.min(Math.max(0, Math.floor(load.owedMs)), LOOK_MS))
  }
}

function kindOf({ isAsync }: { readonly isAsync: boolean }): LoadingKind {
  return isAsync ? 'async' : 'blocking'
}
