/**
 * The operator of a simulated cluster: what people do with redis-cli, and the repairs that Redis leaves to them - nodes
 * that lost their disk are met and made replicas, ids that are nobody's are forgotten, migrations that stopped half-way
 * are finished (`redis-cli --cluster fix`). What the nodes have to settle among themselves is left to them.
 */
import type { Bytes } from '../../lib/base/bytes.ts'
import { SLOT_COUNT } from '../../lib/base/crc16.ts'
import { inHandshake, isReplica } from '../../lib/cluster/cluster-node.ts'
import { RespError } from '../support/resp-client.ts'
import type { Routine } from './client.ts'
import type { SimulatedNode } from './simulated-node.ts'
import type { World } from './world.ts'

const KEYS_PER_STEP = 10

/** Hears what the operator gives to whom. */
export interface OperatorListener {
  /** The node may claim the slot from now on. */
  gives(host: SimulatedNode, slot: number): void
  /** The slot's keys are under way. */
  moves(slot: number): void
}

/** Does what an operator does. */
export class Operator {
  readonly #world: World
  readonly #listener: OperatorListener
  /** Slots that were on their way. */
  readonly touched = new Set<number>()
  /** Some node lost its disk, was reset or forgotten. */
  lostNodes = false

  constructor(world: World, listener: OperatorListener) {
    this.#world = world
    this.#listener = listener
  }

  /** The living master that serves a slot with the greatest epoch. */
  ownerOf(slot: number): SimulatedNode | undefined {
    let owner: SimulatedNode | undefined
    for (const host of this.#world.living) {
      if (host.machine.ownerOf(slot) !== host.id) continue
      const { configEpoch } = host.machine.myself
      if (owner === undefined || configEpoch > owner.machine.myself.configEpoch) owner = host
    }
    return owner
  }

  /** The living master of a node, or the node itself if it is one. */
  masterOf(host: SimulatedNode): SimulatedNode | undefined {
    if (host.life === undefined) return undefined
    const { master } = host.machine.myself
    return master === undefined ? host : this.#byId(master.id)
  }

