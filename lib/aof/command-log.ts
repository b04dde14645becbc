/**
 * Effects as an append-only file tells them: commands as RESP, led by SELECT where the database changes and, where that is
 * wanted, by a line that tells the time (feedAppendOnlyFile). What is taken out was put in once and in order.
 */
import { type Bytes, PART_MAX } from '../base/bytes.ts'
import { encodeCommand, putCommand } from '../resp/command.ts'

/** No database is selected. */
const NONE_SELECTED = -1

/** A note of the time, in whole seconds, which a reader passes over. */
export function timestampLine(nowMs: number): Bytes {
  return `#TS:${Math.floor(nowMs / 1000)}\r\n`
}

/** Effects on their way to the file. */
export class CommandLog {
  /** What comes before the text that grows where all of it is too much for one; none of them is empty. */
  readonly #parts: Bytes[] = []
  #partBytes = 0
  #pending: Bytes = ''
  #selected = NONE_SELECTED
  #stampedSecond = 0

  /** What has not been taken, or the first part of it. */
  get pending(): Bytes {
    return this.#parts[0] ?? this.#pending
  }

  /** All that has not been taken. */
  get pendingBytes(): number {
    return this.#partBytes + this.#pending.length
  }

  /** Adds a command; with a time, Unix ms, it is noted once a second. */
  add(database: number, argv: readonly Bytes[], stampMs?: number): void {
    if (stampMs !== undefined) this.#stamp(stampMs)
    if (database !== this.#selected) {
      this.#selected = database
      this.#put(encodeCommand(['SELECT', String(database)]))
    }
    putCommand(argv, this.#put)
  }

  readonly #put = (text: Bytes): void => {
    if (this.#pending !== '' && this.#pending.length + text.length > PART_MAX) {
      this.#parts.push(this.#pending)
      this.#partBytes += this.#pending.length
      this.#pending = ''
    }
    this.#pending += text
  }

  #stamp(nowMs: number): void {
    const second = Math.floor(nowMs / 1000)
    if (second <= this.#stampedSecond) return
    this.#stampedSecond = second
    this.#put(timestampLine(nowMs))
  }

  /** So many bytes of {@link pending} are in the file. */
  taken(bytes: number): void {
    const [part] = this.#parts
    if (part === undefined) {
      this.#pending = this.#pending.slice(bytes)
      return
    }
    this.#partBytes -= bytes
    if (bytes === part.length) this.#parts.shift()
    else this.#parts[0] = part.slice(bytes)
  }

  /** Another file begins: it relies on nothing that was said before. */
  beginAnew(): void {
    this.#selected = NONE_SELECTED
    this.#stampedSecond = 0
  }

  /** Nobody wants it any more. */
  clear(): void {
    this.#parts.length = 0
    this.#partBytes = 0
    this.#pending = ''
    this.beginAnew()
  }
}
