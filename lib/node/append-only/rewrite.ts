/**
 * Rewriting the append-only file: a base of the data as it is, which takes the place of all that was logged before
 * (rewriteAppendOnlyFileBackground, backgroundRewriteDoneHandler). Nothing forks here: the base is written when it is asked
 * for and takes its place with the next cron, or after as long as `rdb-key-save-delay` wants it to take.
 */
import type { Clock } from '../../base/clock.ts'
import type { Config } from '../config/config.ts'
import type { PlacelessFile } from '../files.ts'

/** After so many failures in a row the next attempt by itself waits, a minute at first, twice as long each time. */
const FAILURES_MAX = 3
const WAIT_MAX_MINUTES = 60
const MINUTE_MS = 60_000

/** A rewrite that is under way. */
export interface RunningRewrite {
  /** What is to be the base; or why there can be none. */
  readonly draft: PlacelessFile | Error
  readonly format: 'rdb' | 'aof'
  readonly startedMs: number
  readonly keys: number
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
  readonly #config: Config
  #waitMinutes = 0
  #waitsUntilMs = 0

  constructor(clock: Clock, config: Config) {
    this.#clock = clock
    this.#config = config
  }

  /** How long the one that is under way has been, seconds. */
  get currentSeconds(): number | undefined {
    return this.running === undefined
      ? undefined
      : Math.floor((this.#clock.now - this.running.startedMs) / 1000)
  }

  begin(rewrite: Omit<RunningRewrite, 'startedMs'>): void {
    this.running = { ...rewrite, startedMs: this.#clock.now }
    this.isScheduled = false
    this.count++
  }

  /** The delay counts as it is now: a test that has seen enough takes it away. */
  get isDue(): boolean {
    if (this.running === undefined) return false
    const { startedMs, keys } = this.running
    const delayMs = (this.#config.number('rdb-key-save-delay') * keys) / 1000
    return this.#clock.now >= startedMs + Math.max(0, delayMs)
  }

  end(isGood: boolean): void {
    this.lastSeconds = this.currentSeconds
    this.running = undefined
    this.lastWasGood = isGood
    this.consecutiveFailures = isGood ? 0 : this.consecutiveFailures + 1
  }

  /** Ends the one that is under way without a result. */
  abort(): void {
    const { running } = this
    if (running === undefined) return
    if (!(running.draft instanceof Error)) running.draft.discard()
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
