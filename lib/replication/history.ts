/**
 * Which stream of changes this node's data is made of, and how far: the replication id and offset, with the id it had
 * before a promotion (replid, replid2, master_repl_offset, second_replid_offset).
 * Invariant: nodes with the same id (or each other's secondary id up to its offset) and the same offset hold equal data.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'
import { Backlog } from './backlog.ts'

/** The id of no history. */
export const NO_ID: Bytes = '0'.repeat(40)

/** A node's place in the history of its data. */
export class History {
  readonly #random: Random
  id: Bytes
  secondaryId: Bytes = NO_ID
  /** Bytes of the stream produced or applied. The backlog may lag behind until the turn's end. */
  offset = 0
  /** The first offset that the secondary id does not cover, -1 without one. */
  secondaryOffset = -1
  backlog: Backlog | undefined

  constructor(random: Random) {
    this.#random = random
    this.id = random.nodeId()
  }

  /** Starts a history that no other node shares. */
  renew(offset = this.offset): void {
    this.adopt(this.#random.nodeId(), offset)
  }

  /** Goes on under a new id (a random one if none is given): the old one holds up to here. */
  shift(id: Bytes = this.#random.nodeId()): void {
    this.secondaryId = this.id
    this.secondaryOffset = this.offset + 1
    this.id = id
  }

  /** Takes over a history from its beginning up to an offset. */
  adopt(id: Bytes, offset: number): void {
    this.id = id
    this.offset = offset
    this.secondaryId = NO_ID
    this.secondaryOffset = -1
  }

  /** Goes on where a history stood when its data was saved, under the id there is: the saved one holds up to here. */
  resume(id: Bytes, offset: number): void {
    this.offset = offset
    this.secondaryId = id
    this.secondaryOffset = offset + 1
  }

  /** Creates an empty backlog that begins with the next byte, unless there is one. */
  keepBacklog(capacity: number): void {
    this.backlog ??= new Backlog(capacity, this.offset + 1)
  }
}
