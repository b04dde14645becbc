/**
 * Everything that can happen to the replication machine, as plain data. What a client's command asks for comes as a
 * method call instead, as it answers or throws.
 */
import type { Buffer } from 'node:buffer'

/** An input of `ReplicationMachine.step`. */
export type ReplicationInput =
  /** Time has passed; due at `wakeAt`, harmless at any other time. `isSecond`: what is done once a second is done now. */
  | { readonly type: 'tick'; readonly isSecond?: boolean }
  /** The turn ends: what commands and the master's stream left behind is handed on. */
  | { readonly type: 'flush' }
  /** The connection to the master is open. */
  | { readonly type: 'connected' }
  /** Bytes from the master. The buffer may be reused after the next `flush`. */
  | { readonly type: 'data'; readonly bytes: Buffer }
  /** The connection to the master failed or ended; the system's text says why. */
  | { readonly type: 'closed'; readonly reason: string }
  /** What came over the connection is no stream: it was ended, and nothing that was applied can be relied on. */
  | { readonly type: 'corrupt'; readonly reason: string }
  /** The data asked for by `load` is in place. */
  | { readonly type: 'loaded' }
  | { readonly type: 'load-failed'; readonly reason: string }
  /** How long a snapshot is that is wanted whole; before its bytes. */
  | { readonly type: 'snapshot-length'; readonly transfer: number; readonly bytes: number }
  /** Some bytes of a snapshot, in order. */
  | { readonly type: 'chunk'; readonly transfer: number; readonly bytes: Buffer }
  | { readonly type: 'chunks-ended'; readonly transfer: number }
  | { readonly type: 'snapshot-failed'; readonly transfer: number; readonly reason: string }
  /** A replica has taken nothing of its snapshot for longer than `repl-timeout`. */
  | { readonly type: 'snapshot-stuck'; readonly client: number }
  /** The connection of a client that is a replica ended. */
  | { readonly type: 'replica-gone'; readonly client: number }
