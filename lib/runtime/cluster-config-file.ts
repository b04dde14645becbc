/**
 * nodes.conf on disk: read at the start, replaced as a whole at each save, so a crash leaves the old or the new one
 * (clusterSaveConfig as of 7.2).
 */
import { readFileSync } from 'node:fs'
import type { Bytes } from '../base/bytes.ts'
import { FileDraft, syncDirectoryOf } from './file-draft.ts'

/** The file of one node. */
export class ClusterConfigFile {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /** Its text; undefined when there is none or it is empty. Throws Node's error when it cannot be read. */
  read(): Bytes | undefined {
    try {
      const text = readFileSync(this.#path, 'latin1')
      return text === '' ? undefined : text
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }

  /** Replaces it; with `sync` it is on disk when the call returns. Throws Node's error. */
  write(text: Bytes, sync: boolean): void {
    FileDraft.write(`${this.#path}.tmp-${process.pid}`, [text], { sync }).publish(this.#path)
    if (sync) syncDirectoryOf(this.#path)
  }
}
