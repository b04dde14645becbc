/**
 * A replicating node on real sockets: a server for clients and replicas, a connection to a master, a timer that ticks.
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { ReplicationSettings } from '../../lib/replication/settings.ts'
import { ReplicatingNode, type Transport } from './replicating-node.ts'

const TICK_MS = 50

/** Connects a {@link ReplicatingNode} to the world. */
export class SocketNode implements Transport {
  readonly node: ReplicatingNode
  readonly port: number
  readonly #server: Server
  readonly #clients = new Map<number, Socket>()
  readonly #timer: NodeJS.Timeout
  #master: Socket | undefined
  #lastClient = 0

  constructor(server: Server, settings: Partial<ReplicationSettings>, seed: string) {
    this.#server = server
    this.port = (server.address() as AddressInfo).port
    this.node = new ReplicatingNode({
      transport: this,
      settings: { ...settings, listeningPort: this.port },
      seed,
      now: Date.now(),
    })
    server.on('connection', (socket) => this.#accept(socket))
    this.#timer = setInterval(() => {
      this.node.now = Date.now()
      const { wakeAt } = this.node.machine
      if (wakeAt !== undefined && wakeAt <= this.node.now) this.node.step({ type: 'tick' })
      this.node.step({ type: 'flush' })
    }, TICK_MS)
  }

  /** Listens on a free port. */
  static async start(settings: Partial<ReplicationSettings> = {}, seed = '1'): Promise<SocketNode> {
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new SocketNode(server, settings, seed)
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.disconnect()
    for (const socket of this.#clients.values()) socket.destroy()
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }

  #accept(socket: Socket): void {
    const client = ++this.#lastClient
    this.#clients.set(client, socket)
    const ip = socket.remoteAddress ?? ''
    socket.on('data', (bytes) => {
      this.node.now = Date.now()
      this.node.clientData(client, ip, bytes)
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#clients.delete(client)
      this.node.clientClosed(client)
    })
  }

  connect(host: string, port: number): void {
    this.disconnect()
    const socket = connect({ host, port, noDelay: true })
    this.#master = socket
    let reason = 'Connection reset by peer'
    const current = (run: () => void) => {
      if (this.#master !== socket) return
      this.node.now = Date.now()
      run()
    }
    socket.on('connect', () => current(() => this.node.step({ type: 'connected' })))
    socket.on('data', (bytes) => current(() => this.node.data(bytes)))
    socket.on('error', (error) => {
      reason = error.message
    })
    socket.on('close', () =>
      current(() => {
        this.#master = undefined
        this.node.step({ type: 'closed', reason })
      }),
    )
  }

  write(bytes: string): void {
    this.#master?.write(bytes, 'latin1')
  }

  disconnect(): void {
    const socket = this.#master
    this.#master = undefined
    socket?.destroy()
  }

  send(client: number, bytes: string): void {
    this.#clients.get(client)?.write(bytes, 'latin1')
  }

  drop(client: number, afterSend: boolean): void {
    const socket = this.#clients.get(client)
    this.#clients.delete(client)
    if (afterSend) socket?.end()
    else socket?.destroy()
  }
}
