/**
 * A master hands over to one of its replicas (failoverCommand, updateFailoverStatus, abortFailover): its writers pause, the
 * replica catches up, then the master asks it to take over and follows it.
 * Invariant: the writers are paused exactly while the state is another than `no-failover`.
 */
import type { FailoverRequest } from '../commands/context.ts'
import { ReplyError } from '../resp/reply-error.ts'
import type { EffectSink } from './effect.ts'
import type { History } from './history.ts'
import { Journal } from './journal.ts'
import type { ReplicationMaster } from './master.ts'
import type { MasterAddress, ReplicaLink } from './replica.ts'
import type { ReplicaPeer } from './replica-peer.ts'

/** How far a handover is, in the words of INFO. */
export type FailoverState = 'no-failover' | 'waiting-for-sync' | 'failover-in-progress'

/** The handover of one node. */
export class Failover {
  readonly #history: History
  readonly #master: ReplicationMaster
  readonly #link: ReplicaLink
  readonly #sink: EffectSink
  readonly #journal: Journal
  #state: FailoverState = 'no-failover'
  /** Undefined while any replica will do. */
  #target: MasterAddress | undefined
  /** Unix ms; undefined without an end. */
  #endMs: number | undefined
  #isForced = false
  /** Keys are on their way to another node: what becomes of them belongs into the stream. */
  hasKeysInFlight = false

  constructor(history: History, master: ReplicationMaster, link: ReplicaLink, sink: EffectSink) {
    this.#history = history
    this.#master = master
    this.#link = link
    this.#sink = sink
    this.#journal = new Journal(sink)
  }

  get state(): FailoverState {
    return this.#state
  }

  /** One is under way that no time ends. */
  get isEndless(): boolean {
    return this.#state !== 'no-failover' && this.#endMs === undefined
  }

  /** Pauses the writers and lets a replica catch up. Throws {@link ReplyError} where no replica can take over. */
  begin({ target, timeoutMs, isForced }: FailoverRequest, now: number): void {
    if (this.#state !== 'no-failover') throw new ReplyError('ERR FAILOVER already in progress.')
    if (this.#link.address !== undefined) {
      throw new ReplyError('ERR FAILOVER is not valid when server is a replica.')
    }
    if (this.#master.peers.length === 0) {
      throw new ReplyError('ERR FAILOVER requires connected replicas.')
    }
    if (isForced && (target === undefined || timeoutMs === undefined)) {
      throw new ReplyError(
        'ERR FAILOVER with force option requires both a timeout and target HOST and IP.',
      )
    }
    if (target !== undefined) this.#expectOnline(target)
    this.#journal.notice(`FAILOVER requested to ${nameOf(target)}.`)
    this.#state = 'waiting-for-sync'
    this.#target = target
    this.#endMs = timeoutMs === undefined ? undefined : now + timeoutMs
    this.#isForced = isForced
    this.#sink({ type: 'pause-writes' })
  }

  #expectOnline(target: MasterAddress): void {
    const peer = this.#find(target)
    if (peer === undefined) {
      throw new ReplyError('ERR FAILOVER target HOST and PORT is not a replica.')
    }
    if (peer.state !== 'online') {
      throw new ReplyError('ERR FAILOVER target replica is not online.')
    }
  }

  #find({ host, port }: MasterAddress): ReplicaPeer | undefined {
    return this.#master.peers.find(
      (peer) => peer.port === port && peer.ip.toLowerCase() === host.toLowerCase(),
    )
  }

  /** Looks whether the replica has everything by now, or the time is over. */
  advance(now: number): void {
    if (this.#state !== 'waiting-for-sync' || this.hasKeysInFlight) return
    const target = this.#target
    if (this.#endMs !== undefined && now >= this.#endMs) {
      if (!this.#isForced || target === undefined) {
        this.#abort('Replica never caught up before timeout', now)
        return
      }
      this.#journal.notice(`FAILOVER to ${nameOf(target)} time out exceeded, failing over.`)
      this.#handOver(target, now)
      return
    }
    const candidates = target === undefined ? this.#master.peers : [this.#find(target)]
    const synced = candidates.find(
      (peer) => peer?.state === 'online' && peer.ackOffset === this.#history.offset,
    )
    if (synced === undefined) return
    const successor = target ?? { host: synced.ip, port: synced.port }
    this.#journal.notice(`Failover target ${nameOf(successor)} is synced, failing over.`)
    this.#handOver(successor, now)
  }

  #handOver(successor: MasterAddress, now: number): void {
    this.#target = successor
    this.#state = 'failover-in-progress'
    this.#link.handOver(successor, now, (isAccepted, answeredMs) => {
      if (isAccepted) this.#clear()
      else this.#abort('Failover target rejected psync request', answeredMs)
    })
    this.#sink({ type: 'role-changed' })
  }

  /** Gives up because somebody says so. Throws {@link ReplyError} when there is nothing to give up. */
  abortByHand(now: number): void {
    if (this.#state === 'no-failover') throw new ReplyError('ERR No failover in progress.')
    this.#abort('Failover manually aborted', now)
  }

  /** A node that follows its successor already is the master again. */
  #abort(why: string, now: number): void {
    this.#journal.notice(`FAILOVER to ${nameOf(this.#target)} aborted: ${why}`)
    if (this.#state === 'failover-in-progress') {
      this.#link.unfollow(now)
      this.#sink({ type: 'role-changed' })
    }
    this.#clear()
  }

  #clear(): void {
    this.#state = 'no-failover'
    this.#target = undefined
    this.#endMs = undefined
    this.#isForced = false
    this.#sink({ type: 'resume-writes' })
  }
}

function nameOf(target: MasterAddress | undefined): string {
  return target === undefined ? 'any replica' : `${target.host}:${target.port}`
}
