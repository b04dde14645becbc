/**
 * Replicating nodes in one process on a network in memory: no sockets, no clock but the test's. Bytes arrive in chunks of
 * random size, in order within a connection; connections can be cut and nodes taken off the network.
 * Invariant: one seed and the same calls give the same run.
 */
import { Buffer } from 'node:buffer'
import { Random } from '../../lib/base/random.ts'
import type { ReplicationSettings } from '../../lib/replication/settings.ts'
import { ReplicatingNode, type Transport } from './replicating-node.ts'

const START_MS = 1_700_000_000_000
const TICK_MS = 100
/** More steps than any test needs to come to rest. */
const STEPS_MAX = 1_000_000

/** A connection from a replica to its master. */
interface Connection {
  readonly replica: MemoryNode
  readonly master: MemoryNode
  /** The replica as the master's client. */
  readonly client: number
  /** The replica's end and the master's end. */
  isOpen: [boolean, boolean]
  /** Something was lost on the way: nothing more arrives, not even the end. */
  isDead: boolean
}

/** A node on the network. */
export class MemoryNode implements Transport {
  readonly node: ReplicatingNode
  readonly port: number
  readonly #network: MemoryNetwork

  constructor(network: MemoryNetwork, port: number, settings: Partial<ReplicationSettings>) {
    this.#network = network
    this.port = port
    this.node = new ReplicatingNode({
      transport: this,
      settings: { ...settings, listeningPort: port },
      seed: `${network.seed}/${port}`,
      now: network.now,
    })
  }

  connect(_host: string, port: number): void {
    this.disconnect()
    this.#network.connect(this, port)
  }

  write(bytes: string): void {
    this.#network.writeToMaster(this, bytes)
  }

  disconnect(): void {
    this.#network.disconnect(this)
  }

  send(client: number, bytes: string): void {
    this.#network.writeToClient(client, bytes)
  }

  drop(client: number): void {
    this.#network.drop(client)
  }
}

/** All nodes and what is under way between them. */
export class MemoryNetwork {
  readonly seed: string
  readonly nodes: MemoryNode[] = []
  /** Everything that went from masters to replicas, by client. */
  readonly sent = new Map<number, string>()
  now = START_MS
  readonly #random: Random
  readonly #byClient = new Map<number, Connection>()
  readonly #offline = new Set<MemoryNode>()
  #events: (() => void)[] = []
  #lastClient = 0

  constructor(seed: string) {
    this.seed = seed
    this.#random = new Random(seed)
  }

  add(settings: Partial<ReplicationSettings> = {}): MemoryNode {
    const node = new MemoryNode(this, 7000 + this.nodes.length, settings)
    this.nodes.push(node)
    return node
  }

  /** Lets everything under way arrive, and what that brings about. */
  settle(): void {
    for (let i = 0; this.#events.length > 0; i++) {
      if (i > STEPS_MAX) throw new Error('the network does not come to rest')
      this.#events.shift()?.()
    }
  }

  /** Lets time pass, in ticks. */
  advance(ms: number): void {
    this.settle()
    for (const end = this.now + ms; this.now < end; ) {
      this.now = Math.min(end, this.now + TICK_MS)
      for (const { node } of this.nodes) {
        node.now = this.now
        const { wakeAt } = node.machine
        if (wakeAt !== undefined && wakeAt <= this.now) node.step({ type: 'tick' })
        node.step({ type: 'flush' })
      }
      this.settle()
    }
  }

  /** Breaks a replica's connection to its master; both ends hear of it. */
  cut(replica: MemoryNode): void {
    const connection = this.#connectionOf(replica)
    if (connection === undefined) return
    this.#close(connection, 0)
    this.#close(connection, 1)
  }

  /** Nobody reaches the node, and connections to it go silent: nothing arrives, nothing closes. */
  takeOff(node: MemoryNode): void {
    this.#offline.add(node)
  }

  putBack(node: MemoryNode): void {
    this.#offline.delete(node)
  }

  connect(replica: MemoryNode, port: number): void {
    const master = this.nodes.find((node) => node.port === port)
    if (master === undefined || this.#offline.has(master) || this.#offline.has(replica)) {
      this.#events.push(() => {
        if (this.#connectionOf(replica) === undefined) {
          replica.node.step({ type: 'closed', reason: 'Connection refused' })
        }
      })
      return
    }
    const client = ++this.#lastClient
    const connection: Connection = { replica, master, client, isOpen: [true, true], isDead: false }
    this.#byClient.set(client, connection)
    this.sent.set(client, '')
    this.#events.push(() => {
      if (connection.isOpen[0]) replica.node.step({ type: 'connected' })
    })
  }

  writeToMaster(replica: MemoryNode, bytes: string): void {
    const connection = this.#connectionOf(replica)
    if (connection === undefined) return
    const { master, client } = connection
    this.#transmit(connection, bytes, (chunk) => {
      if (connection.isOpen[1]) master.node.clientData(client, '127.0.0.1', chunk)
    })
  }

  writeToClient(client: number, bytes: string): void {
    const connection = this.#byClient.get(client)
    if (connection === undefined || !connection.isOpen[1]) return
    this.sent.set(client, this.sent.get(client) + bytes)
    this.#transmit(connection, bytes, (chunk) => {
      if (connection.isOpen[0]) connection.replica.node.data(chunk)
    })
  }

  /** The replica closes its end. */
  disconnect(replica: MemoryNode): void {
    const connection = this.#connectionOf(replica)
    if (connection === undefined) return
    connection.isOpen[0] = false
    this.#close(connection, 1)
  }

  /** The master closes its end. */
  drop(client: number): void {
    const connection = this.#byClient.get(client)
    if (connection === undefined) return
    connection.isOpen[1] = false
    this.#close(connection, 0)
  }

  /** One end hears that the connection ended. */
  #close(connection: Connection, end: 0 | 1): void {
    this.#events.push(() => {
      if (!connection.isOpen[end] || !this.#carries(connection)) return
      connection.isOpen[end] = false
      const { replica, master, client } = connection
      if (end === 0) replica.node.step({ type: 'closed', reason: 'Connection reset by peer' })
      else master.node.clientClosed(client)
    })
  }

  #carries(connection: Connection): boolean {
    const { master, replica } = connection
    if (this.#offline.has(master) || this.#offline.has(replica)) connection.isDead = true
    return !connection.isDead
  }

  #connectionOf(replica: MemoryNode): Connection | undefined {
    for (const connection of this.#byClient.values()) {
      if (connection.replica === replica && connection.isOpen[0]) return connection
    }
    return undefined
  }

  #transmit(connection: Connection, bytes: string, deliver: (chunk: Buffer) => void): void {
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + this.#random.below(this.#random.below(4) === 0 ? 20 : 8000)
      const part = bytes.slice(at, at + size)
      at += size
      this.#events.push(() => {
        if (!this.#carries(connection)) return
        const chunk = Buffer.from(part, 'latin1')
        deliver(chunk)
        // The receiver was told that the buffer is not its own.
        chunk.fill(0)
      })
    }
  }
}
