/**
 * The RDB file of a node on disk (rdbSave), and what Redis says when it cannot be written or read.
 */
import { Buffer } from 'node:buffer'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { SnapshotDraft } from '../node/io.ts'
import type { RdbSource } from '../rdb/source.ts'
import { FileDraft } from './file-draft.ts'
import { reasonOf } from './system-error.ts'

/** Begins a snapshot beside the file at this path. Throws an Error whose message is the line for the log, as it does itself. */
export function draftSnapshot(
  path: string,
  {
    isInBackground,
    turn,
  }: {
    readonly isInBackground: boolean
    /** Runs something as a turn of the node. */
    readonly turn: (action: () => void) => void
  },
): SnapshotDraft {
  const directory = dirname(path)
  // Redis has a child of another number write what is written in the background.
  const temporary = `temp-${process.pid}${isInBackground ? '-bg' : ''}.rdb`
  const inDirectory = `(in server root dir ${directory})`
  const draft = attempt(
    () => new FileDraft(join(directory, temporary)),
    `Failed opening the temp RDB file ${temporary} ${inDirectory} for saving`,
  )
  const writing = 'Write error saving DB on disk'
  return {
    append: (chunk) => attempt(() => draft.append(chunk), writing),
    finishLater: (done) => {
      draft.finishLater((error) => {
        turn(() => done(error && new Error(`${writing}: ${reasonOf(error)}`)))
      })
    },
    discard: () => draft.discard(),
    publish: () => {
      attempt(() => draft.finish(), writing)
      attempt(
        () => draft.publish(path),
        `Error moving temp DB file ${temporary} on the final destination ${basename(path)} ${inDirectory}`,
      )
    },
  }
}

function attempt<Result>(action: () => Result, complaint: string): Result {
  try {
    return action()
  } catch (error) {
    throw new Error(`${complaint}: ${reasonOf(error)}`)
  }
}

/** A file on disk. */
class FileSource implements RdbSource {
  readonly sizeBytes: number
  #file: number | undefined

  /** Throws Node's error. */
  constructor(path: string) {
    const file = openSync(path, 'r')
    this.#file = file
    try {
      this.sizeBytes = fstatSync(file).size
      // A directory can be opened.
      readSync(file, Buffer.alloc(1), 0, 1, 0)
    } catch (error) {
      this.close()
      throw error
    }
  }

  read(target: Buffer, start: number): number {
    if (this.#file === undefined || start === target.length) return 0
    try {
      return readSync(this.#file, target, start, target.length - start, null)
    } catch (error) {
      throw new Error(reasonOf(error), { cause: error })
    }
  }

  close(): void {
    const file = this.#file
    this.#file = undefined
    if (file !== undefined) closeSync(file)
  }
}

/** The file at this path; undefined when there is none. Throws an Error with the system's reason. */
export function readSnapshot(path: string): RdbSource | undefined {
  try {
    return new FileSource(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Error(`Fatal error: can't open the RDB file ${path} for reading: ${reasonOf(error)}`)
  }
}
