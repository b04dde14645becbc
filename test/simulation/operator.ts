/**
 * The operator of a simulated cluster: what people do with redis-cli, and the repairs that Redis leaves to them - nodes
 * that lost their disk are met and made replicas, ids that are nobody's are forgotten, migrations that stopped half-way
 * are finished (`redis-cli --cluster fix`). What the nodes have to settle among themselves is left to them.
 */
import type { Bytes } from '../../lib/base/bytes.ts'
import { SLOT_COUNT } from '../../lib/base/crc16.ts'
import { inHandshake, isReplica } from '../../lib/cluster/cluster-node.ts'
import { RespError } from '../support/resp-client.ts'
import type { Client, Routine } from './client.ts'
import type { SimulatedNode } from './simulated-node.ts'
import type { World } from './world.ts'

const KEYS_PER_STEP = 10

/** Hears what the operator gives to whom. */
export interface OperatorListener {
  /** The node may claim the slot from now on. */
  gives(host: SimulatedNode, slot: number): void
  /** The slot's keys are under way from one master to another. */
  moves(slot: number, source: SimulatedNode, target: SimulatedNode): void
  /** The slot was nobody's, or several nodes': what it held may be lost. */
  settles(slot: number): void
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
  *migrate(slot: number, target: SimulatedNode): Routine<'finished' | 'stopped' | 'pointless'> {
    const source = this.ownerOf(slot)
    if (source === undefined || source === target || target.life === undefined) return 'pointless'
    return (yield* this.#move(slot, source, target)) ? 'finished' : 'stopped'
  }

  *#move(slot: number, source: SimulatedNode, target: SimulatedNode): Routine<boolean> {
    this.touched.add(slot)
    this.#listener.moves(slot, source, target)
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
    return true
  }

  *#succeeds(node: number, argv: readonly Bytes[]): Routine<boolean> {
    const reply = (yield { node, commands: [argv] })?.[0]
    return reply !== undefined && !(reply instanceof RespError)
  }

  /** One round of what needs an operator, on nodes that are all up and connected; `client` moves the keys. */
  repair(client: Client): void {
    const { living } = this.#world
    for (const host of living) this.#introduce(host)
    for (const host of living) this.#forgetTheDead(host)
    for (const host of living) this.#employ(host)
    this.#settleSlots()
    client.start(this.#closeSlots())
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

  /** Gives each slot that nobody serves, or that nodes disagree about, to one master. */
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
      else if (owners.size > 1 && this.touched.has(slot)) this.#decide(slot, masters)
    }
    if (orphans.length > 0) this.#adopt(first, orphans)
  }

  #decide(slot: number, masters: readonly SimulatedNode[]): void {
    const importer = masters.find(({ machine }) => machine.isImporting(slot))
    const heir = this.ownerOf(slot) ?? importer ?? (masters[0] as SimulatedNode)
    this.#give(heir, slot)
    this.#listener.settles(slot)
    heir.life?.ask('CLUSTER', 'SETSLOT', String(slot), 'NODE', heir.id)
    heir.life?.ask('CLUSTER', 'BUMPEPOCH')
  }

  #adopt(host: SimulatedNode, slots: readonly number[]): void {
    for (const slot of slots) {
      this.#give(host, slot)
      this.#listener.settles(slot)
    }
    host.life?.ask('CLUSTER', 'ADDSLOTS', ...slots.map(String))
    host.life?.ask('CLUSTER', 'BUMPEPOCH')
  }

  /** Closes half-moved slots, at their owners first, who then take back the keys that others have. */
  *#closeSlots(): Routine {
    for (const slot of this.touched) {
      const owner = this.ownerOf(slot)
      if (owner === undefined) continue
      yield* this.#close(slot, owner)
      for (const host of this.#world.living) {
        if (host === owner || host.life === undefined || host.machine.role !== 'master') continue
        yield* this.#bringHome(slot, host, owner)
        // What could not be moved now is moved in another round.
        if ((host.node.databases[0]?.countInSlot(slot) ?? 0) > 0) continue
        yield* this.#close(slot, host)
      }
    }
  }

  *#close(slot: number, { place, machine }: SimulatedNode): Routine {
    if (!machine.isImporting(slot) && !machine.isMigrating(slot)) return
    yield* this.#succeeds(place, ['CLUSTER', 'SETSLOT', String(slot), 'STABLE'])
  }

  /** What the owner has too is older here: the owner was asked first all the time. */
  *#bringHome(slot: number, host: SimulatedNode, owner: SimulatedNode): Routine {
    const name = String(slot)
    for (let left = host.node.databases[0]?.countInSlot(slot) ?? 0; left > 0; left--) {
      // An import under way keeps a node from learning who serves the slot.
      for (const words of [
        ['NODE', owner.id],
        ['IMPORTING', owner.id],
      ]) {
        const argv = ['CLUSTER', 'SETSLOT', name, ...words]
        if (!(yield* this.#succeeds(host.place, argv))) return
      }
      const found = (yield {
        node: host.place,
        commands: [['CLUSTER', 'GETKEYSINSLOT', name, '1']],
      })?.[0]
      const key = Array.isArray(found) ? (found[0] as Bytes | undefined) : undefined
      if (key === undefined) return
      const words = ['MIGRATE', '127.0.0.1', String(owner.port), key, '0', '2000']
      const reply = (yield { node: host.place, commands: [words] })?.[0]
      if (!(reply instanceof RespError) || !reply.message.includes('BUSYKEY')) continue
      yield { node: host.place, commands: [['ASKING'], ['DEL', key]] }
    }
  }
}
