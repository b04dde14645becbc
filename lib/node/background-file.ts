/**
 * A file that takes the data of one instant, a slice a turn (what the child of rdbSaveBackground or
 * rewriteAppendOnlyFileBackground does). Whoever began it looks from time to time whether it is written.
 * Invariant: once it cannot be written nothing more is drawn, and nothing of it is left.
 */
import type { Clock } from '../base/clock.ts'
import type { Snapshot } from './snapshot.ts'
import { type DeliveryPorts, SnapshotDelivery } from './snapshot-delivery.ts'

/** A file in the making. What fails throws an Error. */
export interface Draft {
  append(chunk: Uint8Array): void
  /**
   * It has all its bytes: has it on disk some time later. `done` is called within a turn, be it this one, and not after
   * `discard`; after a failure nothing of it is left.
   */
  finishLater(done: (failure: Error | undefined) => void): void
  discard(): void
}

/** How far a snapshot is. */
export interface BackgroundProgress {
  /** How long it has been. */
  readonly seconds: number
  /** How many keys there were when it began. */
  readonly keys: number
  /** The part of them that is done, 0 to 1. */
  readonly part: number
}

/** How far a snapshot is that was begun then, Unix ms. */
export function progressOf(
  { keys, totalKeys }: Snapshot,
  startedMs: number,
  nowMs: number,
): BackgroundProgress {
  return {
    seconds: Math.floor((nowMs - startedMs) / 1000),
    keys: totalKeys,
    part: totalKeys === 0 ? 1 : keys / totalKeys,
  }
}

/** A file that is written between the turns of others. */
export class BackgroundFile<D extends Draft> {
  readonly #clock: Clock
  readonly #startedMs: number
  readonly #snapshot: Snapshot
  #draft: D | Error
  #delivery: SnapshotDelivery | undefined
  #isOver = false
  #isWritten = false

  /** Begins within this turn; that it cannot be opened, too, is told by {@link draft}. */
  constructor(snapshot: Snapshot, open: () => D, ports: DeliveryPorts) {
    this.#clock = ports.clock
    this.#startedMs = ports.clock.now
    this.#snapshot = snapshot
    try {
      this.#draft = open()
    } catch (error) {
      this.#draft = error as Error
      this.#isOver = true
      snapshot.return()
      return
    }
    this.#write(ports)
  }

  #write(ports: DeliveryPorts): void {
    const taker = {
      isReady: () => true,
      take: (chunk: Uint8Array) => this.#append(chunk),
      done: () => this.#finish(),
    }
    this.#delivery = new SnapshotDelivery(this.#snapshot, taker, ports)
    // It may have failed with the first slice.
    if (this.#draft instanceof Error) this.#delivery.cancel()
  }

  #append(chunk: Uint8Array): void {
    const draft = this.#draft
    if (draft instanceof Error) return
    try {
      draft.append(chunk)
    } catch (error) {
      draft.discard()
      this.#fail(error as Error)
      this.#delivery?.cancel()
    }
  }

  #finish(): void {
    const draft = this.#draft
    if (draft instanceof Error) return
    this.#isWritten = true
    draft.finishLater((failure) => {
      if (failure === undefined) this.#isOver = true
      else this.#fail(failure)
    })
  }

  #fail(error: Error): void {
    this.#draft = error
    this.#isOver = true
  }

  /** All is on disk, or never will be. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** It has all its bytes, be they on disk or not, and nothing has failed. */
  get isWritten(): boolean {
    return this.#isWritten && !(this.#draft instanceof Error)
  }

  /** What was written, or is being; or why it cannot be. */
  get draft(): D | Error {
    return this.#draft
  }

  get progress(): BackgroundProgress {
    return progressOf(this.#snapshot, this.#startedMs, this.#clock.now)
  }

  /** Nobody wants it any more. */
  abandon(): void {
    this.#isOver = true
    this.#delivery?.cancel()
    if (!(this.#draft instanceof Error)) this.#draft.discard()
  }
}

/** Writes all of a snapshot within this turn. Throws an Error, and leaves nothing then. */
export function writeAtOnce(snapshot: Snapshot, draft: Draft): void {
  try {
    for (const chunk of snapshot) draft.append(chunk)
  } catch (error) {
    snapshot.return()
    draft.discard()
    throw error
  }
}
