/**
 * MULTI, EXEC, DISCARD and WATCH of one session (multi.c). A watched key remembers who watches it; the first touch
 * dooms the transaction. Invariant: after EXEC or DISCARD nothing is queued and nothing is watched.
 */
import { POINTER_BYTES } from '../base/allocation.ts'
import type { Bytes } from '../base/bytes.ts'
import type { TransactionPort } from '../commands/context.ts'
import type { CommandEntry } from '../commands/table.ts'
import type { Database } from '../keyspace/database.ts'
import { errors } from '../resp/reply-error.ts'

/** A command between MULTI and EXEC. */
export interface QueuedCommand {
  readonly entry: CommandEntry
  readonly argv: readonly Bytes[]
}

/** What a transaction needs of the session it belongs to. */
export interface TransactionOwner {
  readonly db: Database
  readonly reply: { nullArray(): void; array(length: number): void; error(text: Bytes): void }
}

/**
 * Runs queued commands one after the other, as one unit of propagation. False if it stopped half-way: then the transaction
 * ends with `discard` once the rest has run.
 */
export type RunQueued = (queued: readonly QueuedCommand[]) => boolean

/** A key that a transaction watches. */
interface Watch {
  readonly db: Database
  readonly key: Bytes
  readonly transaction: Transaction
  /** The key's time was over when WATCH came and it has not been deleted since: that it goes is no change. */
  wasExpired: boolean
}

/** Who watches which keys, for a whole node. */
export class Watchers {
  readonly #watching = new Map<Database, Map<Bytes, Map<Transaction, Watch>>>()
  #count = 0

  /** Somebody watches something: touches need to be told. */
  get any(): boolean {
    return this.#count > 0
  }

  /** Begins a watch; undefined when the transaction watches this key already. */
  add(db: Database, key: Bytes, transaction: Transaction): Watch | undefined {
    const keys = this.#watching.get(db) ?? new Map<Bytes, Map<Transaction, Watch>>()
    const watches = keys.get(key) ?? new Map<Transaction, Watch>()
    if (watches.has(transaction)) return undefined
    const watch = { db, key, transaction, wasExpired: db.isExpired(key) }
    watches.set(transaction, watch)
    keys.set(key, watches)
    this.#watching.set(db, keys)
    this.#count++
    return watch
  }

  remove({ db, key, transaction }: Watch): void {
    const keys = this.#watching.get(db)
    const watches = keys?.get(key)
    if (watches?.delete(transaction) !== true) return
    this.#count--
    if (watches.size === 0) keys?.delete(key)
  }

  /** A key changed: everybody who watches it fails at EXEC. */
  touched(db: Database, key: Bytes): void {
    if (this.#count === 0) return
    for (const watch of this.#watching.get(db)?.get(key)?.values() ?? []) {
      if (watch.wasExpired && !db.holds(key)) watch.wasExpired = false
      else watch.transaction.doom()
    }
  }

  /** A database is about to be emptied: keys that are there change. */
  flushed(db: Database): void {
    if (this.#count === 0) return
    for (const [key, watches] of this.#watching.get(db) ?? []) {
      if (!db.holds(key)) continue
      for (const watch of watches.values()) {
        if (watch.wasExpired) watch.wasExpired = false
        else watch.transaction.doom()
      }
    }
  }

  /** A database has other keys now, those it had are in `former`: keys that were or are there change. */
  swapped(db: Database, former: Database): void {
    if (this.#count === 0) return
    for (const [key, watches] of this.#watching.get(db) ?? []) {
      const [was, is] = [former.holds(key), db.holds(key)]
      if (!was && !is) continue
      const isExpired = db.isExpired(key)
      for (const watch of watches.values()) {
        // A key whose time is over is as good as none: between the two nothing changes.
        const wasNone = watch.wasExpired || !was
        if (wasNone && (!is || isExpired)) watch.wasExpired = isExpired
        else watch.transaction.doom()
      }
    }
  }
}

/** The transaction of one session, open or not. */
export class Transaction implements TransactionPort {
  readonly #owner: TransactionOwner
  readonly #watchers: Watchers
  readonly #run: RunQueued
  #queue: QueuedCommand[] | undefined
  #queuedBytes = 0
  #refused = false
  #dirty = false
  #watched: Watch[] = []
  /** A queued command writes. */
  hasWrites = false
  /** A queued command may end up in the replication stream. */
  mayReplicate = false
  /** A queued command may take more memory. */
  mayGrow = false

  constructor(owner: TransactionOwner, watchers: Watchers, run: RunQueued) {
    this.#owner = owner
    this.#watchers = watchers
    this.#run = run
  }

  get active(): boolean {
    return this.#queue !== undefined
  }

  /** A watched key changed. */
  get dirty(): boolean {
    return this.#dirty
  }

  get queued(): readonly QueuedCommand[] {
    return this.#queue ?? []
  }

  get queuedCount(): number {
    return this.#queue?.length ?? 0
  }

  /** Keys that are watched. */
  get watchedCount(): number {
    return this.#watched.length
  }

  get queuedBytes(): number {
    return this.#queuedBytes
  }

  begin(): void {
    this.#queue = []
    this.#refused = false
    this.hasWrites = false
    this.mayReplicate = false
    this.mayGrow = false
  }

  enqueue(entry: CommandEntry, argv: readonly Bytes[]): void {
    // Nothing queued after a refusal can ever run.
    if (this.#refused || this.#dirty) return
    this.#queue?.push({ entry, argv })
    for (const word of argv) this.#queuedBytes += word.length + POINTER_BYTES
    if (entry.command.isWrite) this.hasWrites = true
    if (entry.command.isWrite || entry.command.has('may_replicate')) this.mayReplicate = true
    if (entry.command.has('denyoom')) this.mayGrow = true
  }

  /** A command was refused while queueing: EXEC will abort. */
  refuse(): void {
    if (this.active) this.#refused = true
  }

  /** A watched key changed: EXEC will do nothing. */
  doom(): void {
    this.#dirty = true
  }

  execute(): void {
    const queued = this.#queue ?? []
    if (this.#refused) {
      this.discard()
      throw errors.execAbort
    }
    if (this.#dirty || this.#watchedExpired()) {
      this.discard()
      this.#owner.reply.nullArray()
      return
    }
    // WATCH ends before the commands run: their own writes are not changes by others.
    this.unwatch()
    this.#owner.reply.array(queued.length)
    if (this.#run(queued)) this.discard()
  }

  discard(): void {
    this.#queue = undefined
    this.#queuedBytes = 0
    this.#refused = false
    this.hasWrites = false
    this.mayReplicate = false
    this.mayGrow = false
    this.unwatch()
  }

  watch(keys: readonly Bytes[]): void {
    const { db } = this.#owner
    for (const key of keys) {
      const watch = this.#watchers.add(db, key, this)
      if (watch !== undefined) this.#watched.push(watch)
    }
  }

  unwatch(): void {
    for (const watch of this.#watched) this.#watchers.remove(watch)
    this.#watched = []
    this.#dirty = false
  }

  /** A watched key whose time came since counts as changed, even before anybody deleted it. */
  #watchedExpired(): boolean {
    return this.#watched.some(({ db, key, wasExpired }) => !wasExpired && db.isExpired(key))
  }
}
