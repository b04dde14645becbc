/**
 * What every node and the host see at once: one SharedArrayBuffer per cluster with the CRC16 table, each node's own
 * view of the slot table, its counters, the clock offset and the fault matrix.
 * Invariant: a node's record and slot view are written by that node alone (the host writes only the clock and
 * the faults), so views may disagree, as in life.
 */
import { Buffer } from 'node:buffer'
import { bytesIn } from './bytes.ts'
import { CRC16_TABLE_LENGTH, SLOT_COUNT } from './crc16.ts'
import { FaultMatrix } from './fault-matrix.ts'

/** A slot nobody serves, in a slot view. */
export const NO_OWNER = 0
/** A slot served by a node that has no index in this shared memory (a node of another process). */
export const FOREIGN_OWNER = 0xffff

/** Int32 fields of a node's record. */
export const Field = {
  /** 0 absent, 1 booting, 2 listening, 3 stopped. */
  life: 0,
  /** 1 master, 2 replica. */
  role: 1,
  /** Index + 1 of its master, 0 if it is a master or its master is foreign. */
  master: 2,
  /** 1 ok, 0 fail. */
  stateOk: 3,
  /** Nodes it knows, itself included, handshakes excluded. */
  knownNodes: 4,
  /** Outbound bus links that are up. */
  linksOut: 5,
  /** Inbound bus links associated with a node. */
  linksIn: 6,
  /** A replica's link to its master is up and in sync: 1. */
  replicationUp: 7,
  currentEpoch: 8,
  configEpoch: 9,
  port: 10,
  busPort: 11,
  /** Counts this node's visible changes; the host's cue to look again. */
  version: 12,
  /** Nodes it holds as FAIL or PFAIL. */
  failing: 13,
  /** Slots it attributes to anybody. */
  slotsAssigned: 14,
  /** Local port of a replica's connection to its master, by which the master knows it for a node. */
  replicationPort: 15,
  /** Likewise of its newest connection for MIGRATE. */
  migrationPort: 16,
  /** Nodes it holds as FAIL. */
  failed: 17,
} as const

/** What a node's cell for sleep says. */
const Sleep = { awake: 0, asked: 1, asleep: 2 } as const

const FIELDS = 32
const ID_BYTES = 40
const CRC_BYTES = CRC16_TABLE_LENGTH * 2
/** The change counter, then the clock offset. */
const HEAD_BYTES = 64

/** Typed views on the shared memory of a cluster of up to `capacity` nodes. */
export class SharedMemory {
  readonly buffer: SharedArrayBuffer
  readonly capacity: number
  /** Cell 0 counts every visible change of any node; the host waits on it with Atomics.waitAsync. */
  readonly head: Int32Array
  /** Cell 0: milliseconds added to the real time by everybody. */
  readonly clock: Float64Array
  readonly crcTable: Uint16Array
  readonly faults: FaultMatrix
  /** A cell per node: see {@link Sleep}. */
  readonly #sleep: Int32Array
  readonly #records: Int32Array
  readonly #replicationOffsets: Float64Array
  readonly #ids: Buffer
  readonly #views: Uint16Array

  constructor(capacity: number, buffer?: SharedArrayBuffer) {
    const offsets = layout(capacity)
    this.capacity = capacity
    this.buffer = buffer ?? allocate(offsets.end)
    this.head = new Int32Array(this.buffer, 0, 4)
    this.clock = new Float64Array(this.buffer, 16, 1)
    this.crcTable = new Uint16Array(this.buffer, offsets.crc, CRC16_TABLE_LENGTH)
    this.#records = new Int32Array(this.buffer, offsets.records, capacity * FIELDS)
    this.#sleep = new Int32Array(this.buffer, offsets.sleep, capacity)
    this.#replicationOffsets = new Float64Array(this.buffer, offsets.replication, capacity)
    this.#ids = Buffer.from(this.buffer, offsets.ids, capacity * ID_BYTES)
    this.faults = new FaultMatrix(this.buffer, offsets.faults, capacity)
    this.#views = new Uint16Array(this.buffer, offsets.views, capacity * SLOT_COUNT)
  }

