/**
 * ACL LOG: what was refused to whom, the newest first (addACLLogEntry in acl.c). The same refusal again soon after is
 * counted in the entry there is.
 */
import type { AclLogEntry } from '../commands/acl-port.ts'

/** Refusals closer together than this are one. */
const GROUPING_MS = 60_000
/** So many entries are looked at for one of the same. */
const SEARCHED = 10

/** A refusal. */
export type Refusal = Pick<AclLogEntry, 'reason' | 'context' | 'object' | 'userName' | 'client'>

interface Entry extends Refusal {
  count: number
  atMs: number
}

/** The refusals of one node. */
export class AclLog {
  #entries: Entry[] = []

  /** Notes what happened at `nowMs`; of all entries the `limit` newest stay. */
  add(refusal: Refusal, { nowMs, limit }: { nowMs: number; limit: number }): void {
    const at = this.#entries
      .slice(0, SEARCHED)
      .findIndex((entry) => isSame(entry, refusal) && Math.abs(nowMs - entry.atMs) <= GROUPING_MS)
    const [known] = at < 0 ? [] : this.#entries.splice(at, 1)
    this.#entries.unshift({ ...refusal, count: (known?.count ?? 0) + 1, atMs: nowMs })
    if (known === undefined) this.#entries.splice(limit)
  }

  /** The newest entries, as old as they are at `nowMs`. */
  newest(count: number, nowMs: number): AclLogEntry[] {
    return this.#entries
      .slice(0, count)
      .map(({ atMs, ...entry }) => ({ ...entry, ageMs: nowMs - atMs }))
  }

  clear(): void {
    this.#entries = []
  }
}

function isSame(entry: Entry, refusal: Refusal): boolean {
  return (
    entry.reason === refusal.reason &&
    entry.context === refusal.context &&
    entry.object === refusal.object &&
    entry.userName === refusal.userName
  )
}
