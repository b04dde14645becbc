/**
 * Everything replication asks of the world. The shell performs effects in order; what it learns from them comes back as
 * an input. Bytes for replicas and for the master go out in the order given.
 */
import type { Buffer } from 'node:buffer'
import type { Bytes } from '../base/bytes.ts'
import type { RdbSource } from '../rdb/source.ts'

/** How important a log line is. */
export type LogLevel = 'debug' | 'verbose' | 'notice' | 'warning'

/** What a snapshot holds beside the keys of all databases and the functions. */
export interface SnapshotRequest {
  /** Names the snapshot in the inputs that answer. */
  readonly transfer: number
  readonly include: 'all' | 'functions' | 'nothing'
  /** Its length is to be told before its bytes; else they may come as they are written. */
  readonly isWhole: boolean
  /**
   * Where the stream goes on after it: the `repl-*` fields of the file. `database` is undefined for the database that
   * the session of our own master has selected.
   */
  readonly database: number | undefined
  readonly replicationId: Bytes
  readonly offset: number
}

/** An effect of `ReplicationMachine`. */
export type ReplicationEffect =
  /** Open the connection to the master in place of an earlier one; the answer is `connected` or `closed`. */
  | { readonly type: 'connect'; readonly host: string; readonly port: number }
  /** Write on the connection to the master. */
  | { readonly type: 'write'; readonly bytes: Bytes }
  /** Close the connection to the master; no `closed` is expected. */
  | { readonly type: 'disconnect' }
  /**
   * An RDB file begins to come that counts as being loaded from now on: clients have to wait, or, if `isAsync`, are served from
   * the data there is. `load` follows, or `abandon-load`.
   */
  | { readonly type: 'expect-load'; readonly isBeside: boolean; readonly isAsync: boolean }
  /**
   * Replace all data by that of an RDB file, or load it beside what there is until `swap-data` comes; then answer `loaded` or
   * `load-failed`. What could not be loaded beside leaves the data as it was.
   */
  | {
      readonly type: 'load'
      readonly payload: RdbSource
      readonly isBeside: boolean
      readonly isAsync: boolean
    }
  /** Nobody wants what is being loaded any more. */
  | { readonly type: 'abandon-load' }
  /** Replace all data by what was loaded beside it. */
  | { readonly type: 'swap-data' }
  /**
   * The stream goes on (`resumed`) or begins: from now on `apply` comes. What a session keeps survives a resumption.
   */
  | { readonly type: 'link-up'; readonly resumed: boolean }
  /** The stream ended: a command read in part is void, an open transaction discarded. */
  | { readonly type: 'link-down' }
  /** Decode and run these bytes as the master's client and report with `applied`. Valid until the next input. */
  | { readonly type: 'apply'; readonly bytes: Buffer }
  /** Write to a replica, after all that was written to this client before. */
  | { readonly type: 'send'; readonly client: number; readonly bytes: Bytes }
  /** Close a replica's connection: now, or once everything sent is out. No `replica-gone` is expected. */
  | { readonly type: 'drop'; readonly client: number; readonly afterSend: boolean }
  /**
   * Write an RDB file of this instant as `chunk` inputs, then `chunks-ended`, or `snapshot-failed`. It may take its time:
   * effects that come meanwhile are held back for those who get it.
   */
  | { readonly type: 'snapshot'; readonly request: SnapshotRequest }
  /** Nobody waits for a snapshot any more. */
  | { readonly type: 'abandon-snapshot'; readonly transfer: number }
  /** Hold back all that may reach replicas, until `resume-writes`: a replica is to take over. */
  | { readonly type: 'pause-writes' }
  | { readonly type: 'resume-writes' }
  /** The node became a replica of its successor, or a master again: not by a command that says so. */
  | { readonly type: 'role-changed' }
  | { readonly type: 'log'; readonly level: LogLevel; readonly text: string }

/** Takes an effect. */
export type EffectSink = (effect: ReplicationEffect) => void
