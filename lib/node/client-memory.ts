/**
 * What clients take, as Redis reckons it, and which of them have to go when together they take more than
 * `maxmemory-clients` (updateClientMemUsage, evictClients in server.c): the largest first, until the rest fits.
 * Invariant: while it is followed, `bytes` is the sum of what each session was last seen to take; nobody else is counted.
 */
import type { Config } from './config/config.ts'
import type { Session } from './session.ts'

/** No limit is lower: nobody could talk to the node any more. */
const LIMIT_MIN_BYTES = 128 * 1024

/** The clients of a node, and how they are closed. */
export interface CrowdedNode {
  sessions(): Iterable<Session>
  close(session: Session): void
}

/** Sums up what clients take. */
export class ClientMemory {
  readonly #node: CrowdedNode
  readonly #config: Config
  /** What each session was last seen to take; replicas apart. */
  readonly #seen = new Map<Session, number>()
  #isFollowed = false
  #bytes = 0
  #replicaBytes = 0
  /** Clients that had to go. */
  evicted = 0

  constructor(node: CrowdedNode, config: Config) {
    this.#node = node
    this.#config = config
  }

  /** While nobody follows them the sums are made now. */
  refresh(): void {
    if (this.#isFollowed) return
    this.#bytes = 0
    this.#replicaBytes = 0
    for (const { kind, heldBytes, memoryBytes } of this.#node.sessions()) {
      if (kind === 'replica') this.#replicaBytes += memoryBytes - heldBytes
      else this.#bytes += memoryBytes
    }
  }

  /** What clients that are no replicas take. */
  get bytes(): number {
    return this.#bytes
  }

  /** What replicas take: mostly the stream that they have not read yet. What the backlog keeps for them is not theirs. */
  get replicaBytes(): number {
    return this.#replicaBytes
  }

  /** How far the last of the replicas is behind: they share the stream, and what waits for the others is part of it. */
  get streamBytes(): number {
    let bytes = 0
    for (const { kind, outputBytes } of this.#node.sessions()) {
      if (kind === 'replica') bytes = Math.max(bytes, outputBytes)
    }
    return bytes
  }

  /** Keeps the sums, or no longer. */
  follow(isWanted: boolean): void {
    if (isWanted === this.#isFollowed) return
    this.#isFollowed = isWanted
    this.recount()
  }

  /** Looks at all clients anew: some may have become replicas. */
  recount(): void {
    this.#seen.clear()
    this.#bytes = 0
    this.#replicaBytes = 0
    for (const session of this.#node.sessions()) this.update(session)
  }

  /** A session may take more or less than before; `running` are the words of the command it is about to run. */
  update(session: Session, running?: readonly string[]): void {
    if (!this.#isFollowed || session.closing === 'now' || session.kind === 'host') return
    let bytes = session.memoryBytes - session.heldBytes
    if (running !== undefined) for (const word of running) bytes += word.length
    this.#enter(session, bytes)
  }

  /** The session is gone. */
  forget(session: Session): void {
    if (!this.#seen.has(session)) return
    this.#enter(session, 0)
    this.#seen.delete(session)
  }

  #enter(session: Session, bytes: number): void {
    const change = bytes - (this.#seen.get(session) ?? 0)
    this.#seen.set(session, bytes)
    if (session.kind === 'replica') this.#replicaBytes += change
    else this.#bytes += change
  }

  /** Closes clients until the rest is within the limit. */
  evict(): void {
    if (!this.#isFollowed) return
    const limit = this.limitBytes
    if (this.#bytes <= limit) return
    for (const session of this.#largestFirst()) {
      this.evicted++
      this.#node.close(session)
      this.forget(session)
      if (this.#bytes <= limit) return
    }
  }

  /** `maxmemory-clients` in bytes; without end when nothing limits. */
  get limitBytes(): number {
    const configured = this.#config.number('maxmemory-clients')
    if (configured === 0) return Number.POSITIVE_INFINITY
    const maxMemory = this.#config.number('maxmemory')
    // A percentage is kept as a negative number.
    if (configured < 0 && maxMemory === 0) return Number.POSITIVE_INFINITY
    const bytes = configured < 0 ? Math.floor((maxMemory * -configured) / 100) : configured
    return Math.max(bytes, LIMIT_MIN_BYTES)
  }

  /** Those that may be closed, by the power of two of what they take; among equals the oldest first. */
  #largestFirst(): Session[] {
    return [...this.#seen]
      .filter(([{ kind, noEvict }]) => kind === 'normal' && !noEvict)
      .map(([session, bytes]) => ({ session, magnitude: Math.floor(Math.log2(bytes)) }))
      .sort((a, b) => b.magnitude - a.magnitude || a.session.id - b.session.id)
      .map(({ session }) => session)
  }
}
