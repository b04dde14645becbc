/**
 * The last lines of a node's log. Invariant: never more than a bounded number of them, in the order they were written.
 */
import type { LogEntry } from './options.ts'

/** So many lines of each node are kept. */
export const LOG_LIMIT = 2000

/** Keeps a node's last log lines. */
export class LogRing {
  #entries: LogEntry[] = []

  /** The lines, oldest first; a copy. */
  get entries(): LogEntry[] {
    return this.#entries.slice(-LOG_LIMIT)
  }

  add(entry: LogEntry): void {
    this.#entries.push(entry)
    // Rarely, so that a line costs no move of all others.
    if (this.#entries.length >= 2 * LOG_LIMIT) this.#entries = this.entries
  }
}
