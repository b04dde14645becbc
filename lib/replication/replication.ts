/**
 * A node's replication in both its halves: it produces or passes on a stream, and it may follow a master. Sans-IO: inputs
 * and method calls in, effects out; the time and the randomness are given. Everything below it shares one history.
 * Invariant: every method but `feed` and `applied` may leave effects; `step` and `takeEffects` hand them out once.
 */
import type { Bytes } from '../base/bytes.ts'
import { parseInteger } from '../base/numbers.ts'
import type { FailoverRequest, RoleDescription } from '../commands/context.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import type { ReplicationEffect } from './effect.ts'
import { Failover } from './failover.ts'
import { History } from './history.ts'
import { describeRole, type InfoField, infoFields } from './info.ts'
import type { ReplicationInput } from './input.ts'
import { Journal } from './journal.ts'
import { ReplicationMaster, type ReplicationOptions, type SyncStats } from './master.ts'
import type { PayloadReceiver } from './payload-receiver.ts'
import { type LinkState, type MasterAddress, ReplicaLink } from './replica.ts'
import { applyOption } from './replica-option.ts'
import type { ReplicaPeer } from './replica-peer.ts'
import type { ReplicationSettings } from './settings.ts'

const CRON_MS = 1000

/** A place in a stream. */
export interface StreamPlace {
  readonly id: Bytes
  readonly offset: number
  /** The database selected there; undefined where the master's stream says it. */
  readonly database: number | undefined
}

/** The replication of one node. */
export class ReplicationMachine {
  readonly #settings: ReplicationSettings
  readonly #history: History
  readonly #master: ReplicationMaster
  readonly #link: ReplicaLink
  readonly #failover: Failover
  readonly #journal: Journal
  #effects: ReplicationEffect[] = []
  #nextCronMs = 0

  constructor(options: ReplicationOptions) {
    const { settings, random } = options
    const sink = (effect: ReplicationEffect) => {
      this.#effects.push(effect)
    }
    this.#settings = settings
    this.#history = new History(random)
    this.#master = new ReplicationMaster(this.#history, options, sink)
    this.#link = new ReplicaLink(this.#history, settings, this.#master, sink)
    this.#failover = new Failover(this.#history, this.#master, this.#link, sink)
    this.#journal = new Journal(sink)
  }

  /** Takes in what happened and tells what to do. */
  step(input: ReplicationInput, now: number): readonly ReplicationEffect[] {
    this.#take(input, now)
    return this.takeEffects()
  }

