/**
 * What a database tells its node, and the counters they share. The node turns it into WATCH, keyspace notifications and
 * the replication stream (signalModifiedKey, notifyKeyspaceEvent and propagateDeletion in Redis).
 */
import type { Bytes } from '../base/bytes.ts'
import type { Database } from './database.ts'
import type { NotifyLetter } from './notification.ts'

/** Hears of every change; one object for all databases of a node. */
export interface KeyspaceListener {
  /** A key was created, changed or removed; `isExpired`: because its time was over. */
  touched(db: Database, key: Bytes, isExpired?: boolean): void
  /** A key is there that was not, or one holds what somebody may wait for (signalKeyAsReady). */
  ready(db: Database, key: Bytes): void
  /** A whole database is about to be emptied; its keys are still there. */
  flushed(db: Database): void
  /** A database has other keys from now on: those it had are in `former`. */
  swapped(db: Database, former: Database): void
  /** A keyspace event, by the letter of its class. */
  notify(db: Database, notifyClass: NotifyLetter, event: string, key: Bytes): void
  /** The database deleted a key because its time was over: to be propagated as DEL or UNLINK. */
  expired(db: Database, key: Bytes): void
  /** The database deleted a field of a hash because its time was over: to be propagated as HDEL. */
  fieldExpired(db: Database, key: Bytes, field: Bytes): void
}

/** Counters of INFO stats, raised in place. */
export interface KeyspaceStats {
  hits: number
  misses: number
  expired: number
  /** Fields of hashes that were deleted because their time was over. */
  expiredFields: number
  evicted: number
  /** Large values whose memory was to be freed later. */
  lazyFreed: number
}

/** Changes since the last save, of all databases of a node: a command that raised it is propagated. */
export interface Changes {
  dirty: number
}
