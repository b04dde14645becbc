/**
 * What DEBUG does to a node: things that no client needs and tests do (debugCommand in debug.c).
 */
import type { Bytes } from '../base/bytes.ts'
import type { DebuggingPort } from '../commands/context.ts'
import type { NodeIo } from './io.ts'

/** The inside of one node, for tests. */
export class Debugging implements DebuggingPort {
  readonly #io: NodeIo

  constructor(parts: { readonly io: NodeIo }) {
    this.#io = parts.io
  }

  log(text: Bytes): void {
    this.#io.log('warning', text)
  }

  sleep(milliseconds: number, { keepsTime = false } = {}): void {
    this.#io.sleep(milliseconds)
    if (!keepsTime) this.#io.readClock()
  }
}
