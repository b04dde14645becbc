/**
 * Files that a node reads and writes as a whole, such as its ACL file and its redis.conf. What goes wrong is told in the
 * system's words.
 */
import { readFileSync } from 'node:fs'
import type { Bytes } from '../base/bytes.ts'
import { FileDraft } from './file-draft.ts'
import { reasonOf } from './system-error.ts'

/** The bytes of a file. Throws an Error with the system's reason, `No such file or directory`, and Node's as its cause. */
export function readTextFile(path: string): Bytes {
  try {
    return readFileSync(path, 'latin1')
  } catch (cause) {
    throw new Error(reasonOf(cause), { cause })
  }
}

/** Replaces a file, or makes it; as {@link readTextFile}. */
export function replaceTextFile(path: string, text: Bytes): void {
  try {
    FileDraft.write(`${path}.${process.pid}.tmp`, [text]).publish(path)
  } catch (cause) {
    throw new Error(reasonOf(cause), { cause })
  }
}
