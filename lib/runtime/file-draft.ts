/**
 * A file in the making: written beside the one it is to replace and renamed when it is whole, so that a crash leaves the old
 * or the new one. Everything a node keeps as a whole is kept this way.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** How a draft is kept. */
export interface DraftOptions {
  /** It is on disk before it takes its place; yes unless given. */
  readonly sync?: boolean
}

/** A file that has all its bytes and not its name yet. */
export class FileDraft {
  readonly sizeBytes: number
  readonly #temporary: string

  private constructor(temporary: string, sizeBytes: number) {
    this.#temporary = temporary
    this.sizeBytes = sizeBytes
  }

  /** Writes chunks to a file that holds the place. Throws Node's error, and leaves nothing then. */
  static write(
    temporary: string,
    chunks: Iterable<Uint8Array | string>,
    { sync = true }: DraftOptions = {},
  ): FileDraft {
    let sizeBytes = 0
    try {
      const file = openSync(temporary, 'w', 0o644)
      try {
        for (const chunk of chunks) sizeBytes += writeWhole(file, chunk)
        if (sync) fsyncSync(file)
      } finally {
        closeSync(file)
      }
    } catch (error) {
      rmSync(temporary, { force: true })
      throw error
    }
    return new FileDraft(temporary, sizeBytes)
  }

  /** Puts it in its place. Throws Node's error, and leaves nothing of it then. */
  publish(path: string): void {
    try {
      renameSync(this.#temporary, path)
    } catch (error) {
      this.discard()
      throw error
    }
  }

  discard(): void {
    rmSync(this.#temporary, { force: true })
  }
}

/** Writes all of a chunk, a text as latin1: the system may take less than it is given. Returns its length. */
export function writeWhole(file: number, chunk: Uint8Array | string): number {
  let at = 0
  while (at < chunk.length) {
    at +=
      typeof chunk === 'string'
        ? writeSync(file, at === 0 ? chunk : chunk.slice(at), null, 'latin1')
        : writeSync(file, chunk, at)
  }
  return at
}

/** Has names in the directory of this path on disk: a renaming is there once its directory is. Throws Node's error. */
export function syncDirectoryOf(path: string): void {
  const directory = openSync(dirname(path), 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
