/**
 * Members with their scores, by member and in order (zset in server.h: a dict beside a skiplist). Few members are found by
 * looking through them, so that a small set, of which there may be very many, has no hash table.
 * Invariant: `#scores`, once it is there, holds what `order` holds; while it is not there are few.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'
import { NameMap } from './name-map.ts'
import { ScoreOrder } from './score-order.ts'

/** So many are looked through sooner than hashed. */
const FEW = 16

/** Scores by member, and members by score. */
export class ScoreTable {
  readonly order = new ScoreOrder()
  #scores: NameMap<number> | undefined = undefined

  get size(): number {
    return this.#scores === undefined ? this.order.size : this.#scores.size
  }

  get(member: Bytes): number | undefined {
    return this.#scores === undefined ? this.order.scoreOf(member) : this.#scores.get(member)
  }

  has(member: Bytes): boolean {
    return this.get(member) !== undefined
  }

  /** Members in no particular order. */
  keys(): Iterable<Bytes> {
    return this.#scores === undefined ? this.order.members() : this.#scores.keys()
  }

  /** A member, each with the same chance; undefined where there are few, or none. */
  sample(random: Random): Bytes | undefined {
    return this.#scores?.sample(random)
  }

  /** Adds a member that is not there. */
  add(member: Bytes, score: number): void {
    this.order.insert(member, score)
    if (this.#scores !== undefined) this.#scores.set(member, score)
    else if (this.order.size > FEW) this.#scores = new NameMap(this.order.descending())
  }

  /** Gives a member that is there with a score another one. */
  change(member: Bytes, before: number, score: number): void {
    this.order.move(member, before, score)
    this.#scores?.set(member, score)
  }

  /** Removes a member that is there with a score. */
  delete(member: Bytes, score: number): void {
    this.order.remove(member, score)
    this.#scores?.delete(member)
  }
}
