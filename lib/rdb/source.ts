/**
 * RDB files as they are read: whole in a buffer, or piece by piece from where they are, so that a file is never in memory
 * beside the data it becomes. Invariant: the window onto a file grows only to hold a record that is larger than it.
 */
import { Buffer } from 'node:buffer'
import { RdbCursor } from './cursor.ts'
import { RdbError } from './format.ts'

/** So much of a file is in memory, unless a record is larger. */
const WINDOW_BYTES = 256 * 1024

/** The bytes of a file, in order and once. */
export interface RdbSource {
  readonly sizeBytes: number
  /** Fills the target from `start` on; returns how many bytes came, 0 at the end. Throws an Error with the system's reason. */
  read(target: Buffer, start: number): number
  /** No more is wanted. */
  close(): void
}

/** A file that is being read. */
export interface RdbInput {
  /** At the next byte that is wanted. */
  readonly cursor: RdbCursor
  /**
   * Has the cursor know more of the file; false at its end. What lies before its position is forgotten, and what was handed
   * out as a view is no longer good. Throws {@link RdbError} when the file cannot be read.
   */
  more(): boolean
  close(): void
}

/** A file that is in memory already. */
export class BufferSource implements RdbSource {
  readonly #bytes: Buffer
  #position = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get sizeBytes(): number {
    return this.#bytes.length
  }

  read(target: Buffer, start: number): number {
    const count = this.#bytes.copy(target, start, this.#position)
    this.#position += count
    return count
  }

  close(): void {}
}

/** All of a source in one buffer; closes it. */
export function bytesOfSource(source: RdbSource): Buffer {
  try {
    const bytes = Buffer.allocUnsafeSlow(source.sizeBytes)
    let filled = 0
    for (let count = -1; count !== 0 && filled < bytes.length; filled += count) {
      count = source.read(bytes, filled)
    }
    return bytes.subarray(0, filled)
  } finally {
    source.close()
  }
}

/** A file at its begin: in one piece if it is a buffer. */
export function inputOf(
  file: Buffer | RdbSource,
  { windowBytes = WINDOW_BYTES, sanitizes = false }: RdbInputOptions = {},
): RdbInput {
  return Buffer.isBuffer(file)
    ? { cursor: new RdbCursor(file, { sanitizes }), more: () => false, close() {} }
    : new PiecewiseInput(file, windowBytes, sanitizes)
}

/** How a file is read. */
export interface RdbInputOptions {
  readonly windowBytes?: number
  /** As of {@link RdbCursor}. */
  readonly sanitizes?: boolean
}

class PiecewiseInput implements RdbInput {
  readonly cursor: RdbCursor
  readonly #source: RdbSource
  #window: Buffer

  constructor(source: RdbSource, windowBytes: number, sanitizes: boolean) {
    this.cursor = new RdbCursor(Buffer.alloc(0), { sanitizes })
    this.#source = source
    this.#window = Buffer.allocUnsafeSlow(Math.max(1, Math.min(windowBytes, source.sizeBytes)))
  }

  more(): boolean {
    const { bytes, position } = this.cursor
    const left = bytes.length - position
    if (left > this.#window.length / 2) {
      this.#window = Buffer.allocUnsafeSlow(2 * this.#window.length)
    }
    bytes.copy(this.#window, 0, position)
    const count = this.#read(left)
    this.cursor.goOnWith(this.#window.subarray(0, left + count))
    return count > 0
  }

  #read(start: number): number {
    try {
      return this.#source.read(this.#window, start)
    } catch (error) {
      throw new RdbError(`the file cannot be read: ${(error as Error).message}`)
    }
  }

  close(): void {
    this.#source.close()
  }
}
