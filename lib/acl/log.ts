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
  id: number
  count: number
  createdMs: number
  updatedMs: number
}

/** The refusals of one node. */
export class AclLog {
  #entries: Entry[] = []
  /** Ids go on where entries are cleared, so that a reader sees what it missed. */
  #nextId = 0

  /** Notes what happened at `nowMs`; of all entries the `limit` newest stay. */
  add(refusal: Refusal, { nowMs, limit }: { nowMs: number; limit: number }): void {
    const at = this.#entries
      .slice(0, SEARCHED)
      .findIndex(
        (entry) => isSame(entry, refusal) && Math.abs(nowMs - entry.updatedMs) <= GROUPING_MS,
      )
    const [known] = at < 0 ? [] : this.#entries.splice(at, 1)
    const { id, count, createdMs } = known ?? { id: this.#nextId++, count: 0, createdMs: nowMs }
    this.#entries.unshift({ ...refusal, id, count: count + 1, createdMs, updatedMs: nowMs })
    if (known === undefined) this.#entries.splice(limit)
  }

  /** The newest entries, as old as they are at `nowMs`. */
  newest(count: number, nowMs: number): AclLogEntry[] {
    return this.#entries
      .slice(0, count)
      .map((entry) => ({ ...entry, ageMs: nowMs - entry.updatedMs }))
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
