/**
 * The nodes of a cluster and who runs them. Invariant: a node's index is its place in the shared memory and never
 * changes; both lists grow together, and other parts may keep them and see them grow.
 */
import { SharedMemory } from '../base/shared-layout.ts'
import { ClusterError } from './cluster-error.ts'
import type { ClusterNode } from './handle.ts'
import { describeNode, NodeHandle } from './node-handle.ts'
import { type NodeListener, NodeRunner, type NodeTemplate } from './node-runner.ts'
import type { ThreadPool } from './pool.ts'

/** Nodes that join later find room in the shared memory. */
const SPARE_NODES = 16

/** What all nodes of a cluster have in common. */
export type CommonTemplate = Omit<
  NodeTemplate,
  'index' | 'id' | 'directory' | 'shared' | 'capacity'
>

/** Who is there. */
export class Roster {
  readonly shared: SharedMemory
  readonly #nodes: NodeHandle[] = []
  readonly #runners: NodeRunner[] = []
  readonly #pool: ThreadPool
  readonly #listener: NodeListener
  readonly #common: CommonTemplate

  /** `planned` nodes are to be added at once; there is room for a few more. */
  constructor(parts: {
    readonly planned: number
    readonly pool: ThreadPool
    readonly listener: NodeListener
    readonly common: CommonTemplate
  }) {
    this.shared = new SharedMemory(parts.planned + SPARE_NODES)
    this.#pool = parts.pool
    this.#listener = parts.listener
    this.#common = parts.common
  }

  get nodes(): readonly ClusterNode[] {
    return this.#nodes
  }

  get runners(): readonly NodeRunner[] {
    return this.#runners
  }

  /** The nodes that have not been removed. */
  get members(): readonly ClusterNode[] {
    return this.#nodes.filter(({ state }) => state !== 'removed')
  }

  /** The running nodes that are masters now. */
  get masters(): readonly ClusterNode[] {
    return this.#nodes.filter((node) => node.state === 'running' && node.role === 'master')
  }

  /** The running nodes that are replicas now. */
  get replicas(): readonly ClusterNode[] {
    return this.#nodes.filter((node) => node.state === 'running' && node.role === 'replica')
  }

  /** The running master that serves a slot. */
  ownerOf(slot: number): ClusterNode | undefined {
    const owners = this.masters.filter(
      ({ index }) => this.shared.slotView(index)[slot] === index + 1,
    )
    // Two masters may claim a slot until they hear of each other: the greater epoch wins, as it will for them.
    return owners.sort((one, other) => other.configEpoch - one.configEpoch)[0]
  }

  /** The place of the next node: a new one, or when there is none left that of a removed node. Throws ERR_BAD_OPTION. */
  nextIndex(): number {
    if (this.#runners.length < this.shared.capacity) return this.#runners.length
    const index = this.#runners.findIndex(({ life }) => life === 'removed')
    if (index >= 0) return index
    throw new ClusterError(
      'ERR_BAD_OPTION',
      `the cluster has its ${this.shared.capacity} nodes, ${SPARE_NODES} more than it was started with; remove one, or start with more`,
    )
  }

  /** Takes in a node that has not been started; `port` 0 lets the system pick one. */
  add(node: {
    readonly id: string
    readonly port: number
    readonly directory: string | undefined
  }): NodeRunner {
    const { shared } = this
    const index = this.nextIndex()
    if (index < this.#runners.length) shared.clear(index)
    shared.setId(index, node.id)
    const { id, directory, port } = node
    const place = { index, shared: shared.buffer, capacity: shared.capacity }
    const context = { pool: this.#pool, shared, listener: this.#listener, port }
    const runner = new NodeRunner({ ...this.#common, ...place, id, directory }, context)
    this.#runners[index] = runner
    const host = this.#common.announcedHost
    this.#nodes[index] = new NodeHandle(runner, { shared, nodes: this.#nodes, host })
    return runner
  }

  /** A node that has ended is no part of the cluster any more. */
  remove(node: ClusterNode): void {
    this.runnerOf(node).remove()
    this.#nodes[node.index]?.retire()
  }

  /** Who runs a node. Throws ERR_BAD_OPTION for a node of another cluster. */
  runnerOf(node: ClusterNode): NodeRunner {
    const runner = this.#runners[this.#nodes.indexOf(node as NodeHandle)]
    if (runner !== undefined && runner.life !== 'removed') return runner
    throw new ClusterError(
      'ERR_BAD_OPTION',
      'that is not a node of this cluster, or no longer; take one from `nodes`, `masters` or `replicas`',
    )
  }

  /** Takes in what all nodes have said so far: what they tell comes before what can be seen of it ends a wait. */
  hearOut(): void {
    for (const runner of this.#runners) runner.hearOut()
  }

  /** All nodes, a line each, for the message of a wait that took too long. */
  describe(): string {
    return this.members.map((node) => `  ${describeNode(node)}`).join('\n')
  }
}
