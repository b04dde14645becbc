/**
 * A connection to another server's client port, a replica's to its master or MIGRATE's to its target: one at a time, bytes
 * in and out, nothing decided here. Faults between the two bite at this end, in both directions: under a cut nothing
 * comes or goes, not even the end of the connection. Invariant: after `close` or a newer `connect` no event of the old
 * connection is heard.
 */
import { Buffer } from 'node:buffer'
import { connect, type Socket } from 'node:net'
import type { Bytes } from '../base/bytes.ts'
import { reusedBuffer } from './reused-buffer.ts'
import { reasonOf } from './system-error.ts'
import type { Wire } from './wire.ts'

/** Hears what happens to the connection. */
export interface PeerListener {
  connected(localPort: number): void
  data(chunk: Buffer): void
  /** The connection failed or ended; `reason` is the system's text, `code` its name for an error. */
  closed(reason: string, code: string | undefined): void
}

/** What stands between this node and others, each known by its client port. */
export interface PeerWires {
  /** A cut in either direction. */
  isCut(port: number): boolean
  /** To the peer and from it; while `isOpen` says no, a cut of either keeps the connection from being made. */
  make(port: number, isOpen: () => boolean): { readonly to: Wire; readonly from: Wire }
  /** Ends a connection that we gave up, under a cut as soon as it is healed: the peer must not see it before. */
  end(port: number, socket: Socket): void
}

interface Path {
  readonly port: number
  readonly to: Wire
  readonly from: Wire
  socket: Socket | undefined
}

/** Opens and feeds the connection. */
export class PeerConnection {
  readonly #listener: PeerListener
  readonly #wires: PeerWires
  #path: Path | undefined
  #backlogBytes = 0

  constructor(listener: PeerListener, wires: PeerWires) {
    this.#listener = listener
    this.#wires = wires
  }

  /** Opens the connection, from a local address if one is given. */
  connect(host: string, port: number, localAddress = ''): void {
    this.close()
    let isOpen = false
    const path: Path = { port, socket: undefined, ...this.#wires.make(port, () => isOpen) }
    this.#path = path
    this.#backlogBytes = 0
    path.to.pass(() => {
      path.socket = this.#open(path, { host, ...(localAddress && { localAddress }) }, () => {
        isOpen = true
      })
    })
  }

  send(bytes: Bytes): void {
    const path = this.#path
    if (path === undefined) return
    this.#backlogBytes += bytes.length
    path.to.pass(() => {
      path.socket?.write(bytes, 'latin1', (error) => {
        if (error == null && this.#path === path) this.#backlogBytes -= bytes.length
      })
    })
  }

  /** Bytes that the kernel has not taken, or had not when the connection ended. */
  get backlogBytes(): number {
    return this.#backlogBytes
  }

  close(): void {
    const path = this.#path
    this.#path = undefined
    if (path === undefined) return
    path.to.clear()
    path.from.clear()
    if (path.socket !== undefined) this.#wires.end(path.port, path.socket)
  }

  /** The faults may have changed. */
  look(): void {
    const path = this.#path
    path?.to.look()
    path?.from.look()
    if (path?.from.underWay === 0) path.socket?.resume()
  }

  #open(
    path: Path,
    ends: { readonly host: string; readonly localAddress?: string },
    opened: () => void,
  ): Socket {
    const read = (length: number): boolean => {
      if (!isCurrent()) return true
      // It may have to wait. A Buffer of Node's own for each read costs more than a copy.
      const chunk = Buffer.from(reusedBuffer.subarray(0, length))
      path.from.pass(() => {
        if (isCurrent()) this.#listener.data(chunk)
      })
      // The rest waits with the kernel, and then with the peer.
      if (path.from.underWay > 0 && this.#wires.isCut(path.port)) socket.pause()
      return true
    }
    // Half open: to answer the peer's end with ours would tell it through a cut.
    const socket = connect({
      ...ends,
      port: path.port,
      noDelay: true,
      allowHalfOpen: true,
      onread: { buffer: reusedBuffer, callback: read },
    })
    socket.resume()
    const isCurrent = (): boolean => this.#path === path
    let reason = 'Connection reset by peer'
    let code: string | undefined
    socket.on('connect', () => {
      opened()
      if (isCurrent()) this.#listener.connected(socket.localPort ?? 0)
    })
    socket.on('end', () => path.from.pass(() => socket.end()))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      code = error.code
      reason = reasonOf(error)
    })
    socket.on('close', () => {
      if (!isCurrent()) return
      path.from.pass(() => {
        if (!isCurrent()) return
        this.#path = undefined
        path.to.clear()
        this.#listener.closed(reason, code)
      })
    })
    return socket
  }
}
