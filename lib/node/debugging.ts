/**
 * What DEBUG does to a node: things that no client needs and tests do (debugCommand in debug.c).
 */
import type { Bytes } from '../base/bytes.ts'
import type { DebuggingPort } from '../commands/context.ts'
import type { NodeIo } from './io.ts'

/** The inside of one node, for tests. */
export class Debugging implements DebuggingPort {
  readonly #io: NodeIo
  /** The clock shows a time before the node was held up. */
  #isBehind = false

  constructor(parts: { readonly io: NodeIo }) {
    this.#io = parts.io
  }

  log(text: Bytes): void {
    this.#io.log('warning', text)
  }

  sleep(milliseconds: number, { keepsTime = false } = {}): void {
    this.#io.sleep(milliseconds)
    this.#isBehind = true
    if (!keepsTime) this.catchUp()
  }

  /** Time that was kept goes on. */
  catchUp(): void {
    if (!this.#isBehind) return
    this.#isBehind = false
    this.#io.readClock()
  }
}
