/**
 * A replica as its master sees it: what it told with REPLCONF, how far its synchronization is, what it acknowledged.
 * A client gets one when it first sends REPLCONF or PSYNC. Invariant: bytes given to `deliver` reach the replica once and
 * in order: at once, or held back until the replica can take the stream.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Backlog } from './backlog.ts'
import type { EffectSink } from './effect.ts'

/**
 * How far a client is on its way to be a replica; `none` before PSYNC. It waits for its snapshot to begin, then to be
 * written, and one that has a file gets it after that.
 */
export type PeerState = 'none' | 'wait_bgsave' | 'wait_bgsave_end' | 'send_bulk' | 'online'

/** A client that is a replica, or may become one. */
export class ReplicaPeer {
  readonly client: number
  readonly #ip: string
  #announcedIp = ''
  /** The port it says it listens on, 0 if it did not. */
  port = 0
  /** It takes snapshots of unknown length. */
  takesEof = false
  /** It knows that `+CONTINUE` may carry a new replication id. */
  knowsPsync2 = false
  /** It wants a snapshot and nothing else. */
  snapshotOnly = false
  include: 'all' | 'functions' | 'nothing' = 'all'
  /** It came with SYNC and will never acknowledge. */
  isSilent = false
  state: PeerState = 'none'
  /** When its snapshot may start, Unix ms. */
  startMs = 0
  ackOffset = 0
  /** Up to where it has the stream on disk. */
  persistedOffset = 0
  /** When it last acknowledged, Unix ms. */
  ackMs = 0
  /** Where the stream waits, and the first byte of it that does. */
  #held: { readonly backlog: Backlog; readonly from: number } | undefined

  /** `client` is the session's number, `ip` where it comes from. */
  constructor(client: number, ip: string) {
    this.client = client
    this.#ip = ip
  }

  get ip(): string {
    return this.#announcedIp === '' ? this.#ip : this.#announcedIp
  }

  set ip(announced: string) {
    this.#announcedIp = announced
  }

  /** Its state in the words of INFO (replstateToString). */
  get stateName(): string {
    return this.state === 'wait_bgsave_end' ? 'wait_bgsave' : this.state
  }

  /** What the log calls it. */
  get name(): string {
    return `${this.ip}:${this.port === 0 ? '<unknown-replica-port>' : this.port}`
  }

  /** Its snapshot is sent and the stream waits for its first acknowledgement. */
  get isHeld(): boolean {
    return this.#held !== undefined
  }

  /** The first byte of the stream that waits for it. */
  get heldFrom(): number | undefined {
    return this.#held?.from
  }

  /** How much of the stream waits for it. */
  get heldBytes(): number {
    return this.#held === undefined ? 0 : this.#held.backlog.nextOffset - this.#held.from
  }

  /** From now on the stream waits in the backlog, which has to keep it. */
  hold(backlog: Backlog): void {
    this.#held = { backlog, from: backlog.nextOffset }
  }

  /** From now on the stream waits, beginning where it began for another. */
  holdLike(other: ReplicaPeer): void {
    this.#held = other.#held
  }

  /** It can have what another gets (the attaching of syncCommand). */
  canShareWith({ include, takesEof, knowsPsync2, snapshotOnly }: ReplicaPeer): boolean {
    return (
      this.include === include &&
      (this.takesEof || !takesEof) &&
      (this.knowsPsync2 || !knowsPsync2) &&
      (this.snapshotOnly || !snapshotOnly)
    )
  }

  /** What has waited; from now on the stream flows. */
  release(): Bytes {
    const held = this.#held
    this.#held = undefined
    return held === undefined ? '' : held.backlog.from(held.from)
  }

  /** Nothing waits for it any more. */
  forget(): void {
    this.#held = undefined
  }

  /** Passes a piece of the stream on. */
  deliver(bytes: Bytes, sink: EffectSink): void {
    if (this.#held !== undefined || this.state !== 'online') return
    sink({ type: 'send', client: this.client, bytes })
  }

  /** Whole seconds since it last acknowledged. */
  lagSeconds(now: number): number {
    return Math.floor(now / 1000) - Math.floor(this.ackMs / 1000)
  }
}
