/**
 * Samples of contestants on a machine that others use too: the contestants take turns, A B A B, so that a slow minute
 * hits all of them, and the median of each is what counts.
 */

/** Takes one sample. */
export type Contestant<T> = () => Promise<T>

/** Samples by contestant, in the order they were taken. */
export async function interleave<Name extends string, T>(
  contestants: Readonly<Record<Name, Contestant<T>>>,
  repetitions: number,
): Promise<Record<Name, T[]>> {
  const names = Object.keys(contestants) as Name[]
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    T[]
  >
  for (let i = 0; i < repetitions; i++) {
    for (const name of names) samples[name].push(await contestants[name]())
  }
  return samples
}

/** The middle of some figures, or of the two middle ones. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** The median of one property of samples. */
export function medianOf<T>(samples: readonly T[], figure: (sample: T) => number): number {
  return median(samples.map(figure))
}
