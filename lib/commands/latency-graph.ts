/**
 * The graph of LATENCY GRAPH: a column for each sample in ASCII, its age below it (sparkline.c, latencyCommandGenSparkeline).
 */
import type { LatencyEvent } from './context.ts'

const ROWS = 4
const COLUMNS_MAX = 80
/** How a column ends, by thirds of a row. */
const TOPS = '_o#'
const AGES: readonly (readonly [seconds: number, unit: string])[] = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'm'],
]

/** The whole reply: head, columns, ages. */
export function graphOf({ name, samples, longest }: LatencyEvent, nowSeconds: number): string {
  const values = samples.map(({ milliseconds }) => milliseconds)
  const [high, low] = [Math.max(...values), Math.min(...values)]
  const head = `${name} - high ${high} ms, low ${low} ms (all time high ${longest} ms)`
  const lines: string[] = []
  for (let from = 0; from < samples.length; from += COLUMNS_MAX) {
    const shown = samples.slice(from, from + COLUMNS_MAX)
    const heights = shown.map(({ milliseconds }) => heightOf(milliseconds - low, high - low))
    for (let row = ROWS - 1; row >= 0; row--) {
      lines.push(heights.map((height) => cell(height, row)).join(''))
    }
    lines.push(' '.repeat(shown.length))
    lines.push(...columns(shown.map(({ timeSeconds }) => ageOf(nowSeconds - timeSeconds))))
  }
  return `${[head, '-'.repeat(COLUMNS_MAX), ...lines].join('\n')}\n`
}

/** In thirds of a row, from 0. */
function heightOf(value: number, range: number): number {
  const steps = ROWS * TOPS.length
  return Math.min(Math.floor((value * steps) / (range === 0 ? 1 : range)), steps - 1)
}

function cell(height: number, row: number): string {
  const third = height - row * TOPS.length
  return third < 0 ? ' ' : (TOPS[third] ?? '|')
}

/** Words written downwards, side by side. */
function columns(words: readonly string[]): string[] {
  const length = Math.max(...words.map((word) => word.length))
  return Array.from({ length }, (_, row) => words.map((word) => word[row] ?? ' ').join(''))
}

function ageOf(seconds: number): string {
  const [size, unit] = AGES.find(([size]) => seconds >= size) ?? [1, 's']
  return `${Math.floor(seconds / size)}${unit}`
}
