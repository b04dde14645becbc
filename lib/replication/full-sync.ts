/**
 * A full synchronization at the replica, from the answer to PSYNC until the data is in place (readSyncBulkPayload).
 * Invariant: bytes of the stream that come before the data is loaded are kept, in order.
 */
import { Buffer } from 'node:buffer'
import type { RdbSource } from '../rdb/source.ts'
import type { Place } from './handshake.ts'
import type { Journal } from './journal.ts'
import { PayloadReceiver } from './payload-receiver.ts'
import type { LoadManner } from './settings.ts'

const EMPTY = Buffer.alloc(0)

/** The payload is complete, or will never be. */
export type SyncOutcome =
  | { readonly type: 'payload'; readonly payload: RdbSource }
  | { readonly type: 'failed' }

/** One full synchronization. */
export class FullSync {
  /** Where the stream goes on after the data; undefined of a master that knows no PSYNC. */
  readonly beginning: Place | undefined
  readonly manner: LoadManner
  readonly receiver = new PayloadReceiver()
  /** The payload is complete and not loaded yet. */
  isLoading = false
  /** The connection ended meanwhile, for this reason. */
  lostBecause: string | undefined
  readonly #journal: Journal
  /** The payload begins. */
  readonly #begun: (sync: FullSync) => void
  #early: Buffer[] = []

  constructor(options: {
    readonly beginning: Place | undefined
    readonly manner: LoadManner
    readonly journal: Journal
    /** Hears that the payload begins. */
    readonly begun: (sync: FullSync) => void
  }) {
    this.beginning = options.beginning
    this.manner = options.manner
    this.#journal = options.journal
    this.#begun = options.begun
  }

  /** What has come of the payload so far counts as being loaded. */
  get isLoadedAsItComes(): boolean {
    return this.manner !== 'whole' && this.receiver.announcedBytes >= 0
  }

  /** Takes bytes; how many they were, and the outcome once there is one. */
  take(bytes: Buffer): { readonly consumed: number; readonly outcome?: SyncOutcome } {
    if (this.isLoading) {
      this.#early.push(Buffer.from(bytes))
      return { consumed: bytes.length }
    }
    const progress = this.receiver.take(bytes)
    switch (progress.state) {
      case 'more':
        return { consumed: bytes.length }
      case 'begun': {
        const what =
          progress.length === undefined
            ? 'streamed RDB from master with EOF'
            : `${progress.length} bytes from master`
        const where = this.manner === 'whole' ? 'disk' : 'parser'
        this.#journal.notice(`MASTER <-> REPLICA sync: receiving ${what} to ${where}`)
        this.#begun(this)
        const { consumed, ...rest } = this.take(bytes.subarray(progress.consumed))
        return { consumed: progress.consumed + consumed, ...rest }
      }
      case 'done':
        this.isLoading = true
        return {
          consumed: progress.consumed,
          outcome: { type: 'payload', payload: progress.payload },
        }
      case 'refused':
        this.#journal.warn(`MASTER aborted replication with an error: ${progress.line.slice(1)}`)
        break
      case 'strange':
        this.#journal.warn(
          `Bad protocol from MASTER, the first byte is not '$' (we received '${progress.line}'), are you sure the host and port are right?`,
        )
    }
    return { consumed: bytes.length, outcome: { type: 'failed' } }
  }

  /** The stream that came before the data was loaded. */
  early(): Buffer {
    return this.#early.length === 0 ? EMPTY : Buffer.concat(this.#early)
  }

  /** The connection ended before the payload was complete. */
  closed(reason: string): void {
    if (this.isLoadedAsItComes) {
      // Who watches the log tells a connection that broke from data that is wrong by this (rdbReportError).
      this.#journal.warn(
        `Internal error in RDB reading offset ${this.receiver.receivedBytes} -> Unexpected EOF reading RDB file. Failure loading rdb format from socket, assuming connection error, resuming operation.`,
      )
      this.failed(reason)
      return
    }
    this.#journal.warn(
      this.receiver.announcedBytes < 0
        ? `I/O error reading bulk count from MASTER: ${reason}`
        : 'I/O error trying to sync with MASTER: connection lost',
    )
  }

  /** The payload could not be loaded. */
  failed(reason: string): void {
    this.#journal.warn(
      this.manner === 'whole'
        ? `Failed trying to load the MASTER synchronization DB from disk, check server logs: ${reason}`
        : `Failed trying to load the MASTER synchronization DB from socket: ${reason}`,
    )
  }
}
