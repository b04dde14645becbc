/**
 * The replica's half of replication (replication.c): the link to the master, from connecting to the stream. It decides
 * what to ask for, when to try again and what to acknowledge; the node loads and applies.
 * Invariant: while the link is up, the history's offset counts exactly the bytes of the stream that were applied.
 */
import type { Buffer } from 'node:buffer'
import type { Bytes } from '../base/bytes.ts'
import type { RdbSource } from '../rdb/source.ts'
import { encodeCommand } from '../resp/command.ts'
import type { EffectSink } from './effect.ts'
import { FullSync } from './full-sync.ts'
import { Handshake, type Place } from './handshake.ts'
import type { History } from './history.ts'
import { IncomingStream } from './incoming-stream.ts'
import { Journal } from './journal.ts'
import type { ReplicationMaster } from './master.ts'
import type { PayloadReceiver } from './payload-receiver.ts'
import type { ReplicationSettings } from './settings.ts'

/** Attempts a second that follow a failure at once; further ones wait for the next second. */
const QUICK_ATTEMPTS = 3

/** How far the link is, in the words of ROLE; `none` on a master. */
export type LinkState = 'none' | 'connect' | 'connecting' | 'handshake' | 'sync' | 'connected'

/** The master to follow, by its client port. */
export interface MasterAddress {
  readonly host: string
  readonly port: number
}

/** Takes the answer of the replica that is to become the master: whether it does. */
export type HandoverAnswer = (isAccepted: boolean, now: number) => void

/** What the link does just now. */
type Phase =
  | { readonly type: 'none' | 'connect' | 'connecting' }
  | { readonly type: 'handshake'; readonly handshake: Handshake }
  | { readonly type: 'sync'; readonly sync: FullSync }
  | { readonly type: 'connected'; readonly stream: IncomingStream; readonly isOldMaster: boolean }

/** Follows a master. */
export class ReplicaLink {
  readonly #history: History
  readonly #settings: ReplicationSettings
  /** The half that serves our own replicas. */
  readonly #master: ReplicationMaster
  readonly #sink: EffectSink
  readonly #journal: Journal
  readonly #forward: (bytes: Buffer) => void
  /** Up to where the stream is on disk; undefined when it is not kept there. */
  persistedOffset: () => number | undefined = () => undefined
  #address: MasterAddress | undefined
  #phase: Phase = { type: 'none' }
  /** Where to ask the master to go on; undefined asks for everything. */
  #cached: Place | undefined
  #lastIoMs = 0
  #downSinceMs: number | undefined
  #quickAttempts = QUICK_ATTEMPTS
  /** Hears how the successor answers; undefined unless we hand over. */
  #answered: HandoverAnswer | undefined

  constructor(
    history: History,
    settings: ReplicationSettings,
    master: ReplicationMaster,
    sink: EffectSink,
  ) {
    this.#history = history
    this.#settings = settings
    this.#master = master
    this.#sink = sink
    this.#journal = new Journal(sink)
    this.#forward = (bytes) => master.stream.forward(bytes)
  }

  get state(): LinkState {
    return this.#phase.type
  }

  get address(): MasterAddress | undefined {
    return this.#address
  }

  /** When the last byte came from the master, Unix ms. */
  get lastIoMs(): number {
    return this.#lastIoMs
  }

  /** When the link went down, Unix ms; undefined while it is up or when it never was. */
  get downSinceMs(): number | undefined {
    return this.#downSinceMs
  }

  /** The payload on its way; undefined when none is. */
  get receiver(): PayloadReceiver | undefined {
    return this.#phase.type === 'sync' ? this.#phase.sync.receiver : undefined
  }

  /** Offsets read and applied: of the link, or of the place where it would go on; undefined when there is none. */
  get offsets(): { readonly read: number; readonly applied: number } | undefined {
    const { offset } = this.#history
    if (this.#phase.type === 'connected') {
      return { read: offset + this.#phase.stream.unappliedBytes, applied: offset }
    }
    const place = this.#cached
    return place === undefined ? undefined : { read: place.offset, applied: place.offset }
  }

  // ---- whom to follow

  /** Follows a master, anew even if it is the same. */
  follow(address: MasterAddress, now: number): void {
    if (this.#address === undefined) {
      this.#master.stream.flush()
      this.#master.stream.isSource = false
      this.#cached = { id: this.#history.id, offset: this.#history.offset }
      this.#journal.notice(
        'Before turning into a replica, using my own master parameters to synthesize a cached master: I may be able to synchronize with the new master with just a partial transfer.',
      )
    } else this.#leave(now)
    this.#answered = undefined
    this.#address = address
    this.#connect(now)
  }

