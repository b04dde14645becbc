/**
 * The cluster machine: what happens goes in, what shall be done comes out. No sockets, timers, clocks or chance of its
 * own, so the same seed and the same inputs give the same effects. One switch; the decisions are in the files it names.
 */

import { unreachable } from '../base/assert.ts'
import type { Bytes } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'
import type { NodeId } from '../bus/message.ts'
import type { ClusterPort, LinkDescription, Shard, SlotsRange } from '../commands/cluster-port.ts'
import { ReplyError } from '../resp/reply-error.ts'
import { refreshMyself } from './address.ts'
import { type ClusterNode, isReplica } from './cluster-node.ts'
import { type SavedConfig, writeConfig } from './config-file.ts'
import { tick } from './cron.ts'
import { broadcastPong } from './delivery.ts'
import { describeInfo, describeNodes, describeReplicas } from './describe.ts'
import type { ClusterEffect } from './effect.ts'
import { assignEpoch, bumpEpoch } from './epoch.ts'
import { requestFailover } from './failover-request.ts'
import { countFailureReports, loseNode, regainNode } from './failure-detection.ts'
import { greet, meet } from './handshake.ts'
import type { ClusterInput } from './input.ts'
import { acceptLink, dropLink, linkClosed } from './link.ts'
import { forget, reset } from './membership.ts'
import { markRoleTold } from './news.ts'
import { setImporting, setMigrating, setSlotNode, setStable } from './open-slot.ts'
import { publish } from './publish.ts'
import { countReceived, receive } from './reception.ts'
import { type ClusterRecord, recordOf } from './record.ts'
import { idleTicks } from './rest.ts'
import { restore } from './restoration.ts'
import { replicate } from './role.ts'
import { type BlockedRequest, type RouteRequest, route, routeBlocked } from './routing.ts'
import type { ClusterFacts, ClusterIdentity, ClusterSettings } from './settings.ts'
import { settle } from './settle.ts'
import { type Assignment, assignmentsOf } from './slot-assignment.ts'
import { addSlots, adoptLoadedKeys, deleteSlots, flushSlots } from './slot-ownership.ts'
import { describeLinks, describeShards, describeSlots, endpointOf } from './topology.ts'
import { type ClusterView, log, newView, saveLater } from './view.ts'

/** What a machine starts from. */
export interface ClusterMachineOptions {
  /** The id is that of a new node; a restored one keeps the id of its file. */
  readonly identity: ClusterIdentity
  readonly settings: ClusterSettings
  readonly random: Random
  readonly facts: ClusterFacts
  /** Unix ms. */
  readonly now: number
  /** What `parseConfig` read from nodes.conf, if there was any. */
  readonly restored?: SavedConfig | undefined
}

/** A node's part in the cluster. Operator's verbs take effect at once; fetch what they caused with {@link drain}. */
export class ClusterMachine implements ClusterPort {
  readonly #view: ClusterView

