/**
 * A cluster as the host runs it: plans it, boots a thread for every node, hands each its nodes.conf, and waits until all
 * agree (`redis-cli --cluster create` does it with commands). Invariant: after `stop`, or a start that failed, no thread
 * is busy and no socket, timer or listener of this cluster is left.
 */
import { bytesOf } from '../base/bytes.ts'
import { fillCrc16Table, keySlot, keySlotIn } from '../base/crc16.ts'
import { Random } from '../base/random.ts'
import type { NodeEvent } from '../control/event.ts'
import { isLoggedAt, logLine } from '../control/log-line.ts'
import { ClusterError, unserved } from './cluster-error.ts'
import { prepareDirectories } from './directory.ts'
import { ClusterEmitter } from './emitter.ts'
import { EventDesk } from './event.ts'
import { bootAll, formAll, replicate } from './formation.ts'
import type {
  Cluster,
  ClusterNode,
  ClusterState,
  FaultyClientLink,
  FaultyLink,
  JoinedNode,
  Levers,
  LinkOptions,
  SlotMove,
  Undo,
} from './handle.ts'
import { abortedError, LeverContext, stoppedError } from './lever/lever.ts'
import { levers } from './lever/table.ts'
import type { NodeRunner } from './node-runner.ts'
import type { LogEntry, ResolvedOptions } from './options.ts'
import type { ThreadPool } from './pool.ts'
import { Reachability } from './reachability.ts'
import { allAgree, allFollow, isOk } from './readiness.ts'
import { Roster } from './roster.ts'
import { type PlannedNode, planCluster } from './topology.ts'
import { waitForChange } from './wait.ts'

/** `until` waits this long unless told, milliseconds. */
const UNTIL_TIMEOUT_MS = 10_000

/** The cluster behind the handle. */
export class RunningCluster extends ClusterEmitter implements Cluster {
  readonly seed: string
  readonly #options: ResolvedOptions
  readonly #plan: readonly PlannedNode[]
  readonly #roster: Roster
  readonly #reachability: Reachability
  readonly #closing = new AbortController()
  readonly #levers: LeverContext
  readonly #onAbort = () => void this.stop()
  readonly #events: EventDesk
  #crash: ClusterError | undefined
  #isReady = false
  #stopped: Promise<void> | undefined

