/**
 * All data of a node as it is at one instant, drawn chunk by chunk: within a turn or over many, while commands go on
 * (rdbSaveRio in a forked child). What is about to change is written down before it does.
 * Invariant: until it is drawn to the end or returned it costs each change a little, and the memory of what has changed.
 */
import type { Buffer } from 'node:buffer'
import type { Bytes } from '../base/bytes.ts'
import type { Capture } from '../keyspace/capture.ts'
import type { Database } from '../keyspace/database.ts'
import { recordOf } from '../keyspace/snapshot.ts'
import type { KeyAccess, RdbRecord, RdbValue } from '../rdb/record.ts'

/** Writes records down in one form or another. */
export interface SnapshotForm {
  /** A database that has keys: how many, and how many of them with an expiry. Before the records of any. */
  announce(index: number, keys: number, expiring: number): void
  /** A key of an announced database; they come in any order. The record is good until this returns. */
  record(index: number, record: RdbRecord): void
  /** There is enough for a chunk. */
  readonly isFull: boolean
  take(): Buffer
  /** The last chunk. */
  end(): Buffer
}

/** Data of one instant. */
export class Snapshot implements IterableIterator<Buffer> {
  /** How many keys were drawn. */
  keys = 0
  /** How many there are. */
  readonly totalKeys: number
  readonly #form: SnapshotForm
  readonly #databases: readonly Database[]
  readonly #captures: Capture[] = []
  /** Which of the captures is drawn from. */
  #at = 0
  #isOver = false

  /** The instant is now. With `accessOf` records tell how their keys were used. */
  constructor(
    databases: readonly Database[],
    form: SnapshotForm,
    accessOf?: (database: Database, key: Bytes) => KeyAccess,
  ) {
    this.#form = form
    this.#databases = databases
    this.totalKeys = databases.reduce((count, { size }) => count + size, 0)
    for (const { index, size, expiring } of databases) {
      if (size > 0) form.announce(index, size, expiring)
    }
    // Written down before the next is made, one of each is enough: a million make the garbage collector stop clients.
    const text = { type: 'string' as const, bytes: '' }
    const record = { key: '', value: text as RdbValue, expiryMs: undefined as number | undefined }
    for (const database of databases) {
      const { index } = database
      const capture = database.capture((key, value, expiryMs) => {
        this.keys++
        record.key = key
        if (typeof value === 'string') {
          text.bytes = value
          record.value = text
        } else record.value = recordOf(value)
        record.expiryMs = expiryMs
        if (accessOf === undefined) form.record(index, record)
        else form.record(index, { ...record, ...accessOf(database, key) })
      })
      this.#captures.push(capture)
    }
  }

  [Symbol.iterator](): this {
    return this
  }

  next(): IteratorResult<Buffer, undefined> {
    if (this.#isOver) return { done: true, value: undefined }
    while (!this.#form.isFull) {
      if (this.#captures[this.#at]?.step() === true) continue
      if (++this.#at < this.#captures.length) continue
      this.#release()
      return { done: false, value: this.#form.end() }
    }
    return { done: false, value: this.#form.take() }
  }

  /** Nobody wants the rest. */
  return(): IteratorResult<Buffer, undefined> {
    this.#release()
    return { done: true, value: undefined }
  }

  #release(): void {
    this.#isOver = true
    for (const capture of this.#captures) {
      // SWAPDB may have made it another's.
      for (const database of this.#databases) database.release(capture)
    }
  }
}
