/**
 * nodes.conf on disk: read at the start, replaced as a whole at each save, so a crash leaves the old or the new one
 * (clusterSaveConfig as of 7.2).
 */
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { Bytes } from '../base/bytes.ts'

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
    const temporary = `${this.#path}.tmp-${process.pid}`
    try {
      const file = openSync(temporary, 'w', 0o644)
      try {
        writeSync(file, text, undefined, 'latin1')
        if (sync) fsyncSync(file)
      } finally {
        closeSync(file)
      }
      renameSync(temporary, this.#path)
    } catch (error) {
      rmSync(temporary, { force: true })
      throw error
    }
    if (sync) syncDirectory(dirname(this.#path))
  }
}

/** The renaming itself is on disk once its directory is. */
function syncDirectory(path: string): void {
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
