/**
 * Clients that wait: for keys to hold something, for replicas to acknowledge, or for the node's end (blocked.c). A key that becomes ready is
 * remembered while commands run; its clients are served once the command, or the whole EXEC, is over and before anything
 * else runs. Who waited longest for a key is served first.
 * Invariant: a session's `blocked` is set exactly while it is in `#waits`; with nobody here a change of a key costs one
 * comparison, a command another.
 */
import type { Bytes } from '../base/bytes.ts'
import type { BlockingPort, DiskCount, KeyWait } from '../commands/context.ts'
import type { Database } from '../keyspace/database.ts'
import { Lookup } from '../keyspace/lookup.ts'
import { typeNameOf } from '../keyspace/typed-value.ts'
import type { ReplicationMachine } from '../replication/replication.ts'
import { errors, type ReplyError } from '../resp/reply-error.ts'
import type { Alarm } from './alarm.ts'
import type { Dispatcher } from './dispatch.ts'
import type { Holding } from './holding.ts'
import type { Migration } from './migration.ts'
import type { Session } from './session.ts'

/** A client that waits until so many replicas have all it wrote. */
export interface ReplicaWait {
  readonly count: number
  /** Of the stream, up to what the client wrote last. */
  readonly offset: number
  /** Unix ms; undefined: for good. */
  readonly untilMs: number | undefined
}

/** A client that asked for the node's end, which waits for replicas. */
export interface ShutdownWait {
  readonly isForShutdown: true
  readonly untilMs: undefined
}

/** A client that waits until all it wrote is on disk: here, if that is asked for, and on so many replicas. */
export interface DiskWait extends WrittenTo {
  readonly wanted: DiskCount
  /** Unix ms; undefined: for good. */
  readonly untilMs: number | undefined
}

/** How far a client has written: in the replication stream, and in the append-only file. */
export interface WrittenTo {
  readonly offset: number
  readonly logPosition: number
}

/** What a client waits for. */
export type Wait = KeyWait | ReplicaWait | DiskWait | ShutdownWait

/** What became of a client that was blocked. */
export type Resumption = 'served' | 'timed out' | 'blocked'

/** What the registry needs of its node. */
export interface BlockingNode {
  readonly alarm: Alarm
  readonly clock: { readonly now: number }
  readonly propagation: { endUnit(): void }
  readonly dispatcher: Pick<Dispatcher, 'resume'>
  readonly holding: Pick<Holding, 'release'>
  /** A key in flight must stay as it is for now: {@link BlockedClients.serveHeld} is called when it need not. */
  readonly inFlight: Pick<Migration, 'holdsKey'>
  readonly replication: {
    readonly machine: Pick<ReplicationMachine, 'acknowledgedReplicas' | 'persistedReplicas'>
  }
  readonly appendOnly: {
    readonly isComplete: boolean
    readonly writer: { readonly syncedPosition: number }
  }
}

/** Those who wait for one key, longest first. */
interface Queue {
  readonly sessions: Set<Session>
  /** `ready`: the key may serve them; `changed`: it may be gone, which some want to know. */
  signalled: 'no' | 'changed' | 'ready'
}

/** A key that may serve those who wait for it. */
interface ReadyKey {
  readonly db: Database
  readonly key: Bytes
}

const FOR_SHUTDOWN: ShutdownWait = { isForShutdown: true, untilMs: undefined }
const UNBLOCKED = 'UNBLOCKED client unblocked via CLIENT UNBLOCK'
const ROLE_CHANGED =
  'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)'

/** All blocked clients of a node. */
export class BlockedClients {
  /** Replicas have to be asked what they have, because somebody began to wait for it. */
  wantsAcknowledgements = false
  readonly #node: BlockingNode
  readonly #waits = new Map<Session, Wait>()
  readonly #queues = new Map<Database, Map<Bytes, Queue>>()
  #ready: ReadyKey[] = []
  /** Ready keys whose clients have to wait until keys in flight have landed. */
  #held: ReadyKey[] = []
  /** No wait ends before this, Unix ms. */
  #nextMs = Number.POSITIVE_INFINITY
  readonly #wake = (): void => this.#timeOut()