  #byId(id: Bytes): SimulatedNode | undefined {
    return this.#world.living.find((host) => host.id === id)
  }

  #give(host: SimulatedNode, slot: number): void {
    this.touched.add(slot)
    this.#listener.gives(host, slot)
  }

  /** Moves a slot as `redis-cli --cluster reshard` does; whatever fails ends it half-way. */
  *migrate(slot: number, target: SimulatedNode): Routine<boolean> {
    const source = this.ownerOf(slot)
    if (source === undefined || source === target || target.life === undefined) return false
    this.touched.add(slot)
    this.#listener.moves(slot)
    const [from, to, id] = [source.place, target.place, target.id]
    const name = String(slot)
    const importing = ['CLUSTER', 'SETSLOT', name, 'IMPORTING', source.id]
    if (!(yield* this.#succeeds(to, importing))) return false
    if (!(yield* this.#succeeds(from, ['CLUSTER', 'SETSLOT', name, 'MIGRATING', id]))) return false
    for (;;) {
      const keys = (yield {
        node: from,
        commands: [['CLUSTER', 'GETKEYSINSLOT', name, String(KEYS_PER_STEP)]],
      })?.[0]
      if (!Array.isArray(keys)) return false
      if (keys.length === 0) break
      const words = ['MIGRATE', '127.0.0.1', String(target.port), '', '0', '5000', 'KEYS']
      if (!(yield* this.#succeeds(from, [...words, ...(keys as Bytes[])]))) return false
    }
    this.#give(target, slot)
    for (const place of [to, from]) {
      if (!(yield* this.#succeeds(place, ['CLUSTER', 'SETSLOT', name, 'NODE', id]))) return false
    }
    for (const { place } of this.#world.living) {
      if (place === to || place === from) continue
      yield* this.#succeeds(place, ['CLUSTER', 'SETSLOT', name, 'NODE', id])
    }
    this.#listener.moves(slot)
    return true
  }

  *#succeeds(node: number, argv: readonly Bytes[]): Routine<boolean> {
    const reply = (yield { node, commands: [argv] })?.[0]
    return reply !== undefined && !(reply instanceof RespError)
  }

  /** One round of what needs an operator, on nodes that are all up and connected. */
  repair(): void {
    const { living } = this.#world
    for (const host of living) this.#introduce(host)
    for (const host of living) this.#forgetTheDead(host)
    for (const host of living) this.#employ(host)
    this.#settleSlots()
  }

  /** Lets nodes that do not know each other meet. */
  #introduce(host: SimulatedNode): void {
    for (const other of this.#world.living) {
      if (other === host || host.machine.node(other.id) !== undefined) continue
      host.life?.ask('CLUSTER', 'MEET', '127.0.0.1', String(other.port))
    }
  }

  #forgetTheDead(host: SimulatedNode): void {
    for (const node of host.machine.nodes()) {
      if (inHandshake(node) || this.#byId(node.id) !== undefined) continue
      const heirs = node.replicas.map(({ id }) => this.#byId(id))
      const heir = heirs.find((replica) => replica?.machine.myself.master?.id === node.id)
      if (heir !== undefined && node.slotCount > 0)
        heir.life?.ask('CLUSTER', 'FAILOVER', 'TAKEOVER')
      else if (host.machine.myself.master?.id === node.id) this.#replicateSomebody(host)
      else host.life?.ask('CLUSTER', 'FORGET', node.id)
    }
  }

  /**
   * A master without slots becomes a replica where one is wanted most; so does a replica of a replica. Redis 7.0 looks for
   * sub-replicas only when a claim changes the slot table (clusterUpdateSlotsConfigWith), so one may stay for ever.
   */
  #employ(host: SimulatedNode): void {
    const { myself, role } = host.machine
    const { master } = myself
    const isIdle = role === 'master' && myself.slotCount === 0
    if (isIdle || (master !== undefined && isReplica(master))) this.#replicateSomebody(host)
  }

  #replicateSomebody(host: SimulatedNode): void {
    const masters = host.machine
      .nodes()
      .filter((node) => !isReplica(node) && node.slotCount > 0 && this.#byId(node.id) !== undefined)
      .sort((a, b) => a.replicas.length - b.replicas.length)
    const [master] = masters
    if (master !== undefined) host.life?.ask('CLUSTER', 'REPLICATE', master.id)
  }

  /** Closes open slots, and gives each slot that nobody serves or that nodes disagree about to one master. */
  #settleSlots(): void {
    const { living } = this.#world
    const masters = living.filter(({ machine }) => machine.role === 'master')
    const [first] = masters
    if (first === undefined) return
    const orphans: number[] = []
    for (let slot = 0; slot < SLOT_COUNT; slot++) {
      if (!this.lostNodes && !this.touched.has(slot)) continue
      const owners = new Set(living.map(({ machine }) => machine.ownerOf(slot)))
      if (owners.size === 1 && owners.has(undefined)) orphans.push(slot)
      else if (this.touched.has(slot)) this.#settleSlot(slot, masters, owners.size === 1)
    }
    if (orphans.length > 0) this.#adopt(first, orphans)
  }

  #settleSlot(slot: number, masters: readonly SimulatedNode[], isAgreed: boolean): void {
    const open = masters.filter(
      ({ machine }) => machine.isImporting(slot) || machine.isMigrating(slot),
    )
    if (open.length === 0 && isAgreed) return
    const importer = open.find(({ machine }) => machine.isImporting(slot))
    const heir = this.ownerOf(slot) ?? importer ?? (masters[0] as SimulatedNode)
    const name = String(slot)
    if (!isAgreed) {
      this.#give(heir, slot)
      this.#listener.moves(slot)
      heir.life?.ask('CLUSTER', 'SETSLOT', name, 'NODE', heir.id)
      heir.life?.ask('CLUSTER', 'BUMPEPOCH')
    }
    for (const host of open) {
      if (host !== heir && (host.node.databases[0]?.countInSlot(slot) ?? 0) > 0) continue
      host.life?.ask('CLUSTER', 'SETSLOT', name, 'STABLE')
    }
  }

  #adopt(host: SimulatedNode, slots: readonly number[]): void {
    for (const slot of slots) {
      this.#give(host, slot)
      this.#listener.moves(slot)
    }
    host.life?.ask('CLUSTER', 'ADDSLOTS', ...slots.map(String))
    host.life?.ask('CLUSTER', 'BUMPEPOCH')
  }
}
