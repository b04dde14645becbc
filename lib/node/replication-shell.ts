/**
 * The replication machine among the rest of the node: steps it, performs its effects in order, runs the master's stream
 * as a session of its own. The machine decides, this file only carries out.
 */
import type { Buffer } from 'node:buffer'
import { assert } from '../base/assert.ts'
import { type Bytes, bytesIn } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import { quoteWord } from '../base/quote.ts'
import type { Random } from '../base/random.ts'
import type { Version } from '../base/version.ts'
import type { MasterLinkFacts } from '../cluster/settings.ts'
import type { ReplicationPort } from '../commands/context.ts'
import type { Database } from '../keyspace/database.ts'
import type { RdbSource } from '../rdb/source.ts'
import type { ReplicationEffect, SnapshotRequest } from '../replication/effect.ts'
import type { ReplicationInput } from '../replication/input.ts'
import { ReplicaPeer } from '../replication/replica-peer.ts'
import { ReplicationMachine } from '../replication/replication.ts'
import type { Alarm } from './alarm.ts'
import type { AppendOnlyFile } from './append-only/append-only-file.ts'
import type { Config } from './config/config.ts'
import type { DataDraft, Dataset } from './dataset.ts'
import type { Holding } from './holding.ts'
import type { NodeIo } from './io.ts'
import type { Loading } from './loading.ts'
import { chunksOf, OutgoingSnapshot } from './outgoing-snapshot.ts'
import { PauseLevel } from './pause.ts'
import type { Persistence } from './persistence.ts'
import { replicationSettings } from './replication-settings.ts'
import type { Session } from './session.ts'
import type { SnapshotSource } from './snapshot-delivery.ts'

/** So much of the stream is shown to whoever looks for the error in it. */
const LATEST_BYTES = 256

/** What replication needs of its node. */
export interface ReplicatingNode {
  readonly clock: Clock
  readonly alarm: Alarm
  /** A steady clock. */
  microseconds(): number
  readonly databases: readonly Database[]
  readonly dataset: Dataset
  readonly loading: Loading
  readonly persistence: Persistence
  readonly appendOnly: AppendOnlyFile
  readonly propagation: { feedsReplicas: boolean }
  /** The address and the version that snapshots tell. */
  readonly version: Version
  /** A session that applies the master's stream. */
  openMasterSession(address: string): Session
  closeSession(session: Session): void
  applyFromMaster(session: Session, argv: readonly Bytes[]): void
  /** While `apply` runs, keys are there until the stream says otherwise. */
  whileApplying(apply: () => void): void
  becomeReplica(isReplica: boolean): void
  /** Another master is followed: what blocked clients wait for may never come. */
  disconnectBlocked(): void
  readonly holding: Pick<Holding, 'pause' | 'unpause'>
  markUnflushed(session: Session): void
  /** What the replicas see of this node changed: its link to the master, or its offset left zero. */
  replicationChanged(linkUp: boolean): void
}

/** What the log says of an error between a master and its replica; `reply` is what would be sent (afterErrorReply). */
export function describeUnexpectedError(error: {
  readonly from: 'replica' | 'master'
  readonly to: 'replica' | 'master'
  readonly reply: Bytes
  readonly command: Bytes
}): string {
  const { from, to, reply, command } = error
  const text = /(?:^|\n)(-[^\r]*)/.exec(reply)?.[1]?.replace(/^-ERR /, '') ?? ''
  return `== CRITICAL == This ${from} is sending an error to its ${to}: '${text}' after processing the command '${command}'`
}

