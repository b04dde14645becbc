/**
 * A node's log file: the lines of `logfile`, as Redis writes them. Invariant: a line is in the file when `write` returns;
 * the file may be moved away at any time, as log rotation does (serverLogRaw opens it for every line).
 */
import { appendFileSync } from 'node:fs'
import { type LogLine, logLine } from '../control/log-line.ts'

/** Appends a node's log lines to a file. */
export class LogFile {
  readonly #path: string | number

  /** A path, or the number of an open file. Throws the system's error if it cannot be written. */
  constructor(path: string | number) {
    this.#path = path
    appendFileSync(path, '')
  }

  /** A full disk or a directory that has gone costs the line, not the node. */
  write(line: LogLine, role: 'master' | 'replica'): void {
    try {
      appendFileSync(this.#path, logLine(line, String(process.pid), role), 'latin1')
    } catch {}
  }
}