  constructor(node: BlockingNode) {
    this.#node = node
  }

  /** Somebody waits. */
  get any(): boolean {
    return this.#waits.size > 0
  }

  get count(): number {
    return this.#waits.size
  }

  /** How many wait for a limited time. */
  get timedCount(): number {
    let count = 0
    for (const { untilMs } of this.#waits.values()) if (untilMs !== undefined) count++
    return count
  }

  /** Keys that are waited for, or only those whose end somebody wants to hear of. */
  keyCount(what: 'all' | 'ends'): number {
    const keys = new Map<Database, Set<Bytes>>()
    for (const [{ db }, wait] of this.#waits) {
      if (!('keys' in wait) || (what === 'ends' && wait.lost === undefined)) continue
      const known = keys.get(db) ?? new Set()
      for (const key of wait.keys) known.add(key)
      keys.set(db, known)
    }
    let count = 0
    for (const { size } of keys.values()) count += size
    return count
  }

  /** A key is new, or holds more than before: those who wait for it may be served. */
  signal(db: Database, key: Bytes): void {
    const queue = this.#queues.get(db)?.get(key)
    if (queue === undefined || queue.signalled === 'ready') return
    if (queue.signalled === 'no') this.#ready.push({ db, key })
    queue.signalled = 'ready'
  }

  /** A key was changed in whatever way: who waits for it to stay what it is may have lost it. */
  touched(db: Database, key: Bytes): void {
    const queue = this.#queues.get(db)?.get(key)
    if (queue === undefined || queue.signalled !== 'no') return
    for (const session of queue.sessions) {
      const wait = this.#waits.get(session)
      if (wait === undefined || !('keys' in wait) || wait.lost === undefined) continue
      queue.signalled = 'changed'
      this.#ready.push({ db, key })
      return
    }
  }

  /** All keys of a database are about to go. */
  flushed(db: Database): void {
    for (const key of this.#queues.get(db)?.keys() ?? []) this.touched(db, key)
  }

  /** A database has other keys now: who waits for one may be served, or have lost it (scanDatabaseForReadyKeys). */
  swapped(db: Database): void {
    for (const key of this.#queues.get(db)?.keys() ?? []) {
      // One whose time is over serves nobody, but looking for it ends it.
      if (db.holds(key)) this.signal(db, key)
      else this.touched(db, key)
    }
  }

  /** Keys wait to be served from. */
  get hasReady(): boolean {
    return this.#ready.length > 0
  }

  /** Serves from the keys that became ready, and from those that this makes ready (handleClientsBlockedOnKeys). */
  serveReady(): void {
    while (this.#ready.length > 0) {
      const ready = this.#ready
      this.#ready = []
      for (const { db, key } of ready) this.#serve(db, key)
    }
  }

  /** Nothing is in flight any more: serves those who had to wait for it. */
  serveHeld(): void {
    for (const { db, key } of this.#held.splice(0)) this.signal(db, key)
    this.serveReady()
  }

  get hasHeld(): boolean {
    return this.#held.length > 0
  }

  #serve(db: Database, key: Bytes): void {
    const queue = this.#queues.get(db)?.get(key)
    if (queue === undefined) return
    const { signalled } = queue
    queue.signalled = 'no'
    for (const session of queue.sessions) {
      const wait = this.#waits.get(session)
      if (wait === undefined || !('keys' in wait)) continue
      const value = db.read(key, Lookup.noNotify | Lookup.noStats)
      // If its time was over its end is a unit.
      if (value === undefined) this.#node.propagation.endUnit()
      const fits = value !== undefined && typeNameOf(value) === wait.type
      if (fits ? signalled !== 'ready' : wait.lost === undefined) continue
      const { inFlight } = this.#node
      if (inFlight.holdsKey(key) || inFlight.holdsKey(wait.destination ?? key)) {
        this.#held.push({ db, key })
        return
      }
      const serve = () => (fits ? wait.serve(key) : wait.lost?.(key)) ?? false
      const isServed = this.#node.dispatcher.resume(session, () => (serve() ? 'served' : 'blocked'))
      if (isServed) this.#release(session)
    }
  }

  /** The client of a session waits from now on. */
  block(session: Session, wait: Wait): void {
    session.blocked = wait
    this.#waits.set(session, wait)
    if ('keys' in wait) {
      for (const key of wait.keys) this.#queueOf(session.db, key).sessions.add(session)
    } else if (!('isForShutdown' in wait)) {
      this.wantsAcknowledgements = true
    }
    if (wait.untilMs === undefined || wait.untilMs >= this.#nextMs) return
    this.#nextMs = wait.untilMs
    this.#setAlarm()
  }

  #queueOf(db: Database, key: Bytes): Queue {
    const queues = this.#queues.get(db) ?? new Map<Bytes, Queue>()
    this.#queues.set(db, queues)
    const queue: Queue = queues.get(key) ?? { sessions: new Set(), signalled: 'no' }
    queues.set(key, queue)
    return queue
  }

  /** The session ended, or never mind: it waits for nothing any more. */
  remove(session: Session): void {
    const wait = this.#waits.get(session)
    if (wait === undefined) return
    this.#waits.delete(session)
    session.blocked = undefined
    if (!('keys' in wait)) return
    const queues = this.#queues.get(session.db)
    for (const key of wait.keys) {
      const queue = queues?.get(key)
      if (queue?.sessions.delete(session) && queue.sessions.size === 0) queues?.delete(key)
    }
  }

  #release(session: Session): void {
    this.remove(session)
    this.#node.holding.release(session)
  }

  /** A wait is over once its time has passed, not when it comes. */
  #setAlarm(): void {
    this.#node.alarm.set(this.#wake, this.#nextMs + 1)
  }

