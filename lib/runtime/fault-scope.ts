/**
 * The fault matrix as one node meets it: wires to and from its peers and its clients, and who is where on the bus.
 * Invariant: nodes of other processes have no place in the matrix, and nothing ever befalls them.
 */
import type { Socket } from 'node:net'
import type { FaultMatrix, PathFault } from '../base/fault-matrix.ts'
import type { Random } from '../base/random.ts'
import { Field, type SharedMemory } from '../base/shared-layout.ts'
import type { NodeId } from '../bus/message.ts'
import type { ClientWires } from './client-server.ts'
import type { BusAddressBook } from './faulty-bus.ts'
import type { PeerWires } from './peer-connection.ts'
import { Wire } from './wire.ts'

/** A node that listens, in its record's `life`. */
const LISTENING = 2

/** What can befall a node, and where. */
export class FaultScope implements BusAddressBook, PeerWires {
  readonly matrix: FaultMatrix
  readonly self: number
  readonly random: Random
  readonly #shared: SharedMemory
  readonly #hosts: readonly string[]
  /** Connections that were given up under a cut, and the ports they go to. */
  readonly #lingering = new Map<Socket, number>()

  /** `hosts` are the addresses at which the nodes of this process are found. */
  constructor(
    shared: SharedMemory,
    self: number,
    world: { readonly hosts: readonly string[]; readonly random: Random },
  ) {
    this.matrix = shared.faults
    this.self = self
    this.random = world.random
    this.#shared = shared
    this.#hosts = world.hosts
  }

  at(ip: string, busPort: number): number | undefined {
    return this.#hosts.includes(ip) ? this.#find(Field.busPort, busPort) : undefined
  }

  /** As {@link at}, of those who listen now. */
  listeningAt(ip: string, busPort: number): number | undefined {
    const index = this.at(ip, busPort)
    return index !== undefined && this.#listens(index) ? index : undefined
  }

  named(id: NodeId): number | undefined {
    return this.#shared.indexOf(id)
  }

  isCut(port: number): boolean {
    const peer = this.#find(Field.port, port)
    return peer !== undefined && this.#cut(peer) !== undefined
  }

  end(port: number, socket: Socket): void {
    if (!this.isCut(port)) socket.destroy()
    else this.#lingering.set(socket, port)
  }

  /** The faults may have changed: connections that need not linger end. */
  look(): void {
    for (const [socket, port] of this.#lingering) if (!this.isCut(port)) this.#endNow(socket)
  }

  /** Ends what lingers, cut or not. */
  stop(): void {
    for (const socket of this.#lingering.keys()) this.#endNow(socket)
  }

  #endNow(socket: Socket): void {
    this.#lingering.delete(socket)
    socket.destroy()
  }

  make(port: number, isOpen: () => boolean): { readonly to: Wire; readonly from: Wire } {
    const { matrix, self } = this
    const peer = this.#find(Field.port, port)
    if (peer === undefined) return { to: this.#wire(whole), from: this.#wire(whole) }
    return {
      to: this.#wire(() => (isOpen() ? undefined : this.#cut(peer)) ?? matrix.read(self, peer)),
      from: this.#wire(() => matrix.read(peer, self)),
    }
  }

  /** What stands between this node and its clients. */
  get clients(): ClientWires {
    const { matrix, self } = this
    return {
      isFaulty: () =>
        !matrix.isWhole(matrix.clients, self) || !matrix.isWhole(self, matrix.clients),
      isNode: (remotePort) =>
        this.#find(Field.replicationPort, remotePort) !== undefined ||
        this.#find(Field.migrationPort, remotePort) !== undefined,
      make: () => ({
        toClient: this.#wire(() => matrix.read(self, matrix.clients)),
        fromClient: this.#wire(() => matrix.read(matrix.clients, self)),
      }),
    }
  }

  /** A cut in either direction. */
  #cut(other: number): PathFault | undefined {
    const { matrix, self } = this
    if (matrix.isCut(self, other)) return matrix.read(self, other)
    return matrix.isCut(other, self) ? matrix.read(other, self) : undefined
  }

  #wire(fault: () => PathFault | undefined): Wire {
    return new Wire(fault, this.random)
  }

  /** The node with this value in its record: one that listens if there is one, else one that did. */
  #find(field: number, value: number): number | undefined {
    let found: number | undefined
    for (let index = 0; index < this.#shared.capacity; index++) {
      if (this.#shared.get(index, field) !== value) continue
      if (this.#listens(index)) return index
      found ??= index
    }
    return found
  }

  #listens(index: number): boolean {
    return this.#shared.get(index, Field.life) === LISTENING
  }
}

function whole(): undefined {}
