/**
 * A real node in the test's own thread, driven through its control port as the host drives it: what it says is kept, in
 * order, and can be waited for.
 */
import type { MessagePort } from 'node:worker_threads'
import type { Test } from 'tap'
import { SharedMemory } from '../../lib/base/shared-layout.ts'
import type {
  HostMessage,
  NodeBoot,
  NodeMessage,
  PeerMessage,
  UnusedPeersMessage,
} from '../../lib/control/message.ts'
import { packForNode, unpackFromNode } from '../../lib/control/pack.ts'
import { boot } from '../../workers/boot.ts'
import { bootFor } from './test-threads.ts'
import { waitFor } from './wait.ts'

/** What a node says, of one type. */
type Said<T extends NodeMessage['type']> = NodeMessage & { readonly type: T }

/** One node and the host's end of its control port. */
export class HostedNode {
  readonly shared: SharedMemory
  /** All it said, oldest first. */
  readonly said: NodeMessage[] = []
  /** Channels it gave back. */
  readonly unused: MessagePort[] = []
  /** It has closed its control port: it is gone. */
  isGone = false
  readonly #control: MessagePort
  #requests = 0

  private constructor(task: NodeBoot, control: MessagePort) {
    this.shared = new SharedMemory(task.capacity, task.shared)
    this.#control = control
    control.on('message', (frame: Uint8Array | UnusedPeersMessage) => {
      if (frame instanceof Uint8Array) this.said.push(...unpackFromNode(frame))
      else this.unused.push(...frame.ports)
    })
    control.on('close', () => {
      this.isGone = true
    })
  }

  /** Boots a node, alone unless told otherwise; resolves when it listens or has failed. */
  static async boot(t: Test, differences: Partial<NodeBoot> = {}): Promise<HostedNode> {
    const [ordinary, control] = bootFor(0)
    const task = { ...ordinary, directives: [], ...differences }
    const node = new HostedNode(task, control)
    node.shared.setId(0, task.id)
    t.teardown(() => node.stop())
    await boot(task)
    await waitFor(
      'the node to listen',
      () => node.said.at(0)?.type,
      (type) => type !== undefined,
    )
    return node
  }

  /** The first message of a type that it has said or will say. */
  async says<T extends NodeMessage['type']>(type: T): Promise<Said<T>> {
    const found = () => this.said.find((message): message is Said<T> => message.type === type)
    return (await waitFor(
      `the node to say ${type}`,
      found,
      (message) => message !== undefined,
    )) as Said<T>
  }

  /** What it has said so far, by type. */
  types(): string[] {
    return this.said.map(({ type }) => type)
  }

  get port(): number {
    const listening = this.said.find((message) => message.type === 'listening')
    return listening === undefined ? 0 : listening.port
  }

  /** Makes it the node of a nodes.conf text, or without one what its directory holds. */
  async form(clusterConfig?: string, { isPlanned = false } = {}): Promise<void> {
    this.tell({ type: 'form', clusterConfig, isPlanned })
    await this.says('formed')
  }

  /** Runs a command as the host does; resolves to the raw reply. */
  async command(...argv: string[]): Promise<string> {
    const request = ++this.#requests
    this.tell({ type: 'commands', request, commands: [argv] })
    const answer = () =>
      this.said.find((message) => message.type === 'result' && message.request === request)
    const message = await waitFor(`the reply to ${argv[0]}`, answer, (found) => found !== undefined)
    return message?.type === 'result' ? (message.replies[0] ?? '') : ''
  }

  tell(message: HostMessage): void {
    const frame = packForNode(message)
    this.#control.postMessage(frame, [frame.buffer])
  }

  /** Gives it its end of a channel to another node. */
  addPeer(index: number, port: MessagePort): void {
    const message: PeerMessage = { type: 'peer', index, port }
    this.#control.postMessage(message, [port])
  }

  /** Stops it unless it is gone already. */
  async stop(): Promise<void> {
    if (!this.isGone) this.tell({ type: 'stop' })
    await waitFor(
      'the node to go',
      () => this.isGone,
      (isGone) => isGone,
    )
  }
}
