/**
 * A connection to another server's client port, a replica's to its master or MIGRATE's to its target: one at a time, bytes
 * in and out, nothing decided here. Invariant: after `close`
 * or a newer `connect` no event of the old connection is heard.
 */
import type { Buffer } from 'node:buffer'
import { connect, type Socket } from 'node:net'
import type { Bytes } from '../base/bytes.ts'

/** Hears what happens to the connection. */
export interface PeerListener {
  connected(): void
  data(chunk: Buffer): void
  /** The connection failed or ended; `reason` is the system's text, `code` its name for an error. */
  closed(reason: string, code: string | undefined): void
}

/** Opens and feeds the connection. */
export class PeerConnection {
  readonly #listener: PeerListener
  #socket: Socket | undefined
  #backlogBytes = 0

  constructor(listener: PeerListener) {
    this.#listener = listener
  }

  connect(host: string, port: number): void {
    this.close()
    const socket = connect({ host, port, noDelay: true })
    this.#socket = socket
    this.#backlogBytes = 0
    let reason = 'Connection reset by peer'
    let code: string | undefined
    socket.on('connect', () => {
      if (this.#socket === socket) this.#listener.connected()
    })
    socket.on('data', (chunk: Buffer) => {
      if (this.#socket === socket) this.#listener.data(chunk)
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      code = error.code
      reason = code === 'ECONNREFUSED' ? 'Connection refused' : error.message
    })
    socket.on('close', () => {
      if (this.#socket !== socket) return
      this.#socket = undefined
      this.#listener.closed(reason, code)
    })
  }

  send(bytes: Bytes): void {
    const socket = this.#socket
    if (socket === undefined) return
    this.#backlogBytes += bytes.length
    socket.write(bytes, 'latin1', (error) => {
      if (error == null && this.#socket === socket) this.#backlogBytes -= bytes.length
    })
  }

  /** Bytes that the kernel has not taken, or had not when the connection ended. */
  get backlogBytes(): number {
    return this.#backlogBytes
  }

  close(): void {
    const socket = this.#socket
    this.#socket = undefined
    socket?.destroy()
  }
}
