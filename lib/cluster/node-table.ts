/**
 * The known nodes, ourselves included, in the order they became known (server.cluster->nodes). Invariant: each node is
 * under its current id.
 */
import { assert } from '../base/assert.ts'
import type { Random } from '../base/random.ts'
import type { NodeId } from '../bus/message.ts'
import type { ClusterNode } from './cluster-node.ts'

/** Nodes by id, with random choice. */
export class NodeTable {
  readonly #byId = new Map<NodeId, ClusterNode>()
  #list: ClusterNode[] = []

  get size(): number {
    return this.#list.length
  }

  get(id: NodeId): ClusterNode | undefined {
    return this.#byId.get(id)
  }

  add(node: ClusterNode): void {
    assert(!this.#byId.has(node.id), 'a node id is in the table once')
    this.#byId.set(node.id, node)
    this.#list.push(node)
  }

  remove(node: ClusterNode): void {
    assert(this.#byId.get(node.id) === node, 'only a known node leaves the table')
    this.#byId.delete(node.id)
    this.#list = this.#list.filter((other) => other !== node)
  }

  /** Gives a node its real id. */
  rename(node: ClusterNode, id: NodeId): void {
    assert(!this.#byId.has(id), 'a node id is in the table once')
    this.#byId.delete(node.id)
    node.id = id
    this.#byId.set(id, node)
  }

  /** Any node, ourselves included. */
  pick(random: Random): ClusterNode {
    return random.pick(this.#list)
  }

  /** All nodes; the table may change while they are walked. */
  all(): readonly ClusterNode[] {
    return this.#list.slice()
  }

  [Symbol.iterator](): IterableIterator<ClusterNode> {
    return this.#list.values()
  }
}