/** Drives replication for one node. */
export class ReplicationShell {
  readonly machine: ReplicationMachine
  readonly #node: ReplicatingNode
  readonly #io: NodeIo
  readonly #config: Config
  /** Sessions that said REPLCONF or PSYNC, by their number, and what they are to the machine. */
  readonly #sessions = new Map<number, { readonly session: Session; readonly peer: ReplicaPeer }>()
  readonly #transfers = new Map<number, OutgoingSnapshot>()
  /** What was loaded beside the data, or is being loaded. */
  #draft: DataDraft | undefined
  #master: Session | undefined
  /** What the master's stream has selected where it goes on. */
  #masterDatabase = 0
  /** Bytes of the master session's decoder that were reported as applied. */
  #countedBytes = 0
  #minReplicas = 0
  #maxLagSeconds = 0
  /** Part of the stream waited for a replica when that was last looked at. */
  #hasHeld = false
  #wasUp = false
  #hadOffset = false

  constructor(parts: {
    readonly node: ReplicatingNode
    readonly config: Config
    readonly io: NodeIo
    readonly random: Random
    readonly greetsReplicas: boolean
  }) {
    this.#node = parts.node
    this.#io = parts.io
    this.#config = parts.config
    this.machine = new ReplicationMachine({
      settings: replicationSettings(parts.config, {
        greetsReplicas: parts.greetsReplicas,
        holdsKeys: () => parts.node.databases.some(({ size }) => size > 0),
      }),
      random: parts.random,
      background: {
        get kind() {
          const { persistence, appendOnly } = parts.node
          if (persistence.running !== undefined) return 'save'
          return appendOnly.isRewriting ? 'rewrite' : 'none'
        },
      },
    })
    this.#watch(parts.config)
  }

