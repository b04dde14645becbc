/**
 * The files of a node's directory, as the append-only file needs them: on a disk, or in memory for a node that keeps none.
 * Paths are relative to that directory. Every call throws an Error whose message is the system's reason.
 */
import type { Buffer } from 'node:buffer'
import type { Bytes } from '../base/bytes.ts'
import type { Draft } from './background-file.ts'

/** What an append came to. */
export interface Appended {
  /** How much of it is in the file. */
  readonly bytes: number
  /** Why it is not all. */
  readonly failure?: string | undefined
}

/** A file that grows at its end. */
export interface GrowingFile {
  append(bytes: Bytes): Appended
  truncate(lengthBytes: number): void
  /** What was appended is on disk when it returns. */
  sync(): void
  /** The same, some time later: `done` is called within a turn of its own, with the reason if it failed. */
  syncLater(done: (failure: string | undefined) => void): void
  /** Ends it, after what goes on in the background. */
  close(): void
}

/** A file in the making, which has not its name yet. After a failure of `finish` or `publish` nothing of it is left. */
export interface DraftFile extends Draft {
  readonly sizeBytes: number
  /** It is whole, and on disk when this returns. */
  finish(): void
  publish(path: Bytes): void
}

/** The files of one node. */
export interface NodeFiles {
  /** Undefined when there is no such file. */
  sizeOf(path: Bytes): number | undefined
  read(path: Bytes): Buffer
  /** Replaces a text as a whole, on disk when it returns. */
  replace(path: Bytes, text: Bytes): void
  /** Opens a file to grow, or makes it. */
  grow(path: Bytes): GrowingFile
  /** Begins a file under a name for the time being. */
  draft(path: Bytes): DraftFile
  rename(from: Bytes, to: Bytes): void
  truncate(path: Bytes, lengthBytes: number): void
  /** Takes no harm if there is none. */
  remove(path: Bytes): void
  /** Takes no harm if there is one. */
  makeDirectory(path: Bytes): void
}
