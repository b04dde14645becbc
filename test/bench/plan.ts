/**
 * What a run of the benchmarks is asked to do: its command line. Invariant: every plan ends by itself, at `limitMs` at
 * the latest.
 */
import { parseArgs } from 'node:util'

/** What there is to measure, in the order of the table. */
export const SUBJECTS = [
  'cold-start',
  'warm-start',
  'scale',
  'idle',
  'failover',
  'reshard',
  'persistence',
  'memory',
  'key-memory',
  'crc16',
  'sorted-set',
  'commands',
  'clients',
  'tail',
] as const

/** One thing to measure. */
export type Subject = (typeof SUBJECTS)[number]

/** What takes too long for a quick run, unless it is asked for. */
const LONG: ReadonlySet<Subject> = new Set([
  'scale',
  'idle',
  'reshard',
  'persistence',
  'sorted-set',
  'clients',
  'tail',
])

/** A run. */
export interface Plan {
  readonly subjects: readonly Subject[]
  /** Of `commands` only the rows whose text contains this. */
  readonly row: string
  /** Fewer subjects, repetitions and rows: a run of less than two minutes. */
  readonly quick: boolean
  /** File for the rows as JSON. */
  readonly json: string | undefined
  /** Print where the time of a node goes under the commands of `row` instead of measuring. */
  readonly profile: boolean
  /** Run the measured node of `commands` in the main thread of its process, without the host. */
  readonly direct: boolean
  /** The run is cut off then; what was measured is printed. */
  readonly limitMs: number
}

/** How the command line is used. */
export const USAGE = `npm run bench -- [--quick] [--only ${SUBJECTS.join('|')}]... [--row <text of a row of commands>] [--json <file>] [--direct] [--profile]`

const QUICK_LIMIT_MS = 110_000
const FULL_LIMIT_MS = 60 * 60_000

/** Reads a command line. Throws an Error that says what is wrong with it. */
export function planOf(args: readonly string[]): Plan {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      row: { type: 'string' },
      json: { type: 'string' },
      profile: { type: 'boolean', default: false },
      direct: { type: 'boolean', default: false },
    },
  })
  const unknown = values.only.find((name) => !(SUBJECTS as readonly string[]).includes(name))
  if (unknown !== undefined) {
    throw new Error(
      `there is nothing called "${unknown}" to measure; there is ${SUBJECTS.join(', ')}`,
    )
  }
  const only = values.row === undefined ? values.only : [...values.only, 'commands']
  return {
    subjects: SUBJECTS.filter((name) =>
      only.length > 0 ? only.includes(name) : !(values.quick && LONG.has(name)),
    ),
    row: values.row ?? '',
    quick: values.quick,
    json: values.json,
    profile: values.profile,
    direct: values.direct,
    limitMs: values.quick ? QUICK_LIMIT_MS : FULL_LIMIT_MS,
  }
}
