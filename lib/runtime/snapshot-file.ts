/**
 * The RDB file of a node on disk: written beside and renamed, so that a crash leaves the old or the new one (rdbSave).
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
import { basename, dirname, join } from 'node:path'
import type { SnapshotDraft } from '../node/io.ts'
import { reasonOf } from './system-error.ts'

/** Writes a snapshot beside the file at this path. Throws an Error whose message is the line for the log. */
export function draftSnapshot(path: string, chunks: Iterable<Uint8Array>): SnapshotDraft {
  const temporary = join(dirname(path), `temp-${process.pid}.rdb`)
  const discard = (): void => rmSync(temporary, { force: true })
  try {
    const file = openSync(temporary, 'w', 0o644)
    try {
      for (const chunk of chunks) writeWhole(file, chunk)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    discard()
    throw new Error(
      `Failed opening the temp RDB file ${basename(temporary)} (in server root dir ${dirname(path)}) for saving: ${reasonOf(error)}`,
    )
  }
  return {
    discard,
    publish: () => {
      try {
        renameSync(temporary, path)
      } catch (error) {
        discard()
        throw new Error(
          `Error moving temp DB file ${basename(temporary)} on the final destination ${basename(path)} (in server root dir ${dirname(path)}): ${reasonOf(error)}`,
        )
      }
    },
  }
}

/** The system may take less than it is given. */
function writeWhole(file: number, bytes: Uint8Array): void {
  let at = 0
  while (at < bytes.length) at += writeSync(file, bytes, at)
}

/** The file at this path; undefined when there is none. Throws an Error with the system's reason. */
export function readSnapshot(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Error(`Fatal error: can't open the RDB file ${path} for reading: ${reasonOf(error)}`)
  }
}
