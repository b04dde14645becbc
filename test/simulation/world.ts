/**
 * The world of a simulated cluster: computers with a node each, the network between them, one virtual clock, and the host
 * that tells nodes with instant failure detection the truth about the others, as lib/host does.
 * Invariant: the same seed and the same calls give the same bytes.
 */
import { Random } from '../../lib/base/random.ts'
import { SharedMemory } from '../../lib/base/shared-layout.ts'
import { nodesConf, planCluster } from '../../lib/host/topology.ts'
import { EventQueue } from './event-queue.ts'
import { type Machine, Network, type Weather } from './network.ts'
import { SimulatedNode, type Tamper, type Witness } from './simulated-node.ts'
import { Violation } from './violation.ts'

const START_MS = 1_700_000_000_000
const FIRST_PORT = 7000
/** Nobody has so much to do within a millisecond. */
const EVENTS_PER_NODE_AND_INSTANT = 1000

/** What a world is made of. */
export interface WorldOptions {
  readonly seed: string
  readonly masters: number
  /** Nodes in all; those that are no masters are their replicas. */
  readonly nodes: number
  readonly failureDetection: 'instant' | 'timeout'
  /** How bus messages travel: as bytes, or as values, which costs less and tests less; `tcp` without. */
  readonly bus?: 'tcp' | 'channel'
  readonly directives: readonly (readonly [name: string, value: string])[]
  readonly weather: Weather
  /** Each node starts so much after the one before it, ms; all start at once without. */
  readonly startEveryMs?: number
  readonly witness: Witness
  readonly tamper?: Tamper | undefined
}

/** Where a client runs: it never fails and nobody connects to it. */
const CLIENT: Machine = {
  isPowered: true,
  enter: (action) => action(),
  listensAt: () => false,
  accept: () => {},
}

/** How a computer fails: its process only, its power, its power and its disk. */
export type CrashKind = 'process' | 'machine' | 'disk'

/** Everything there is. */
export class World {
  readonly queue = new EventQueue(START_MS)
  readonly random: Random
  readonly network: Network
  readonly hosts: readonly SimulatedNode[]
  readonly shared: SharedMemory
  readonly options: WorldOptions
  /** Whom each node was told to be unreachable, by place. */
  readonly #told: Set<number>[]
  #lastClient: number

  constructor(options: WorldOptions) {
    const { seed, masters, nodes, witness } = options
    this.options = options
    this.random = new Random(seed)
    this.network = new Network(this.queue, this.random.fork('network'), options.weather)
    this.shared = new SharedMemory(nodes)
    this.#lastClient = nodes
    const surroundings = {
      queue: this.queue,
      network: this.network,
      shared: this.shared,
      witness,
      seed: `${seed}/nodes`,
      tamper: options.tamper ?? {},
      failureDetection: options.failureDetection,
      bus: options.bus ?? 'tcp',
      directives: options.directives,
      placeOf: (port: number) => {
        const place = port - FIRST_PORT
        return place >= 0 && place < nodes ? place : undefined
      },
    }
    const plan = planCluster({ masters, replicas: Math.ceil(nodes / masters) - 1, seed })
    const planned = plan.slice(0, nodes)
    const addresses = planned.map(({ index }) => ({
      host: '127.0.0.1',
      port: FIRST_PORT + index,
      busPort: FIRST_PORT + index + 10_000,
    }))
    this.hosts = planned.map(({ id, index }) => new SimulatedNode(index, id, surroundings))
    this.#told = this.hosts.map(() => new Set())
    for (const host of this.hosts) {
      host.disk.written = nodesConf(planned, addresses, host.place)
      host.disk.synced = host.disk.written
      this.#startFirst(host)
    }
  }

  #startFirst(host: SimulatedNode): void {
    const afterMs = host.place * (this.options.startEveryMs ?? 0)
    if (afterMs === 0) {
      host.start()
      return
    }
    // Who connects to it meanwhile gets through once it is there.
    host.isPowered = false
    this.queue.after(afterMs, () => this.restart(host.place))
  }

  get now(): number {
    return this.queue.now
  }

  /** Milliseconds since the world began. */
  get ageMs(): number {
    return this.queue.now - START_MS
  }

  get living(): SimulatedNode[] {
    return this.hosts.filter((host) => host.life !== undefined)
  }

  /** Lets time pass. */
  run(ms: number): void {
    this.runUntil(() => false, ms)
  }

  /** Lets time pass until something holds; false if it did not within so many ms. It is looked at after every event. */
  runUntil(holds: () => boolean, limitMs: number): boolean {
    const endMs = this.queue.now + limitMs
    do {
      if (holds()) return true
      this.#checkTime()
    } while (this.queue.runNext(endMs))
    this.queue.now = endMs
    return false
  }

  /** Events that ask for each other without delay would go on for ever. */
  #checkTime(): void {
    const { countNow, now } = this.queue
    if (countNow <= EVENTS_PER_NODE_AND_INSTANT * this.hosts.length) return
    throw new Violation('time goes on', `${countNow} events at ${now - START_MS} ms and no end`)
  }

  /** A place for a client: of its own, or in the network of a node. */
  newPlace(besideNode?: number): number {
    const place = ++this.#lastClient
    this.network.settle(place, CLIENT, besideNode)
    return place
  }

  host(place: number): SimulatedNode {
    return this.hosts[place] as SimulatedNode
  }

  // ---- faults

  crash(place: number, kind: CrashKind): void {
    const host = this.host(place)
    if (host.life === undefined) return
    host.crash(kind === 'process' ? 'process' : 'machine')
    if (kind === 'disk') {
      host.disk.written = undefined
      host.disk.synced = undefined
      host.freshId = this.random.fork(`disk ${place}/${host.lives}`).nodeId()
    }
    this.#tellTruth()
  }

  restart(place: number): void {
    const host = this.host(place)
    if (host.life !== undefined) return
    this.#told[place]?.clear()
    const wasOff = !host.isPowered
    host.start()
    if (wasOff) this.network.powerOn(place)
    this.#tellTruth()
  }

  pause(place: number): void {
    this.host(place).pause()
    this.#tellTruth()
  }

  resume(place: number): void {
    this.host(place).resume()
    this.#tellTruth()
  }

  cut(from: readonly number[], to: readonly number[]): void {
    for (const a of from) for (const b of to) this.network.cut(a, b)
    this.#tellTruth()
  }

  heal(from: readonly number[], to: readonly number[]): void {
    for (const a of from) for (const b of to) this.network.heal(a, b)
    this.#tellTruth()
  }

  /** A node's clock is set, as by NTP. */
  skew(place: number, byMs: number): void {
    this.host(place).skewMs += byMs
  }

  /** With instant failure detection, the host tells each node whom it has lost and who is back. */
  #tellTruth(): void {
    if (this.options.failureDetection !== 'instant') return
    for (const host of this.hosts) {
      if (host.life === undefined) continue
      for (const other of this.hosts) if (other !== host) this.#tellOf(host, other)
    }
  }

  #tellOf(host: SimulatedNode, other: SimulatedNode): void {
    const told = this.#told[host.place] as Set<number>
    const { network } = this
    const isLost =
      other.life === undefined ||
      other.isPaused ||
      network.isCut(host.place, other.place) ||
      network.isCut(other.place, host.place)
    if (isLost === told.has(other.place)) return
    if (isLost) told.add(other.place)
    else told.delete(other.place)
    const { life } = host
    const type = isLost ? 'unreachable' : 'reachable'
    const node = this.shared.id(other.place)
    this.queue.after(1, () => host.enter(() => life?.input({ type, node })))
  }
}
