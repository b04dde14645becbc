/** Data written down as the commands that make it (rewriteAppendOnlyFileRio). */
import { Buffer } from 'node:buffer'
import { commandsOf } from '../aof/rewriting.ts'
import type { Bytes } from '../base/bytes.ts'
import type { RdbRecord } from '../rdb/record.ts'
import { encodeCommand } from '../resp/command.ts'
import type { SnapshotForm } from './snapshot.ts'

const CHUNK_BYTES = 8 * 1024

/** Commands for a server that has nothing. */
export class CommandForm implements SnapshotForm {
  #text: Bytes
  #database: number | undefined

  /** `head` comes before all commands. */
  constructor(head: Bytes) {
    this.#text = head
  }

  announce(): void {}

  record(index: number, record: RdbRecord): void {
    if (index !== this.#database) this.#text += encodeCommand(['SELECT', String(index)])
    this.#database = index
    for (const command of commandsOf(record)) this.#text += encodeCommand(command)
  }

  get isFull(): boolean {
    return this.#text.length >= CHUNK_BYTES
  }

  take(): Buffer {
    const chunk = Buffer.from(this.#text, 'latin1')
    this.#text = ''
    return chunk
  }

  end(): Buffer {
    return this.take()
  }
}
