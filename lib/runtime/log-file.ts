/**
 * A node's log file: the lines of `logfile`, as Redis writes them. Invariant: a line is in the file when `write` returns, or lost;
 * the file may be moved away at any time, as log rotation does (serverLogRaw opens it for every line).
 */
import { appendFileSync } from 'node:fs'
import { type LogLine, logLine } from '../control/log-line.ts'
import { standStill } from './standstill.ts'

/** How long a line waits for room in a pipe, and for how long between two tries; milliseconds. */
const PATIENCE_MS = 1000
const PAUSE_MS = 2

/** Appends a node's log lines to a file. */
export class LogFile {
  readonly #path: string | number
  /** Nobody reads it: what comes next is not worth another wait. */
  #isStuck = false

  /** A path, or the number of an open file. Throws the system's error if it cannot be written. */
  constructor(path: string | number) {
    this.#path = path
    appendFileSync(path, '')
  }

  /** A full disk, a directory that has gone or a reader that sleeps costs the line, not the node. */
  write(line: LogLine, role: 'master' | 'replica'): void {
    const text = logLine(line, String(process.pid), role)
    for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
      try {
        appendFileSync(this.#path, text, 'latin1')
        this.#isStuck = false
        return
      } catch (error) {
        // Node.js has made the standard output of the process one that does not wait for its reader.
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
      }
      if (this.#isStuck || waitedMs >= PATIENCE_MS) break
      standStill(PAUSE_MS)
    }
    this.#isStuck = true
  }
}