  /** A field of a node's record. */
  get(index: number, field: number): number {
    return Atomics.load(this.#records, index * FIELDS + field)
  }

  /** Empties a node's pages for another one in its place. */
  clear(index: number): void {
    for (let field = 0; field < FIELDS; field++) this.set(index, field, 0)
    this.setReplicationOffset(index, 0)
    this.slotView(index).fill(NO_OWNER)
  }

  /** Sets a field; call {@link announce} when done. */
  set(index: number, field: number, value: number): void {
    Atomics.store(this.#records, index * FIELDS + field, value)
  }

  /** Tells whoever waits that something visible changed at this node. */
  announce(index: number): void {
    Atomics.add(this.#records, index * FIELDS + Field.version, 1)
    Atomics.add(this.head, 0, 1)
    Atomics.notify(this.head, 0)
  }

  /** The node shall sleep when it next calls {@link sleep}. */
  askToSleep(index: number): void {
    Atomics.store(this.#sleep, index, Sleep.asked)
  }

  isAsleep(index: number): boolean {
    return Atomics.load(this.#sleep, index) === Sleep.asleep
  }

  /** Blocks this thread, which is that of node `index`, until {@link wake}; not at all unless it was asked to sleep. */
  sleep(index: number): void {
    const { asked, asleep } = Sleep
    if (Atomics.compareExchange(this.#sleep, index, asked, asleep) !== asked) return
    this.announce(index)
    while (this.isAsleep(index)) Atomics.wait(this.#sleep, index, asleep)
  }

  /** Ends the sleep of a node, or takes back that it shall. */
  wake(index: number): void {
    Atomics.store(this.#sleep, index, Sleep.awake)
    Atomics.notify(this.#sleep, index)
  }

  /** The node's id, 40 characters. */
  id(index: number): string {
    return bytesIn(this.#ids, index * ID_BYTES, (index + 1) * ID_BYTES)
  }

  /** The index of the node with this id; undefined if none has it. */
  indexOf(id: string): number | undefined {
    let at = this.#ids.indexOf(id, 0, 'latin1')
    // It may begin in one and end in the next.
    while (at !== -1 && at % ID_BYTES !== 0) at = this.#ids.indexOf(id, at + 1, 'latin1')
    return at === -1 ? undefined : at / ID_BYTES
  }

  setId(index: number, id: string): void {
    this.#ids.write(id, index * ID_BYTES, ID_BYTES, 'latin1')
  }

  replicationOffset(index: number): number {
    return this.#replicationOffsets[index] ?? 0
  }

  setReplicationOffset(index: number, offsetBytes: number): void {
    this.#replicationOffsets[index] = offsetBytes
  }

  /** The slot table as node `index` sees it: owner's index + 1, {@link NO_OWNER} or {@link FOREIGN_OWNER}. */
  slotView(index: number): Uint16Array {
    return this.#views.subarray(index * SLOT_COUNT, (index + 1) * SLOT_COUNT)
  }
}

/**
 * Memory that is resident where something was written, and the system's again once nobody holds it. V8 maps a buffer that may
 * grow; others it gets from the C heap, where the pages of nodes that never join would be resident, and holes would stay.
 */
function allocate(length: number): SharedArrayBuffer {
  return new SharedArrayBuffer(length, { maxByteLength: length })
}

function layout(
  capacity: number,
): Record<
  'crc' | 'records' | 'sleep' | 'replication' | 'ids' | 'faults' | 'views' | 'end',
  number
> {
  const crc = HEAD_BYTES
  const records = crc + CRC_BYTES
  const sleep = records + capacity * FIELDS * 4
  // Numbers of eight bytes lie at multiples of eight.
  const replication = Math.ceil((sleep + capacity * 4) / 8) * 8
  const ids = replication + capacity * 8
  const faults = ids + capacity * ID_BYTES
  const views = Math.ceil((faults + FaultMatrix.length(capacity)) / 8) * 8
  return {
    crc,
    records,
    sleep,
    replication,
    ids,
    faults,
    views,
    end: views + capacity * SLOT_COUNT * 2,
  }
}