  #timeOut(): void {
    const { now } = this.#node.clock
    const due: [untilMs: number, session: Session][] = []
    this.#nextMs = Number.POSITIVE_INFINITY
    for (const [session, { untilMs }] of this.#waits) {
      if (untilMs === undefined) continue
      if (untilMs < now) due.push([untilMs, session])
      else this.#nextMs = Math.min(this.#nextMs, untilMs)
    }
    due.sort(([a], [b]) => a - b)
    for (const [, session] of due) this.#giveUp(session)
    if (this.#nextMs !== Number.POSITIVE_INFINITY) this.#setAlarm()
  }

  #giveUp(session: Session): void {
    const wait = this.#waits.get(session)
    if (wait === undefined || 'isForShutdown' in wait) return
    this.#node.dispatcher.resume(session, () => {
      if ('keys' in wait) session.reply.nullArray()
      else if ('wanted' in wait) replyCount(session, this.#countDisks(wait))
      else session.reply.integer(this.#acknowledgedReplicas(wait.offset))
      return 'timed out'
    })
    this.#release(session)
  }

  #refuse(session: Session, error: string): void {
    this.#node.dispatcher.resume(session, () => {
      session.reply.error(error)
      return 'served'
    })
    this.#release(session)
  }

  /** CLIENT UNBLOCK; false when no client of this number waits. */
  unblock(id: number, reply: 'timeout' | 'error'): boolean {
    for (const [session, wait] of this.#waits) {
      if (session.id !== id || 'isForShutdown' in wait) continue
      if (reply === 'error') this.#refuse(session, UNBLOCKED)
      else this.#giveUp(session)
      return true
    }
    return false
  }

  /** More is on disk: serves those who waited for it. */
  serveWritten(): void {
    for (const [session, wait] of [...this.#waits].reverse()) {
      if (!('wanted' in wait)) continue
      const count = this.#countDisks(wait)
      if (!suffices(count, wait.wanted)) continue
      this.#node.dispatcher.resume(session, () => {
        replyCount(session, count)
        return 'served'
      })
      this.#release(session)
    }
  }

  /** Replicas acknowledged more: serves those who waited for it, latest first (processClientsWaitingReplicas). */
  serveAcknowledged(): void {
    let last: { readonly offset: number; readonly acknowledged: number } | undefined
    for (const [session, wait] of [...this.#waits].reverse()) {
      if (!('count' in wait)) continue
      const { offset, count } = wait
      const isKnown = last !== undefined && last.offset >= offset && last.acknowledged >= count
      const acknowledged: number =
        isKnown && last !== undefined ? last.acknowledged : this.#acknowledgedReplicas(offset)
      if (acknowledged < count) continue
      last = { offset, acknowledged }
      this.#node.dispatcher.resume(session, () => {
        session.reply.integer(acknowledged)
        return 'served'
      })
      this.#release(session)
    }
  }

  /** Replicas that have the stream up to this offset. */
  #acknowledgedReplicas(offset: number): number {
    return this.#node.replication.machine.acknowledgedReplicas(offset)
  }

  /** The disks that have all that was written up to there. */
  #countDisks({ offset, logPosition }: WrittenTo): DiskCount {
    const { appendOnly, replication } = this.#node
    const isLocal = appendOnly.isComplete && appendOnly.writer.syncedPosition >= logPosition
    return { local: isLocal ? 1 : 0, replicas: replication.machine.persistedReplicas(offset) }
  }

  /** The node does not end after all (replyToClientsBlockedOnShutdown). */
  refuseShutdown(): void {
    for (const [session, wait] of [...this.#waits]) {
      if ('isForShutdown' in wait) this.#refuse(session, errors.shutdownFailed.message)
    }
  }

  /** The node follows a master from now on: what anybody waits for may never come (disconnectAllBlockedClients). */
  disconnectAll(): void {
    for (const session of [...this.#waits.keys()]) {
      this.#refuse(session, ROLE_CHANGED)
      session.closeAfterReply()
    }
  }

  /** The cluster changed: those whose keys are served elsewhere now are told (clusterRedirectBlockedClientIfNeeded). */
  redirect(elsewhere: (session: Session, key: Bytes) => ReplyError | undefined): void {
    for (const [session, wait] of [...this.#waits]) {
      if (!('keys' in wait)) continue
      const refusal = elsewhere(session, wait.keys[0] as Bytes)
      if (refusal !== undefined) this.#refuse(session, refusal.message)
    }
  }

  /** Waiting as the commands of this session may ask for it. */
  portFor(session: Session): BlockingPort {
    return {
      get allowed() {
        // What a master or a replica is told goes by its own way.
        const isOrdinary = session.kind === 'normal' || session.kind === 'host'
        return isOrdinary && !session.transaction.active
      },
      get isScript() {
        return session.kind === 'script'
      },
      awaitKeys: (wait) => this.block(session, wait),
      awaitReplicas: (count, untilMs) => {
        this.block(session, { count, offset: session.writeOffset, untilMs })
      },
      awaitShutdown: () => this.block(session, FOR_SHUTDOWN),
      awaitDisks: (wanted, untilMs) => {
        const { writeOffset: offset, logPosition } = session
        this.block(session, { wanted, offset, logPosition, untilMs })
      },
      countDisks: () => {
        const { writeOffset: offset, logPosition } = session
        return this.#countDisks({ offset, logPosition })
      },
      acknowledgedReplicas: () => this.#acknowledgedReplicas(session.writeOffset),
      unblock: (id, reply) => this.unblock(id, reply),
    }
  }
}

/** What is there is all that is wanted. */
function suffices(count: DiskCount, wanted: DiskCount): boolean {
  return count.local >= wanted.local && count.replicas >= wanted.replicas
}

function replyCount({ reply }: Session, { local, replicas }: DiskCount): void {
  reply.array(2)
  reply.integer(local)
  reply.integer(replicas)
}
