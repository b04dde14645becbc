/**
 * The rows a benchmark yields and the one table they become. A row is a figure of ours beside that of another contestant,
 * taken in the same run; what counts is their ratio. Invariant: a verdict follows from row and target alone.
 */

/** Units of figures, as they are printed. */
export type Unit = 'ms' | 'us' | 'ns' | 'MB' | 'MB/s' | 'B' | 'x' | '%'

/** What a row should reach: a bound on its ratio, or on our figure. */
export type Target = { readonly of: 'ratio' | 'ours' } & (
  | { readonly atMost: number }
  | { readonly atLeast: number }
)

/** A measured row. */
export interface Measure {
  readonly what: string
  readonly unit: Unit
  readonly ours: number
  /** Who else was measured, and its figure. */
  readonly other?: { readonly name: string; readonly figure: number }
  readonly target?: Target
}

/** A row that could not be measured, and why. */
export interface Gap {
  readonly what: string
  readonly reason: string
}

/** A row of the table. */
export type Row = Measure | Gap

/** A row with all that follows from it, as `--json` writes it. */
export type JudgedRow = Gap | (Measure & { readonly ratio?: number; readonly verdict: Verdict })

/** What became of a target; empty without one. */
export type Verdict = 'met' | 'missed' | ''

/** Adds ratio and verdict to a row. */
export function judge(row: Row): JudgedRow {
  if ('reason' in row) return row
  const verdict = verdictOf(row)
  const ratio = ratioOf(row)
  return ratio === undefined ? { ...row, verdict } : { ...row, ratio, verdict }
}

/** The rows as a Markdown table. */
export function markdownTable(rows: readonly Row[]): string {
  const head = ['what', 'ours', 'other', 'ratio', 'target', 'verdict']
  const lines = [head, ...rows.map(cells)]
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  )
  const printed = lines.map((line) => printLine(line, widths))
  const rule = widths.map((width, column) => {
    return isNumeric(column) ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2)
  })
  printed.splice(1, 0, `|${rule.join('|')}|`)
  return `${printed.join('\n')}\n`
}

function ratioOf(row: Measure): number | undefined {
  return row.other === undefined ? undefined : row.ours / row.other.figure
}

function verdictOf(row: Measure): Verdict {
  if (row.target === undefined) return ''
  const reached = row.target.of === 'ours' ? row.ours : ratioOf(row)
  if (reached === undefined) return ''
  const { target } = row
  const isMet = 'atMost' in target ? reached <= target.atMost : reached >= target.atLeast
  return isMet ? 'met' : 'missed'
}

function cells(row: Row): string[] {
  if ('reason' in row) return [row.what, '', '', '', '', row.reason.replaceAll('|', '\\|')]
  const { other, target } = row
  const ratio = ratioOf(row)
  return [
    row.what,
    `${shown(row.ours)} ${row.unit}`,
    other === undefined ? '' : `${shown(other.figure)} ${row.unit} (${other.name})`,
    ratio === undefined ? '' : `${shown(ratio)} x`,
    target === undefined ? '' : `${bound(target)} ${target.of === 'ratio' ? 'x' : row.unit}`,
    verdictOf(row),
  ]
}

function bound(target: Target): string {
  return 'atMost' in target ? `<= ${target.atMost}` : `>= ${target.atLeast}`
}

/** Three digits are more than a busy machine can tell. */
function shown(figure: number): string {
  if (figure >= 100) return figure.toFixed(0)
  return figure >= 10 ? figure.toFixed(1) : figure.toFixed(2)
}

function printLine(line: readonly string[], widths: readonly number[]): string {
  const padded = line.map((cell, column) => {
    const width = widths[column] ?? 0
    return isNumeric(column) ? cell.padStart(width) : cell.padEnd(width)
  })
  return `| ${padded.join(' | ')} |`
}

function isNumeric(column: number): boolean {
  return column > 0 && column < 5
}
