/**
 * One client of the node: its protocol state and the ports a handler sees through it (client in server.h). The session
 * is its own Context, so running a command allocates nothing. Sockets belong to the runtime; a session only writes
 * into its reply sink and asks to be closed.
 */
import type { AccessControl, AclClient } from '../acl/access-control.ts'
import type { User } from '../acl/user.ts'
import { allocationBytes } from '../base/allocation.ts'
import type { Bytes } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import type { Random } from '../base/random.ts'
import type { ClusterPort } from '../commands/cluster-port.ts'
import type {
  AppendOnlyPort,
  BlockingPort,
  ClientPort,
  ClientsPort,
  ConfigPort,
  Context,
  Credentials,
  DebuggingPort,
  DurationPort,
  LatencyPort,
  ListeningPort,
  MigrationPort,
  PersistencePort,
  PropagationPort,
  PubSubPort,
  ReplicationPort,
  ScriptingPort,
  ServerPort,
  SlowLogPort,
  TransactionPort,
} from '../commands/context.ts'
import type { FunctionPort } from '../commands/function-port.ts'
import type { CommandEntry, CommandTable } from '../commands/table.ts'
import type { Database } from '../keyspace/database.ts'
import { RequestDecoder, type RequestLimits } from '../resp/decoder.ts'
import type { Protocol, ReplySink } from '../resp/reply-sink.ts'
import { WireReply } from '../resp/wire-reply.ts'
import type { Wait } from './blocked-clients.ts'
import { QueryBuffer, REPLY_BUFFER_BYTES, ReplyBuffer, replyListBytes } from './client-buffers.ts'
import type { TimedCall } from './duration.ts'
import type { Monitors } from './monitors.ts'
import type { Effect } from './propagation.ts'
import type { PubSub, Subscriptions } from './pubsub.ts'
import type { Tracking, TrackingTable } from './tracking.ts'
import type { QueuedCommand, Transaction } from './transaction.ts'

/** The node's ports, the same for all its sessions. */
export interface NodePorts {
  readonly clock: Clock
  readonly random: Random
  readonly clients: ClientsPort
  readonly server: ServerPort
  readonly slowLog: SlowLogPort
  readonly latency: LatencyPort
  readonly durations: DurationPort
  readonly debugging: DebuggingPort
  readonly persistence: PersistencePort
  readonly appendOnly: AppendOnlyPort
  readonly config: ConfigPort
  readonly cluster: ClusterPort | undefined
  readonly acl: AccessControl
  readonly functions: FunctionPort
  readonly propagation: PropagationPort
  readonly commands: CommandTable
  readonly databases: readonly Database[]
  readonly limits: { readonly maxBulkLength: number }
  /** Hears of every error reply. */
  readonly onError: (text: Bytes) => void
  readonly pubsub: PubSub
  readonly monitors: Monitors
  readonly tracking: TrackingTable
  replicationFor(session: Session): ReplicationPort
  blockingFor(session: Session): BlockingPort
  transactionFor(session: Session): Transaction
  /** The session has something to say although it did not ask. */
  markUnflushed(session: Session): void
  migrationFor(session: Session): MigrationPort
  /** Whether what waits for the session is over its hard limit. */
  isFlooded(session: Session): boolean
  listeningFor(session: Session): ListeningPort
  /** Ends a command of the session when all is read that clients have sent by now. */
  afterReading(session: Session, argv: readonly Bytes[], finish: () => void): void
  scriptingFor(session: Session): ScriptingPort
}

/** Where a session's replies are written, and taken from as text. */
export interface SessionReply extends ReplySink {
  protocol: Protocol
  /** Bytes waiting to be taken. */
  readonly length: number
  /** All of it. Throws RangeError when it is too long for a text of V8. */
  take(): Bytes
  /** What comes before all that `take` returns then. */
  takeParts(): readonly Bytes[]
  /** What was written will wait for a while. */
  flatten?(): void
  /** Appends text that is RESP already. */
  raw(text: Bytes): void
}

/** Takes what a client says as it comes, in place of its requests. */
export interface ClientLine {
  hear(bytes: Bytes): void
  /** The connection is gone. */
  hangUp(): void
}

/** Where a connection comes from and what it reached, `ip:port` each. */
export interface Peer {
  readonly address: string
  readonly localAddress: string
  /** A number that tells connections apart in CLIENT LIST's fd field. */
  readonly descriptor: number
}

/** The way of replies out of the node. */
export interface OutputQueue {
  /** Bytes that were handed on and that the kernel has not taken. */
  readonly waitingBytes: number
}

const NO_OUTPUT: OutputQueue = { waitingBytes: 0 }

