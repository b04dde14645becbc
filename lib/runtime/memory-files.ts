/**
 * The files of a node without a directory, see NodeFiles: they are there as long as its thread is. What is in the file is as
 * safe as it gets, so syncing has nothing to do.
 */
import { Buffer } from 'node:buffer'
import type { Bytes } from '../base/bytes.ts'
import type { DraftFile, GrowingFile, NodeFiles } from '../node/files.ts'

/** What a file holds: the pieces it grew by. */
interface Content {
  pieces: Bytes[]
  sizeBytes: number
}

function contentOf(pieces: Bytes[]): Content {
  return { pieces, sizeBytes: pieces.reduce((size, { length }) => size + length, 0) }
}

function grow(content: Content, piece: Bytes): void {
  content.pieces.push(piece)
  content.sizeBytes += piece.length
}

function truncate(content: Content, lengthBytes: number): void {
  const text = content.pieces.join('').slice(0, lengthBytes)
  Object.assign(content, contentOf([text]))
}

/** Files by path. */
export class MemoryFiles implements NodeFiles {
  readonly #files = new Map<Bytes, Content>()

  #content(path: Bytes): Content {
    const content = this.#files.get(path)
    if (content === undefined) throw new Error('No such file or directory')
    return content
  }

  /** All paths. */
  get paths(): readonly Bytes[] {
    return [...this.#files.keys()].sort()
  }

  sizeOf(path: Bytes): number | undefined {
    return this.#files.get(path)?.sizeBytes
  }

  read(path: Bytes): Buffer {
    return Buffer.from(this.#content(path).pieces.join(''), 'latin1')
  }

  replace(path: Bytes, text: Bytes): void {
    this.#files.set(path, contentOf([text]))
  }

  grow(path: Bytes): GrowingFile {
    const content = this.#files.get(path) ?? contentOf([])
    this.#files.set(path, content)
    return {
      append(bytes) {
        grow(content, bytes)
        return { bytes: bytes.length }
      },
      truncate: (lengthBytes) => truncate(content, lengthBytes),
      sync() {},
      syncLater: (done) => done(undefined),
      close() {},
    }
  }

  draft(): DraftFile {
    const content = contentOf([])
    return {
      get sizeBytes() {
        return content.sizeBytes
      },
      append: (chunk) => grow(content, Buffer.from(chunk).toString('latin1')),
      finish() {},
      finishLater: (done) => done(undefined),
      publish: (place) => this.#files.set(place, content),
      discard() {},
    }
  }

  rename(from: Bytes, to: Bytes): void {
    const content = this.#content(from)
    this.#files.delete(from)
    this.#files.set(to, content)
  }

  truncate(path: Bytes, lengthBytes: number): void {
    truncate(this.#content(path), lengthBytes)
  }

  remove(path: Bytes): void {
    this.#files.delete(path)
  }

  makeDirectory(): void {}
}
