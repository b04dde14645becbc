/**
 * The two buffers that a client of a Redis has: what it has sent waits in one, what it is replied in the other
 * (clientsCronResizeQueryBuffer, clientsCronResizeOutputBuffer). Here bytes pass without such, but what the buffers would
 * be is what CLIENT LIST tells and what clients are evicted for.
 * Invariant: a read or a reply that is no larger than those before it costs one comparison.
 */
import { allocationBytes } from '../base/allocation.ts'

/** Room for a read (PROTO_IOBUF_LEN), and what a text of that size has around it. */
const READ_BYTES = 16 * 1024
const FRAME_BYTES = 6
/** A larger buffer shrinks when little of it is used. */
const QUERY_SHRINKS_ABOVE = 32 * 1024
/** So much unused is worth while. */
const SLACK_BYTES = 4096
const IDLE_MS = 2000
const REPLY_MIN_BYTES = 1024
/** Replies of a turn that a client keeps in its own buffer (PROTO_REPLY_CHUNK_BYTES). */
export const REPLY_BUFFER_BYTES = 16 * 1024
/** What a block of the list of replies has around its bytes, and an entry of the list (clientReplyBlock, listNode). */
const BLOCK_HEAD_BYTES = 16
const LIST_NODE_BYTES = 24
/** What a block can take, as it is allocated for so many bytes as the own buffer has. */
const BLOCK_BYTES = allocationBytes(REPLY_BUFFER_BYTES + BLOCK_HEAD_BYTES) - BLOCK_HEAD_BYTES
/** A text of no bytes. */
const EMPTY_BYTES = 8

/** What decides how reply buffers change; DEBUG REPLYBUFFER sets it. */
export interface ReplyBufferRules {
  resizes: boolean
  /** How long the largest reply is remembered; undefined: for good. */
  peakResetMs: number | undefined
}

/** How often reply buffers changed. */
export interface ReplyBufferCounts {
  replyBufferShrinks: number
  replyBufferExpands: number
}

/** Text that is so long, as it is allocated. */
function roomFor(bytes: number): number {
  return allocationBytes(bytes + FRAME_BYTES) - FRAME_BYTES
}

/** What the list of replies takes that begins where the client's own buffer ends: it grows by a block. */
export function replyListBytes(replyBytes: number): number {
  if (replyBytes <= REPLY_BUFFER_BYTES) return 0
  const blocks = Math.ceil((replyBytes - REPLY_BUFFER_BYTES) / BLOCK_BYTES)
  return blocks * (BLOCK_BYTES + BLOCK_HEAD_BYTES + LIST_NODE_BYTES)
}

/** What a client sends. */
export class QueryBuffer {
  /** A read that leaves more than this in the buffer has to be told to {@link grow}. */
  mark = -1
  #room = 0
  #peak = 0

  /** Bytes that there are or may come before it has to grow. */
  get room(): number {
    return this.#room
  }

  /** What it takes. */
  get memoryBytes(): number {
    return this.#room === 0 ? EMPTY_BYTES : this.#room + FRAME_BYTES
  }

  /** So many bytes come to those that wait in it; it is read from as soon as one read has filled it. */
  grow(waiting: number, bytes: number): void {
    const used = waiting + Math.min(bytes, READ_BYTES)
    this.#peak = Math.max(this.#peak, used)
    this.mark = this.#peak
    if (this.#room < READ_BYTES) this.#room = roomFor(Math.max(READ_BYTES, used))
    else if (this.#room < used) this.#room = roomFor(used + READ_BYTES)
  }

  /** A large word of this length has begun, or none of length 0. */
  reserve(bytes: number): void {
    if (bytes === 0) return
    this.#peak = Math.max(this.#peak, bytes)
    this.#room = Math.max(this.#room, roomFor(bytes))
  }

  /** When a visit gives something back unless more is sent, Unix ms. */
  dueMs(used: number, lastActiveMs: number): number {
    if (this.#room - used <= SLACK_BYTES) return Number.POSITIVE_INFINITY
    return this.#room > QUERY_SHRINKS_ABOVE ? 0 : lastActiveMs + IDLE_MS + 1
  }

  /** Once in a while: gives back what is not needed. `begun` is the length of the word that is on its way. */
  visit(used: number, begun: number, idleMs: number): void {
    if (this.#room - used > SLACK_BYTES) {
      if (idleMs > IDLE_MS) this.#room = used === 0 ? 0 : roomFor(used)
      else if (this.#room > QUERY_SHRINKS_ABOVE && this.#room / 2 > this.#peak) {
        this.#room = roomFor(Math.max(used, this.#peak, begun))
      }
    }
    this.#peak = Math.max(used, begun)
    this.mark = this.#room < READ_BYTES ? -1 : this.#peak
  }
}

/** What a client is replied. */
export class ReplyBuffer {
  #room = REPLY_BUFFER_BYTES
  #peak = REPLY_BUFFER_BYTES
  #resetMs = 0

  get room(): number {
    return this.#room
  }

  /** The largest reply of late, as much of it as fits. */
  get peak(): number {
    return this.#peak
  }

  /** So many bytes went out at once. */
  sent(bytes: number): void {
    if (bytes > this.#peak) this.#peak = Math.min(bytes, this.#room)
  }

  get #isTooLarge(): boolean {
    const half = this.#room / 2
    return half >= REPLY_MIN_BYTES && this.#peak < half
  }

  get #isTooSmall(): boolean {
    return this.#room < REPLY_BUFFER_BYTES && this.#peak === this.#room
  }

  /** When a visit changes something, or forgets the largest reply of late, Unix ms. */
  dueMs({ resizes, peakResetMs }: ReplyBufferRules): number {
    if (!resizes) return Number.POSITIVE_INFINITY
    if (this.#isTooLarge || this.#isTooSmall) return 0
    return peakResetMs === undefined ? Number.POSITIVE_INFINITY : this.#resetMs + peakResetMs + 1
  }

  /** Once in a while: shrinks or grows by what was used of it. */
  visit(waiting: number, nowMs: number, rules: ReplyBufferRules, counts: ReplyBufferCounts): void {
    if (!rules.resizes) return
    const room = this.#room
    let wanted = room
    if (this.#isTooLarge) {
      wanted = Math.max(REPLY_MIN_BYTES, this.#peak + 1)
      counts.replyBufferShrinks++
    } else if (this.#isTooSmall) {
      wanted = Math.min(REPLY_BUFFER_BYTES, room * 2)
      counts.replyBufferExpands++
    }
    const { peakResetMs } = rules
    if (peakResetMs !== undefined && nowMs - this.#resetMs > peakResetMs) {
      this.#peak = Math.min(waiting, room)
      this.#resetMs = nowMs
    }
    if (wanted !== room) this.#room = allocationBytes(wanted)
  }
}
