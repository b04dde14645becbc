/**
 * One node as the host runs it: its thread, the control port to it, and what became of it. Invariant: whatever waits for
 * the node is told when its thread ends, however it ends.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { Field, type SharedMemory } from '../base/shared-layout.ts'
import type { NodeEvent } from '../control/event.ts'
import type {
  HostMessage,
  NodeBoot,
  NodeMessage,
  PeerChannel,
  PeerMessage,
  UnusedPeersMessage,
} from '../control/message.ts'
import { packForNode, unpackFromNode } from '../control/pack.ts'
import { ClusterError, type ClusterErrorCode } from './cluster-error.ts'
import { LogRing } from './log-ring.ts'
import type { LogEntry } from './options.ts'
import type { NodeThread, ThreadPool } from './pool.ts'
import { within } from './wait.ts'

/** What comes over the control port of a node. */
type NodeFrame = Uint8Array | UnusedPeersMessage

/** What became of a node. */
export type NodeLife =
  | 'starting'
  | 'running'
  | 'paused'
  | 'stopped'
  | 'killed'
  | 'crashed'
  | 'removed'

/** A boot without what differs from start to start. */
export type NodeTemplate = Omit<NodeBoot, 'lives' | 'port' | 'control' | 'peers'>

/** Hears what a node does unasked. */
export interface NodeListener {
  /** A node has ended: with an error if nobody had asked it to. */
  ended(node: NodeRunner, error: ClusterError | undefined): void
  /** A node fell asleep or woke. */
  pausedOrResumed?(node: NodeRunner): void
  log(entry: LogEntry): void
  /** The node decided something. */
  told(node: NodeRunner, event: NodeEvent): void
}

/** A node that does not answer within this time is terminated, milliseconds. */
const STOP_PATIENCE_MS = 2000

/** A command that takes longer than this has failed, milliseconds, unless its caller knows better. */
const ANSWER_PATIENCE_MS = 10_000

/** Value of the record's `life` field for a node that is gone. */
const LIFE_GONE = 3

interface Waiter {
  resolve(message: NodeMessage): void
  reject(error: ClusterError): void
}

/** Starts, asks and ends one node; it can be started again when it has ended. */
export class NodeRunner {
  readonly template: NodeTemplate
  readonly #pool: ThreadPool
  readonly #shared: SharedMemory
  readonly #listener: NodeListener
  readonly #log = new LogRing()
  readonly #waiters = new Map<string, Waiter>()
  #life: NodeLife = 'stopped'
  #lives = 0
  #port: number
  #busPort = 0
  #config: string | undefined
  /** What the node saved last, if it has no directory. */
  #snapshot: Uint8Array | undefined
  #thread: NodeThread | undefined
  #control: MessagePort | undefined
  #requests = 0
  #failure: ClusterError | undefined
  #unusedPorts: MessagePort[] = []

  constructor(
    template: NodeTemplate,
    context: { pool: ThreadPool; shared: SharedMemory; listener: NodeListener; port: number },
  ) {
    this.template = template
    this.#pool = context.pool
    this.#shared = context.shared
    this.#listener = context.listener
    this.#port = context.port
  }

  get index(): number {
    return this.template.index
  }

  get life(): NodeLife {
    return this.#life
  }

  /** Client port; 0 until the node listens for the first time, if the system picks. */
  get port(): number {
    return this.#port
  }

  get busPort(): number {
    return this.#busPort
  }

  /** The nodes.conf text the node had last, for its next start. */
  get config(): string | undefined {
    return this.#config
  }

  /** Its last log lines, those before it ended last included. */
  get log(): LogEntry[] {
    return this.#log.entries
  }