  /** The effects of method calls since the last time. */
  takeEffects(): readonly ReplicationEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  #take(input: ReplicationInput, now: number): void {
    switch (input.type) {
      case 'tick':
        this.#tick(now, input.isSecond ?? false)
        break
      case 'flush':
        this.#master.stream.flush()
        this.#link.settle()
        this.#failover.advance(now)
        break
      case 'connected':
        this.#link.connected(now)
        break
      case 'data':
        this.#link.data(input.bytes, now)
        break
      case 'closed':
        this.#link.closed(input.reason, now)
        break
      case 'corrupt':
        this.#link.corrupt(input.reason, now)
        break
      case 'loaded':
        this.#link.loaded(now)
        break
      case 'load-failed':
        this.#link.loadFailed(input.reason)
        break
      case 'snapshot-length':
        this.#master.tellLength(input.transfer, input.bytes)
        break
      case 'snapshot-stuck':
        this.#master.stuck(input.client, now)
        break
      case 'chunk':
        this.#master.addChunk(input.transfer, input.bytes)
        break
      case 'chunks-ended':
        this.#master.endChunks(input.transfer, now)
        break
      case 'snapshot-failed':
        this.#master.failTransfer(input.transfer, input.reason, now)
        break
      case 'replica-gone':
        this.#master.gone(input.client, now)
        break
    }
  }

  #tick(now: number, isSecond: boolean): void {
    this.#failover.advance(now)
    this.#master.startDue(now)
    if (now < this.#nextCronMs && !isSecond) return
    this.#nextCronMs = now + CRON_MS
    this.#link.tick(now)
    this.#master.tick(now)
  }

  /** The stream of the master comes. */
  get isLinkUp(): boolean {
    return this.#link.state === 'connected'
  }

  /** When a `tick` is due, Unix ms; undefined while nothing depends on the time. */
  get wakeAt(): number | undefined {
    const isIdle =
      this.#link.address === undefined &&
      this.#master.peers.length === 0 &&
      this.#history.backlog === undefined
    if (isIdle) return undefined
    return Math.min(this.#nextCronMs, this.#master.nextStartMs ?? this.#nextCronMs)
  }

  /** Nothing is under way but the stream and what is said once a second. */
  get isAtRest(): boolean {
    if (this.isFailingOver) return false
    if (this.role === 'replica' && !this.isLinkUp) return false
    return this.#master.areServed
  }

  // ---- the stream

  /** Commands have to be given to `feed`. */
  get isFeeding(): boolean {
    return this.#master.stream.isWanted
  }

  /** A command changed the data: adds it to the stream. On a replica and before the first replica came it does nothing. */
  feed(database: number, argv: readonly Bytes[]): void {
    this.#master.stream.feed(database, argv)
  }

  /**
   * So many more bytes given by `apply` effects were decoded and run. To be called after each command and each stray line
   * end; the bytes of a transaction count once its EXEC has run.
   */
  applied(count: number): void {
    this.#link.applied(count)
  }

  /** What is kept of the stream has another limit, at once. */
  resizeBacklog(): void {
    this.#master.resizeBacklog()
  }

  /** Signs of life stay out of the stream, so that its offset stands still for a manual failover. */
  set isPaused(isPaused: boolean) {
    // A failover that may last for ever must not look like the death of the master.
    this.#master.isPaused = isPaused && !this.#failover.isEndless
  }

  // ---- data that is saved and loaded

  /** Where in the stream the data stands; undefined while there is none (rdbPopulateSaveInfo). */
  get place(): StreamPlace | undefined {
    const { id, offset, backlog } = this.#history
    if (this.role === 'master') {
      return backlog === undefined
        ? undefined
        : { id, offset, database: this.#master.stream.selected }
    }
    return this.#link.offsets === undefined ? undefined : { id, offset, database: undefined }
  }

  /**
   * The data was loaded that stood at this place. A replica asks its master to go on from there; to a master its former
   * replicas may come back (loadDataFromDisk).
   */
  restore({ id, offset }: StreamPlace, becomes: 'master' | 'replica', now: number): void {
    if (becomes === 'replica') {
      this.#history.adopt(id, offset)
      return
    }
    this.#history.resume(id, offset)
    this.#history.keepBacklog(this.#settings.backlogSizeBytes)
    this.#master.countLonelinessFrom(now)
  }

  // ---- roles

  get role(): 'master' | 'replica' {
    return this.#link.address === undefined ? 'master' : 'replica'
  }

  /** Follows a master, anew even if it is the same. */
  follow(master: MasterAddress, now: number): void {
    this.#link.follow(master, now)
  }

  /** Becomes a master; does nothing on one. */
  promote(now: number): void {
    this.#link.unfollow(now)
  }

  /** Goes on under a new id, with which no other node shares anything. */
  changeId(): void {
    this.#journal.notice('Changing replication IDs after receiving change-repl-id')
    this.#history.renew()
  }

  /** Hands over to a replica (FAILOVER). Throws ReplyError. */
  beginFailover(request: FailoverRequest, now: number): void {
    this.#failover.begin(request, now)
  }

  /** Stays the master after all, or becomes it again (FAILOVER ABORT). Throws ReplyError. */
  abortFailover(now: number): void {
    this.#failover.abortByHand(now)
  }

  /** Keys are on their way to another node: until they have landed this node stays the master. */
  set hasKeysInFlight(hasKeysInFlight: boolean) {
    this.#failover.hasKeysInFlight = hasKeysInFlight
  }

  /** A replica is about to take this node's place. */
  get isFailingOver(): boolean {
    return this.#failover.state !== 'no-failover'
  }

  // ---- clients that are replicas, or become one

  /**
   * REPLCONF, given the words after the name. True when `+OK` is the reply, false when there is none. Throws ReplyError.
   */
  configure(peer: ReplicaPeer, words: readonly Bytes[], now: number): boolean {
    if (words.length % 2 === 1) throw errors.syntax
    for (let i = 0; i + 1 < words.length; i += 2) {
      const option = words[i] as Bytes
      const value = words[i + 1] as Bytes
      switch (option.toLowerCase()) {
        case 'ack': {
          const applied = parseInteger(value)
          if (peer.state === 'none' || applied === undefined) return false
          const isKept = words[i + 2]?.toLowerCase() === 'fack'
          const persisted = (isKept ? parseInteger(words[i + 3] as Bytes) : undefined) ?? 0
          const offsets = { applied: Number(applied), persisted: Number(persisted) }
          this.#master.acknowledge(peer, offsets, now)
          return false
        }
        case 'getack':
          this.#link.acknowledge()
          return false
        default:
          applyOption(peer, option, value)
      }
    }
    return true
  }

  /**
   * PSYNC, given the words after the name, or SYNC, given none: the client becomes a replica, and its answer is among the
   * effects. `hasPendingOutput` tells that replies wait to be sent to it. Throws ReplyError.
   */
  synchronize(
    peer: ReplicaPeer,
    words: readonly Bytes[],
    hasPendingOutput: boolean,
    now: number,
  ): void {
    if (peer.state !== 'none') return
    const [id, offsetText, mode] = words
    if (mode?.toLowerCase() === 'failover') this.#takeOver(id ?? '', peer, now)
    if (this.isFailingOver) throw new ReplyError("NOMASTERLINK Can't SYNC while failing over")
    if (this.role === 'replica' && !this.isLinkUp) {
      throw new ReplyError("NOMASTERLINK Can't SYNC while not connected with my master")
    }
    if (hasPendingOutput) {
      throw new ReplyError('ERR SYNC and PSYNC are invalid with pending output')
    }
    if (peer.include !== 'all' && !peer.takesEof) {
      throw new ReplyError('ERR Filtered replica requires EOF capability')
    }
    this.#journal.notice(`Replica ${peer.name} asks for synchronization`)
    this.#link.settle()
    if (id === undefined || offsetText === undefined) peer.isSilent = true
    else {
      const offset = parseInteger(offsetText)
      if (offset === undefined) {
        this.#journal.warn(`Replica ${peer.name} asks for synchronization but with a wrong offset`)
        throw errors.notInteger
      }
      if (this.#master.resume(peer, id, Number(offset), now)) return
      if (!id.startsWith('?')) this.stats.partialRefused++
    }
    this.#master.restart(peer, now)
  }

  /** Our master asks us to take its place (its FAILOVER command). */
  #takeOver(id: Bytes, peer: ReplicaPeer, now: number): void {
    if (this.#settings.clusterEnabled) throw errors.failoverInCluster
    this.#journal.warn(`Failover request received for replid ${id}.`)
    if (this.role === 'master') {
      throw new ReplyError("ERR PSYNC FAILOVER can't be sent to a master.")
    }
    if (id.toLowerCase() !== this.#history.id) {
      throw new ReplyError('ERR PSYNC FAILOVER replid must match my replid.')
    }
    this.promote(now)
    this.#journal.notice(`MASTER MODE enabled (failover request from '${peer.name}')`)
  }

  // ---- questions

  /** Counters of full and partial synchronizations served. */
  get stats(): SyncStats {
    return this.#master.stats
  }

  /** Memory the backlog takes, with all that replicas wait for. */
  get backlogBytes(): number {
    return this.#history.backlog?.bytes ?? 0
  }

  /** As much of it as is there for replicas alone. */
  get backlogExcessBytes(): number {
    const { backlog } = this.#history
    return backlog === undefined ? 0 : Math.max(0, backlog.bytes - backlog.capacity)
  }

  /** The last bytes of the stream, as far as they are kept. */
  latestBacklog(maxBytes: number): Bytes {
    const { backlog } = this.#history
    if (backlog === undefined) return ''
    return backlog.from(Math.max(backlog.firstOffset, backlog.nextOffset - maxBytes))
  }

  /** The payload of a full synchronization on its way; undefined when none is. */
  get payload(): PayloadReceiver | undefined {
    return this.#link.receiver
  }

  get linkState(): LinkState {
    return this.#link.state
  }

  /** The master followed. */
  get master(): MasterAddress | undefined {
    return this.#link.address
  }

  /** For the cluster bus: of a master its own offset, of a replica what it has applied. */
  get offset(): number {
    return this.role === 'master' ? this.#history.offset : (this.#link.offsets?.applied ?? 0)
  }

  /** For elections: whether the link is up, and since when nothing came over it (0 if it never was up), Unix ms. */
  get masterLink(): { readonly connected: boolean; readonly sinceMs: number } {
    const connected = this.isLinkUp
    return { connected, sinceMs: connected ? this.#link.lastIoMs : (this.#link.downSinceMs ?? 0) }
  }

  /** Replicas that are online and acknowledged within so many seconds. */
  goodReplicas(maxLagSeconds: number, now: number): number {
    return this.#master.goodPeers(maxLagSeconds, now)
  }

  /** Replicas that have acknowledged the stream up to this offset. */
  acknowledgedReplicas(offset: number): number {
    return this.#master.acknowledgedPeers(offset)
  }

  /** Every replica that follows the stream has acknowledged all of it. */
  get isInStep(): boolean {
    return this.#master.laggards().every(({ snapshotOnly }) => snapshotOnly)
  }

  /** Says of each replica that is behind how much, and how many are not. */
  reportLag(now: number): void {
    const laggards = this.#master.laggards()
    const count = this.#master.peers.length
    for (const peer of laggards) {
      const lag = peer.state === 'online' ? peer.lagSeconds(now) : 0
      const behind = this.#history.offset - peer.ackOffset
      this.#journal.warn(
        `Lagging replica ${peer.name} reported offset ${behind} behind master, lag=${lag}, state=${peer.stateName}.`,
      )
    }
    if (count === 0) return
    const inStep = count - laggards.length
    this.#journal.notice(`${inStep} of ${count} replicas are in sync when shutting down.`)
  }

  /** Replicas that have the stream up to this offset on disk. */
  persistedReplicas(offset: number): number {
    return this.#master.persistedPeers(offset)
  }

  /** Where to learn how much of the stream is on disk here; undefined: nothing is kept. */
  set persistedOffset(read: () => number | undefined) {
    this.#link.persistedOffset = read
  }

  /** The clients that get a snapshot. */
  takersOf(transfer: number): readonly number[] {
    return this.#master.takersOf(transfer)
  }

  /** Asks the replicas through the stream how far they are. */
  requestAcknowledgements(): void {
    this.#master.stream.requestAcknowledgements()
  }

  /** The fields of INFO's section "Replication". */
  info(now: number): InfoField[] {
    this.#master.stream.flush()
    this.#link.settle()
    return infoFields(this.#parts(), now)
  }

  /** What ROLE replies. */
  describeRole(): RoleDescription {
    return describeRole(this.#parts())
  }

  #parts() {
    return {
      history: this.#history,
      settings: this.#settings,
      master: this.#master,
      link: this.#link,
      failover: this.#failover,
    }
  }
}
