/**
 * What the cluster tells its user: the nodes' own decisions, with handles for ids, each once however many nodes came to
 * it. Invariant: when an event is told, what it speaks of is already seen in the handles.
 */
import type { FailoverReason, NodeEvent, SlotMoveReason } from '../control/event.ts'
import type { ClusterNode } from './handle.ts'
import type { SlotRange } from './topology.ts'

/** The events of a cluster and what their listeners get. The README's table is made of these lines. */
export interface ClusterEvents {
  /** A majority of masters agreed that a node is down; `by` found the majority first. Once for each failure. */
  readonly 'node-failed': {
    readonly node: ClusterNode
    readonly by: ClusterNode
    readonly epoch: number
  }
  /** A failed node can be reached again; `by` noticed first. */
  readonly 'node-recovered': { readonly node: ClusterNode; readonly by: ClusterNode }
  /** A replica, `node`, has replaced its master `from`; `votes` masters voted for it. */
  readonly failover: {
    readonly node: ClusterNode
    readonly from: ClusterNode | undefined
    readonly epoch: number
    readonly reason: FailoverReason
    readonly votes: number
  }
  /** Slots changed hands, as ranges `{ start, end }`; `undefined` is nobody. The epoch is the new owner's. */
  readonly 'slot-moved': {
    readonly slots: readonly SlotRange[]
    readonly from: ClusterNode | undefined
    readonly to: ClusterNode | undefined
    readonly epoch: number
    readonly reason: SlotMoveReason
  }
  /** All running nodes see the cluster as ok, or one no longer does; `node` made the difference. */
  readonly state: { readonly ok: boolean; readonly node: ClusterNode | undefined }
  /** A node became a master, or a replica of another master than before. */
  readonly role: {
    readonly node: ClusterNode
    readonly role: 'master' | 'replica'
    readonly master: ClusterNode | undefined
  }
}

/** Passes an event on to its listeners. */
export type Emit = <Name extends keyof ClusterEvents>(
  name: Name,
  event: ClusterEvents[Name],
) => unknown

/** Turns what nodes tell into what the cluster tells. */
export class EventDesk {
  readonly #nodes: readonly ClusterNode[]
  readonly #emit: Emit
  /** Nodes whose failure was told, and not yet their recovery. */
  readonly #failed = new Set<ClusterNode>()
  /** Nodes that said, since they run, that the cluster is ok. */
  readonly #ok = new Set<ClusterNode>()
  #isOk = false

  constructor(nodes: readonly ClusterNode[], emit: Emit) {
    this.#nodes = nodes
    this.#emit = emit
  }

  /** Takes what the handles say for known: nothing of it is news any more. */
  begin(): void {
    for (const node of this.#nodes) if (node.clusterOk) this.#ok.add(node)
    this.#isOk = this.#allOk()
  }

  /** A node told of a decision. */
  take(by: ClusterNode, event: NodeEvent): void {
    switch (event.type) {
      case 'node-failed':
      case 'node-recovered':
        this.#takeFailure(by, event)
        break
      case 'failover': {
        const { epoch, reason, votes } = event
        const from = this.#find(event.from)
        this.#emit('failover', { node: by, from, epoch, reason, votes })
        break
      }
      case 'slot-moved': {
        const { slots, epoch, reason } = event
        // Whoever tells is the gainer, or gave slots back to nobody: then under an id it may have no longer.
        const isGain = event.to !== undefined
        const from = isGain ? this.#find(event.from) : by
        const to = isGain ? by : undefined
        this.#emit('slot-moved', { slots, from, to, epoch, reason })
        break
      }
      case 'state':
        if (event.ok) this.#ok.add(by)
        else this.#ok.delete(by)
        this.#weigh(by)
        break
      case 'role':
        this.#emit('role', { node: by, role: event.role, master: this.#find(event.master) })
        break
    }
  }

  /** A node has ended: what it said counts no more, and one that comes back has said nothing. */
  ended(node: ClusterNode): void {
    this.#ok.delete(node)
    this.#weigh(undefined)
  }

  /** A node fell asleep and has no say, or woke and means what it said before. */
  pausedOrResumed(node: ClusterNode): void {
    this.#weigh(node.state === 'running' ? node : undefined)
  }

  #takeFailure(by: ClusterNode, event: NodeEvent & { type: 'node-failed' | 'node-recovered' }) {
    const node = this.#find(event.node)
    if (node === undefined) return
    if (event.type === 'node-recovered') {
      if (this.#failed.delete(node)) this.#emit('node-recovered', { node, by })
    } else if (!this.#failed.has(node)) {
      this.#failed.add(node)
      this.#emit('node-failed', { node, by, epoch: event.epoch })
    }
  }

  #weigh(node: ClusterNode | undefined): void {
    const running = this.#nodes.filter(({ state }) => state === 'running')
    // One that has just come up and not yet said anything keeps the cluster from becoming ok, not from being it.
    const isLost = running.length === 0 || (node !== undefined && !this.#ok.has(node))
    if (this.#isOk ? !isLost : !this.#allOk()) return
    this.#isOk = !this.#isOk
    this.#emit('state', { ok: this.#isOk, node })
  }

  #allOk(): boolean {
    const running = this.#nodes.filter(({ state }) => state === 'running')
    return running.length > 0 && running.every((node) => this.#ok.has(node))
  }

  #find(id: string | undefined): ClusterNode | undefined {
    return this.#nodes.find((node) => node.id === id)
  }
}
