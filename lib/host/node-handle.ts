/**
 * A node as a user sees it: a live view of what the node itself has written into the shared memory. It remembers nothing
 * and can do nothing to the node.
 */
import { inspect } from 'node:util'
import { SLOT_COUNT } from '../base/crc16.ts'
import { Field, type SharedMemory } from '../base/shared-layout.ts'
import type { ClusterNode, NodeState } from './handle.ts'
import type { NodeRunner } from './node-runner.ts'
import type { LogEntry } from './options.ts'
import type { SlotRange } from './topology.ts'

/** Value of the record's `role` field for a replica. */
const REPLICA = 2

/** The handle of one node. */
export class NodeHandle implements ClusterNode {
  readonly #runner: NodeRunner
  readonly #shared: SharedMemory
  readonly #nodes: readonly ClusterNode[]
  #lastId: string | undefined
  readonly index: number
  readonly host: string

  /** `nodes` is the list this handle will be in. */
  constructor(
    runner: NodeRunner,
    context: { shared: SharedMemory; nodes: readonly ClusterNode[]; host: string },
  ) {
    this.#runner = runner
    this.#shared = context.shared
    this.#nodes = context.nodes
    this.index = runner.index
    this.host = context.host
  }

  get id(): string {
    return this.#lastId ?? this.#shared.id(this.index)
  }

  get port(): number {
    return this.#runner.port
  }

  get busPort(): number {
    return this.#runner.busPort
  }

  get state(): NodeState {
    return this.#runner.life
  }

  get role(): 'master' | 'replica' {
    return this.#field('role') === REPLICA ? 'replica' : 'master'
  }

  get master(): ClusterNode | undefined {
    return this.role === 'replica' ? this.#nodes[this.#field('master') - 1] : undefined
  }

  get slots(): readonly SlotRange[] {
    if (this.#lastId !== undefined) return []
    return rangesOf(this.#shared.slotView(this.index), this.index + 1)
  }

  get clusterOk(): boolean {
    return this.#field('stateOk') === 1
  }

  get knownNodes(): number {
    return this.#field('knownNodes')
  }

  get failing(): number {
    return this.#field('failing')
  }

  get slotsAssigned(): number {
    return this.#field('slotsAssigned')
  }

  get links(): { readonly to: number; readonly from: number } {
    return { to: this.#field('linksOut'), from: this.#field('linksIn') }
  }

  get inSync(): boolean {
    return this.role === 'replica' && this.#field('replicationUp') === 1
  }

  get configEpoch(): number {
    return this.#field('configEpoch')
  }

  get currentEpoch(): number {
    return this.#field('currentEpoch')
  }

  get log(): readonly LogEntry[] {
    return this.#runner.log
  }

  /** What it is, as plain data. */
  toJSON(): Record<string, unknown> {
    const { index, id, host, port, busPort, state, role, slots, clusterOk } = this
    const master = this.master?.id ?? null
    return { index, id, host, port, busPort, state, role, master, slots, clusterOk }
  }

  [inspect.custom](): Record<string, unknown> {
    return this.toJSON()
  }

  /** The node has been removed: its place in the shared memory may become another node's. */
  retire(): void {
    this.#lastId = this.id
  }

  #field(name: keyof typeof Field): number {
    if (this.#lastId !== undefined) return 0
    return this.#shared.get(this.index, Field[name])
  }
}

/** The ranges of a slot view that belong to one owner. */
export function rangesOf(view: Uint16Array, owner: number): SlotRange[] {
  const ranges: SlotRange[] = []
  let start = view.indexOf(owner)
  while (start >= 0) {
    let end = start
    while (end + 1 < SLOT_COUNT && view[end + 1] === owner) end++
    ranges.push({ start, end })
    start = view.indexOf(owner, end + 1)
  }
  return ranges
}

/** One line about a node, for the message of a wait that took too long. */
export function describeNode(node: ClusterNode): string {
  const slots = node.slots.map(({ start, end }) => `${start}-${end}`).join(' ') || 'none'
  const role =
    node.role === 'master'
      ? `master, slots ${slots}`
      : `replica of ${node.master?.index ?? 'a foreign node'}, ${node.inSync ? 'in sync' : 'not in sync'}`
  const view = [
    `cluster ${node.clusterOk ? 'ok' : 'fail'}`,
    `knows ${node.knownNodes} nodes`,
    `${node.failing} failing`,
    `links ${node.links.to} out ${node.links.from} in`,
    `${node.slotsAssigned} slots assigned`,
    `epoch ${node.configEpoch} of ${node.currentEpoch}`,
  ]
  return `node ${node.index} ${node.host}:${node.port} ${node.state}: ${role}; ${view.join(', ')}`
}
