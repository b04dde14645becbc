/**
 * A file in the making: written beside the one it is to replace and renamed when it is whole, so that a crash leaves the old
 * or the new one. Everything a node keeps as a whole is kept this way.
 */
import { closeSync, fsync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** How a draft is kept. */
export interface DraftOptions {
  /** It is on disk before it takes its place; yes unless given. */
  readonly sync?: boolean
}

/** A file that has not its name yet. */
export class FileDraft {
  sizeBytes = 0
  readonly #temporary: string
  /** Undefined once it has all its bytes. */
  #file: number | undefined
  /** While it is put on disk some time later. */
  #syncing: number | undefined
  #isDiscarded = false

  /** Opens a file that holds the place. Throws Node's error. */
  constructor(temporary: string) {
    this.#temporary = temporary
    this.#file = openSync(temporary, 'w', 0o644)
  }

  /** Writes chunks to a file that holds the place. Throws Node's error, and leaves nothing then. */
  static write(
    temporary: string,
    chunks: Iterable<Uint8Array | string>,
    options: DraftOptions = {},
  ): FileDraft {
    const draft = new FileDraft(temporary)
    try {
      for (const chunk of chunks) draft.append(chunk)
    } catch (error) {
      draft.discard()
      throw error
    }
    draft.finish(options)
    return draft
  }

  /** Adds to it. Throws Node's error. */
  append(chunk: Uint8Array | string): void {
    if (this.#file !== undefined) this.sizeBytes += writeWhole(this.#file, chunk)
  }

  /** It has all its bytes. Throws Node's error, and leaves nothing then. Who finished it later may want it now after all. */
  finish({ sync = true }: DraftOptions = {}): void {
    const file = this.#file ?? this.#syncing
    try {
      if (sync && file !== undefined) fsyncSync(file)
      this.#close()
    } catch (error) {
      this.discard()
      throw error
    }
  }

  /** The same some time later: `done` hears Node's error if there was one, and of nothing after {@link discard}. */
  finishLater(done: (error: Error | undefined) => void): void {
    const file = this.#file
    this.#file = undefined
    if (file === undefined) {
      done(undefined)
      return
    }
    this.#syncing = file
    fsync(file, (cause) => {
      this.#syncing = undefined
      // Not before: the system would give its number to another file.
      const error = cause ?? errorOf(() => closeSync(file))
      if (this.#isDiscarded) return
      if (error !== undefined) this.discard()
      done(error)
    })
  }

  #close(): void {
    const file = this.#file
    this.#file = undefined
    if (file !== undefined) closeSync(file)
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
    this.#isDiscarded = true
    this.#close()
    rmSync(this.#temporary, { force: true })
  }
}

function errorOf(action: () => void): Error | undefined {
  try {
    action()
    return undefined
  } catch (error) {
    return error as Error
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
