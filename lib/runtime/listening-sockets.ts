/**
 * The listening sockets of one service: one port at every address of `bind`, and a socket in the file system
 * (listenToPort, anetUnixServer). Invariant: after `open` has rejected nothing listens.
 */
import { chmodSync, rmSync } from 'node:fs'
import { createServer, isIPv6, type Server, type ServerOpts, type Socket } from 'node:net'
import { closeServer, listenAt } from './listen.ts'

/** Takes a connection; `path` is that of the socket in the file system it came by. */
export type ConnectionListener = (socket: Socket, path: string | undefined) => void

/** Why an address that need not be there is left out; a protocol the system lacks never has to be. */
const MISSING_ADDRESS = 'EADDRNOTAVAIL'
const MISSING_PROTOCOL: readonly string[] = ['EAFNOSUPPORT', 'EPROTONOSUPPORT', 'EPFNOSUPPORT']

/** Listens for one service. */
export class ListeningSockets {
  readonly #options: ServerOpts
  readonly #accept: ConnectionListener
  #servers: Server[] = []

  constructor(options: ServerOpts, accept: ConnectionListener) {
    this.#options = options
    this.#accept = accept
  }

  /** The port that was bound; 0 when none is. */
  get port(): number {
    for (const server of this.#servers) {
      const address = server.address()
      if (typeof address === 'object' && address !== null) return address.port
    }
    return 0
  }

  /**
   * Binds a port, 0 for one that the system picks, at addresses as `bind` spells them: `*` is all of IPv4, `::*` all of
   * IPv6, and one behind `-` may be missing. Rejects with Node's error.
   */
  async open(addresses: readonly string[], port: number): Promise<void> {
    for (const word of addresses) {
      const host = hostOf(word)
      // An address of IPv6 that is all there is serves IPv4 too, as Node has it. To tell one takes Node a regular
      // expression whose compilation is a tenth of a node's start: not asked where it is all the same.
      const ipv6Only = addresses.length > 1 && isIPv6(host)
      const server = createServer(this.#options, (socket) => this.#accept(socket, undefined))
      try {
        await listenAt(server, { host, ipv6Only, port: port === 0 ? this.port : port })
        this.#servers.push(server)
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? ''
        const isOptional = word.startsWith('-') && code === MISSING_ADDRESS
        if (isOptional || MISSING_PROTOCOL.includes(code)) continue
        await this.close()
        throw error
      }
    }
  }

  /** Binds a path of the file system; what a process that died has left there goes. `mode` 0 leaves the permissions. */
  async openPath(path: string, mode: number): Promise<void> {
    rmSync(path, { force: true })
    const server = createServer(this.#options, (socket) => this.#accept(socket, path))
    await listenAt(server, { path })
    this.#servers.push(server)
    if (mode !== 0) chmodSync(path, mode)
  }

  /** Stops listening at once; the connections that came go on. */
  abandon(): void {
    for (const server of this.#servers.splice(0)) server.close()
  }

  /** Stops listening; resolves when every port is free. Connections must be destroyed by their owner. */
  async close(): Promise<void> {
    await Promise.all(this.#servers.splice(0).map(closeServer))
  }
}

function hostOf(word: string): string {
  const name = word.replace(/^-/, '')
  if (name === '*') return '0.0.0.0'
  return name === '::*' ? '::' : name
}
