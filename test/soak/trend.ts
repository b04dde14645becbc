/**
 * Where a figure is going: the straight line that lies closest to what was measured over time.
 */

/** A figure at a time, in any units. */
export interface Sample {
  readonly at: number
  readonly figure: number
}

/** By how much the figure grows per unit of time (least squares). Throws a RangeError unless there are two times. */
export function slopeOf(samples: readonly Sample[]): number {
  const [meanAt, meanFigure] = [
    mean(samples.map(({ at }) => at)),
    mean(samples.map(({ figure }) => figure)),
  ]
  const spread = sum(samples.map(({ at }) => (at - meanAt) ** 2))
  if (!(spread > 0)) throw new RangeError('a slope takes two points in time')
  return sum(samples.map(({ at, figure }) => (at - meanAt) * (figure - meanFigure))) / spread
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function mean(numbers: readonly number[]): number {
  return sum(numbers) / numbers.length
}
