/**
 * A whole node without sockets, timers or clock: sessions, databases, dispatch, the cluster machine and replication, put
 * together. Inputs come in as calls within a turn, outputs go to a NodeIo. Invariant: after `settle` nothing the turn
 * caused is left undone.
 */
import type { Buffer } from 'node:buffer'
import type { AccessControl } from '../acl/access-control.ts'
import type { Bytes } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import type { Random } from '../base/random.ts'
import type { Version } from '../base/version.ts'
import type { BusMessage } from '../bus/message.ts'
import type { ClusterInput } from '../cluster/input.ts'
import type { ClusterIdentity } from '../cluster/settings.ts'
import type { ClusterPort } from '../commands/cluster-port.ts'
import type {
  BlockingPort,
  ConfigPort,
  ListeningPort,
  MigrationPort,
  PropagationPort,
  ReplicationPort,
  ScriptingPort,
} from '../commands/context.ts'
import { type CommandEntry, CommandTable } from '../commands/table.ts'
import type { Database } from '../keyspace/database.ts'
import type { KeyspaceStats } from '../keyspace/listener.ts'
import { appendOnlyFailure, errors, type ReplyError } from '../resp/reply-error.ts'
import { startAccessControl } from './access.ts'
import { Admission } from './admission.ts'
import { Alarm } from './alarm.ts'
import { AppendOnlyFile, type LoggedNode } from './append-only/append-only-file.ts'
import { BlockedClients, type BlockingNode } from './blocked-clients.ts'
import { ClientCron } from './client-cron.ts'
import { ClientMemory } from './client-memory.ts'
import { ClientRegistry } from './client-registry.ts'
import { type ClusteredNode, ClusterShell } from './cluster-shell.ts'
import { renameCommands } from './command-rename.ts'
import type { Config } from './config/config.ts'
import { Cron, type TendedNode } from './cron.ts'
import { type KeyspaceNode, openDatabases, wordFor } from './databases.ts'
import { Dataset, type LoadedData } from './dataset.ts'
import { Debugging } from './debugging.ts'
import { Dispatcher, type DispatchGates, type Router } from './dispatch.ts'
import { Durations } from './duration.ts'
import { type ExpiringNode, ExpiryCycle } from './expiry-cycle.ts'
import { Functions } from './functions.ts'
import { Holding, type HoldingNode } from './holding.ts'
import { type HostedNode, HostRequests } from './host-requests.ts'
import type { NodeIo } from './io.ts'
import { KeyspaceEvents } from './keyspace-events.ts'
import { LatencyMonitor } from './latency.ts'
import { Listening } from './listening.ts'
import { Loading } from './loading.ts'
import { type LimitedNode, MemoryLimit } from './memory-limit.ts'
import { type MigratingNode, Migration } from './migration.ts'
import { Monitors } from './monitors.ts'
import { OomScore, type ProcessScore } from './oom-score.ts'
import { OutputLimits } from './output-limit.ts'
import { PauseLevel } from './pause.ts'
import { Persistence } from './persistence.ts'
import { Propagation } from './propagation.ts'
import { PubSub } from './pubsub.ts'
import { ReplicationShell } from './replication-shell.ts'
import { Requests } from './requests.ts'
import { ClusterRouter } from './router.ts'
import { Scripting, type ScriptingNode } from './scripting.ts'
import { Server } from './server.ts'
import { type NodePorts, type Peer, Session, type SessionReply } from './session.ts'
import type { SharedView } from './shared-view.ts'
import { Shutdown } from './shutdown.ts'
import { SlowLog } from './slow-log.ts'
import { type StartingNode, Startup } from './startup.ts'
import { NodeStats } from './stats.ts'
import { TrackingTable } from './tracking.ts'
import { Transaction, Watchers } from './transaction.ts'

/** What a node is made of. */
export interface NodeOptions {
  /** What it passes for. */
  readonly version: Version
  readonly identity: ClusterIdentity
  readonly config: Config
  readonly clock: Clock
  readonly random: Random
  readonly failureDetection: 'instant' | 'timeout'
  /** nodes.conf to start from; undefined for a blank node. */
  readonly clusterConfig: Bytes | undefined
  /** That is the plan of a new cluster: its masters need not wait before they serve. */
  readonly isPlanned: boolean
  readonly view: SharedView
  readonly io: NodeIo
  /** A steady clock for statistics, microseconds. */
  readonly microseconds: () => number
  /**
   * A server by itself, as its redis.conf says: `protected-mode` keeps clients of other machines away while there is no
   * password, and a new replica hears nothing before its time.
   */
  readonly isOwnServer?: boolean
  /** The score of the process, if the node may set it. */
  readonly processScore?: ProcessScore | undefined
}

