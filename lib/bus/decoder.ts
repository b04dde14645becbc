/**
 * Cuts the byte stream of one bus link into messages: `clusterReadHandler`.
 * Invariant: memory grows with the bytes that have arrived, never with a length that is only claimed; after a frame that
 * cannot be one, the decoder is closed and takes nothing more.
 */
import { Buffer } from 'node:buffer'
import { decodeMessage, type InvalidMessage, type ValidMessage } from './codec.ts'
import { FRAME_BYTES, frameLength, HEADER_BYTES } from './header.ts'

/** The link must be closed: what came is no message of the bus. */
export interface BrokenStream {
  readonly kind: 'closed'
  /** Redis' log line. */
  readonly text: string
}

/** What came of some bytes. */
export type BusEvent = ValidMessage | InvalidMessage | BrokenStream

/**
 * A message longer than this closes the link: its payload would be no JS string. (A real server takes 4 GiB, though no
 * client of it can publish more than its `proto-max-bulk-len`, 512 MiB by default.)
 */
export const MESSAGE_BYTES_MAX = 0x1fff_0000

const BROKEN: BrokenStream = {
  kind: 'closed',
  text: 'Bad message length or signature received from Cluster bus.',
}

/** Room for a message that came in pieces, kept for the next one. */
const ROOM_BYTES_MIN = 4096
const ROOM_BYTES_KEPT = 65536

/** The receiving end of one link. */
export class BusDecoder {
  #room: Buffer = Buffer.alloc(0)
  /** Bytes of an incomplete message, at the start of the room. */
  #held = 0
  /** Length of that message; 0 while it has too few bytes to tell. */
  #length = 0
  #closed = false

  /** Takes the next bytes of the stream; they may be reused afterwards. Events are in the order of the stream. */
  push(bytes: Uint8Array): BusEvent[] {
    const events: BusEvent[] = []
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    let at = 0
    while (at < chunk.length && !this.#closed) {
      const whole = this.#held === 0 ? wholeFrame(chunk, at) : 0
      if (whole > 0) {
        events.push(decodeMessage(chunk, at, whole))
        at += whole
      } else at += this.#take(chunk, at, events)
    }
    return events
  }

  /** Whether the stream was broken; {@link BusDecoder.push} ignores what else comes. */
  get closed(): boolean {
    return this.#closed
  }

  /** Bytes of the incomplete message that are kept, and the room they have. */
  get memory(): { readonly heldBytes: number; readonly roomBytes: number } {
    return { heldBytes: this.#held, roomBytes: this.#room.length }
  }

  /** Adds to the incomplete message, up to its end or until its length is known; gives how many bytes that took. */
  #take(chunk: Buffer, at: number, events: BusEvent[]): number {
    const wanted = this.#length === 0 ? FRAME_BYTES : this.#length
    const taken = Math.min(wanted - this.#held, chunk.length - at)
    this.#reserve(this.#held + taken, wanted)
    chunk.copy(this.#room, this.#held, at, at + taken)
    this.#held += taken
    if (this.#held < wanted) return taken
    if (this.#length > 0) {
      events.push(decodeMessage(this.#room, 0, this.#length))
      this.#reset()
      return taken
    }
    const length = frameLength(this.#room, 0)
    if (length === undefined || length > MESSAGE_BYTES_MAX) {
      events.push(BROKEN)
      this.#closed = true
      this.#reset()
    } else this.#length = length
    return taken
  }

  #reserve(bytes: number, wanted: number): void {
    if (bytes <= this.#room.length) return
    const doubled = Math.max(ROOM_BYTES_MIN, 2 * this.#room.length, bytes)
    const grown = Buffer.alloc(Math.min(doubled, Math.max(wanted, ROOM_BYTES_MIN)))
    this.#room.copy(grown, 0, 0, this.#held)
    this.#room = grown
  }

  #reset(): void {
    this.#held = 0
    this.#length = 0
    if (this.#closed || this.#room.length > ROOM_BYTES_KEPT) this.#room = Buffer.alloc(0)
  }
}

/** The length of a message that is complete in this chunk, else 0. */
function wholeFrame(chunk: Buffer, at: number): number {
  if (chunk.length - at < HEADER_BYTES) return 0
  const length = frameLength(chunk, at)
  return length === undefined || length > chunk.length - at ? 0 : length
}
