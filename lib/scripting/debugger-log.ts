/**
 * What the debugger says (ldbLog, ldbLogWithMaxLen and ldbSendLogs in eval.c): lines that are gathered and sent as an array of
 * simple strings, past all that the client is replied. The first line that is cut short is followed by a hint.
 */
import type { Bytes } from '../base/bytes.ts'

const LENGTH_MAX = 256
/** Lines are not cut any shorter, whatever the client asks for. */
const LENGTH_MIN = 60
const HINT = "<hint> The above reply was trimmed. Use 'maxlen 0' to disable trimming."

/** Lines for one client. */
export class DebuggerLog {
  #maxLength = LENGTH_MAX
  #hasHinted = false
  #lines: Bytes[] = []
  #sent: Bytes = ''

  add(line: Bytes): void {
    this.#lines.push(line)
  }

  /** Adds a line that may be too long. */
  addCut(line: Bytes): void {
    const max = this.#maxLength
    if (max === 0 || line.length <= max) {
      this.add(line)
      return
    }
    this.add(`${line.slice(0, max)} ...`)
    if (!this.#hasHinted) this.add(HINT)
    this.#hasHinted = true
  }

  /** How long a line may be, in bytes; 0: as long as it likes. */
  get maxLength(): number {
    return this.#maxLength
  }

  /** The client knows then that lines are cut. */
  set maxLength(bytes: number) {
    this.#hasHinted = true
    this.#maxLength = bytes !== 0 && bytes <= LENGTH_MIN ? LENGTH_MIN : bytes
  }

  /** The lines so far belong together. */
  send(): void {
    const lines = this.#lines.map((line) => `+${line.replace(/[\r\n]/g, ' ')}\r\n`)
    this.#sent += `*${lines.length}\r\n${lines.join('')}`
    this.#lines = []
  }

  /** What was sent since the last call, as RESP. */
  take(): Bytes {
    const sent = this.#sent
    this.#sent = ''
    return sent
  }
}
