/**
 * The nodes' log on standard error: one line each as Redis writes it, with the node's address where Redis has its process id.
 */
import type { LogEntry } from './options.ts'

const MARKS = { debug: '.', verbose: '-', notice: '*', warning: '#' } as const
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `127.0.0.1:7000:M 21 Nov 2025 09:05:07.012 * Cluster state changed: ok`, with local time and a newline. */
export function logLine(entry: LogEntry, address: string, role: 'master' | 'replica'): string {
  const time = new Date(entry.timeMs)
  const two = (value: number) => String(value).padStart(2, '0')
  const date = `${two(time.getDate())} ${MONTHS[time.getMonth()]} ${time.getFullYear()}`
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')
  const milliseconds = String(time.getMilliseconds()).padStart(3, '0')
  const letter = role === 'master' ? 'M' : 'S'
  return `${address}:${letter} ${date} ${clock}.${milliseconds} ${MARKS[entry.level]} ${entry.text}\n`
}
