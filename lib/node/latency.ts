/**
 * The latency monitor: of everything that holds up the node, how long it took whenever that was
 * `latency-monitor-threshold` or more (latency.c). Invariant: a second has one sample of an event, its longest.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import type { LatencyEvent, LatencyPort, LatencySample } from '../commands/context.ts'

/** What the append-only file can hold up a node with. */
export type AofLatencyEventName =
  | 'aof-write'
  | 'aof-write-alone'
  | 'aof-write-active-child'
  | 'aof-write-pending-fsync'
  | 'aof-fsync-always'

/** What can hold up a node. */
export type LatencyEventName =
  | AofLatencyEventName
  | 'command'
  | 'fast-command'
  | 'command-unblocking'
  | 'expire-cycle'
  | 'eviction-cycle'
  | 'eviction-del'

/** Samples kept of each event. */
const SAMPLES_MAX = 160

interface Series {
  samples: LatencySample[]
  longest: number
}

/** The latency monitor of one node. */
export class LatencyMonitor implements LatencyPort {
  /** What is shorter is not kept, milliseconds; 0: nothing is. */
  thresholdMs = 0
  readonly #clock: Clock
  readonly #series = new Map<Bytes, Series>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Something took so long. */
  add(name: LatencyEventName, microseconds: number): void {
    const milliseconds = Math.floor(microseconds / 1000)
    if (this.thresholdMs === 0 || milliseconds < this.thresholdMs) return
    const series = this.#series.get(name) ?? { samples: [], longest: 0 }
    this.#series.set(name, series)
    series.longest = Math.max(series.longest, milliseconds)
    const timeSeconds = Math.floor(this.#clock.now / 1000)
    const last = series.samples.at(-1)
    if (last?.timeSeconds === timeSeconds) {
      if (milliseconds <= last.milliseconds) return
      series.samples.pop()
    }
    series.samples.push({ timeSeconds, milliseconds })
    if (series.samples.length > SAMPLES_MAX) series.samples.shift()
  }

  events(): LatencyEvent[] {
    return [...this.#series].map(([name, series]) => ({ name, ...series }))
  }

  event(name: Bytes): LatencyEvent | undefined {
    const series = this.#series.get(name)
    return series === undefined ? undefined : { name, ...series }
  }

  reset(names: readonly Bytes[]): number {
    const wanted = names.length === 0 ? [...this.#series.keys()] : names
    return wanted.filter((name) => this.#series.delete(name)).length
  }
}