  /** Boots the node with its ends of channels to others; resolves when it listens. */
  async start(peers: readonly PeerChannel[] = []): Promise<void> {
    const { port1: control, port2 } = new MessageChannel()
    this.#life = 'starting'
    this.#failure = undefined
    this.#shared.wake(this.index)
    this.#control = control
    control.on('message', (frame: NodeFrame) => this.#hear(frame))
    control.unref()
    const listening = this.#expect('listening')
    const boot: NodeBoot = {
      ...this.template,
      lives: this.#lives++,
      port: this.#port,
      control: port2,
      peers,
    }
    const thread = this.#pool.start(boot, [port2, ...peers.map(({ port }) => port)])
    this.#thread = thread
    void thread.ended.then((error) => this.#conclude(error))
    await listening
  }

  /** Closes the channels that a boot which failed has left; once no other boot has the other end of one on its way. */
  closeUnusedPorts(): void {
    for (const port of this.#unusedPorts.splice(0)) port.close()
  }

  /** Makes it the node that a nodes.conf text describes; without one, what its directory holds or a blank one. */
  form(clusterConfig: string | undefined): Promise<void> {
    return this.#form(clusterConfig, false)
  }

  /** Makes it a node of a planned cluster, which none has been before. */
  formPlanned(clusterConfig: string): Promise<void> {
    return this.#form(clusterConfig, true)
  }

  async #form(clusterConfig: string | undefined, isPlanned: boolean): Promise<void> {
    this.#config = clusterConfig
    const formed = this.#expect('formed')
    this.#send({ type: 'form', clusterConfig, isPlanned, snapshot: this.#snapshot })
    await formed
  }

  /** Runs a command as a trusted client and returns the raw RESP2 reply. Words and reply are latin1. */
  async command(argv: readonly string[]): Promise<string> {
    const [reply = ''] = await this.commands([argv])
    return reply
  }

  /** Runs commands in one turn of the node, and returns their raw replies. */
  async commands(
    commands: readonly (readonly string[])[],
    patienceMs = ANSWER_PATIENCE_MS,
  ): Promise<readonly string[]> {
    const request = ++this.#requests
    const result = this.#expect(`result ${request}`)
    this.#send({ type: 'commands', request, commands })
    const message = await within(result, {
      timeoutMs: patienceMs,
      onTimeout: () => this.#error('ERR_TIMEOUT', `did not answer ${commands[0]?.[0]} in time`),
    })
    return message.type === 'result' ? message.replies : []
  }

  /** Tells the node what the host knows of another one. */
  tell(news: 'unreachable' | 'reachable', node: string): void {
    this.#send({ type: news, node })
  }

  /** Resolves when the node has heard all it was told so far; rejects when it ends first. */
  async hear(): Promise<void> {
    const request = ++this.#requests
    const heard = this.#expect(`heard ${request}`)
    this.#send({ type: 'hear', request })
    await heard
  }

  /** Tells the node to fall asleep; `SharedMemory.isAsleep` says when it has. Whatever it is told from now on waits. */
  pause(): void {
    this.#life = 'paused'
    this.#shared.askToSleep(this.index)
    this.#send({ type: 'pause' })
    this.#listener.pausedOrResumed?.(this)
  }

  /** Wakes the node. */
  resume(): void {
    this.#life = 'running'
    this.#shared.wake(this.index)
    this.#shared.announce(this.index)
    this.#listener.pausedOrResumed?.(this)
  }

  /** Tells a server of its own that the process got a signal. */
  signal(name: 'SIGINT' | 'SIGTERM'): void {
    this.#send({ type: 'signal', name })
  }

  /** Gives the node its end of a new channel to another node. */
  addPeer(index: number, port: MessagePort): void {
    const message: PeerMessage = { type: 'peer', index, port }
    this.#control?.postMessage(message, [port])
  }

  /** Stops the node and gives its thread back; a node that does not answer loses its thread. */
  async stop(): Promise<void> {
    const thread = this.#thread
    if (thread === undefined) return
    if (this.#life !== 'running') return this.end('stopped')
    this.#life = 'stopped'
    this.#send({ type: 'stop' })
    const onTimeout = () => this.#error('ERR_NODE_CRASHED', 'did not stop in time')
    try {
      await within(thread.ended, { timeoutMs: STOP_PATIENCE_MS, onTimeout })
    } catch {
      await thread.terminate()
    }
  }

  /** The node, which has ended, is no part of the cluster any more. */
  remove(): void {
    this.#life = 'removed'
  }

  /** Ends the thread at once. */
  async end(life: 'killed' | 'stopped'): Promise<void> {
    const thread = this.#thread
    if (thread === undefined) return
    this.#life = life
    await thread.terminate()
  }

  /** Takes in at once what the node has said so far: a change in the shared memory, or the end of the thread, may be seen before. */
  hearOut(): void {
    if (this.#control === undefined) return
    for (;;) {
      const received: { message: NodeFrame } | undefined = receiveMessageOnPort(this.#control)
      if (received === undefined) return
      this.#hear(received.message)
    }
  }

  #send(message: HostMessage): void {
    const frame = packForNode(message)
    this.#control?.postMessage(frame, [frame.buffer])
  }

  /** The node's answer, by its type or, for a result, its number; rejects when the node ends first. */
  #expect(answer: string): Promise<NodeMessage> {
    const promise = new Promise<NodeMessage>((resolve, reject) => {
      if (this.#thread === undefined && this.#life !== 'starting') {
        reject(this.#failure ?? this.#error('ERR_NODE_CRASHED', 'is not running'))
      } else {
        this.#waiters.set(answer, { resolve, reject })
      }
    })
    // It may reject when whoever asked has already been told by another node.
    promise.catch(() => {})
    return promise
  }

  #hear(frame: NodeFrame): void {
    if (!(frame instanceof Uint8Array)) this.#unusedPorts.push(...frame.ports)
    else for (const message of unpackFromNode(frame)) this.#receive(message)
  }

  #receive(message: NodeMessage): void {
    let answer: string = message.type
    switch (message.type) {
      case 'listening':
        this.#port = message.port
        this.#busPort = message.busPort
        if (this.#life === 'starting') this.#life = 'running'
        break
      case 'result':
        answer = `result ${message.request}`
        break
      case 'heard':
        answer = `heard ${message.request}`
        break
      case 'log':
        this.#takeLog(message)
        break
      case 'event':
        this.#listener.told(this, message.event)
        break
      case 'config':
        this.#config = message.text
        break
      case 'snapshot':
        this.#snapshot = message.snapshot
        break
      case 'failed':
        this.#failure =
          message.code === 'ERR_BAD_DIRECTIVE'
            ? new ClusterError(message.code, this.#directiveText(message.text))
            : this.#error(message.code, message.text)
        if (message.code === 'ERR_NODE_CRASHED') void this.#thread?.terminate()
        else this.#thread?.release()
        break
      case 'shutdown':
        if (this.#life === 'running') this.#life = 'stopped'
        break
      case 'stopped':
        this.#thread?.release()
        break
    }
    this.#waiters.get(answer)?.resolve(message)
    this.#waiters.delete(answer)
  }

  #takeLog({ level, timeMs, text }: NodeMessage & { type: 'log' }): void {
    const entry: LogEntry = { level, timeMs, text, node: this.index }
    this.#log.add(entry)
    this.#listener.log(entry)
  }

  /** The thread is gone, or free again. */
  #conclude(cause: Error | undefined): void {
    this.#thread = undefined
    this.hearOut()
    const wasWanted = ['starting', 'running', 'paused'].includes(this.#life)
    if (wasWanted) {
      const text = cause === undefined ? 'its thread has ended' : `it crashed: ${cause.message}`
      this.#failure ??= this.#error('ERR_NODE_CRASHED', text, cause)
      this.#life = 'crashed'
    }
    this.#control?.close()
    this.#control = undefined
    const failure = this.#failure ?? this.#error('ERR_NODE_CRASHED', 'is not running')
    for (const waiter of this.#waiters.values()) waiter.reject(failure)
    this.#waiters.clear()
    this.#markGone()
    this.#listener.ended(this, wasWanted ? failure : undefined)
  }

  /** Writes for the node what it can no longer say: it is gone, and linked with nobody. */
  #markGone(): void {
    const { linksOut, linksIn, replicationUp, replicationPort, migrationPort, stateOk } = Field
    const gone = [linksOut, linksIn, replicationUp, replicationPort, migrationPort, stateOk]
    for (const field of gone) {
      this.#shared.set(this.index, field, 0)
    }
    this.#shared.set(this.index, Field.life, LIFE_GONE)
    this.#shared.announce(this.index)
  }

  /** A server of its own has the words of redis-server. */
  #directiveText(text: string): string {
    if (this.template.server !== undefined) return text
    return `\`config\`: ${text}; the names and values of Redis 7.0 are allowed`
  }

  #error(code: ClusterErrorCode, text: string, cause?: unknown): ClusterError {
    const address = this.#port === 0 ? '' : ` (${this.template.host}:${this.#port})`
    const message = `node ${this.index}${address}: ${text}`
    return new ClusterError(code, message, cause === undefined ? undefined : { cause })
  }
}