/** A client without its buffers; a command it has queued, a word of its, a key it watches, a channel, a pattern, a prefix. */
const CLIENT_BYTES = 768
const QUEUED_BYTES = 24
const WORD_BYTES = 8
const WATCH_BYTES = 56
const CHANNEL_BYTES = 40
const PATTERN_BYTES = 24
const PREFIX_BYTES = 32

const NO_PREFIXES: readonly Bytes[] = []

/** What a connection is there for. */
export type SessionKind = 'normal' | 'replica' | 'master' | 'host' | 'script'

/** A transaction that stopped half-way for a command that takes more than its turn. */
export interface SuspendedTransaction {
  /** What is still to run. */
  readonly queued: readonly QueuedCommand[]
  /** What its effects were so far. */
  readonly unit: readonly Effect[]
  /** What it has replied so far. */
  readonly reply: Bytes
}

/** What a session may send. A class, so that the decoders of all sessions look at limits of one shape. */
class SessionLimits implements RequestLimits {
  readonly #session: Session
  readonly #shared: NodePorts['limits']

  constructor(session: Session, shared: NodePorts['limits']) {
    this.#session = session
    this.#shared = shared
  }

  get maxBulkLength(): number {
    return this.#shared.maxBulkLength
  }

  get restricted(): boolean {
    return !this.#session.mayAct
  }

  get isMasterStream(): boolean {
    return this.#session.isMasterLink
  }
}

/** The state of one client. */
export class Session implements Context, ClientPort, AclClient {
  readonly id: number
  readonly peer: Peer
  readonly createdMs: number
  readonly reply: SessionReply
  readonly decoder: RequestDecoder
  /** The buffers it would have. */
  readonly query = new QueryBuffer()
  readonly replies = new ReplyBuffer()
  readonly clock: Clock
  readonly random: Random
  readonly clients: ClientsPort
  readonly server: ServerPort
  readonly slowLog: SlowLogPort
  readonly latency: LatencyPort
  readonly durations: DurationPort
  readonly debugging: DebuggingPort
  readonly persistence: PersistencePort
  readonly appendOnly: AppendOnlyPort
  readonly config: ConfigPort
  readonly listening: ListeningPort
  readonly cluster: ClusterPort | undefined
  readonly acl: AccessControl
  readonly functions: FunctionPort
  readonly propagation: PropagationPort
  readonly commands: CommandTable
  readonly client: ClientPort = this
  readonly transaction: Transaction & TransactionPort
  readonly replication: ReplicationPort
  readonly pubsub: Subscriptions & PubSubPort
  readonly tracking: Tracking
  readonly blocking: BlockingPort
  readonly migration: MigrationPort
  readonly scripting: ScriptingPort
  db: Database
  kind: SessionKind = 'normal'
  name: Bytes = ''
  libraryName: Bytes = ''
  libraryVersion: Bytes = ''
  authenticated: boolean
  /** Who it acts as. */
  user: User
  readonlyMode = false
  asking = false
  noEvict = false
  noTouch = false
  subscribed = false
  replyMode: 'on' | 'off' | 'skip-next' | 'skip' = 'on'
  /** While a command runs whose reply is dropped: what is to be said all the same. */
  pushedInSilence: Bytes | undefined
  /** A request that waits to run, or for an answer from elsewhere; what follows it waits too. */
  postponed: readonly Bytes[] | undefined
  /** What its last command waits for; what follows it waits too. */
  blocked: Wait | undefined
  /** The command that waits. */
  blockedCall: TimedCall | undefined
  /** How far the stream to the replicas was when its last command had run. */
  writeOffset = 0
  /** How far the append-only file was then. */
  logPosition = 0
  suspended: SuspendedTransaction | undefined
  /** Whether its scripts are debugged, and how. */
  debugMode: 'no' | 'sync' | 'fork' = 'no'
  /** Who hears it while it makes no requests. */
  line: ClientLine | undefined
  /** The command asked for last, for CLIENT LIST; undefined when there is no such. */
  lastCommand: CommandEntry | undefined
  lastActiveMs: number
  /** The session ends when the replies written so far are out; nothing more is read. */
  closing: 'no' | 'after-reply' | 'now' = 'no'
  /** Where replies go; the runtime sets it. */
  output: OutputQueue = NO_OUTPUT
  /** A replica's: bytes of the replication stream written so far, which are no replies. */
  streamedBytes = 0
  /** A replica's: bytes of the stream that wait until it has its snapshot. */
  heldBytes = 0
  /** When the soft output limit was first exceeded, Unix ms. */
  outputOverSoftLimitMs: number | undefined
  readonly #ports: NodePorts
  /** What was received when it asked for what it is told now, see {@link afterReading}. */
  #askedBytes = 0

