/**
 * A snapshot on its way to replicas (rdbSaveToSlavesSockets, sendBulkToSlave): between two marks while it is written, or as
 * a bulk string once its length is known. Invariant: a replica gets all of it, in order, or leaves.
 */
import type { Buffer } from 'node:buffer'
import { type Bytes, bytesIn } from '../base/bytes.ts'
import type { EffectSink } from './effect.ts'
import type { ReplicaPeer } from './replica-peer.ts'

/** Where the stream goes on after it. */
interface Beginning {
  readonly replicationId: Bytes
  readonly offset: number
}

/** One snapshot and who gets it. */
export class SnapshotTransfer {
  readonly peers: ReplicaPeer[]
  readonly beginning: Beginning
  readonly #mark: Bytes | undefined
  #head: Bytes = ''
  /** It is being written: no other can begin. */
  isWriting = true

  /** With a mark of 40 characters its length need not be known. */
  constructor(peers: readonly ReplicaPeer[], mark: Bytes | undefined, beginning: Beginning) {
    this.peers = [...peers]
    this.beginning = beginning
    this.#mark = mark
    if (mark !== undefined) this.#head = `$EOF:${mark}\r\n`
  }

  /** The stream has to wait until a replica that got this acknowledges it. */
  get isStreamed(): boolean {
    return this.#mark !== undefined
  }

  /** Those who still want it. */
  get takers(): readonly ReplicaPeer[] {
    return this.peers.filter(({ state }) => state === 'wait_bgsave_end' || state === 'send_bulk')
  }

  /** It is written, and so long; before the first of its bytes, if it has no mark. */
  set length(bytes: number) {
    this.isWriting = false
    this.#head = `$${bytes}\r\n`
    for (const peer of this.takers) peer.state = 'send_bulk'
  }

  add(bytes: Buffer, sink: EffectSink): void {
    this.#send(bytesIn(bytes), sink)
  }

  /** All bytes were added. */
  end(sink: EffectSink): void {
    this.#send(this.#mark ?? '', sink)
  }

  #send(text: Bytes, sink: EffectSink): void {
    const bytes = this.#head + text
    this.#head = ''
    if (bytes === '') return
    for (const { client } of this.takers) sink({ type: 'send', client, bytes })
  }
}
