/**
 * Effects as an append-only file tells them: commands as RESP, led by SELECT where the database changes and, where that is
 * wanted, by a line that tells the time (feedAppendOnlyFile). What is taken out was put in once and in order.
 */
import type { Bytes } from '../base/bytes.ts'
import { encodeCommand } from '../resp/command.ts'

/** No database is selected. */
const NONE_SELECTED = -1

/** A note of the time, in whole seconds, which a reader passes over. */
export function timestampLine(nowMs: number): Bytes {
  return `#TS:${Math.floor(nowMs / 1000)}\r\n`
}

/** Effects on their way to the file. */
export class CommandLog {
  #pending: Bytes = ''
  #selected = NONE_SELECTED
  #stampedSecond = 0

  /** What has not been taken. */
  get pending(): Bytes {
    return this.#pending
  }

  /** Adds a command; with a time, Unix ms, it is noted once a second. */
  add(database: number, argv: readonly Bytes[], stampMs?: number): void {
    if (stampMs !== undefined) this.#stamp(stampMs)
    if (database !== this.#selected) {
      this.#selected = database
      this.#pending += encodeCommand(['SELECT', String(database)])
    }
    this.#pending += encodeCommand(argv)
  }

  #stamp(nowMs: number): void {
    const second = Math.floor(nowMs / 1000)
    if (second <= this.#stampedSecond) return
    this.#stampedSecond = second
    this.#pending += timestampLine(nowMs)
  }

  /** So many bytes are in the file. */
  taken(bytes: number): void {
    this.#pending = this.#pending.slice(bytes)
  }

  /** Another file begins: it relies on nothing that was said before. */
  beginAnew(): void {
    this.#selected = NONE_SELECTED
    this.#stampedSecond = 0
  }

  /** Nobody wants it any more. */
  clear(): void {
    this.#pending = ''
    this.beginAnew()
  }
}
