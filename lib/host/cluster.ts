/**
 * A cluster as the host runs it: plans it, boots a thread for every node, hands each its nodes.conf, and waits until all
 * agree (`redis-cli --cluster create` does it with commands). Invariant: after `stop`, or a start that failed, no thread
 * is busy and no socket, timer or listener of this cluster is left.
 */
import { bytesOf } from '../base/bytes.ts'
import { fillCrc16Table, keySlot, keySlotIn } from '../base/crc16.ts'
import { Random } from '../base/random.ts'
import { SharedMemory } from '../base/shared-layout.ts'
import { ClusterError } from './cluster-error.ts'
import { prepareDirectories } from './directory.ts'
import { bootAgain, bootAll, formAll } from './formation.ts'
import type { Cluster, ClusterNode, ClusterState } from './handle.ts'
import { logLine } from './log.ts'
import { describeNode, NodeHandle } from './node-handle.ts'
import { type NodeListener, NodeRunner } from './node-runner.ts'
import type { LogEntry, ResolvedOptions } from './options.ts'
import type { ThreadPool } from './pool.ts'
import { allAgree, isBack } from './readiness.ts'
import { type PlannedNode, planCluster } from './topology.ts'
import { waitForChange, within } from './wait.ts'

/** Time for all nodes to be ready, or for one to be back, milliseconds. */
const START_TIMEOUT_MS = 30_000

/** `until` waits this long unless told, milliseconds. */
const UNTIL_TIMEOUT_MS = 10_000

/** Nodes that may join later find room in the shared memory. */
const SPARE_NODES = 16

/** The cluster behind the handle. */
export class RunningCluster implements Cluster {
  readonly nodes: readonly ClusterNode[]
  readonly seed: string
  readonly #options: ResolvedOptions
  readonly #plan: readonly PlannedNode[]
  readonly #shared: SharedMemory
  readonly #runners: readonly NodeRunner[]
  readonly #closing = new AbortController()
  readonly #onAbort = () => void this.stop()
  readonly #restarting = new Set<NodeRunner>()
  #crash: ClusterError | undefined
  #isReady = false
  #stopped: Promise<void> | undefined

