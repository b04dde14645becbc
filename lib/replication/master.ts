/**
 * The master's half of replication (replication.c): the replicas that follow the stream and how each of them gets in step.
 * A replica has this half too, for replicas of its own.
 * Invariant: what a replica received is a snapshot at its offset followed by every byte of the stream after that.
 */
import type { Buffer } from 'node:buffer'
import { assert } from '../base/assert.ts'
import type { Bytes } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'
import type { EffectSink } from './effect.ts'
import type { History } from './history.ts'
import { Journal } from './journal.ts'
import { Peers } from './peers.ts'
import type { ReplicaPeer } from './replica-peer.ts'
import type { BackgroundWork, ReplicationSettings } from './settings.ts'
import { SnapshotTransfer } from './snapshot-transfer.ts'
import { OutgoingStream } from './stream.ts'

/** Counters of INFO stats. */
export interface SyncStats {
  full: number
  partialOk: number
  partialRefused: number
}

const CANNOT_ATTACH =
  "Can't attach the replica to the current BGSAVE. Waiting for next BGSAVE for SYNC"

/** What is done once a second may be done so much early. */
const TICK_JITTER_MS = 500

/** What it is made with. */
export interface ReplicationOptions {
  readonly settings: ReplicationSettings
  /** For replication ids and marks. */
  readonly random: Random
  readonly background: BackgroundWork
}

/** Serves replicas. */
export class ReplicationMaster {
  readonly stats: SyncStats = { full: 0, partialOk: 0, partialRefused: 0 }
  readonly stream: OutgoingStream
  /** No signs of life go into the stream: its offset must stand still for a manual failover. */
  isPaused = false
  readonly #history: History
  readonly #settings: ReplicationSettings
  readonly #random: Random
  readonly #background: BackgroundWork
  readonly #sink: EffectSink
  readonly #journal: Journal
  readonly #peers = new Peers()
  readonly #transfers = new Map<number, SnapshotTransfer>()
  #lastTransfer = 0
  /** Undefined before the first tick. */
  #lastPingMs: number | undefined
  #aloneSinceMs = 0

  constructor(history: History, options: ReplicationOptions, sink: EffectSink) {
    this.#history = history
    this.#settings = options.settings
    this.#random = options.random
    this.#background = options.background
    this.#sink = sink
    this.#journal = new Journal(sink)
    this.stream = new OutgoingStream(history, this.#peers, sink)
  }

  /** All replicas, longest here first. */
  get peers(): readonly ReplicaPeer[] {
    return this.#peers.all
  }

  /** All of them have what they asked for, and get the stream as it comes. */
  get areServed(): boolean {
    return this.#peers.all.every(isServed)
  }

  /** Replicas that are online and acknowledged within so many seconds. */
  goodPeers(maxLagSeconds: number, now: number): number {
    return this.peers.filter(
      (peer) => peer.state === 'online' && peer.lagSeconds(now) <= maxLagSeconds,
    ).length
  }

  /** Replicas that are online and have acknowledged the stream up to this offset. */
  acknowledgedPeers(offset: number): number {
    return this.peers.filter((peer) => peer.state === 'online' && peer.ackOffset >= offset).length
  }

  /** Replicas that have not acknowledged all of the stream. */
  laggards(): readonly ReplicaPeer[] {
    this.stream.flush()
    return this.peers.filter(({ ackOffset }) => ackOffset !== this.#history.offset)
  }

  /** Replicas that are online and have the stream up to this offset on disk. */
  persistedPeers(offset: number): number {
    return this.peers.filter((peer) => peer.state === 'online' && peer.persistedOffset >= offset)
      .length
  }

  // ---- replicas come

  /**
   * Goes on where the replica stopped (masterTryPartialResync); false when that cannot be. `offset` numbers the first byte
   * it lacks.
   */
  resume(peer: ReplicaPeer, id: Bytes, offset: number, now: number): boolean {
    this.stream.flush()
    if (!this.#sharesHistory(peer, id, offset)) return false
    const { backlog } = this.#history
    if (backlog === undefined || !backlog.reaches(offset)) {
      this.#journal.notice(
        `Unable to partial resync with replica ${peer.name} for lack of backlog (Replica request was: ${offset}).`,
      )
      if (offset > this.#history.offset) {
        this.#journal.warn(
          `Warning: replica ${peer.name} tried to PSYNC with an offset that is greater than the master replication offset.`,
        )
      }
      return false
    }
    this.stats.partialOk++
    this.#enlist(peer, 'online', now)
    const missing = backlog.from(offset)
    const answer = peer.knowsPsync2 ? `+CONTINUE ${this.#history.id}\r\n` : '+CONTINUE\r\n'
    this.#send(peer, answer + missing)
    this.#journal.notice(
      `Partial resynchronization request from ${peer.name} accepted. Sending ${missing.length} bytes of backlog starting from offset ${offset}.`,
    )
    return true
  }

