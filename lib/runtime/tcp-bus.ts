/**
 * The bus over TCP, message for message as Redis speaks it (clusterAcceptHandler, clusterLinkConnectHandler): a real
 * redis-server can sit at the other end.
 */
import { connect, type Socket } from 'node:net'
import { encodeMessage } from '../bus/codec.ts'
import { BusDecoder } from '../bus/decoder.ts'
import type { BusMessage } from '../bus/message.ts'
import type { BusListener, BusTransport, LinkId } from './bus-transport.ts'
import { ListeningSockets } from './listening-sockets.ts'

/** Bus links as TCP connections. */
export class TcpBus implements BusTransport {
  readonly #listener: BusListener
  readonly #listening: ListeningSockets
  readonly #sockets = new Map<LinkId, Socket>()
  readonly #localHost: string
  #lastInbound: LinkId = 0

  private constructor(listener: BusListener, localHost: string) {
    this.#listener = listener
    this.#localHost = localHost
    this.#listening = new ListeningSockets({ noDelay: true, keepAlive: true }, (socket) =>
      this.#accept(socket),
    )
  }

  /** Listens for other nodes at addresses as `bind` spells them; rejects when the port is taken. */
  static async listen(
    listener: BusListener,
    addresses: readonly string[],
    busPort: number,
  ): Promise<TcpBus> {
    const [first = ''] = addresses
    const bus = new TcpBus(listener, first)
    await bus.#listening.open(addresses, busPort)
    return bus
  }

  /** The port that was bound. */
  get port(): number {
    return this.#listening.port
  }

  connect(link: LinkId, ip: string, busPort: number): void {
    const socket = connect({
      host: ip,
      port: busPort,
      noDelay: true,
      ...this.#sourceFor(ip),
    })
    let up = false
    this.#sockets.set(link, socket)
    socket.on('connect', () => {
      up = true
      this.#listener.opened(link)
    })
    this.#attach(link, socket, () => {
      if (up) this.#listener.closed(link)
      else this.#listener.failed(link)
    })
  }

  /** The peer shall see the address we are known by; from the loopback no other host can be reached. */
  #sourceFor(ip: string): { localAddress?: string } {
    const from = this.#localHost
    if (isWildcard(from) || (isLoopback(from) && !isLoopback(ip))) return {}
    return { localAddress: from }
  }

  send(link: LinkId, message: BusMessage): void {
    this.#sockets.get(link)?.write(encodeMessage(message))
  }

  close(link: LinkId): void {
    const socket = this.#sockets.get(link)
    this.#sockets.delete(link)
    socket?.destroy()
  }

  bufferedBytes(link: LinkId): number {
    return this.#sockets.get(link)?.writableLength ?? 0
  }

  async stop(): Promise<void> {
    for (const link of [...this.#sockets.keys()]) this.close(link)
    await this.#listening.close()
  }

  #accept(socket: Socket): void {
    const link = --this.#lastInbound
    this.#sockets.set(link, socket)
    this.#attach(link, socket, () => this.#listener.closed(link))
    this.#listener.accepted(link, plain(socket.remoteAddress), plain(socket.localAddress))
  }

  #attach(link: LinkId, socket: Socket, ended: () => void): void {
    const decoder = new BusDecoder()
    socket.on('error', () => {})
    socket.on('close', () => {
      // A link that we closed ourselves is not in the table any more, and nobody waits to hear of it.
      if (this.#sockets.get(link) !== socket) return
      this.#sockets.delete(link)
      ended()
    })
    socket.on('data', (chunk: Buffer) => {
      for (const event of decoder.push(chunk)) {
        if (this.#sockets.get(link) !== socket) return
        if (event.kind === 'message') this.#listener.message(link, event.message)
        else if (event.kind === 'invalid') {
          this.#listener.dropped(link, event.typeNumber, event.text)
        } else {
          this.#listener.broken(link, event.text)
          socket.destroy()
        }
      }
    })
  }
}

function isWildcard(host: string): boolean {
  return ['0.0.0.0', '*', '::', '::*', ''].includes(host.replace(/^-/, ''))
}

function isLoopback(host: string): boolean {
  return /^-?(127\.|::1$)/.test(host) || host === 'localhost'
}

/** An IPv4 address without its IPv6 mapping. */
function plain(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:/, '')
}
