/**
 * Users and what they may do, as commands see them: questions with ready answers and operator's verbs. A verb throws
 * ReplyError with the exact text when it cannot be done, and has changed nothing then.
 */
import type { Bytes } from '../base/bytes.ts'
import type { ClientPort } from './context.ts'

/** What a selector permits, as rules with blanks between. */
export interface SelectorDescription {
  readonly commands: Bytes
  readonly keys: Bytes
  readonly channels: Bytes
}

/** A user of ACL GETUSER: its root selector, and what else there is. */
export interface UserDescription extends SelectorDescription {
  readonly flags: readonly string[]
  /** Hexadecimal SHA-256 digests. */
  readonly passwords: readonly string[]
  readonly selectors: readonly SelectorDescription[]
}

/** An entry of ACL LOG. */
export interface AclLogEntry {
  /** Counts the entries of the node from 0 on; the same refusal again keeps it. */
  readonly id: number
  /** How often it happened. */
  readonly count: number
  readonly reason: 'command' | 'key' | 'channel' | 'auth'
  readonly context: 'toplevel' | 'multi' | 'lua'
  /** The command, key or channel it was about. */
  readonly object: Bytes
  readonly userName: Bytes
  /** Since the last time. */
  readonly ageMs: number
  /** When it happened first, and last: milliseconds since 1970. */
  readonly createdMs: number
  readonly updatedMs: number
  /** The client as CLIENT LIST showed it. */
  readonly client: Bytes
}

/** Access control of the node. */
export interface AclPort {
  /** Who has not logged in may not do anything: the default user is off, or has a password. */
  readonly loginRequired: boolean
  /** The default user takes any password, if it is on at all. */
  readonly defaultNeedsNoPassword: boolean
  /** All names as bytes are ordered. */
  readonly userNames: readonly Bytes[]
  hasUser(name: Bytes): boolean
  describe(name: Bytes): UserDescription | undefined
  /** The lines of ACL LIST. */
  lines(): readonly Bytes[]
  /** Changes a user by rules, or makes it. Clients that lose channels they listen to are closed. */
  setUser(name: Bytes, rules: readonly Bytes[], caller: ClientPort): void
  /** Deletes users and closes their clients, the caller after its reply; returns how many there were. */
  deleteUsers(names: readonly Bytes[], caller: ClientPort): number
  /** What ACL DRYRUN says of a command of a user; undefined when it may run it. */
  dryRun(name: Bytes, argv: readonly Bytes[]): Bytes | undefined
  /** Reads the ACL file anew; clients of all users but the default one are closed. */
  load(caller: ClientPort): void
  save(): void
  /** The newest entries of the log. */
  logged(count: number): readonly AclLogEntry[]
  clearLog(): void
}