  constructor(options: ClusterMachineOptions) {
    const { restored } = options
    const id = restored?.myId ?? options.identity.id
    this.#view = newView({ ...options, identity: { ...options.identity, id } })
    if (restored !== undefined) restore(this.#view, restored)
    else saveLater(this.#view, 'synced')
    const found =
      restored === undefined ? 'No cluster configuration found' : 'Node configuration loaded'
    log(this.#view, 'notice', `${found}, I'm ${id}`)
    refreshMyself(this.#view)
    this.#view.todo.slots = true
    markRoleTold(this.#view)
  }

  /** Takes one input at `now`, Unix ms; returns the effects to perform, in order. */
  step(input: ClusterInput, now: number): readonly ClusterEffect[] {
    const view = this.#view
    view.now = now
    switch (input.type) {
      case 'tick':
        tick(view, input.skipped ?? 0)
        break
      case 'wake':
        view.wakeAtMs = undefined
        view.todo.failover = true
        view.todo.updateState = true
        break
      case 'link-accepted':
        acceptLink(view, input)
        break
      case 'link-opened': {
        const link = view.links.get(input.link)
        if (link !== undefined) greet(view, link)
        break
      }
      case 'link-closed':
        linkClosed(view, input.link)
        break
      case 'connect-failed': {
        const node = view.links.get(input.link)?.node
        if (node?.pingSentMs === 0) node.pingSentMs = now
        linkClosed(view, input.link)
        break
      }
      case 'message': {
        const link = view.links.get(input.link)
        if (link !== undefined) receive(view, link, input.message)
        break
      }
      case 'dropped':
        countReceived(view, input.messageType)
        break
      case 'unreachable':
        loseNode(view, input.node)
        break
      case 'reachable':
        regainNode(view, input.node)
        break
      case 'publish':
        publish(view, input)
        break
      case 'data-loaded':
        adoptLoadedKeys(view)
        break
      case 'announce':
        broadcastPong(view, 'connected')
        break
      default:
        unreachable(input)
    }
    return settle(view)
  }

  /** Settings that say who we are may have changed: what we tell of ourselves does so at once. */
  refreshMyself(): void {
    refreshMyself(this.#view)
  }

  /** When the verbs that follow are called, Unix ms; of its own it knows the time of the last step. */
  set now(now: number) {
    this.#view.now = now
  }

  /** The effects of the verbs called since the last step or drain. */
  drain(): readonly ClusterEffect[] {
    return settle(this.#view)
  }

  /** Undefined if this node serves the request, else the error for the client. */
  route(request: RouteRequest): ReplyError | undefined {
    return route(this.#view, request)
  }

  /** Undefined if a client that waits for keys may go on, else the error that ends its wait. */
  routeBlocked(request: BlockedRequest): ReplyError | undefined {
    return routeBlocked(this.#view, request)
  }

  // What the node publishes and asks on its way.

  /** Grows with every change of what {@link record} and the slot table tell. */
  get version(): number {
    return this.#view.version
  }

  get state(): 'ok' | 'fail' {
    return this.#view.state
  }

  /** So many of the ticks that follow the last one can be left out, unless something happens. */
  get idleTicks(): number {
    return idleTicks(this.#view)
  }

  /** What others may know of this node at any time. */
  record(): ClusterRecord {
    return recordOf(this.#view)
  }

  /** This node as it knows itself. */
  get myself(): Readonly<ClusterNode> {
    return this.#view.myself
  }

  /** All known nodes, ourselves and handshakes included. */
  nodes(): readonly Readonly<ClusterNode>[] {
    return this.#view.nodes.all()
  }

  node(id: NodeId): Readonly<ClusterNode> | undefined {
    return this.#view.nodes.get(id)
  }

  /** Who serves a slot, in this node's view. */
  ownerOf(slot: number): NodeId | undefined {
    return this.#view.owners.of(slot)?.id
  }

  /** Who serves which slots, in this node's view. */
  assignments(): readonly Assignment[] {
    return assignmentsOf(this.#view)
  }

  isMigrating(slot: number): boolean {
    return this.#view.migrating.has(slot)
  }

  isImporting(slot: number): boolean {
    return this.#view.importing.has(slot)
  }

  /** A slot migrates or is imported: routing must look at keys. */
  get hasOpenSlots(): boolean {
    return this.#view.migrating.size > 0 || this.#view.importing.size > 0
  }

  /** The host part of a redirection to a node. */
  endpointOf(node: Readonly<ClusterNode>): string {
    return endpointOf(this.#view, node as ClusterNode)
  }

  /** The text of nodes.conf. */
  describeConfig(): Bytes {
    return writeConfig(this.#view)
  }

  // ClusterPort: the CLUSTER command.

  get myId(): NodeId {
    return this.#view.myself.id
  }

  get myShardId(): NodeId {
    return (this.#view.myself.master ?? this.#view.myself).id
  }

  get role(): 'master' | 'replica' {
    return isReplica(this.#view.myself) ? 'replica' : 'master'
  }

  describeNodes(): Bytes {
    return describeNodes(this.#view)
  }

  describeInfo(): Bytes {
    return describeInfo(this.#view)
  }

  describeSlots(): readonly SlotsRange[] {
    return describeSlots(this.#view)
  }

  describeShards(): readonly Shard[] {
    return describeShards(this.#view)
  }

  describeLinks(): readonly LinkDescription[] {
    return describeLinks(this.#view)
  }

  describeReplicas(master: NodeId): readonly Bytes[] {
    return describeReplicas(this.#view, master)
  }

  failureReports(id: NodeId): number {
    const node = this.#view.nodes.get(id)
    if (node === undefined) throw new ReplyError(`ERR Unknown node ${id}`)
    return countFailureReports(this.#view, node)
  }

  meet(address: { readonly ip: string; readonly port: number; readonly busPort: number }): void {
    meet(this.#view, address)
  }

  addSlots(slots: Iterable<number>): void {
    addSlots(this.#view, slots)
  }

  deleteSlots(slots: Iterable<number>): void {
    deleteSlots(this.#view, slots)
  }

  flushSlots(): void {
    flushSlots(this.#view)
  }

  replicate(master: NodeId): void {
    replicate(this.#view, master)
  }

  forget(node: NodeId): void {
    forget(this.#view, node)
  }

  reset(mode: 'soft' | 'hard'): void {
    reset(this.#view, mode)
  }

  setConfigEpoch(epoch: number): void {
    assignEpoch(this.#view, epoch)
  }

  bumpEpoch(): Bytes {
    const outcome = bumpEpoch(this.#view) ? 'BUMPED' : 'STILL'
    return `${outcome} ${this.#view.myself.configEpoch}`
  }

  failover(mode: 'graceful' | 'force' | 'takeover'): void {
    requestFailover(this.#view, mode)
  }

  setSlotMigrating(slot: number, target: NodeId): void {
    setMigrating(this.#view, slot, target)
  }

  setSlotImporting(slot: number, source: NodeId): void {
    setImporting(this.#view, slot, source)
  }

  setSlotStable(slot: number): void {
    setStable(this.#view, slot)
  }

  setSlotNode(slot: number, owner: NodeId): void {
    setSlotNode(this.#view, slot, owner)
  }

  ignoreMessages(type: number): void {
    this.#view.ignoredType = type
  }

  closeLinks(id: NodeId, direction: 'to' | 'from' | 'all'): void {
    const node = this.#view.nodes.get(id)
    if (node === undefined) throw new ReplyError(`ERR Unknown node ${id}`)
    if (direction !== 'from') dropLink(this.#view, node.outbound)
    if (direction !== 'to') dropLink(this.#view, node.inbound)
  }
}
