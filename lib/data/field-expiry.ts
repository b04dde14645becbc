/**
 * When the fields of one hash end: a table beside the hash, there only for a hash that has been asked for it (ebuckets.c,
 * hashTypeSetEx). Invariant: `nextMs` is not later than the earliest end, and is that end right after one was set.
 */
import type { Bytes } from '../base/bytes.ts'

/** Ends of fields, Unix ms. */
export class FieldExpiries {
  readonly #ends: Map<Bytes, number>
  /** No field ends before; infinite when none ever ended or all is recounted. What RDB files tell as the earliest end. */
  nextMs = Number.POSITIVE_INFINITY
  /** The earliest end may be later than `nextMs`. */
  #isStale = false

  constructor(ends: Map<Bytes, number> = new Map()) {
    this.#ends = ends
    this.recount()
  }

  /** Fields that end. */
  get size(): number {
    return this.#ends.size
  }

  /** When a field ends; undefined if it does not. */
  of(field: Bytes): number | undefined {
    return this.#ends.get(field)
  }

  set(field: Bytes, atMs: number): void {
    const former = this.#ends.get(field)
    this.#ends.set(field, atMs)
    if (this.#isStale || (former === this.nextMs && atMs > former)) this.recount()
    else if (atMs < this.nextMs) this.nextMs = atMs
  }

  /** The field ends no more; false when it did not. */
  clear(field: Bytes): boolean {
    const atMs = this.#ends.get(field)
    if (atMs === undefined) return false
    this.#ends.delete(field)
    if (atMs === this.nextMs) this.#isStale = true
    return true
  }

  /** Finds the earliest end. */
  recount(): void {
    this.nextMs = this.earliestMs()
    this.#isStale = false
  }

  /** The earliest end; infinite when there is none. */
  earliestMs(): number {
    let earliest = Number.POSITIVE_INFINITY
    for (const atMs of this.#ends.values()) if (atMs < earliest) earliest = atMs
    return earliest
  }

  /** Fields whose time is over. */
  due(nowMs: number): Bytes[] {
    const due: Bytes[] = []
    for (const [field, atMs] of this.#ends) if (nowMs > atMs) due.push(field)
    return due
  }

  copy(): FieldExpiries {
    const copy = new FieldExpiries(new Map(this.#ends))
    copy.nextMs = this.nextMs
    copy.#isStale = this.#isStale
    return copy
  }
}
