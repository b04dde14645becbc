/**
 * The connections that MIGRATE opened to other servers' client ports, by the node's numbers for them. Invariant: one is known,
 * with the bytes that it holds back, until the node has heard of its end or closed it.
 */
import type { Buffer } from 'node:buffer'
import type { Bytes } from '../base/bytes.ts'
import type { PeerIo } from '../node/io.ts'
import { PeerConnection, type PeerWires } from './peer-connection.ts'

/** Hears what happens to the connections. */
export interface PeersListener {
  connected(peer: number, localPort: number): void
  data(peer: number, chunk: Buffer): void
  /** It failed or ended; `wasFound` is false when nobody knows its host. */
  closed(peer: number, wasFound: boolean): void
}

/** What the system says when a name leads to no address. */
const UNKNOWN_HOST = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NONAME'])

/** The connections of one node. */
export class PeerConnections implements PeerIo {
  readonly #listener: PeersListener
  readonly #wires: PeerWires
  readonly #connections = new Map<number, PeerConnection>()

  constructor(listener: PeersListener, wires: PeerWires) {
    this.#listener = listener
    this.#wires = wires
  }

  connect(peer: number, host: string, port: number): void {
    const connection = new PeerConnection(
      {
        connected: (localPort) => this.#listener.connected(peer, localPort),
        data: (chunk) => this.#listener.data(peer, chunk),
        closed: (_reason, code) => {
          this.#listener.closed(peer, code === undefined || !UNKNOWN_HOST.has(code))
          this.#connections.delete(peer)
        },
      },
      this.#wires,
    )
    this.#connections.set(peer, connection)
    connection.connect(host, port)
  }

  send(peer: number, bytes: Bytes): void {
    this.#connections.get(peer)?.send(bytes)
  }

  backlogBytes(peer: number): number {
    return this.#connections.get(peer)?.backlogBytes ?? 0
  }

  close(peer: number): void {
    this.#connections.get(peer)?.close()
    this.#connections.delete(peer)
  }

  /** Acts on faults that came or went. */
  look(): void {
    for (const connection of this.#connections.values()) connection.look()
  }

  /** Ends all of them; nothing more is heard. */
  stop(): void {
    for (const connection of this.#connections.values()) connection.close()
  }
}
