/**
 * The file with the number of the process (createPidFile): there while the server runs. A server starts without it if it
 * cannot be written.
 */
import { rmSync, writeFileSync } from 'node:fs'

/** The pid file of a running server. */
export class PidFile {
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
  }

  /** Writes it; undefined when that cannot be. */
  static create(path: string, processId: number): PidFile | undefined {
    try {
      writeFileSync(path, `${processId}\n`)
      return new PidFile(path)
    } catch {
      return undefined
    }
  }

  /** Removes it. */
  remove(): void {
    try {
      rmSync(this.#path, { force: true })
    } catch {}
  }
}
