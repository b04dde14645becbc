/**
 * The RDB file of a node on disk (rdbSave), and what Redis says when it cannot be written or read.
 */
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { SnapshotDraft } from '../node/io.ts'
import { FileDraft } from './file-draft.ts'
import { reasonOf } from './system-error.ts'

/** Writes a snapshot beside the file at this path. Throws an Error whose message is the line for the log. */
export function draftSnapshot(path: string, chunks: Iterable<Uint8Array>): SnapshotDraft {
  const directory = dirname(path)
  const temporary = `temp-${process.pid}.rdb`
  const draft = attempt(
    () => FileDraft.write(join(directory, temporary), chunks),
    `Failed opening the temp RDB file ${temporary} (in server root dir ${directory}) for saving`,
  )
  return {
    discard: () => draft.discard(),
    publish: () =>
      attempt(
        () => draft.publish(path),
        `Error moving temp DB file ${temporary} on the final destination ${basename(path)} (in server root dir ${directory})`,
      ),
  }
}

function attempt<Result>(action: () => Result, complaint: string): Result {
  try {
    return action()
  } catch (error) {
    throw new Error(`${complaint}: ${reasonOf(error)}`)
  }
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