  #watch(config: Config): void {
    const read = (): void => {
      this.#minReplicas = config.number('min-replicas-to-write')
      this.#maxLagSeconds = config.number('min-replicas-max-lag')
    }
    read()
    config.onChange('min-replicas-to-write', read)
    config.onChange('min-replicas-max-lag', read)
    config.onChange('repl-backlog-size', () => this.machine.resizeBacklog())
  }

  get offset(): number {
    return this.machine.offset
  }

  get masterLink(): MasterLinkFacts {
    return this.machine.masterLink
  }

  /** Writes are welcome: enough replicas are in step (min-replicas-to-write). */
  get hasGoodReplicas(): boolean {
    if (this.#minReplicas === 0 || this.#maxLagSeconds === 0) return true
    return this.machine.goodReplicas(this.#maxLagSeconds, this.#node.clock.now) >= this.#minReplicas
  }

  /** Every replica that follows the stream has all of it. */
  get isInStep(): boolean {
    return this.machine.isInStep
  }

  /** Asks the replicas through the stream how far they are. */
  requestAcknowledgements(): void {
    this.machine.requestAcknowledgements()
  }

  /** Writes down which replicas lack something. */
  reportLag(): void {
    this.machine.reportLag(this.#node.clock.now)
    this.#performAll(this.machine.takeEffects())
  }

  /** A command of the master's stream failed: the data differs from the master's (afterErrorReply). */
  reportError(reply: Bytes, command: Bytes): void {
    const backlog = this.machine.latestBacklog(LATEST_BYTES)
    for (const line of [
      describeUnexpectedError({ from: 'replica', to: 'master', reply, command }),
      ...(backlog === '' ? [] : [`Latest backlog is: '${quoteWord(backlog)}'`]),
    ]) {
      this.#io.log('warning', line)
    }
  }

  /** Where in the stream the data stands, as the fields of a file it is saved in. */
  get savedPlace(): readonly (readonly [name: Bytes, value: Bytes])[] {
    const { place } = this.machine
    if (place === undefined) return []
    const { id, offset, database = this.#master?.databaseIndex ?? this.#masterDatabase } = place
    return placeFields(id, offset, database)
  }

  /** Data with these fields was loaded at the start: the node goes on from there. False when they tell no place. */
  restorePlace(fields: ReadonlyMap<Bytes, Bytes>, becomes: 'master' | 'replica'): boolean {
    const id = fields.get('repl-id')
    const offset = Number(fields.get('repl-offset') ?? -1)
    if (id === undefined || !(offset >= 0)) return false
    this.#selectFrom(fields)
    this.machine.restore({ id, offset, database: undefined }, becomes, this.#node.clock.now)
    return true
  }

  #selectFrom(fields: ReadonlyMap<Bytes, Bytes>): void {
    const index = Number(fields.get('repl-stream-db') ?? 0)
    this.#masterDatabase = this.#node.databases[index] === undefined ? 0 : index
  }

  /** An effect of a command, for the stream. */
  feed(databaseIndex: number, argv: readonly Bytes[]): void {
    this.machine.feed(databaseIndex, argv)
  }

  /** Replicates a master, or becomes one. */
  followMaster(master: { readonly ip: string; readonly port: number } | undefined): void {
    this.#abandonLoad()
    if (master === undefined) this.machine.promote(this.#node.clock.now)
    else this.machine.follow({ host: master.ip, port: master.port }, this.#node.clock.now)
    if (master !== undefined) this.#node.disconnectBlocked()
    this.#rolesSettled()
  }

  /** The next command of this very turn meets the new roles, and may have to be fed. */
  #rolesSettled(): void {
    const { master } = this.machine
    this.#config.assign('replicaof', master === undefined ? '' : `${master.host} ${master.port}`)
    this.#node.propagation.feedsReplicas = this.machine.isFeeding
    this.#performAll(this.machine.takeEffects())
    this.#node.becomeReplica(this.machine.role === 'replica')
    // It may have been left off in the midst of a synchronization.
    if (this.machine.role === 'master') this.#node.appendOnly.resume()
  }

  /** Ends the connection to the master, as if the network had. */
  dropMasterLink(): void {
    this.#io.closeMaster()
    this.step({ type: 'closed', reason: 'Connection closed by CLIENT KILL' })
  }

  step(input: ReplicationInput): void {
    this.#performAll(this.machine.step(input, this.#node.clock.now))
  }

  /** Due every cron; the machine knows whether it is time for something. What it does once a second it does when `isSecond`. */
  tick({ isSecond }: { readonly isSecond: boolean }): void {
    this.#hasHeld = false
    for (const { session, peer } of this.#sessions.values()) {
      this.#hasHeld ||= peer.isHeld
      if (session.heldBytes === peer.heldBytes) continue
      session.heldBytes = peer.heldBytes
      // Nothing is written to it yet that would be held against its limit.
      this.#node.markUnflushed(session)
    }
    const { wakeAt } = this.machine
    if (wakeAt === undefined || (wakeAt > this.#node.clock.now && !isSecond)) return
    this.step({ type: 'tick', isSecond })
  }

  /** Nothing is under way but the stream and what is said once a second. */
  get isAtRest(): boolean {
    return !this.#hasHeld && this.machine.isAtRest
  }

  /** When a tick is due, Unix ms. */
  get dueMs(): number {
    return this.machine.wakeAt ?? Number.POSITIVE_INFINITY
  }

  /** The turn ends: the stream goes out. */
  settle(): void {
    this.step(FLUSH)
    this.#node.propagation.feedsReplicas = this.machine.isFeeding
    const connected = this.machine.isLinkUp
    const hasOffset = this.offset !== 0
    if (connected === this.#wasUp && hasOffset === this.#hadOffset) return
    this.#wasUp = connected
    this.#hadOffset = hasOffset
    this.#node.replicationChanged(connected)
  }

  sessionClosed(session: Session): void {
    if (!this.#sessions.delete(session.id)) return
    this.step({ type: 'replica-gone', client: session.id })
  }

  /** Replication as the commands of this session see it. */
  portFor(session: Session): ReplicationPort {
    const shell = this
    const { machine } = this
    let peer: ReplicaPeer | undefined
    const peerOf = (): ReplicaPeer => {
      peer ??= new ReplicaPeer(session.id, session.peer.address.replace(/:\d+$/, ''))
      shell.#sessions.set(session.id, { session, peer })
      return peer
    }
    return {
      get role() {
        return machine.role
      },
      describeRole: () => machine.describeRole(),
      configure(words) {
        const isAnswered = machine.configure(peerOf(), words, shell.#node.clock.now)
        if (isAnswered) session.reply.ok()
        shell.#performAll(machine.takeEffects())
      },
      synchronize(words) {
        const hasPendingOutput = session.reply.length + session.outputBytes > 0
        machine.synchronize(peerOf(), words, hasPendingOutput, shell.#node.clock.now)
        session.kind = 'replica'
        // PSYNC ... FAILOVER ends our own following.
        shell.#rolesSettled()
      },
      follow(master) {
        shell.followMaster(
          master === undefined ? undefined : { ip: master.host, port: master.port },
        )
        const what =
          master === undefined
            ? 'MASTER MODE enabled'
            : `REPLICAOF ${master.host}:${master.port} enabled`
        shell.#io.log('notice', `${what} (user request from '${session.describe()}')`)
      },
      changeId() {
        machine.changeId()
        shell.#performAll(machine.takeEffects())
      },
      get isFailingOver() {
        return machine.isFailingOver
      },
      beginFailover(request) {
        machine.beginFailover(request, shell.#node.clock.now)
        shell.#performAll(machine.takeEffects())
      },
      abortFailover() {
        machine.abortFailover(shell.#node.clock.now)
        shell.#performAll(machine.takeEffects())
      },
    }
  }

  #performAll(effects: readonly ReplicationEffect[]): void {
    for (const effect of effects) this.#perform(effect)
  }

  #perform(effect: ReplicationEffect): void {
    switch (effect.type) {
      case 'connect':
        this.#io.connectMaster(effect.host, effect.port)
        break
      case 'write':
        this.#io.sendToMaster(effect.bytes)
        break
      case 'disconnect':
        this.#io.closeMaster()
        break
      case 'log':
        this.#io.log(effect.level, effect.text)
        break
      case 'send':
        this.#send(effect.client, effect.bytes)
        break
      case 'drop':
        this.#drop(effect.client, effect.afterSend)
        break
      case 'snapshot':
        this.#snapshot(effect.request)
        break
      case 'abandon-snapshot':
        this.#abandon(effect.transfer)
        this.#node.persistence.killUnwanted()
        break
      case 'expect-load':
        this.#expectLoad(effect)
        break
      case 'load':
        if (effect.isBeside) this.#loadBeside(effect)
        else this.#load(effect.payload)
        break
      case 'abandon-load':
        this.#abandonLoad()
        break
      case 'swap-data':
        this.#swapData()
        break
      case 'link-up':
        this.#linkUp()
        break
      case 'link-down':
        this.#linkDown()
        break
      case 'apply':
        this.#apply(effect.bytes)
        break
      case 'pause-writes':
        // What may reach replicas waits for as long as it takes to hand over.
        this.#node.holding.pause('failover', PauseLevel.writes, Number.POSITIVE_INFINITY)
        break
      case 'resume-writes':
        this.#node.holding.unpause('failover')
        break
      case 'role-changed':
        if (this.machine.role === 'replica') this.#node.disconnectBlocked()
        this.#rolesSettled()
        break
    }
  }

  #send(client: number, bytes: Bytes): void {
    const { session, peer } = this.#sessions.get(client) ?? {}
    if (session === undefined || peer === undefined) return
    session.heldBytes = peer.heldBytes
    session.reply.raw(bytes)
    session.streamedBytes += bytes.length
    this.#node.markUnflushed(session)
  }

  #drop(client: number, afterSend: boolean): void {
    const session = this.#sessions.get(client)?.session
    if (session === undefined) return
    this.#sessions.delete(client)
    if (!afterSend) {
      this.#io.close(session)
      return
    }
    session.closeAfterReply()
    this.#node.markUnflushed(session)
  }

  /** All data of this instant as an RDB file, for the replicas that wait for it. */
  #snapshot({ transfer, include, isWhole, ...request }: SnapshotRequest): void {
    const { dataset, persistence } = this.#node
    const { replicationId, offset, database = this.#master?.databaseIndex ?? 0 } = request
    const fields = placeFields(replicationId, offset, database)
    if (isWhole) {
      persistence.saveForReplicas(fields, {
        isWanted: () => this.#isWanted(transfer),
        done: (file) => this.#sendFile(transfer, file),
      })
      return
    }
    const snapshot = dataset.write(include, fields)
    persistence.streamBegins(snapshot, {
      isWanted: () => this.#isWanted(transfer),
      stop: () => this.#abandon(transfer),
      failed: () => {
        if (this.#isWanted(transfer)) this.#tellRead(transfer)
        this.#io.log('warning', 'Background transfer terminated by signal 10')
        this.#fail(transfer)
      },
    })
    this.#io.log('notice', `Background RDB transfer started by pid ${this.#io.host.processId}`)
    this.#sendOut(transfer, snapshot, () => {
      persistence.streamEnds()
      this.#tellRead(transfer)
      this.#io.log('notice', 'Background RDB transfer terminated with success')
    })
  }

  #sendFile(transfer: number, file: Buffer | undefined): void {
    if (file === undefined) this.#fail(transfer)
    else {
      this.step({ type: 'snapshot-length', transfer, bytes: file.length })
      if (this.#isWanted(transfer)) this.#sendOut(transfer, chunksOf(file), () => {})
    }
  }

  #isWanted(transfer: number): boolean {
    return this.machine.takersOf(transfer).length > 0
  }

  #tellRead(transfer: number): void {
    const count = this.machine.takersOf(transfer).length
    this.#io.log(
      'warning',
      `Diskless rdb transfer, done reading from pipe, ${count} replicas still up.`,
    )
  }

  #fail(transfer: number): void {
    this.step({ type: 'snapshot-failed', transfer, reason: 'BGSAVE child returned an error' })
  }

  #sendOut(transfer: number, source: SnapshotSource, ended: () => void): void {
    const { clock, alarm, microseconds } = this.#node
    const outgoing = new OutgoingSnapshot(source, transfer, {
      config: this.#config,
      clock,
      alarm,
      microseconds,
      takers: () => this.#takersOf(transfer),
      step: (input) => this.step(input),
      ended: () => {
        this.#transfers.delete(transfer)
        ended()
      },
    })
    if (!outgoing.isOver) this.#transfers.set(transfer, outgoing)
  }

  #abandon(transfer: number): void {
    this.#transfers.get(transfer)?.cancel()
    this.#transfers.delete(transfer)
  }

  #takersOf(transfer: number): Session[] {
    return this.machine
      .takersOf(transfer)
      .flatMap((client) => this.#sessions.get(client)?.session ?? [])
  }

  #abandonLoad(): void {
    const { dataset, loading } = this.#node
    if (loading.progress === undefined) return
    loading.abandon()
    if (this.#draft === undefined) dataset.clear()
    this.#draft = undefined
  }

  #expectLoad({ isBeside, isAsync }: { isBeside: boolean; isAsync: boolean }): void {
    if (isBeside) this.#draft = { databases: new Map(), libraries: [] }
    this.#node.loading.expect({
      isAsync,
      totalBytes: Math.max(0, this.machine.payload?.announcedBytes ?? 0),
      receivedBytes: () => this.machine.payload?.receivedBytes ?? 0,
    })
  }

  /** The data stays what it is until all of the other is there. */
  #loadBeside({
    payload,
    isAsync,
  }: {
    readonly payload: RdbSource
    readonly isAsync: boolean
  }): void {
    const { appendOnly, dataset, loading, persistence } = this.#node
    const draft = this.#draft
    assert(draft !== undefined, 'what is loaded beside the data was expected')
    appendOnly.suspend()
    loading.begin({
      steps: dataset.reading(payload, undefined, { draft }),
      totalBytes: payload.sizeBytes,
      isAsync,
      done: (data) => {
        persistence.loaded(data)
        this.#selectFrom(data.auxiliary)
        this.step({ type: 'loaded' })
        appendOnly.resume()
      },
      failed: ({ message }) => {
        this.#draft = undefined
        this.step({ type: 'load-failed', reason: message })
      },
    })
  }

  #swapData(): void {
    const draft = this.#draft
    if (draft === undefined) return
    this.#draft = undefined
    this.#node.dataset.takeOver(draft)
  }

  #load(file: RdbSource): void {
    const { appendOnly, dataset, loading, persistence } = this.#node
    if (persistence.running !== undefined) {
      const { processId } = this.#io.host
      this.#io.log(
        'notice',
        `Replica is about to load the RDB file received from the master, but there is a pending RDB child running. Killing process ${processId} and removing its temp file to avoid any race`,
      )
      persistence.kill()
    }
    appendOnly.suspend()
    dataset.clear()
    loading.begin({
      steps: dataset.reading(file),
      totalBytes: file.sizeBytes,
      done: (data) => {
        persistence.loaded(data)
        this.#selectFrom(data.auxiliary)
        appendOnly.resume()
        this.step({ type: 'loaded' })
      },
      failed: ({ message }) => {
        dataset.clear()
        this.step({ type: 'load-failed', reason: message })
      },
    })
  }

  /** A transaction counts as a whole, once its EXEC has run. */
  #countApplied(session: Session): void {
    if (session.transaction.active) return
    const consumed = session.decoder.consumedBytes
    this.machine.applied(consumed - this.#countedBytes)
    this.#countedBytes = consumed
  }

  #linkUp(): void {
    const { host, port } = this.machine.master ?? { host: '', port: 0 }
    this.#master = this.#node.openMasterSession(`${host}:${port}`)
    this.#master.selectDatabase(this.#masterDatabase)
    this.#countedBytes = 0
  }

  #linkDown(): void {
    const session = this.#master
    if (session === undefined) return
    this.#master = undefined
    this.#masterDatabase = session.databaseIndex
    this.#node.closeSession(session)
  }

  /** The command of the stream that had to wait runs, and what came after it. */
  goOn(postponed: readonly Bytes[]): void {
    if (this.#master !== undefined) this.#applyFrom(this.#master, postponed)
  }

  /** Runs a command of the stream and those after it, until one has to wait. */
  #applyFrom(session: Session, first: readonly Bytes[] | undefined): void {
    const { decoder } = session
    this.#node.whileApplying(() => {
      for (let argv = first; argv !== undefined; argv = decoder.next()) {
        // A line end counts with what follows it.
        if (argv.length === 0) continue
        this.#node.applyFromMaster(session, argv)
        if (session.isHeld) {
          decoder.hold()
          return
        }
        this.#countApplied(session)
      }
    })
    // Line ends between requests count too.
    if (!session.isHeld && decoder.isBetweenRequests) this.#countApplied(session)
    this.#performAll(this.machine.takeEffects())
  }

  /** Runs what the master's stream completes; its bytes count once their command has run. */
  #apply(bytes: Buffer): void {
    const session = this.#master
    if (session === undefined) return
    const { decoder } = session
    session.lastActiveMs = this.#node.clock.now
    decoder.feed(bytes, bytes.length)
    if (session.isHeld) decoder.hold()
    else this.#applyFrom(session, decoder.next())
    if (decoder.error === undefined) return
    const shown = bytesIn(bytes, 0, Math.min(bytes.length, 64))
    this.#io.log(
      'warning',
      `Protocol error (${decoder.error}) from master: ${JSON.stringify(shown)}`,
    )
    this.#io.closeMaster()
    this.step({ type: 'corrupt', reason: decoder.error })
  }
}

function placeFields(id: Bytes, offset: number, database: number) {
  return [
    ['repl-stream-db', String(database)],
    ['repl-id', id],
    ['repl-offset', String(offset)],
  ] as const
}

const FLUSH: ReplicationInput = { type: 'flush' }