  #sharesHistory(peer: ReplicaPeer, id: Bytes, offset: number): boolean {
    const { id: own, secondaryId, secondaryOffset } = this.#history
    const asked = id.toLowerCase()
    if (asked === own || (asked === secondaryId && offset <= secondaryOffset)) return true
    if (asked.startsWith('?')) this.#journal.notice(`Full resync requested by replica ${peer.name}`)
    else {
      const why =
        asked === secondaryId
          ? `Requested offset for second ID was ${offset}, but I can reply up to ${secondaryOffset}`
          : `Replication ID mismatch (Replica asked for '${id}', my replication IDs are '${own}' and '${secondaryId}')`
      this.#journal.notice(`Partial resynchronization not accepted: ${why}`)
    }
    return false
  }

  /** Gives the replica everything, now or once the delay for more of them to come is over. */
  restart(peer: ReplicaPeer, now: number): void {
    this.stream.flush()
    this.stats.full++
    const history = this.#history
    if (this.peers.length === 0 && history.backlog === undefined) {
      history.renew()
      history.keepBacklog(this.#settings.backlogSizeBytes)
      this.#journal.notice(
        `Replication backlog created, my new replication IDs are '${history.id}' and '${history.secondaryId}'`,
      )
    }
    this.#enlist(peer, 'wait_bgsave', now)
    const delayMs = this.#isStreamed(peer) ? this.#settings.disklessSyncDelayMs : 0
    peer.startMs = now + delayMs
    const writing = this.#writing
    if (writing !== undefined) this.#attach(peer, writing)
    else if (this.#background.kind === 'save') this.#journal.notice(CANNOT_ATTACH)
    else if (delayMs > 0) {
      this.#journal.notice('Delay next BGSAVE for diskless SYNC')
      this.startDue(now)
    } else if (this.#background.kind === 'rewrite') {
      this.#journal.notice(
        'No BGSAVE in progress, but another BG operation is active. BGSAVE for replication delayed',
      )
    } else this.#start([peer])
  }

  /** The snapshot that is being written. */
  get #writing(): SnapshotTransfer | undefined {
    for (const transfer of this.#transfers.values()) if (transfer.isWriting) return transfer
    return undefined
  }

  /** Gives the replica what others are about to get, if it suits; else it waits for the next. */
  #attach(peer: ReplicaPeer, { isStreamed, takers, peers, beginning }: SnapshotTransfer): void {
    const other = takers.find((taker) => peer.canShareWith(taker))
    if (isStreamed) {
      this.#journal.notice('Current BGSAVE has socket target. Waiting for next BGSAVE for SYNC')
    } else if (other === undefined) this.#journal.notice(CANNOT_ATTACH)
    else {
      peer.holdLike(other)
      peers.push(peer)
      this.#promise(peer, beginning)
      this.#journal.notice('Waiting for end of BGSAVE for SYNC')
    }
  }

  #promise(peer: ReplicaPeer, { replicationId, offset }: SnapshotTransfer['beginning']): void {
    peer.state = 'wait_bgsave_end'
    if (!peer.isSilent) this.#send(peer, `+FULLRESYNC ${replicationId} ${offset}\r\n`)
  }

  #isStreamed(peer: ReplicaPeer): boolean {
    return (this.#settings.disklessSync || peer.include !== 'all') && peer.takesEof
  }

  #enlist(peer: ReplicaPeer, state: 'online' | 'wait_bgsave', now: number): void {
    peer.state = state
    peer.ackMs = now
    this.#peers.add(peer)
  }

  /** When the next snapshot is due, Unix ms; undefined when none waits. */
  get nextStartMs(): number | undefined {
    if (this.areServed) return undefined
    const waiting = this.#waiting
    const earliestMs = Math.min(...waiting.map((peer) => this.#startMsOf(peer, waiting.length)))
    return waiting.length === 0 ? undefined : earliestMs
  }

  get #waiting(): readonly ReplicaPeer[] {
    return this.peers.filter(({ state }) => state === 'wait_bgsave')
  }

  /** So many who wait need not wait for more (repl-diskless-sync-max-replicas). */
  #startMsOf(peer: ReplicaPeer, waiting: number): number {
    const { disklessSyncMaxReplicas: enough } = this.#settings
    return enough > 0 && waiting >= enough ? peer.ackMs : peer.startMs
  }

  /**
   * Starts the snapshot that is due, for all replicas that want the same (shouldStartChildReplication). The next one begins
   * when it is written: there is one work in the background at a time.
   */
  startDue(now: number): void {
    if (this.#background.kind !== 'none' || this.#writing !== undefined) return
    const waiting = this.#waiting
    const first = waiting.find((peer) => this.#startMsOf(peer, waiting.length) <= now)
    if (first === undefined) return
    // Those whose own delay is not over may as well have what starts now.
    const alike = (peer: ReplicaPeer) =>
      peer.include === first.include && this.#isStreamed(peer) === this.#isStreamed(first)
    this.#start(waiting.filter(alike))
  }

  #start(peers: readonly ReplicaPeer[]): void {
    const [first] = peers
    if (first === undefined) return
    this.stream.flush()
    // What was selected before the snapshot is unknown to those who begin with it.
    this.stream.forgetSelection()
    const { id: replicationId, offset } = this.#history
    const beginning = { replicationId, offset }
    const { backlog } = this.#history
    assert(backlog !== undefined, 'a history that replicas follow has a backlog')
    for (const peer of peers) {
      peer.hold(backlog)
      this.#promise(peer, beginning)
    }
    this.#keepWhatIsHeld()
    const isStreamed = this.#isStreamed(first)
    this.#journal.notice(
      `Starting BGSAVE for SYNC with target: ${isStreamed ? 'replicas sockets' : 'disk'}`,
    )
    const transfer = ++this.#lastTransfer
    const mark = isStreamed ? this.#random.nodeId() : undefined
    this.#transfers.set(transfer, new SnapshotTransfer(peers, mark, beginning))
    const database = this.stream.isSource ? 0 : undefined
    const { include } = first
    this.#sink({
      type: 'snapshot',
      request: { transfer, include, isWhole: !isStreamed, database, ...beginning },
    })
  }

  // ---- snapshots go out

  tellLength(transfer: number, bytes: number): void {
    const snapshot = this.#transfers.get(transfer)
    if (snapshot !== undefined) snapshot.length = bytes
  }

  /** The clients that get a snapshot. */
  takersOf(transfer: number): readonly number[] {
    return this.#transfers.get(transfer)?.takers.map(({ client }) => client) ?? []
  }

  addChunk(transfer: number, bytes: Buffer): void {
    this.#transfers.get(transfer)?.add(bytes, this.#sink)
  }

  endChunks(transfer: number, now: number): void {
    const snapshot = this.#transfers.get(transfer)
    if (snapshot === undefined) return
    this.#transfers.delete(transfer)
    snapshot.end(this.#sink)
    for (const peer of snapshot.takers) this.#putOnline(peer, snapshot.isStreamed, now)
    this.startDue(now)
  }

  #putOnline(peer: ReplicaPeer, isStreamed: boolean, now: number): void {
    if (isStreamed) {
      this.#journal.notice(
        `Streamed RDB transfer with replica ${peer.name} succeeded (socket). Waiting for REPLCONF ACK from slave to enable streaming`,
      )
    }
    if (peer.snapshotOnly) {
      this.#journal.notice(
        `RDB transfer completed, rdb only replica (${peer.name}) should be disconnected asap`,
      )
      this.#drop(peer, true, now)
      return
    }
    peer.state = 'online'
    peer.ackMs = now
    if (!isStreamed) this.#release(peer)
    this.#journal.notice(`Synchronization with replica ${peer.name} succeeded`)
    // CLUSTER SLOTS hides replicas whose offset is 0: a sign of life makes the new one visible.
    const { clusterEnabled, greetsReplicas } = this.#settings
    if (clusterEnabled && greetsReplicas && this.#history.offset === 0) this.#ping(now)
  }

  #release(peer: ReplicaPeer): void {
    const held = peer.release()
    this.#keepWhatIsHeld()
    if (held !== '') this.#send(peer, held)
  }

  /** The backlog keeps what replicas wait for, however much that is. */
  #keepWhatIsHeld(): void {
    let from: number | undefined
    for (const { heldFrom } of this.peers) {
      if (heldFrom !== undefined && heldFrom < (from ?? heldFrom + 1)) from = heldFrom
    }
    this.#history.backlog?.keepFrom(from)
  }

  failTransfer(transfer: number, reason: string, now: number): void {
    const snapshot = this.#transfers.get(transfer)
    if (snapshot === undefined) return
    this.#transfers.delete(transfer)
    for (const peer of snapshot.takers) {
      this.#journal.warn(`SYNC failed. ${reason}`)
      this.#drop(peer, false, now)
    }
    this.startDue(now)
  }

  // ---- replicas report and go

  /** The replica has applied the stream up to an offset, and has it on disk up to another. */
  acknowledge(
    peer: ReplicaPeer,
    offsets: { readonly applied: number; readonly persisted: number },
    now: number,
  ): void {
    peer.ackOffset = Math.max(peer.ackOffset, offsets.applied)
    peer.persistedOffset = Math.max(peer.persistedOffset, offsets.persisted)
    peer.ackMs = now
    if (peer.state !== 'online' || !peer.isHeld) return
    this.stream.flush()
    this.#release(peer)
  }

  /** The connection of a client ended; one that is no replica is nothing to us. */
  gone(client: number, now: number): void {
    const peer = this.#peers.find(client)
    if (peer !== undefined) this.#forget(peer, now)
  }

  /** Closes all replicas' connections: their history is no longer ours, or ours has a new name. */
  dropAll(now: number): void {
    for (const peer of this.peers) this.#drop(peer, false, now)
  }

  #drop(peer: ReplicaPeer, afterSend: boolean, now: number): void {
    this.#sink({ type: 'drop', client: peer.client, afterSend })
    this.#forget(peer, now)
  }

  #forget(peer: ReplicaPeer, now: number): void {
    this.#peers.remove(peer)
    peer.state = 'none'
    peer.forget()
    this.#keepWhatIsHeld()
    this.#journal.warn(`Connection with replica ${peer.name} lost.`)
    this.#abandonTransfers()
    if (this.peers.length === 0) this.countLonelinessFrom(now)
  }

  /** Snapshots that nobody waits for any more. */
  #abandonTransfers(): void {
    for (const [transfer, snapshot] of this.#transfers) {
      if (snapshot.takers.length > 0) continue
      this.#transfers.delete(transfer)
      if (snapshot.isStreamed) {
        this.#journal.notice('Diskless rdb transfer, last replica dropped, killing fork child.')
      }
      this.#sink({ type: 'abandon-snapshot', transfer })
    }
  }

  /** A replica does not read its snapshot. */
  stuck(client: number, now: number): void {
    const peer = this.#peers.find(client)
    if (peer === undefined) return
    this.#journal.warn(`Disconnecting timedout replica (full sync): ${peer.name}`)
    this.#drop(peer, false, now)
  }

  // ---- once a second

  /** Signs of life, time-outs, and the end of a backlog nobody wants (replicationCron). */
  tick(now: number): void {
    this.resizeBacklog()
    // A server begins without replicas.
    this.#lastPingMs ??= now
    if (now - this.#lastPingMs >= this.#settings.pingPeriodMs - TICK_JITTER_MS) this.#ping(now)
    this.#reassure()
    for (const peer of this.peers) {
      if (peer.state !== 'online' || peer.isSilent) continue
      if (now - peer.ackMs <= this.#settings.timeoutMs) continue
      this.#journal.warn(`Disconnecting timedout replica (streaming sync): ${peer.name}`)
      this.#drop(peer, false, now)
    }
    this.#freeBacklog(now)
  }

  /** Who waits for a file, or for anything to begin, hears that there is somebody. */
  #reassure(): void {
    const writing = this.#writing
    const waiting = writing?.isStreamed === false ? writing.takers : []
    for (const peer of [...this.#waiting, ...waiting]) this.#send(peer, '\n')
  }

  #ping(now: number): void {
    // The beat goes on without replicas: one that has just come hears nothing before its time.
    this.#lastPingMs = now
    if (!this.stream.isSource || this.peers.length === 0 || this.isPaused) return
    this.stream.ping()
    this.stream.flush()
  }

  /** The backlog takes the size that it shall have now, if there is one. */
  resizeBacklog(): void {
    const { backlog } = this.#history
    const size = this.#settings.backlogSizeBytes
    if (backlog !== undefined && backlog.capacity !== size) backlog.resize(size)
  }

  #freeBacklog(now: number): void {
    const { backlogTtlMs } = this.#settings
    if (!this.stream.isWanted || this.peers.length > 0 || backlogTtlMs === 0) return
    if (now - this.#aloneSinceMs <= backlogTtlMs) return
    this.stream.flush()
    this.#history.renew()
    this.#history.backlog = undefined
    this.#journal.notice(
      `Replication backlog freed after ${Math.floor(backlogTtlMs / 1000)} seconds without connected replicas.`,
    )
  }

  /** The time without replicas, after which the backlog is freed, begins now. */
  countLonelinessFrom(now: number): void {
    this.#aloneSinceMs = now
  }

  #send(peer: ReplicaPeer, bytes: Bytes): void {
    this.#sink({ type: 'send', client: peer.client, bytes })
  }
}

function isServed({ state, isHeld }: ReplicaPeer): boolean {
  return state === 'online' && !isHeld
}