  /** Replies are RESP text unless there is a `reply` of another kind. */
  constructor(
    ports: NodePorts,
    id: number,
    peer: Peer,
    reply: SessionReply = new WireReply(ports.onError, {
      hasShortDoubles: ports.commands.version.atLeast('7.2'),
    }),
  ) {
    this.#ports = ports
    this.id = id
    this.reply = reply
    this.peer = peer
    this.clock = ports.clock
    this.random = ports.random
    this.clients = ports.clients
    this.server = ports.server
    this.slowLog = ports.slowLog
    this.latency = ports.latency
    this.durations = ports.durations
    this.debugging = ports.debugging
    this.persistence = ports.persistence
    this.appendOnly = ports.appendOnly
    this.config = ports.config
    this.cluster = ports.cluster
    this.acl = ports.acl
    this.functions = ports.functions
    this.propagation = ports.propagation
    this.commands = ports.commands
    this.createdMs = ports.clock.now
    this.lastActiveMs = ports.clock.now
    this.db = ports.databases[0] as Database
    this.authenticated = !ports.acl.loginRequired
    this.user = ports.acl.defaultUser
    this.transaction = ports.transactionFor(this)
    this.replication = ports.replicationFor(this)
    this.pubsub = ports.pubsub.for(this)
    this.tracking = ports.tracking.for(this)
    this.blocking = ports.blockingFor(this)
    this.migration = ports.migrationFor(this)
    this.listening = ports.listeningFor(this)
    this.scripting = ports.scriptingFor(this)
    this.decoder = new RequestDecoder(new SessionLimits(this, ports.limits))
  }

  /** A request of its waits, and those behind it. */
  get isHeld(): boolean {
    return this.postponed !== undefined || this.blocked !== undefined
  }

  /** The request that waits. */
  get heldWords(): readonly Bytes[] | undefined {
    return this.postponed ?? (this.blocked === undefined ? undefined : this.blockedCall?.argv)
  }

  /**
   * Bytes that wait for the client as its output limits count them (getClientOutputBufferMemoryUsage): what fits the
   * buffer every client has is free.
   */
  get outputBytes(): number {
    return this.output.waitingBytes + replyListBytes(this.reply.length) + this.heldBytes
  }

  get isFlooded(): boolean {
    return this.#ports.isFlooded(this)
  }

  /** What it takes in a Redis (getClientMemoryUsage): itself, what it sent and asked for, and what waits for it. */
  get memoryBytes(): number {
    const { decoder, pubsub, tracking, transaction, query } = this
    query.reserve(decoder.takeLargestBulk())
    let bytes = CLIENT_BYTES + query.memoryBytes + this.replies.room + this.outputBytes
    bytes += transaction.queuedBytes + transaction.queuedCount * QUEUED_BYTES
    if (decoder.hasBegun) bytes += decoder.begunBytes + 2 * WORD_BYTES
    if (this.heldWords !== undefined) bytes += wordsBytes(this.heldWords)
    bytes += transaction.watchedCount * WATCH_BYTES
    bytes += (pubsub.count('channel') + pubsub.count('shard')) * CHANNEL_BYTES
    bytes += pubsub.count('pattern') * PATTERN_BYTES
    for (const prefix of tracking.state?.prefixes ?? NO_PREFIXES) {
      bytes += PREFIX_BYTES + prefix.length
    }
    return bytes
  }

  get databaseIndex(): number {
    return this.db.index
  }

  get userName(): Bytes {
    return this.user.name
  }

  /** It may do more than log in. */
  get mayAct(): boolean {
    return this.authenticated || !this.acl.loginRequired
  }

  logIn(credentials: Credentials): boolean {
    return this.acl.logIn(this, credentials)
  }

  readsEveryKey(argv: readonly Bytes[]): boolean {
    return this.acl.readsEveryKey(this, argv)
  }

  /** Nothing is refused to it: it applies the stream of the master, or acts for the host. */
  becomeSuperuser(kind: 'master' | 'host' | 'script'): void {
    this.kind = kind
    this.authenticated = true
    this.user = this.acl.superuser
  }

  get monitoring(): boolean {
    return this.#ports.monitors.has(this)
  }

  set monitoring(monitoring: boolean) {
    if (monitoring) this.#ports.monitors.add(this)
    else this.#ports.monitors.remove(this)
  }

  get isMasterLink(): boolean {
    return this.kind === 'master'
  }

  get trustsPayloads(): boolean {
    const isPeer = this.kind === 'master' || this.kind === 'host'
    return isPeer || this.user.payloadRule === 'skip-sanitize-payload'
  }

  get isLocal(): boolean {
    return /^(127\.|::1|\[::1\]|\/|\?)/.test(this.peer.address)
  }

  selectDatabase(index: number): void {
    const database = this.#ports.databases[index]
    if (database === undefined) throw new RangeError(`no database ${index}`)
    this.db = database
  }

  setProtocol(protocol: Protocol): void {
    this.reply.protocol = protocol
  }

