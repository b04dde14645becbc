/**
 * A line of a node's log as Redis writes it (serverLogRaw): in a node's log file, and on the host's standard error, where
 * a node's address stands for the process id that all nodes share.
 */

/** How important a line is, from the least. */
export const LINE_LEVELS = ['debug', 'verbose', 'notice', 'warning'] as const

const MARKS = { debug: '.', verbose: '-', notice: '*', warning: '#' } as const
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** What a line tells. */
export interface LogLine {
  readonly level: (typeof LINE_LEVELS)[number]
  /** Unix time, milliseconds. */
  readonly timeMs: number
  readonly text: string
}

/** `36:M 21 Nov 2025 09:05:07.012 * Cluster state changed: ok`, with local time and a newline; `writer` is the 36. */
export function logLine(line: LogLine, writer: string, role: 'master' | 'replica'): string {
  const time = new Date(line.timeMs)
  const two = (value: number) => String(value).padStart(2, '0')
  const date = `${two(time.getDate())} ${MONTHS[time.getMonth()]} ${time.getFullYear()}`
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')
  const milliseconds = String(time.getMilliseconds()).padStart(3, '0')
  const letter = role === 'master' ? 'M' : 'S'
  return `${writer}:${letter} ${date} ${clock}.${milliseconds} ${MARKS[line.level]} ${line.text}\n`
}

/** Whether a line is at least as important as a level; nothing is for `nothing`. */
export function isLoggedAt(level: LogLine['level'], least: LogLine['level'] | 'nothing'): boolean {
  return least !== 'nothing' && LINE_LEVELS.indexOf(level) >= LINE_LEVELS.indexOf(least)
}
