/** A node's files on disk, see NodeFiles. Paths start at the directory the node is in by then: CONFIG SET dir moves it. */
import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import type { Bytes } from '../base/bytes.ts'
import type { Appended, DraftFile, GrowingFile, NodeFiles } from '../node/files.ts'
import { FileDraft, syncDirectoryOf } from './file-draft.ts'
import { reasonOf } from './system-error.ts'

const NOT_A_DIRECTORY = 'Not a directory'

/** Says what went wrong in the system's words. */
function told<Result>(action: () => Result): Result {
  try {
    return action()
  } catch (cause) {
    throw new Error(reasonOf(cause), { cause })
  }
}

/** An open file. */
class DiskFile implements GrowingFile {
  readonly #file: number
  readonly #turn: (action: () => void) => void
  #syncing = 0
  #isClosing = false

  constructor(path: string, turn: (action: () => void) => void) {
    this.#file = openSync(path, 'a', 0o644)
    this.#turn = turn
  }

  append(bytes: Bytes): Appended {
    let at = 0
    try {
      while (at < bytes.length) {
        at += writeSync(this.#file, at === 0 ? bytes : bytes.slice(at), null, 'latin1')
      }
      return { bytes: at }
    } catch (error) {
      return { bytes: at, failure: reasonOf(error) }
    }
  }

  truncate(lengthBytes: number): void {
    told(() => ftruncateSync(this.#file, lengthBytes))
  }

  sync(): void {
    told(() => fdatasyncSync(this.#file))
  }

  syncLater(done: (failure: string | undefined) => void): void {
    this.#syncing++
    fdatasync(this.#file, (error) => {
      this.#syncing--
      this.#closeIfDone()
      this.#turn(() => done(error === null ? undefined : reasonOf(error)))
    })
  }

  close(): void {
    this.#isClosing = true
    this.#closeIfDone()
  }

  #closeIfDone(): void {
    if (this.#isClosing && this.#syncing === 0) closeSync(this.#file)
  }
}

/** The files of a node that has a directory. */
export class DiskFiles implements NodeFiles {
  readonly #pathOf: (path: Bytes) => string
  readonly #turn: (action: () => void) => void

  /** `pathOf` makes absolute paths; `turn` runs something as a turn of the node. */
  constructor(pathOf: (path: Bytes) => string, turn: (action: () => void) => void) {
    this.#pathOf = pathOf
    this.#turn = turn
  }

  sizeOf(path: Bytes): number | undefined {
    try {
      return statSync(this.#pathOf(path)).size
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
      throw new Error(reasonOf(cause), { cause })
    }
  }

  read(path: Bytes): Buffer {
    return told(() => readFileSync(this.#pathOf(path)))
  }

  replace(path: Bytes, text: Bytes): void {
    const place = this.#pathOf(path)
    told(() => {
      FileDraft.write(`${place}.${process.pid}.tmp`, [text]).publish(place)
      syncDirectoryOf(place)
    })
  }

  grow(path: Bytes): GrowingFile {
    return told(() => new DiskFile(this.#pathOf(path), this.#turn))
  }

  draft(path: Bytes): DraftFile {
    const draft = told(() => new FileDraft(this.#pathOf(path)))
    return {
      get sizeBytes() {
        return draft.sizeBytes
      },
      append: (chunk) => told(() => draft.append(chunk)),
      finish: () => told(() => draft.finish()),
      finishLater: (done) => {
        draft.finishLater((cause) => {
          const failure = cause && new Error(reasonOf(cause), { cause })
          this.#turn(() => done(failure))
        })
      },
      publish: (place) => told(() => draft.publish(this.#pathOf(place))),
      discard: () => draft.discard(),
    }
  }

  rename(from: Bytes, to: Bytes): void {
    told(() => renameSync(this.#pathOf(from), this.#pathOf(to)))
  }

  truncate(path: Bytes, lengthBytes: number): void {
    told(() => truncateSync(this.#pathOf(path), lengthBytes))
  }

  remove(path: Bytes): void {
    told(() => rmSync(this.#pathOf(path), { force: true }))
  }

  makeDirectory(path: Bytes): void {
    const place = this.#pathOf(path)
    told(() => {
      const found = statSync(place, { throwIfNoEntry: false })
      if (found === undefined) mkdirSync(place)
      else if (!found.isDirectory()) throw new Error(NOT_A_DIRECTORY)
    })
  }
}
