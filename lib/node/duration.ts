/**
 * How long commands take, and who is told: their statistics and histograms, the slow log, the latency monitor (the end of
 * call in server.c, updateStatsOnUnblock). Commands that can only be quick are timed by samples unless somebody asks for
 * what takes less than {@link SLOW_MICROSECONDS}: reading the clock twice costs a tenth of a GET.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import type { DurationPort } from '../commands/context.ts'
import type { CommandEntry, CommandStats } from '../commands/table.ts'
import { DurationHistogram } from '../data/duration-histogram.ts'
import type { Config } from './config/config.ts'
import type { LatencyMonitor } from './latency.ts'
import { withoutSecrets } from './secret.ts'
import type { Session } from './session.ts'
import type { SlowLog } from './slow-log.ts'

/** Of commands that can only be quick one in this many, a power of two, is timed. */
const SAMPLE = 64
/** None of these takes so long by its own work. It is what `slowlog-log-slower-than` is without being set. */
const SLOW_MICROSECONDS = 10_000

/** A call of a command, as far as it has come. */
export interface TimedCall {
  readonly entry: CommandEntry
  readonly argv: readonly Bytes[]
  readonly microseconds: number
}

/** Where the durations of commands go. */
export class Durations implements DurationPort {
  readonly #config: Config
  readonly #clock: Clock
  readonly #slowLog: SlowLog
  readonly #latency: LatencyMonitor
  /** `latency-tracking`. */
  #fillsHistograms = true
  /** Somebody wants to know of quick commands, too. */
  #timesAll = false
  #slowMicroseconds = SLOW_MICROSECONDS

  constructor(parts: {
    readonly config: Config
    readonly clock: Clock
    readonly slowLog: SlowLog
    readonly latency: LatencyMonitor
  }) {
    this.#config = parts.config
    this.#clock = parts.clock
    this.#slowLog = parts.slowLog
    this.#latency = parts.latency
    const look = (): void => this.#lookAtSettings()
    look()
    for (const name of SETTINGS) parts.config.onChange(name, look)
  }

  #lookAtSettings(): void {
    this.#fillsHistograms = this.#config.boolean('latency-tracking')
    const slower = this.#config.number('slowlog-log-slower-than')
    const thresholdMs = this.#config.number('latency-monitor-threshold')
    this.#slowMicroseconds = slower < 0 ? Number.POSITIVE_INFINITY : slower
    this.#latency.thresholdMs = thresholdMs
    const latencyMicroseconds = thresholdMs === 0 ? Number.POSITIVE_INFINITY : thresholdMs * 1000
    this.#timesAll = Math.min(this.#slowMicroseconds, latencyMicroseconds) < SLOW_MICROSECONDS
  }

  /** Whether the next call of a command has to be timed. */
  wants({ command, stats }: CommandEntry, argv: readonly Bytes[]): boolean {
    const { calls } = stats
    if (argv.length > command.quickWords || this.#timesAll) return true
    return (calls & (SAMPLE - 1)) === 0 || calls < SAMPLE
  }

  /** A call that was timed, and counted, is over, or its client is blocked. */
  called(session: Session, call: TimedCall): void {
    if (session.blocked === undefined && session.suspended === undefined) this.#took(session, call)
    else session.blockedCall = call
  }

  /** A command that took more than its turn is over, and this is all it took. */
  concluded(session: Session, call: TimedCall): void {
    session.blockedCall = undefined
    this.#took(session, call)
  }

  /** The command of a client that was blocked is over: serving it took so long. */
  unblocked(
    session: Session,
    { microseconds, isLogged }: { readonly microseconds: number; readonly isLogged: boolean },
  ): void {
    const call = session.blockedCall
    if (call === undefined) return
    session.blockedCall = undefined
    const whole = call.microseconds + microseconds
    this.#latency.add('command-unblocking', microseconds)
    this.#count(call.entry, whole)
    if (isLogged) this.#log(session, { ...call, microseconds: whole })
  }

  #took(session: Session, call: TimedCall): void {
    const { entry, microseconds } = call
    this.#count(entry, microseconds)
    const name = entry.command.has('fast') ? 'fast-command' : 'command'
    this.#latency.add(name, microseconds)
    this.#log(session, call)
  }

  /** The histogram of a command, the calls since the last sample included. */
  histogramOf(entry: CommandEntry): DurationHistogram | undefined {
    this.complete(entry)
    return entry.stats.durations
  }

  /** Calls since the last sample count as the mean of those before. */
  complete({ command, stats }: CommandEntry): void {
    const { calls, timedCalls, microseconds } = stats
    const missing = calls - timedCalls
    if (command.quickWords === 0 || missing === 0 || timedCalls === 0) return
    this.#add(stats, microseconds / timedCalls, missing)
  }

  #count({ command, stats }: CommandEntry, microseconds: number): void {
    // Where every call is timed, those that are missing belong to clients that are blocked.
    const times = command.quickWords === 0 ? 1 : stats.calls - stats.timedCalls
    this.#add(stats, microseconds, times)
  }

  #add(stats: CommandStats, microseconds: number, times: number): void {
    stats.timedCalls += times
    stats.microseconds += microseconds * times
    if (!this.#fillsHistograms) return
    stats.durations ??= new DurationHistogram()
    stats.durations.add(microseconds, times)
  }

  #log(session: Session, { entry, argv, microseconds }: TimedCall): void {
    if (microseconds < this.#slowMicroseconds || entry.command.has('skip_slowlog')) return
    this.#slowLog.add(
      {
        timeSeconds: Math.floor(this.#clock.now / 1000),
        microseconds: Math.floor(microseconds),
        words: withoutSecrets(entry.command, argv),
        address: session.peer.address,
        clientName: session.name,
      },
      this.#config.number('slowlog-max-len'),
    )
  }
}

const SETTINGS = ['slowlog-log-slower-than', 'latency-monitor-threshold', 'latency-tracking']
