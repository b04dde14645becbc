/**
 * Rewriting the append-only file: a base of the data as it is, which takes the place of all that was logged before
 * (rewriteAppendOnlyFileBackground, backgroundRewriteDoneHandler). Nothing forks here: the base is written in slices between
 * the turns of others, and takes its place with the cron after the last one.
 */
import type { Clock } from '../../base/clock.ts'
import type { BackgroundFile } from '../background-file.ts'
import type { DraftFile } from '../files.ts'

/** After so many failures in a row the next attempt by itself waits, a minute at first, twice as long each time. */
const FAILURES_MAX = 3
const WAIT_MAX_MINUTES = 60
const MINUTE_MS = 60_000

/** A rewrite that is under way. */
export interface RunningRewrite {
  /** What is to be the base. */
  readonly file: BackgroundFile<DraftFile>
  readonly format: 'rdb' | 'aof'
}

/** What became of the rewrites of one node. */
export class RewriteRecord {
  running: RunningRewrite | undefined
  /** One is to begin as soon as it can. */
  isScheduled = false
  /** How many were begun. */
  count = 0
  lastWasGood = true
  /** How long the last one took, seconds; undefined when there was none. */
  lastSeconds: number | undefined
  consecutiveFailures = 0
  readonly #clock: Clock
  #waitMinutes = 0
  #waitsUntilMs = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** How long the one that is under way has been, seconds. */
  get currentSeconds(): number | undefined {
    return this.running?.file.progress.seconds
  }

  begin(rewrite: RunningRewrite): void {
    this.running = rewrite
    this.isScheduled = false
    this.count++
  }

  end(isGood: boolean): void {
    this.lastSeconds = this.currentSeconds
    this.running = undefined
    this.lastWasGood = isGood
    this.consecutiveFailures = isGood ? 0 : this.consecutiveFailures + 1
  }

  /** Ends the one that is under way without a result. */
  abort(): void {
    this.running?.file.abandon()
    this.running = undefined
  }

  /** Too many failed for another to begin by itself; `warn` hears when that begins (aofRewriteLimited). */
  isLimited(warn: (line: string) => void): boolean {
    const { now } = this.#clock
    if (this.consecutiveFailures < FAILURES_MAX) {
      this.#waitMinutes = 0
      this.#waitsUntilMs = 0
      return false
    }
    if (this.#waitsUntilMs !== 0) {
      if (now < this.#waitsUntilMs) return true
      this.#waitsUntilMs = 0
      return false
    }
    this.#waitMinutes = Math.min(Math.max(1, this.#waitMinutes * 2), WAIT_MAX_MINUTES)
    this.#waitsUntilMs = now + this.#waitMinutes * MINUTE_MS
    warn(
      `Background AOF rewrite has repeatedly failed and triggered the limit, will retry in ${this.#waitMinutes} minutes`,
    )
    return true
  }
}