  private constructor(options: ResolvedOptions, pool: ThreadPool) {
    this.#options = options
    this.seed = options.seed
    this.#plan = planCluster(options)
    const count = this.#plan.length
    const directories =
      options.directory === undefined ? [] : prepareDirectories(options.directory, count)
    this.#shared = new SharedMemory(count + SPARE_NODES)
    fillCrc16Table(this.#shared.crcTable)
    const listener: NodeListener = {
      ended: (runner, error) => this.#ended(runner, error),
      log: (entry) => this.#log(entry),
    }
    const seed = new Random(options.seed).fork('nodes').nextUint32()
    this.#runners = this.#plan.map(({ index, id }) => {
      this.#shared.setId(index, id)
      const template = {
        index,
        id,
        shared: this.#shared.buffer,
        capacity: this.#shared.capacity,
        seed,
        host: options.host,
        announcedHost: options.announcedHost,
        bus: options.bus,
        failureDetection: options.failureDetection,
        directives: options.directives,
        directory: directories[index],
        log: options.logLevel,
      }
      const port = options.port === 0 ? 0 : options.port + index
      return new NodeRunner(template, { pool, shared: this.#shared, listener, port })
    })
    const nodes: ClusterNode[] = []
    const context = { shared: this.#shared, nodes, host: options.announcedHost }
    for (const runner of this.#runners) nodes.push(new NodeHandle(runner, context))
    this.nodes = nodes
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

  get masters(): readonly ClusterNode[] {
    return this.nodes.filter((node) => node.state === 'running' && node.role === 'master')
  }

  get replicas(): readonly ClusterNode[] {
    return this.nodes.filter((node) => node.state === 'running' && node.role === 'replica')
  }

  replicasOf(master: ClusterNode): readonly ClusterNode[] {
    this.#runnerOf(master)
    return this.replicas.filter((node) => node.master === master)
  }

  masterFor(key: string | Uint8Array): ClusterNode {
    const slot = this.slotOf(key)
    const owners = this.masters.filter(
      ({ index }) => this.#shared.slotView(index)[slot] === index + 1,
    )
    // Two masters may claim a slot until they hear of each other: the greater epoch wins, as it will for them.
    const [owner] = owners.sort((one, other) => other.configEpoch - one.configEpoch)
    if (owner === undefined) {
      throw new ClusterError(
        'ERR_SLOT_UNSERVED',
        `no running master serves slot ${slot}; wait for one with \`until\`. The nodes:\n${this.#describe()}`,
      )
    }
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
    this.#checkRunning()
    const timeoutMs = options.timeout ?? UNTIL_TIMEOUT_MS
    if (typeof predicate !== 'function' || typeof timeoutMs !== 'number' || !(timeoutMs >= 0)) {
      throw new ClusterError(
        'ERR_BAD_OPTION',
        '`until` takes a function and, in an object, a `timeout` in milliseconds',
      )
    }
    const state = this.#state()
    await waitForChange(this.#shared, () => predicate(state), {
      timeoutMs,
      onTimeout: () =>
        new ClusterError(
          'ERR_TIMEOUT',
          `what was waited for did not happen in ${timeoutMs} ms; last seen:\n${this.#describe()}`,
        ),
      signal: this.#closing.signal,
      onAbort: stoppedError,
    })
  }

  async kill(node: ClusterNode): Promise<void> {
    const runner = this.#runnerOf(node)
    this.#checkRunning()
    if (runner.life !== 'running') throw stateError(node, 'killed', 'it is not running')
    await runner.end('killed')
  }

  async restart(node: ClusterNode): Promise<void> {
    const runner = this.#runnerOf(node)
    this.#checkRunning()
    if (this.#restarting.has(runner)) throw stateError(node, 'restarted', 'it is being restarted')
    this.#restarting.add(runner)
    try {
      await this.#inTime(this.#bringBack(node, runner), () => describeNode(node))
    } finally {
      this.#restarting.delete(runner)
    }
  }

  async flush(): Promise<void> {
    this.#checkRunning()
    await Promise.all(
      this.masters.map(async (node) => {
        const reply = await this.#runnerOf(node).command(['FLUSHALL'])
        if (!reply.startsWith('-')) return
        throw new ClusterError(
          'ERR_COMMAND',
          `node ${node.index} answered FLUSHALL with: ${reply.slice(1).trimEnd()}`,
        )
      }),
    )
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  #ended(runner: NodeRunner, error: ClusterError | undefined): void {
    if (this.#closing.signal.aborted || this.#restarting.has(runner)) return
    this.#spread('unreachable', runner)
    if (error === undefined) return
    if (this.#isReady) process.emitWarning(error)
    else this.#crash ??= error
  }

  /** The host knows the truth about its threads; nodes with instant failure detection are told. */
  #spread(news: 'unreachable' | 'reachable', about: NodeRunner): void {
    if (this.#options.failureDetection !== 'instant') return
    const id = this.#shared.id(about.index)
    for (const runner of this.#runners) {
      if (runner !== about && runner.life === 'running') runner.tell(news, id)
    }
  }

  /** A node that comes back has missed who is gone. */
  #tellOfLost(runner: NodeRunner): void {
    if (this.#options.failureDetection !== 'instant') return
    for (const other of this.#runners) {
      if (other !== runner && other.life !== 'running') {
        runner.tell('unreachable', this.#shared.id(other.index))
      }
    }
  }

  #log(entry: LogEntry): void {
    const { writeLog } = this.#options
    const node = this.nodes[entry.node]
    if (writeLog !== undefined) writeLog(entry)
    else if (node !== undefined) {
      process.stderr.write(logLine(entry, `${node.host}:${node.port}`, node.role))
    }
  }

  async #start(): Promise<void> {
    const { signal } = this.#options
    signal?.addEventListener('abort', this.#onAbort)
    if (signal?.aborted) throw abortedError(signal)
    await this.#inTime(this.#form(), () => this.#describe())
    this.#isReady = true
  }

  async #form(): Promise<void> {
    const { bus, form } = this.#options
    await bootAll(this.#runners, bus)
    const addresses = this.nodes.map(({ host, port, busPort }) => ({ host, port, busPort }))
    await formAll(this.#runners, form ? this.#plan : undefined, addresses)
    if (form) await this.#waitWhileStarting(() => allAgree(this.nodes, this.#shared))
  }

  async #bringBack(node: ClusterNode, runner: NodeRunner): Promise<void> {
    const { bus, directory } = this.#options
    const wasLinked = node.knownNodes > 1
    await runner.stop()
    const running = this.#runners.filter(({ life }) => life === 'running')
    await bootAgain(runner, running, bus)
    this.#spread('reachable', runner)
    await runner.form(directory === undefined ? runner.config : undefined)
    this.#tellOfLost(runner)
    if (!wasLinked) return
    await this.#waitWhileStarting(() => {
      if (runner.life !== 'running') throw stateError(node, 'restarted', 'it ended again')
      return isBack(node, this.nodes)
    })
  }

  #waitWhileStarting(check: () => boolean): Promise<void> {
    const checkAlive = () => {
      if (this.#crash !== undefined) throw this.#crash
      return check()
    }
    return waitForChange(this.#shared, checkAlive, {
      timeoutMs: START_TIMEOUT_MS,
      onTimeout: () => this.#lateError(this.#describe()),
      signal: this.#closing.signal,
      onAbort: stoppedError,
    })
  }

  async #inTime(work: Promise<void>, describe: () => string): Promise<void> {
    const { signal } = this.#options
    await within(work, {
      timeoutMs: START_TIMEOUT_MS,
      onTimeout: () => this.#lateError(describe()),
      signal: this.#closing.signal,
      onAbort: () => (signal?.aborted ? abortedError(signal) : stoppedError()),
    })
  }

  #lateError(seen: string): ClusterError {
    return new ClusterError(
      'ERR_START_TIMEOUT',
      `not ready in ${START_TIMEOUT_MS / 1000} s; is the machine overloaded? Last seen:\n${seen}`,
    )
  }

  async #stop(): Promise<void> {
    this.#closing.abort()
    this.#options.signal?.removeEventListener('abort', this.#onAbort)
    await Promise.all(this.#runners.map((runner) => runner.stop()))
  }

  #checkRunning(): void {
    if (this.#closing.signal.aborted) throw stoppedError()
  }

  #runnerOf(node: ClusterNode): NodeRunner {
    const runner = this.#runners[this.nodes.indexOf(node)]
    if (runner !== undefined) return runner
    throw new ClusterError(
      'ERR_BAD_OPTION',
      'that is not a node of this cluster; take one from `nodes`, `masters` or `replicas`',
    )
  }

  #state(): ClusterState {
    const cluster = this
    return {
      nodes: cluster.nodes,
      get masters() {
        return cluster.masters
      },
      get replicas() {
        return cluster.replicas
      },
      get ok() {
        const running = cluster.nodes.filter((node) => node.state === 'running')
        return running.length > 0 && running.every((node) => node.clusterOk)
      },
    }
  }

  #describe(): string {
    return this.nodes.map((node) => `  ${describeNode(node)}`).join('\n')
  }
}

function stoppedError(): ClusterError {
  return new ClusterError('ERR_STOPPED', 'the cluster has been stopped; start another one')
}

function abortedError(signal: AbortSignal): ClusterError {
  return new ClusterError('ERR_ABORTED', 'the start was aborted by its `signal`', {
    cause: signal.reason,
  })
}

function stateError(node: ClusterNode, wish: string, reason: string): ClusterError {
  return new ClusterError(
    'ERR_NODE_STATE',
    `node ${node.index} cannot be ${wish}: ${reason} (its state is '${node.state}')`,
  )
}
