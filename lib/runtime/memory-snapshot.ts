/**
 * The RDB file of a node that keeps everything in memory, see snapshot-file: what was published last, until the thread ends.
 */
import { Buffer } from 'node:buffer'
import type { SnapshotDraft } from '../node/io.ts'
import { BufferSource, type RdbSource } from '../rdb/source.ts'

/** The snapshot of one node. */
export class MemorySnapshot {
  readonly #published: (snapshot: Buffer<ArrayBuffer>) => void
  #snapshot: Buffer | undefined

  /** `published` hears of each new one. */
  constructor(published: (snapshot: Buffer<ArrayBuffer>) => void) {
    this.#published = published
  }

  /** What an earlier life of the node saved. */
  restore(snapshot: Uint8Array): void {
    this.#snapshot = Buffer.from(snapshot)
  }

  /** Begins one; the one before is there until this is published. */
  draft(): SnapshotDraft {
    const chunks: Uint8Array[] = []
    return {
      append: (chunk) => chunks.push(chunk),
      finishLater: (done) => done(undefined),
      discard: () => {},
      publish: () => {
        const snapshot = Buffer.concat(chunks)
        this.#snapshot = snapshot
        this.#published(snapshot)
      },
    }
  }

  /** The one published last; undefined when there is none. */
  read(): RdbSource | undefined {
    return this.#snapshot && new BufferSource(this.#snapshot)
  }
}