  /** Makes a replica of ours the master and follows it; `answered` hears once whether it agrees. */
  handOver(successor: MasterAddress, now: number, answered: HandoverAnswer): void {
    this.follow(successor, now)
    this.#answered = answered
  }

  /** Follows nobody: the data goes on under a new replication id. */
  unfollow(now: number): void {
    if (this.#address === undefined) return
    this.#leave(now)
    this.#answered = undefined
    this.#address = undefined
    this.#phase = { type: 'none' }
    this.#downSinceMs = undefined
    this.#discardCached()
    const history = this.#history
    history.shift()
    this.#journal.warn(
      `Setting secondary replication ID to ${history.secondaryId}, valid up to offset: ${history.secondaryOffset}. New replication ID is ${history.id}`,
    )
    this.#master.dropAll(now)
    this.#master.stream.isSource = true
    // Those who resume were told of the selection by another master.
    this.#master.stream.forgetSelection()
    this.#master.countLonelinessFrom(now)
  }

  /** Ends whatever goes on with the master there is. */
  #leave(now: number): void {
    if (this.#phase.type === 'connected') this.#cacheMaster(this.#phase, now)
    this.#abort()
  }

  #cacheMaster(phase: Phase & { type: 'connected' }, now: number): void {
    this.settle()
    this.#journal.warn('Connection with master lost.')
    // A master without PSYNC cannot resume anything.
    if (!phase.isOldMaster) {
      this.#journal.notice('Caching the disconnected master state.')
      this.#cached = { id: this.#history.id, offset: this.#history.offset }
    }
    this.#downSinceMs = now
    this.#sink({ type: 'link-down' })
  }

  #discardCached(): void {
    if (this.#cached === undefined) return
    this.#journal.notice('Discarding previously cached master state.')
    this.#cached = undefined
  }

  // ---- connecting

  #connect(now: number, why?: string): void {
    const address = this.#address
    if (address === undefined) return
    const { host, port } = address
    this.#journal.notice(
      why === undefined
        ? `Connecting to MASTER ${host}:${port}`
        : `Reconnecting to MASTER ${host}:${port}${why}`,
    )
    this.#journal.notice('MASTER <-> REPLICA sync started')
    this.#phase = { type: 'connecting' }
    this.#lastIoMs = now
    this.#sink({ type: 'connect', host, port })
  }

  /** Gives up this attempt; the next one comes with the next second. */
  #abort(): void {
    if (this.#phase.type !== 'connect') this.#sink({ type: 'disconnect' })
    if (this.#phase.type === 'sync') this.#abandon(this.#phase.sync)
    this.#phase = { type: 'connect' }
  }

  /** What was being loaded as it came is of no use. */
  #abandon(sync: FullSync): void {
    if (!sync.isLoadedAsItComes) return
    this.#sink({ type: 'abandon-load' })
    if (sync.manner === 'beside') {
      this.#journal.notice('MASTER <-> REPLICA sync: Discarding temporary DB in background')
    }
  }

  #abortAndReconnect(now: number): void {
    this.#abort()
    this.#reconnect(' after failure', now)
  }

  #reconnect(why: string, now: number): void {
    if (this.#quickAttempts === 0) return
    this.#quickAttempts--
    this.#connect(now, why)
  }

  /** The connection is open. */
  connected(now: number): void {
    if (this.#phase.type !== 'connecting') return
    this.#journal.notice('Non blocking connect for SYNC fired the event.')
    this.#lastIoMs = now
    const write = (bytes: Bytes) => this.#write(bytes)
    const purpose = this.#answered === undefined ? 'follow' : 'hand over'
    const handshake = new Handshake(this.#settings, this.#cached, write, this.#journal, purpose)
    this.#phase = { type: 'handshake', handshake }
  }

  /** The connection failed or ended. */
  closed(reason: string, now: number): void {
    const phase = this.#phase
    switch (phase.type) {
      case 'none':
      case 'connect':
        return
      case 'connecting':
        this.#journal.warn(`Error condition on socket for SYNC: ${reason}`)
        this.#phase = { type: 'connect' }
        return
      case 'handshake':
        this.#phase = { type: 'connect' }
        if (phase.handshake.closed(reason).type === 'refused') this.#tellAnswer(false, now)
        return
      case 'sync':
        if (phase.sync.isLoading) {
          phase.sync.lostBecause = reason
          return
        }
        phase.sync.closed(reason)
        this.#phase = { type: 'connect' }
        this.#reconnect(' after failure', now)
        this.#abandon(phase.sync)
        return
      case 'connected':
        this.#cacheMaster(phase, now)
        this.#phase = { type: 'connect' }
        this.#reconnect('', now)
    }
  }

  /** The connection was ended for what came over it: everything is asked for anew. */
  corrupt(reason: string, now: number): void {
    this.closed(reason, now)
    this.#discardCached()
  }

  // ---- bytes from the master

  /** Bytes came; they may be reused after the next `settle`. */
  data(bytes: Buffer, now: number): void {
    this.#lastIoMs = now
    let rest = bytes
    while (rest.length > 0) {
      const phase = this.#phase
      if (phase.type === 'handshake') rest = this.#takeAnswer(phase.handshake, rest, now)
      else if (phase.type === 'sync') rest = this.#takePayload(phase.sync, rest, now)
      else if (phase.type === 'connected') {
        phase.stream.add(rest, this.#forward)
        this.#sink({ type: 'apply', bytes: rest })
        return
      } else return
    }
  }

  #takeAnswer(handshake: Handshake, bytes: Buffer, now: number): Buffer {
    const { consumed, outcome } = handshake.take(bytes)
    switch (outcome?.type) {
      case 'full':
        this.#phase = { type: 'sync', sync: this.#expect(outcome.beginning, now) }
        this.#tellAnswer(true, now)
        break
      case 'continue':
        this.#resume(outcome.id, now)
        this.#tellAnswer(true, now)
        break
      case 'failed':
        this.#abort()
        break
      case 'refused':
        this.#abort()
        this.#tellAnswer(false, now)
    }
    return bytes.subarray(consumed)
  }

  #tellAnswer(isAccepted: boolean, now: number): void {
    const answered = this.#answered
    this.#answered = undefined
    answered?.(isAccepted, now)
  }

  #takePayload(sync: FullSync, bytes: Buffer, now: number): Buffer {
    const { consumed, outcome } = sync.take(bytes)
    if (outcome?.type === 'payload') this.#load(sync, outcome.payload, now)
    else if (outcome?.type === 'failed') this.#abortAndReconnect(now)
    return bytes.subarray(consumed)
  }

  // ---- everything anew

  #expect(beginning: Place | undefined, now: number): FullSync {
    return new FullSync({
      beginning,
      manner: this.#settings.loadManner,
      journal: this.#journal,
      begun: (sync) => {
        if (sync.manner === 'whole') return
        this.#tellLoading(sync, now)
        this.#sink({ type: 'expect-load', ...this.#placeOf(sync) })
      },
    })
  }

  #placeOf({ manner, beginning }: FullSync): { isBeside: boolean; isAsync: boolean } {
    const isBeside = manner === 'beside'
    // What there is, is the same data at another time: it may be served while the new one comes.
    return { isBeside, isAsync: isBeside && beginning?.id === this.#history.id }
  }

  #tellLoading({ manner }: FullSync, now: number): void {
    if (manner !== 'beside') {
      this.#endHistory(now)
      this.#journal.notice('MASTER <-> REPLICA sync: Flushing old data')
    }
    this.#journal.notice('MASTER <-> REPLICA sync: Loading DB in memory')
  }

  /** Our data is about to be another one: nobody who has the old one can go on with us. */
  #endHistory(now: number): void {
    this.#discardCached()
    this.#master.dropAll(now)
    this.#history.backlog = undefined
  }

  #load(sync: FullSync, payload: RdbSource, now: number): void {
    if (sync.manner === 'whole') this.#tellLoading(sync, now)
    this.#sink({ type: 'load', payload, ...this.#placeOf(sync) })
  }

  /** The payload was loaded. */
  loaded(now: number): void {
    if (this.#phase.type !== 'sync' || !this.#phase.sync.isLoading) return
    const { sync } = this.#phase
    if (sync.manner === 'beside') {
      this.#endHistory(now)
      this.#journal.notice('MASTER <-> REPLICA sync: Swapping active DB with loaded DB')
      this.#sink({ type: 'swap-data' })
      this.#journal.notice('MASTER <-> REPLICA sync: Discarding old DB in background')
    }
    if (sync.beginning === undefined) this.#history.renew(0)
    else this.#history.adopt(sync.beginning.id, sync.beginning.offset)
    this.#goOnline(false, sync.beginning === undefined)
    this.#journal.notice('MASTER <-> REPLICA sync: Finished with success')
    if (sync.lostBecause !== undefined) {
      this.closed(sync.lostBecause, now)
      return
    }
    // A master that sent a mark holds the stream back until it hears from us.
    if (sync.receiver.isMarked) this.acknowledge()
    this.data(sync.early(), now)
  }

  /** The payload could not be loaded; the old data is gone, unless this was to go on beside it. */
  loadFailed(reason: string): void {
    if (this.#phase.type !== 'sync' || !this.#phase.sync.isLoading) return
    const { sync } = this.#phase
    sync.failed(reason)
    // What is left is nobody's history.
    if (sync.manner !== 'beside') this.#history.renew(0)
    this.#abort()
  }

  // ---- going on

  #resume(id: Bytes | undefined, now: number): void {
    if (id !== undefined && id !== this.#history.id) {
      this.#history.shift(id)
      this.#journal.warn(`Master replication ID changed to ${id}`)
      this.#master.dropAll(now)
    }
    this.#cached = undefined
    this.#journal.notice('MASTER <-> REPLICA sync: Master accepted a Partial Resynchronization.')
    this.#goOnline(true, false)
  }

  #goOnline(resumed: boolean, isOldMaster: boolean): void {
    this.#phase = { type: 'connected', stream: new IncomingStream(), isOldMaster }
    this.#downSinceMs = undefined
    // Kept even without replicas of our own: they come when this node is promoted.
    this.#history.keepBacklog(this.#settings.backlogSizeBytes)
    this.#sink({ type: 'link-up', resumed })
  }

  /** So many more bytes of the stream were decoded and run. Those of a transaction count when it has run. */
  applied(count: number): void {
    if (this.#phase.type !== 'connected') return
    this.#phase.stream.applied(count)
    this.#history.offset += count
  }

  /** The turn ends: what was applied is passed on. */
  settle(): void {
    if (this.#phase.type === 'connected') this.#phase.stream.settle(this.#forward)
  }

  /** Tells the master how far the stream was applied, and how far it is on disk. */
  acknowledge(): void {
    if (this.#phase.type !== 'connected' || this.#phase.isOldMaster) return
    const persisted = this.persistedOffset()
    const words = persisted === undefined ? [] : ['FACK', String(persisted)]
    this.#write(encodeCommand(['REPLCONF', 'ACK', String(this.#history.offset), ...words]))
  }

  // ---- once a second

  /** Time-outs, the next attempt, the acknowledgement (replicationCron). */
  tick(now: number): void {
    this.#quickAttempts = QUICK_ATTEMPTS
    if (now - this.#lastIoMs > this.#settings.timeoutMs) this.#timedOut(now)
    if (this.#phase.type === 'connect') this.#connect(now)
    this.acknowledge()
  }

  #timedOut(now: number): void {
    const phase = this.#phase
    switch (phase.type) {
      case 'connecting':
      case 'handshake':
        this.#journal.warn('Timeout connecting to the MASTER...')
        this.#abortAndReconnect(now)
        break
      case 'sync':
        if (phase.sync.isLoading) return
        this.#journal.warn(
          "Timeout receiving bulk data from MASTER... If the problem persists try to set the 'repl-timeout' parameter in redis.conf to a larger value.",
        )
        this.#abortAndReconnect(now)
        break
      case 'connected':
        this.#journal.warn('MASTER timeout: no data nor PING received...')
        this.#cacheMaster(phase, now)
        this.#abort()
        this.#reconnect('', now)
    }
  }

  #write(bytes: Bytes): void {
    this.#sink({ type: 'write', bytes })
  }
}
