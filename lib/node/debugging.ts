/**
 * What DEBUG does to a node: things that no client needs and tests do (debugCommand in debug.c).
 */
import type { DebuggingPort } from '../commands/context.ts'
import type { NodeIo } from './io.ts'

/** The inside of one node, for tests. */
export class Debugging implements DebuggingPort {
  readonly #io: NodeIo

  constructor(parts: { readonly io: NodeIo }) {
    this.#io = parts.io
  }

  sleep(milliseconds: number): void {
    this.#io.sleep(milliseconds)
  }
}
