/**
 * This node's page of the shared memory: its slot view, which the hot path reads back, and the record the host waits
 * on. Written only when something visible changed, announced once a turn.
 */

import { SLOT_COUNT } from '../base/crc16.ts'
import { Field, FOREIGN_OWNER, NO_OWNER, type SharedMemory } from '../base/shared-layout.ts'
import type { NodeId } from '../bus/message.ts'
import type { ClusterRecord } from '../cluster/record.ts'
import type { Assignment } from '../cluster/slot-assignment.ts'
import type { SlotRange } from '../cluster/slot-bitmap.ts'

/** Where a slot table is made. */
const aside = new Uint16Array(SLOT_COUNT)

/** Owners by the runs of their slots: of a table in pieces, only what has changed is written anew. */
type PublishedSlots = ReadonlyMap<readonly SlotRange[], number>

/** Publishes one node's view. */
export class SharedView {
  readonly #shared: SharedMemory
  readonly #index: number
  /** Owner of each slot as this node sees it, see SharedMemory.slotView. */
  readonly slots: Uint16Array
  /** What {@link slots} holds where this node is the owner. */
  readonly mine: number
  #changed = false
  #published: PublishedSlots = new Map()

  constructor(shared: SharedMemory, index: number) {
    this.#shared = shared
    this.#index = index
    this.slots = shared.slotView(index)
    this.mine = index + 1
  }

  /** Writes the slot table. */
  publishSlots(assignments: readonly Assignment[]): void {
    const former = this.#published
    const latter = new Map<readonly SlotRange[], number>()
    let assigned = 0
    for (const { owner, ranges, slotCount } of assignments) {
      latter.set(ranges, this.#code(owner))
      assigned += slotCount
    }
    // Whoever looks meanwhile sees no owned slot without an owner.
    if (former.size === 0) aside.fill(NO_OWNER)
    else aside.set(this.slots)
    for (const [ranges, code] of former) {
      if (latter.get(ranges) !== code) fill(aside, ranges, NO_OWNER)
    }
    for (const [ranges, code] of latter) {
      if (former.get(ranges) !== code) fill(aside, ranges, code)
    }
    this.slots.set(aside)
    this.#published = latter
    this.#set(Field.slotsAssigned, assigned)
    this.#changed = true
  }

  publishRecord(record: ClusterRecord): void {
    if (this.#shared.id(this.#index) !== record.id) {
      this.#shared.setId(this.#index, record.id)
      this.#changed = true
    }
    this.#set(Field.role, record.role === 'master' ? 1 : 2)
    const master = record.masterId === undefined ? NO_OWNER : this.#code(record.masterId)
    this.#set(Field.master, master === FOREIGN_OWNER ? 0 : master)
    this.#set(Field.stateOk, record.stateOk ? 1 : 0)
    this.#set(Field.knownNodes, record.knownNodes)
    this.#set(Field.linksOut, record.linksOut)
    this.#set(Field.linksIn, record.linksIn)
    this.#set(Field.failing, record.failing)
    // After the state it makes, see isOk of the host's readiness.
    this.#set(Field.failed, record.failed)
    this.#set(Field.currentEpoch, record.currentEpoch)
    this.#set(Field.configEpoch, record.configEpoch)
  }

  /** What a node without a cluster is: well, alone, and the replica of the node at that client port, if it has a master. */
  publishLoneNode(masterPort: number | undefined): void {
    this.#set(Field.role, masterPort === undefined ? 1 : 2)
    this.#set(Field.master, masterPort === undefined ? 0 : this.#placeOf(masterPort))
    this.#set(Field.stateOk, 1)
    this.#set(Field.knownNodes, 1)
  }

  /** A replica's link to its master came up or went down. */
  publishReplication(up: boolean): void {
    this.#set(Field.replicationUp, up ? 1 : 0)
  }

  publishOffset(offsetBytes: number): void {
    this.#shared.setReplicationOffset(this.#index, offsetBytes)
  }

  publishAddress(port: number, busPort: number): void {
    this.#set(Field.port, port)
    this.#set(Field.busPort, busPort)
  }

  /** 0 absent, 1 booting, 2 listening, 3 stopped. */
  publishLife(life: number): void {
    this.#set(Field.life, life)
  }

  /** Linked with all nodes it knows, in a state ok, and in sync with its master if it has one: what it is to be once it has met the others. */
  get isSettled(): boolean {
    const others = this.#get(Field.knownNodes) - 1
    return (
      this.#get(Field.stateOk) === 1 &&
      this.#get(Field.linksOut) === others &&
      this.#get(Field.linksIn) === others &&
      (this.#get(Field.role) === 1 || this.#get(Field.replicationUp) === 1)
    )
  }

  /** Wakes whoever waits, if anything changed since the last call. */
  announce(): void {
    if (!this.#changed) return
    this.#changed = false
    this.#shared.announce(this.#index)
  }

  #get(field: number): number {
    return this.#shared.get(this.#index, field)
  }

  #set(field: number, value: number): void {
    if (this.#get(field) === value) return
    this.#shared.set(this.#index, field, value)
    this.#changed = true
  }

  /** Index + 1 of the node that listens at a port; 0 for one of another process. */
  #placeOf(port: number): number {
    for (let index = 0; index < this.#shared.capacity; index++) {
      if (this.#shared.get(index, Field.port) === port) return index + 1
    }
    return 0
  }

  #code(id: NodeId): number {
    const index = this.#shared.indexOf(id)
    const isHere = index !== undefined && this.#shared.get(index, Field.life) !== 0
    return isHere ? index + 1 : FOREIGN_OWNER
  }
}

function fill(slots: Uint16Array, ranges: readonly SlotRange[], owner: number): void {
  for (const [start, end] of ranges) slots.fill(owner, start, end + 1)
}