  reset(): void {
    this.transaction.discard()
    this.pubsub.clear()
    this.monitoring = false
    this.tracking.disable()
    this.selectDatabase(0)
    this.setProtocol(2)
    this.asking = false
    this.readonlyMode = false
    this.noTouch = false
    this.replyMode = 'on'
    this.name = ''
    this.authenticated = !this.acl.loginRequired
    this.user = this.acl.defaultUser
  }

  /** Says something that is no reply: CLIENT REPLY does not silence it. */
  push(text: Bytes): void {
    if (this.closing !== 'no') return
    if (this.pushedInSilence === undefined) this.reply.raw(text)
    else this.pushedInSilence += text
    this.#ports.markUnflushed(this)
  }

  closeAfterReply(): void {
    if (this.closing === 'no') this.closing = 'after-reply'
  }

  afterReading(argv: readonly Bytes[], finish: () => void): void {
    const askedBytes = this.decoder.bufferedBytes
    this.#ports.afterReading(this, argv, () => {
      this.#askedBytes = askedBytes
      try {
        finish()
      } finally {
        this.#askedBytes = 0
      }
    })
  }

  /** Whole seconds since it connected. */
  get ageSeconds(): number {
    return Math.floor((this.clock.now - this.createdMs) / 1000)
  }

  describe(running?: readonly Bytes[]): Bytes {
    const words = running ?? this.heldWords
    const argumentBytes = words === undefined ? this.decoder.begunBytes : lengthOf(words)
    const totalBytes = this.memoryBytes + (running === undefined ? 0 : wordsBytes(running))
    const ageSeconds = (sinceMs: number) => Math.floor((this.clock.now - sinceMs) / 1000)
    const received = Math.max(this.decoder.bufferedBytes, this.#askedBytes)
    const buffered = Math.min(this.reply.length, REPLY_BUFFER_BYTES)
    const { version } = this.server
    const fields: (readonly [string, string | number])[] = [
      ['id', this.id],
      ['addr', this.peer.address],
      ['laddr', this.peer.localAddress],
      ['fd', this.peer.descriptor],
      ['name', this.name],
      ['age', ageSeconds(this.createdMs)],
      ['idle', ageSeconds(this.lastActiveMs)],
      ['flags', this.#flags()],
      ['db', this.databaseIndex],
      ['sub', this.pubsub.count('channel')],
      ['psub', this.pubsub.count('pattern')],
      ['ssub', this.pubsub.count('shard')],
      ['multi', this.transaction.active ? this.transaction.queuedCount : -1],
      ...(version.atLeast('7.4') ? [['watch', this.transaction.watchedCount] as const] : []),
      ['qbuf', received],
      ['qbuf-free', Math.max(0, this.query.room - received)],
      ['argv-mem', argumentBytes],
      ['multi-mem', this.transaction.queuedBytes],
      ['rbs', this.replies.room],
      ['rbp', this.replies.peak],
      ['obl', buffered],
      ['oll', 0],
      ['omem', this.outputBytes],
      ['tot-mem', totalBytes],
      ['events', this.output.waitingBytes > 0 ? 'rw' : 'r'],
      ['cmd', this.lastCommand?.command.fullName ?? 'NULL'],
      ['user', this.userName],
      ['redir', this.tracking.state?.redirect ?? -1],
      ['resp', this.reply.protocol],
      ...(version.atLeast('7.2')
        ? ([
            ['lib-name', this.libraryName],
            ['lib-ver', this.libraryVersion],
          ] as const)
        : []),
      ...(version.atLeast('8.0') ? [['io-thread', 0] as const] : []),
    ]
    return fields.map(([name, value]) => `${name}=${value}`).join(' ')
  }

  /** The letters of CLIENT LIST's flags field (catClientInfoString). */
  #flags(): string {
    let flags = ''
    if (this.monitoring) flags += 'O'
    if (this.kind === 'replica') flags += 'S'
    if (this.kind === 'master') flags += 'M'
    if (this.subscribed) flags += 'P'
    if (this.transaction.active) flags += 'x'
    if (this.isHeld) flags += 'b'
    const { state } = this.tracking
    if (state !== undefined) flags += 't'
    if (state?.isBroken) flags += 'R'
    if (state?.broadcast) flags += 'B'
    if (this.transaction.dirty) flags += 'd'
    if (this.closing === 'after-reply') flags += 'c'
    if (this.closing === 'now') flags += 'A'
    if (this.readonlyMode) flags += 'r'
    if (this.noEvict) flags += 'e'
    if (this.noTouch) flags += 'T'
    return flags === '' ? 'N' : flags
  }
}

function lengthOf(words: readonly Bytes[]): number {
  let length = 0
  for (const word of words) length += word.length
  return length
}

/** What the words of a command take while it runs or waits. */
function wordsBytes(words: readonly Bytes[]): number {
  return lengthOf(words) + allocationBytes(words.length * WORD_BYTES)
}
