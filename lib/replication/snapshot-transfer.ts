/**
 * A snapshot on its way to replicas (rdbSaveToSlavesSockets, sendBulkToSlave): to those that take it while it is written
 * between two marks, to the others as a bulk string once its length is known. Invariant: a replica gets all of it, in
 * order, or leaves.
 */
import type { Buffer } from 'node:buffer'
import { type Bytes, bytesIn } from '../base/bytes.ts'
import type { EffectSink } from './effect.ts'
import type { ReplicaPeer } from './replica-peer.ts'

/** One snapshot and who gets it. */
export class SnapshotTransfer {
  readonly peers: readonly ReplicaPeer[]
  readonly #mark: Bytes | undefined
  #started = false
  #chunks: Bytes[] = []

  /** With a mark of 40 characters the bytes are passed on as they come, without one they are gathered first. */
  constructor(peers: readonly ReplicaPeer[], mark: Bytes | undefined) {
    this.peers = peers
    this.#mark = mark
  }

  /** The stream has to wait until a replica that got this acknowledges it. */
  get isStreamed(): boolean {
    return this.#mark !== undefined
  }

  add(bytes: Buffer, sink: EffectSink): void {
    if (this.#mark === undefined) this.#chunks.push(bytesIn(bytes))
    else this.#send(`${this.#begin()}${bytesIn(bytes)}`, sink)
  }

  /** All bytes were added. */
  end(sink: EffectSink): void {
    if (this.#mark !== undefined) {
      this.#send(`${this.#begin()}${this.#mark}`, sink)
      return
    }
    const payload = this.#chunks.join('')
    this.#chunks = []
    this.#send(`$${payload.length}\r\n${payload}`, sink)
  }

  #begin(): Bytes {
    if (this.#started) return ''
    this.#started = true
    return `$EOF:${this.#mark}\r\n`
  }

  #send(bytes: Bytes, sink: EffectSink): void {
    for (const peer of this.peers) {
      if (peer.state === 'send_bulk') sink({ type: 'send', client: peer.client, bytes })
    }
  }
}