  private constructor(options: ResolvedOptions, pool: ThreadPool) {
    super()
    const { announcedHost, directory, failureDetection, seed } = options
    this.#options = options
    this.seed = seed
    this.#plan = planCluster(options)
    const planned = this.#plan.length
    const directories = directory === undefined ? [] : prepareDirectories(directory, planned)
    this.#roster = new Roster({
      planned,
      pool,
      listener: {
        ended: (runner, error) => this.#ended(runner, error),
        pausedOrResumed: (runner) => {
          const node = this.#roster.nodes[runner.index]
          if (node !== undefined) this.#events.pausedOrResumed(node)
        },
        log: (entry) => this.#log(entry),
        told: (runner, event) => this.#told(runner, event),
      },
      common: {
        seed: new Random(seed).fork('nodes').nextUint32(),
        host: options.host,
        announcedHost,
        bus: options.bus,
        failureDetection,
        version: options.version,
        directives: options.directives.map(([name, value]) => [name, bytesOf(value)] as const),
        log: options.logLevel,
      },
    })
    const { shared, runners } = this.#roster
    fillCrc16Table(shared.crcTable)
    for (const { index, id } of this.#plan) {
      const port = options.port === 0 ? 0 : options.port + index
      this.#roster.add({ id, port, directory: directories[index] })
    }
    this.#reachability = new Reachability(shared, runners, failureDetection === 'instant')
    this.#levers = new LeverContext({
      options,
      roster: this.#roster,
      reachability: this.#reachability,
      closing: this.#closing.signal,
    })
    this.#events = new EventDesk(this.#roster.nodes, (name, event) => this.emit(name, event))
  }

  /** Starts a cluster on threads of a pool; resolves when it is ready. */
  static async start(options: ResolvedOptions, pool: ThreadPool): Promise<RunningCluster> {
    const cluster = new RunningCluster(options, pool)
    try {
      await cluster.#start()
    } catch (error) {
      await cluster.stop()
      throw error
    }
    return cluster
  }

  get nodes(): readonly ClusterNode[] {
    return this.#roster.members
  }

  get masters(): readonly ClusterNode[] {
    return this.#roster.masters
  }

  get replicas(): readonly ClusterNode[] {
    return this.#roster.replicas
  }

  replicasOf(master: ClusterNode): readonly ClusterNode[] {
    this.#roster.runnerOf(master)
    return this.replicas.filter((node) => node.master === master)
  }

  masterFor(key: string | Uint8Array): ClusterNode {
    const slot = this.slotOf(key)
    const owner = this.#options.clusterEnabled
      ? this.#roster.ownerOf(slot)
      : this.#roster.masters[0]
    if (owner === undefined) throw unserved(slot, this.#roster.describe())
    return owner
  }

  slotOf(key: string | Uint8Array): number {
    if (typeof key === 'string') return keySlot(bytesOf(key))
    if (ArrayBuffer.isView(key)) return keySlotIn(key, 0, key.length)
    throw new ClusterError(
      'ERR_BAD_OPTION',
      `a key is a string or a Uint8Array (a Buffer), not ${typeof key}`,
    )
  }

  get addresses(): readonly { readonly host: string; readonly port: number }[] {
    return this.nodes.map(({ host, port }) => ({ host, port }))
  }

  get urls(): readonly string[] {
    const { password } = this.#options
    const user = password === undefined ? '' : `:${encodeURIComponent(password)}@`
    return this.nodes.map(({ host, port }) => {
      return `redis://${user}${host.includes(':') ? `[${host}]` : host}:${port}`
    })
  }

  async until(
    predicate: (state: ClusterState) => boolean,
    options: { readonly timeout?: number | undefined } = {},
  ): Promise<void> {
    this.#levers.checkRunning()
    const timeoutMs = options.timeout ?? UNTIL_TIMEOUT_MS
    if (typeof predicate !== 'function' || typeof timeoutMs !== 'number' || !(timeoutMs >= 0)) {
      throw new ClusterError(
        'ERR_BAD_OPTION',
        '`until` takes a function and, in an object, a `timeout` in milliseconds',
      )
    }
    const state = this.#state()
    await waitForChange(this.#roster.shared, () => predicate(state), {
      timeoutMs,
      onTimeout: () =>
        new ClusterError(
          'ERR_TIMEOUT',
          `what was waited for did not happen in ${timeoutMs} ms; last seen:\n${this.#roster.describe()}`,
        ),
      signal: this.#closing.signal,
      onAbort: stoppedError,
    })
    this.#roster.hearOut()
  }

  kill(node: ClusterNode): Promise<Undo> {
    return levers.kill(this.#levers, node)
  }

  restart(node: ClusterNode): Promise<void> {
    return levers.restart(this.#levers, node)
  }

  pause(node: ClusterNode): Promise<Undo> {
    return levers.pause(this.#levers, node)
  }

  resume(node: ClusterNode): Promise<void> {
    return levers.resume(this.#levers, node)
  }

  partition(...groups: Parameters<Levers['partition']>): Promise<Undo> {
    return levers.partition(this.#levers, ...groups)
  }

  link(a: ClusterNode, b: ClusterNode, options?: LinkOptions): FaultyLink {
    return levers.link(this.#levers, a, b, options)
  }

  clientLink(node: ClusterNode): FaultyClientLink {
    return levers.clientLink(this.#levers, node)
  }

  failover(...given: Parameters<Levers['failover']>): Promise<Undo> {
    return levers.failover(this.#levers, ...given)
  }

  migrateSlots(...given: Parameters<Levers['migrateSlots']>): Promise<Undo> {
    return levers.migrateSlots(this.#levers, ...given)
  }

  beginMigration(...given: Parameters<Levers['beginMigration']>): Promise<SlotMove> {
    return levers.beginMigration(this.#levers, ...given)
  }

  addNode(...given: Parameters<Levers['addNode']>): Promise<JoinedNode> {
    return levers.addNode(this.#levers, ...given)
  }

  removeNode(node: ClusterNode): Promise<void> {
    return levers.removeNode(this.#levers, node)
  }

  rebalance(...given: Parameters<Levers['rebalance']>): Promise<Undo> {
    return levers.rebalance(this.#levers, ...given)
  }

  flush(): Promise<void> {
    return levers.flush(this.#levers)
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  #told(runner: NodeRunner, event: NodeEvent): void {
    const node = this.#roster.nodes[runner.index]
    if (node !== undefined && !this.#closing.signal.aborted) this.#events.take(node, event)
  }

  #ended(runner: NodeRunner, error: ClusterError | undefined): void {
    if (this.#closing.signal.aborted) return
    const node = this.#roster.nodes[runner.index]
    if (node !== undefined && this.#isReady) this.#events.ended(node)
    this.#reachability.update()
    if (error === undefined || this.#levers.restarting.has(runner)) return
    if (this.#isReady) process.emitWarning(error)
    else this.#crash ??= error
  }

  #log(entry: LogEntry): void {
    const { writeLog, logLevel } = this.#options
    if (!isLoggedAt(entry.level, logLevel)) return
    const node = this.#roster.nodes[entry.node]
    if (writeLog !== undefined) writeLog(entry)
    else if (node !== undefined) {
      process.stderr.write(logLine(entry, `${node.host}:${node.port}`, node.role))
    }
  }

  async #start(): Promise<void> {
    const { signal } = this.#options
    signal?.addEventListener('abort', this.#onAbort)
    if (signal?.aborted) throw abortedError(signal)
    await this.#levers.inTime(this.#form(), 'the cluster was not ready', 'ERR_START_TIMEOUT')
    this.#events.begin()
    this.#isReady = true
  }

  async #form(): Promise<void> {
    const { bus, form, clusterEnabled } = this.#options
    const { nodes, runners, shared } = this.#roster
    await bootAll(runners, bus)
    const addresses = nodes.map(({ host, port, busPort }) => ({ host, port, busPort }))
    await formAll(runners, form && clusterEnabled ? this.#plan : undefined, addresses)
    if (!form) return
    const [master, ...replicas] = runners
    if (!clusterEnabled && master !== undefined) {
      await replicate(replicas, { host: this.#options.announcedHost, port: master.port })
    }
    const check = () => {
      if (this.#crash !== undefined) throw this.#crash
      return clusterEnabled ? allAgree(nodes, shared) : allFollow(nodes)
    }
    await this.#levers.waitUntil(check, 'the cluster was not ready', 'ERR_START_TIMEOUT')
    for (const node of nodes) this.#levers.joined.add(node)
  }

  async #stop(): Promise<void> {
    const { signal } = this.#options
    signal?.removeEventListener('abort', this.#onAbort)
    const isGivenUp = signal?.aborted === true && !this.#isReady
    this.#closing.abort(isGivenUp ? abortedError(signal) : stoppedError())
    this.release()
    await Promise.all(this.#roster.runners.map((runner) => runner.stop()))
  }

  #state(): ClusterState {
    const cluster = this
    return {
      get nodes() {
        return cluster.nodes
      },
      get masters() {
        return cluster.masters
      },
      get replicas() {
        return cluster.replicas
      },
      get ok() {
        return isOk(cluster.nodes, cluster.#roster.shared)
      },
    }
  }
}