/** One Redis node. */
export class Node
  implements
    NodePorts,
    DispatchGates,
    BlockingNode,
    MigratingNode,
    LimitedNode,
    ExpiringNode,
    LoggedNode,
    ScriptingNode,
    KeyspaceNode,
    HostedNode,
    TendedNode,
    HoldingNode,
    ClusteredNode,
    StartingNode
{
  readonly version: Version
  readonly clock: Clock
  readonly random: Random
  readonly config: ConfigPort
  readonly commands: CommandTable
  readonly stats = new NodeStats()
  readonly slowLog = new SlowLog()
  readonly latency: LatencyMonitor
  readonly durations: Durations
  readonly debugging: Debugging
  readonly keyspaceStats: KeyspaceStats = {
    hits: 0,
    misses: 0,
    expired: 0,
    expiredFields: 0,
    evicted: 0,
    lazyFreed: 0,
  }
  readonly dataset: Dataset
  readonly persistence: Persistence
  readonly loading: Loading
  readonly appendOnly: AppendOnlyFile
  readonly changes = { dirty: 0 }
  readonly databases: readonly Database[]
  readonly clients: ClientRegistry
  readonly clientMemory: ClientMemory
  readonly memory: MemoryLimit
  readonly expiryCycle: ExpiryCycle
  readonly alarm: Alarm
  readonly blocked: BlockedClients
  readonly server: Server
  readonly startup: Startup
  readonly ending: Shutdown
  readonly cluster: ClusterPort | undefined
  readonly acl: AccessControl
  readonly router: Router | undefined
  readonly limits: { readonly maxBulkLength: number }
  readonly propagation: Propagation & PropagationPort
  readonly replication: ReplicationShell
  readonly pubsub: PubSub
  readonly monitors: Monitors
  readonly tracking: TrackingTable
  readonly holding: Holding
  readonly onError: (text: Bytes) => void
  readonly microseconds: () => number
  /** Keys on their way to other nodes. */
  readonly inFlight: Migration
  readonly scripting: Scripting
  readonly functions: Functions
  /** The data is not all there yet: commands that need it are refused. */
  isLoading = false
  /** Other data comes beside the data there is: some commands could not go on with it. */
  isLoadingAsync = false
  isObserved = false
  isReplica = false
  replicaIsReadOnly = true
  servesStaleData = true
  readonly #io: NodeIo
  readonly #view: SharedView
  readonly #clusterShell: ClusterShell | undefined
  readonly dispatcher: Dispatcher
  readonly watchers = new Watchers()
  readonly #outputLimits: OutputLimits
  readonly #cron: Cron
  readonly events: KeyspaceEvents
  readonly #listening: Listening
  readonly #admission: Admission
  readonly #requests: Requests
  readonly #unflushed = new Set<Session>()
  readonly #host: HostRequests
  readonly #isInstant: boolean
  readonly #oomScore: OomScore | undefined

  constructor(options: NodeOptions) {
    const { config, clock, random, io, view } = options
    this.version = options.version
    this.commands = new CommandTable(options.version)
    renameCommands(this.commands, config)
    this.clock = clock
    this.random = random
    this.config = config
    this.microseconds = options.microseconds
    this.#io = io
    this.#view = view
    this.#isInstant = options.failureDetection === 'instant'
    this.onError = (text) => this.stats.countError(text)
    this.limits = liveLimits(config)
    this.pubsub = new PubSub((message) => this.#clusterShell?.step({ type: 'publish', ...message }))
    this.events = new KeyspaceEvents(config, this.pubsub)
    this.#listening = new Listening({ node: this, config, io })
    this.alarm = new Alarm(clock, (atMs) => io.wakeAt(atMs))
    this.blocked = new BlockedClients(this)
    this.inFlight = new Migration(this, io)
    const observersChanged = (): void => {
      this.isObserved = this.monitors.any || this.tracking.any
    }
    this.monitors = new Monitors(clock, observersChanged)
    this.tracking = new TrackingTable({
      session: (id) => this.clients.find(id),
      get maxKeys() {
        return config.number('tracking-table-max-keys')
      },
      changed: observersChanged,
    })
    this.databases = openDatabases(this, config)
    this.functions = new Functions(this, config)
    const { databases, version, functions } = this
    this.dataset = new Dataset({ databases, clock, config, io, version, functions })
    this.persistence = new Persistence({ node: this, config, io, dataset: this.dataset })
    const { alarm } = this
    this.loading = new Loading({
      clock,
      alarm,
      config,
      changed: (kind) => {
        this.isLoading = kind === 'blocking'
        this.isLoadingAsync = kind === 'async'
        config.loading = kind !== 'no'
      },
    })
    this.clients = new ClientRegistry((session) => {
      if (session.isMasterLink) this.replication.dropMasterLink()
      else io.close(session)
    })
    this.clientMemory = new ClientMemory(
      {
        sessions: () => this.clients.all(),
        close: (session) => {
          io.log('notice', `Evicting client: ${session.describe()}`)
          io.close(session)
        },
      },
      config,
    )
    this.memory = new MemoryLimit(this, config)
    this.expiryCycle = new ExpiryCycle(this)
    const { clients, commands } = this
    this.acl = startAccessControl({ config, io, clients, commands, clock })
    this.#admission = new Admission(this, options.isOwnServer ?? false)
    this.replication = new ReplicationShell({
      node: this,
      config,
      io,
      random: random.fork('replication'),
      greetsReplicas: options.isOwnServer !== true,
    })
    this.propagation = new Propagation(({ databaseIndex, argv, audience }) => {
      if (audience !== 'log') this.replication.feed(databaseIndex, argv)
      if (audience !== 'replicas' && this.propagation.feedsLog) {
        this.appendOnly.feed(databaseIndex, argv)
      }
    })
    this.appendOnly = new AppendOnlyFile({ node: this, config, io, dataset: this.dataset })
    this.replication.machine.persistedOffset = () => {
      if (!this.appendOnly.isComplete) return undefined
      this.keepWrites()
      return this.appendOnly.writer.syncedOffset
    }
    this.#outputLimits = new OutputLimits(config, clock, (session) => {
      this.stats.outputLimitDisconnections++
      io.log(
        'warning',
        `Client ${session.describe()} scheduled to be closed ASAP for overcoming of output buffer limits.`,
      )
      io.close(session)
    })
    this.debugging = new Debugging({ io })
    this.latency = new LatencyMonitor(clock)
    this.durations = new Durations({
      config,
      clock,
      slowLog: this.slowLog,
      latency: this.latency,
    })
    this.#requests = new Requests({ node: this, io, outputLimits: this.#outputLimits })
    this.#host = new HostRequests(this)
    this.holding = new Holding({ node: this, requests: this.#requests, host: this.#host })
    this.dispatcher = new Dispatcher(
      this.commands,
      this,
      this.propagation,
      this.stats,
      this.durations,
    )
    this.scripting = new Scripting(this, config, io)
    this.#clusterShell = config.boolean('cluster-enabled')
      ? new ClusterShell({ ...options, node: this, random: random.fork('cluster') })
      : undefined
    this.cluster = this.#clusterShell?.machine
    this.router =
      this.#clusterShell === undefined
        ? undefined
        : new ClusterRouter(this.#clusterShell.machine, view)
    this.server = new Server({ node: this, config, io, random })
    const { activity } = this.server
    this.ending = new Shutdown({ node: this, config, io, activity })
    const clientCron = new ClientCron({
      clients,
      clock,
      config,
      io,
      outputLimits: this.#outputLimits,
      replyBuffers: activity.replyBuffers,
      stats: this.stats,
      redirectBlocked: () => this.#redirectBlocked(),
    })
    this.#cron = new Cron({
      node: this,
      activity,
      clients: clientCron,
      cluster: this.#clusterShell,
      view,
    })
    const cron = this.#cron
    this.startup = new Startup({ node: this, config, cluster: this.#clusterShell, cron, view })
    this.#watchConfig(config)
    const { processScore } = options
    if (processScore !== undefined) this.#oomScore = new OomScore(this, config, processScore)
    this.#oomScore?.adjust()
  }

  /** Keys may go by themselves. */
  get expires(): boolean {
    return this.server.activity.expires && !this.isLoading
  }

  get expireEffort(): number {
    return this.config.number('active-expire-effort')
  }

  get backlogBytes(): number {
    return this.replication.machine.backlogBytes
  }

  get backlogExcessBytes(): number {
    return this.replication.machine.backlogExcessBytes
  }

  evicted(database: Database, key: Bytes): void {
    // A replica that evicts by itself has nobody to tell.
    if (this.isReplica) return
    this.propagation.deleted(database, key, wordFor(this.config, 'lazyfree-lazy-eviction'))
    this.propagation.endUnit()
  }

  #watchConfig(config: Config): void {
    const follow = (name: string, apply: () => void): void => {
      apply()
      config.onChange(name, apply)
    }
    follow('replica-read-only', () => {
      this.replicaIsReadOnly = config.boolean('replica-read-only')
    })
    follow('replica-serve-stale-data', () => {
      this.servesStaleData = config.boolean('replica-serve-stale-data')
    })
    config.onChange('tracking-table-max-keys', () => this.tracking.limit())
  }

  openLoadingSession(): Session {
    // Redis' reader is a client of the append-only file, and takes a number for each file.
    this.clients.nextId()
    const session = new Session(this, 0, NOWHERE)
    session.becomeSuperuser('master')
    return session
  }

  replay(session: Session, argv: readonly Bytes[]): 'unknown' | 'malformed' | undefined {
    return this.dispatcher.replay(session, argv)
  }

  dataLoaded(data: LoadedData): void {
    this.persistence.loaded(data)
  }

  /** What was written is in the append-only file when it returns: before the replies that tell so leave. */
  keepWrites(): void {
    if (this.appendOnly.writer.isDirty) this.appendOnly.writer.flush()
  }

  // Clients.

  /** A new connection. Where it is refused it has its refusal to say and is closing. */
  openSession(peer: Peer): Session {
    this.stir()
    const session = new Session(this, this.clients.nextId(), peer)
    this.#admission.decide(session)
    return session
  }

  /** The connection is gone. */
  closeSession(session: Session): void {
    this.stir()
    session.pubsub.clear()
    this.monitors.remove(session)
    session.tracking.disable()
    if (session.suspended === undefined) session.transaction.discard()
    session.closing = 'now'
    this.clients.remove(session)
    this.clientMemory.forget(session)
    this.#unflushed.delete(session)
    this.holding.forget(session)
    this.blocked.remove(session)
    session.line?.hangUp()
    this.replication.sessionClosed(session)
  }

  /** Takes a client's bytes and runs the requests they complete. */
  receive(session: Session, buffer: Buffer, length: number): void {
    if (session.kind === 'replica') this.#cron.hearReplica()
    else this.#cron.hearClient()
    this.#requests.receive(session, buffer, length)
  }

  scriptingFor(session: Session): ScriptingPort {
    return this.scripting.portFor(session)
  }

  openScriptSession(reply: SessionReply, ports: NodePorts = this): Session {
    const session = new Session(ports, 0, { ...NOWHERE, address: 'lua' }, reply)
    session.becomeSuperuser('script')
    return session
  }

  /** Runs commands for the host as one; gives the replies as RESP2 when all are there, at once unless one has to wait. */
  runForHost(
    commands: readonly (readonly Bytes[])[],
    answer: (replies: readonly Bytes[]) => void,
  ): void {
    this.#cron.stir()
    this.#host.run(commands, answer)
  }

  openHostSession(): Session {
    const session = new Session(this, 0, NOWHERE)
    session.becomeSuperuser('host')
    return session
  }

  stir(): void {
    this.#cron.stir()
  }

  execute(session: Session, argv: readonly Bytes[]): void {
    this.dispatcher.execute(session, argv)
  }

  /** The session that applies the stream of the master at this address: it is refused nothing and answered nothing. */
  openMasterSession(address: string): Session {
    const session = new Session(this, this.clients.nextId(), { ...NOWHERE, address })
    session.becomeSuperuser('master')
    this.clients.add(session)
    return session
  }

  /** Runs one command of the master's stream; nothing is answered. */
  applyFromMaster(session: Session, argv: readonly Bytes[]): void {
    const { errorReplies } = this.stats
    this.dispatcher.execute(session, argv)
    session.reply.takeParts()
    const reply = session.reply.take()
    if (this.stats.errorReplies === errorReplies) return
    this.stats.unexpectedErrorReplies++
    const [name = ''] = argv
    this.replication.reportError(reply, this.commands.find(name)?.command.fullName ?? '<unknown>')
  }

  /** This session has something to say although it did not ask. */
  markUnflushed(session: Session): void {
    this.#unflushed.add(session)
  }

  /** Sessions to flush at the end of the turn; the next call starts anew. */
  takeUnflushed(): readonly Session[] {
    if (this.#unflushed.size === 0) return NONE
    const sessions = [...this.#unflushed]
    this.#unflushed.clear()
    return sessions
  }

  /** So many bytes of a session's replies went out, or wait for the kernel. */
  sent(session: Session, bytes: number): void {
    this.stats.bytesOut += bytes
    this.stats.writesProcessed++
    session.replies.sent(bytes)
    this.#cron.weigh(session)
    if (this.memory.isLimited) this.memory.sessionChanged(session)
  }

  /** The session's output piles up: close it if it is over its limits. */
  checkOutputLimit(session: Session): void {
    this.#outputLimits.check(session)
  }

  isFlooded(session: Session): boolean {
    return this.#outputLimits.isReached(session)
  }

  // The cluster and the master.

  clusterInput(input: ClusterInput): void {
    if (input.type === 'message' && isGossip(input.message)) this.#cron.hearGossip()
    this.#clusterShell?.hear(input)
  }

  /** The time has come that the node asked for with `wakeAt`. */
  wake(): void {
    this.alarm.ring()
  }

  peerConnected(peer: number): void {
    this.inFlight.connected(peer)
  }

  peerData(peer: number, chunk: Buffer): void {
    this.inFlight.received(peer, chunk)
  }

  /** A connection to another server has ended; `wasFound` is false when nobody knows its host. */
  peerClosed(peer: number, wasFound: boolean): void {
    this.inFlight.closed(peer, wasFound)
  }

  masterConnected(): void {
    this.replication.step({ type: 'connected' })
  }

  masterData(chunk: Buffer): void {
    this.stats.replicationBytesIn += chunk.length
    this.#cron.hearClient()
    this.replication.step({ type: 'data', bytes: chunk })
  }

  masterClosed(reason: string): void {
    this.replication.step({ type: 'closed', reason })
  }

  // Gates of dispatch.

  get masterLinkUp(): boolean {
    return this.replication.machine.isLinkUp
  }

  get writeOffset(): number {
    return this.replication.offset
  }

  get writeRefusal(): ReplyError | undefined {
    if (this.persistence.refusesWrites) return errors.misconfigured
    const { failure } = this.appendOnly
    return failure === undefined ? undefined : appendOnlyFailure(failure)
  }

  get logPosition(): number {
    return this.appendOnly.writer.position
  }

  get isSavingInBackground(): boolean {
    return this.persistence.running !== undefined
  }

  get isInTransaction(): boolean {
    return this.dispatcher.isInTransaction
  }

  get hasGoodReplicas(): boolean {
    return this.replication.hasGoodReplicas
  }

  settleCluster(): void {
    if (this.startup.isOver && !this.#host.isBatch) this.#clusterShell?.settle()
  }

  warn(text: string): void {
    this.#io.log('warning', text)
  }

  replicationFor(session: Session): ReplicationPort {
    return this.replication.portFor(session)
  }

  blockingFor(session: Session): BlockingPort {
    return this.blocked.portFor(session)
  }

  listeningFor(session: Session): ListeningPort {
    return this.#listening.portFor(session)
  }

  afterReading(session: Session, argv: readonly Bytes[], finish: () => void): void {
    const entry = session.lastCommand
    const conclude = (): void => {
      if (session.closing !== 'no') return
      this.holding.conclude(session, { entry: entry as CommandEntry, argv, finish })
    }
    const isHalfway = this.isInTransaction || session.kind !== 'normal'
    if (!isHalfway && this.#io.afterReading?.(conclude) === true) session.postponed = argv
    else finish()
  }

  /** What the node wanted to listen at: it does, or as before. */
  listened(isMoved: boolean): void {
    this.#listening.listened(isMoved)
  }

  migrationFor(session: Session): MigrationPort {
    return this.inFlight.portFor(session)
  }

  transactionFor(session: Session): Transaction {
    return new Transaction(session, this.watchers, (queued) =>
      this.dispatcher.runQueued(session, queued),
    )
  }

  /** The role changed: keys of a replica wait for its master to expire them. */
  becomeReplica(isReplica: boolean): void {
    if (isReplica && !this.isReplica) for (const database of this.databases) database.disown()
    this.isReplica = isReplica
    if (this.#clusterShell === undefined) {
      this.#view.publishLoneNode(this.replication.machine.master?.port)
    }
    this.setExpiry()
    this.memory.roleChanged()
    this.#oomScore?.adjust()
  }

  disconnectBlocked(): void {
    this.blocked.disconnectAll()
  }

  /** What becomes of keys whose time is over; depends on the role and on what is held back. */
  setExpiry(): void {
    const mode = this.isReplica || this.holding.isActive ? 'hide' : 'delete'
    for (const database of this.databases) database.expiry = mode
  }

  /** While the master's stream is applied, keys are there until it says otherwise. */
  whileApplying(apply: () => void): void {
    for (const database of this.databases) database.expiry = 'keep'
    try {
      apply()
    } finally {
      this.setExpiry()
    }
  }

  /** The link to the master came up or went down, or there is an offset to tell. */
  replicationChanged(linkUp: boolean): void {
    const { offset } = this.replication
    this.#view.publishReplication(linkUp)
    this.#view.publishOffset(offset)
    // In Redis the peers learn with the next ping that a replica has data; nobody who tests wants to wait for that.
    const hasNews = this.isReplica && linkUp && offset !== 0
    if (hasNews && this.#isInstant) this.#clusterShell?.step({ type: 'announce' })
  }

  /**
   * Every 100 ms, or as many times less as {@link idleTicks} allows: so many ticks before this one were left out. Without a
   * number none was, and nothing of this one is.
   */
  cron(skipped?: number): void {
    this.#cron.tick(skipped ?? 0, skipped === undefined)
  }

  /** So many of the ticks that follow the last one can be left out, as far as is known at the end of this turn. */
  get idleTicks(): number {
    return this.#cron.idleTicks
  }

  /** Something else enters in a turn in which clients may have been heard. */
  enter(): void {
    this.#cron.enter()
  }

  /** Ends a turn: effects of commands are performed and what changed is published. */
  settle(): void {
    this.stats.turns++
    this.propagation.endUnit()
    this.#clusterShell?.hearDelayed()
    // Before it has its data it follows nobody.
    if (this.startup.isOver) this.#clusterShell?.settle()
    if (this.ending.isUnderway) this.ending.look()
    if (this.blocked.any) this.#settleBlocked()
    if (this.blocked.hasHeld && !this.inFlight.isRunning && !this.holding.isExclusive) {
      this.blocked.serveHeld()
    }
    if (this.holding.settle()) this.#clusterShell?.settle()
    if (this.blocked.wantsAcknowledgements && this.holding.level === PauseLevel.none) {
      this.blocked.wantsAcknowledgements = false
      this.replication.requestAcknowledgements()
    }
    if (this.memory.isLimited) this.memory.settle()
    if (this.tracking.any) this.tracking.broadcast()
    this.replication.settle()
    this.keepWrites()
    this.#cron.settle()
  }

  #settleBlocked(): void {
    // Redis looks once a second; nobody who tests wants to wait for that.
    const cluster = this.#clusterShell
    if (cluster?.servingChanged) {
      if (this.#isInstant) this.#redirectBlocked()
      cluster.servingChanged = false
    }
    this.keepWrites()
    this.blocked.serveAcknowledged()
    this.blocked.serveWritten()
    // A key whose time is over goes without a command.
    if (this.blocked.hasReady && !this.holding.isExclusive) this.blocked.serveReady()
  }

  #redirectBlocked(): void {
    const { router } = this
    if (router !== undefined)
      this.blocked.redirect((session, key) => router.routeBlocked(session, key))
  }
}

/** What nodes tell each other all the time. */
function isGossip({ type }: BusMessage): boolean {
  return type === 'ping' || type === 'pong'
}

const NONE: readonly Session[] = []
/** Where sessions come from that have no connection of their own. */
const NOWHERE: Peer = { address: '?:0', localAddress: '?:0', descriptor: 0 }

function liveLimits(config: Config): { readonly maxBulkLength: number } {
  const limits = { maxBulkLength: config.number('proto-max-bulk-len') }
  config.onChange('proto-max-bulk-len', () => {
    limits.maxBulkLength = config.number('proto-max-bulk-len')
  })
  return limits
}
