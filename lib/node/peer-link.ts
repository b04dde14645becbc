/**
 * Connections to other servers that MIGRATE opens and keeps for the next time (migrateGetSocket and its cache in
 * cluster.c). Invariant: at most one for a host and port, and no more than 64.
 */
import type { PeerIo } from './io.ts'

const LINKS_MAX = 64
const IDLE_MS = 10_000
const PORT_MASK = 0xffff

/** A connection, open or opening. */
export interface PeerLink {
  /** Names it to the runtime. */
  readonly id: number
  readonly address: string
  isOpen: boolean
  /** What SELECT chose there last; undefined when that is unknown. */
  databaseIndex: number | undefined
  lastUsedMs: number
}

/** The connections of one node. */
export class PeerLinks {
  readonly #io: Pick<PeerIo, 'connect' | 'close'>
  readonly #links = new Map<string, PeerLink>()
  #lastId = 0

  constructor(io: Pick<PeerIo, 'connect' | 'close'>) {
    this.#io = io
  }

  get size(): number {
    return this.#links.size
  }

  /** The connection to a host and port, the one that is there or a new one. */
  to(host: string, port: number, nowMs: number): PeerLink {
    const address = `${host}:${port}`
    const known = this.#links.get(address)
    if (known !== undefined) {
      known.lastUsedMs = nowMs
      return known
    }
    if (this.#links.size >= LINKS_MAX) this.close(this.#leastRecent())
    const link = {
      id: ++this.#lastId,
      address,
      isOpen: false,
      databaseIndex: undefined,
      lastUsedMs: nowMs,
    }
    this.#links.set(address, link)
    // What does not fit a port is cut off, as when it is put on the wire.
    this.#io.connect(link.id, host, port & PORT_MASK)
    return link
  }

  /** Ends a connection; nothing more is heard of it. */
  close(link: PeerLink | undefined): void {
    if (link === undefined || !this.forget(link.id)) return
    this.#io.close(link.id)
  }

  /** A connection has ended; false when it is none of these. */
  forget(id: number): boolean {
    for (const link of this.#links.values())
      if (link.id === id) return this.#links.delete(link.address)
    return false
  }

  /** Ends connections that nobody used for long. */
  closeIdle(nowMs: number): void {
    for (const link of this.#links.values()) if (nowMs - link.lastUsedMs > IDLE_MS) this.close(link)
  }

  #leastRecent(): PeerLink | undefined {
    let found: PeerLink | undefined
    for (const link of this.#links.values()) {
      if (found === undefined || link.lastUsedMs < found.lastUsedMs) found = link
    }
    return found
  }
}
