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
  readonly #nodes: ClusterNode[] = []
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

  /** The running nodes that are masters now. */
  get masters(): readonly ClusterNode[] {
    return this.#nodes.filter((node) => node.state === 'running' && node.role === 'master')
  }

  /** The running nodes that are replicas now. */
  get replicas(): readonly ClusterNode[] {
    return this.#nodes.filter((node) => node.state === 'running' && node.role === 'replica')
  }

  /** Takes in a node that has not been started; `port` 0 lets the system pick one. */
  add(node: {
    readonly id: string
    readonly port: number
    readonly directory: string | undefined
  }): NodeRunner {
    const { shared } = this
    const index = this.#runners.length
    shared.setId(index, node.id)
    const { id, directory, port } = node
    const place = { index, shared: shared.buffer, capacity: shared.capacity }
    const context = { pool: this.#pool, shared, listener: this.#listener, port }
    const runner = new NodeRunner({ ...this.#common, ...place, id, directory }, context)
    this.#runners.push(runner)
    const host = this.#common.announcedHost
    this.#nodes.push(new NodeHandle(runner, { shared, nodes: this.#nodes, host }))
    return runner
  }

  /** Who runs a node. Throws ERR_BAD_OPTION for a node of another cluster. */
  runnerOf(node: ClusterNode): NodeRunner {
    const runner = this.#runners[this.#nodes.indexOf(node)]
    if (runner !== undefined) return runner
    throw new ClusterError(
      'ERR_BAD_OPTION',
      'that is not a node of this cluster; take one from `nodes`, `masters` or `replicas`',
    )
  }

  /** All nodes, a line each, for the message of a wait that took too long. */
  describe(): string {
    return this.#nodes.map((node) => `  ${describeNode(node)}`).join('\n')
  }
}
