/**
 * A histogram of durations with two significant digits, from a nanosecond to a second (HdrHistogram as Redis sets it up in
 * updateCommandLatencyHistogram). A duration is counted in the range it falls into: 128 ranges for each power of two.
 * Invariant: `total` is the sum of all counts.
 */

/** What is quicker or slower counts as this, nanoseconds. */
const MIN_NANOSECONDS = 1
const MAX_NANOSECONDS = 1_000_000_000
/** The end of the range that holds the longest duration. */
const END_NANOSECONDS = 2 ** 30 - 1
/** Below this each nanosecond is a range of its own. */
const EXACT_NANOSECONDS = 256
const RANGES_PER_POWER = 128
/** The first step of the cumulative distribution; each step doubles it. */
const FIRST_STEP_NANOSECONDS = 1024

/** How many durations were at most so long. */
export interface CumulativeCount {
  readonly microseconds: number
  readonly count: number
}

/** Durations, counted. */
export class DurationHistogram {
  total = 0
  /** Counts by the lowest nanosecond of their range. */
  readonly #counts = new Map<number, number>()

  /** Counts a duration, `times` over. */
  add(microseconds: number, times: number): void {
    const nanoseconds = Math.floor(microseconds) * 1000
    const within = Math.min(Math.max(nanoseconds, MIN_NANOSECONDS), MAX_NANOSECONDS)
    const lowest = within - (within % rangeSize(within))
    this.#counts.set(lowest, (this.#counts.get(lowest) ?? 0) + times)
    this.total += times
  }

  /** The cumulative distribution at each power of two where it grows. */
  distribution(): CumulativeCount[] {
    const ranges = this.#ranges()
    const steps: CumulativeCount[] = []
    let count = 0
    let next = 0
    for (let step = FIRST_STEP_NANOSECONDS; count < this.total; step *= 2) {
      const end = endOfRange(step)
      const before = count
      for (; (ranges[next]?.[0] ?? Number.POSITIVE_INFINITY) <= end; next++) {
        count += (ranges[next] as [number, number])[1]
      }
      if (count > before) steps.push({ microseconds: Math.floor(end / 1000), count })
    }
    return steps
  }

  /** The microseconds below which so many percent of the durations stayed. */
  percentile(percentage: number): number {
    const wanted = Math.max(1, Math.floor((percentage / 100) * this.total + 0.5))
    let count = 0
    for (const [lowest, times] of this.#ranges()) {
      count += times
      if (count >= wanted) return (percentage === 0 ? lowest : endOfRange(lowest)) / 1000
    }
    return 0
  }

  #ranges(): [lowest: number, count: number][] {
    return [...this.#counts].sort(([a], [b]) => a - b)
  }
}

/** How many nanoseconds share a range with this one. */
function rangeSize(nanoseconds: number): number {
  if (nanoseconds < EXACT_NANOSECONDS) return 1
  return (1 << (31 - Math.clz32(nanoseconds))) / RANGES_PER_POWER
}

function endOfRange(nanoseconds: number): number {
  const size = rangeSize(nanoseconds)
  return Math.min(nanoseconds - (nanoseconds % size) + size - 1, END_NANOSECONDS)
}
