/**
 * A replica's connection to its master: one at a time, bytes in and out, nothing decided here. Invariant: after `close`
 * or a newer `connect` no event of the old connection is heard.
 */
import type { Buffer } from 'node:buffer'
import { connect, type Socket } from 'node:net'
import type { Bytes } from '../base/bytes.ts'

/** Hears what happens to the connection. */
export interface MasterListener {
  connected(): void
  data(chunk: Buffer): void
  /** The connection failed or ended; `reason` is the system's text. */
  closed(reason: string): void
}

/** Opens and feeds the connection. */
export class MasterConnection {
  readonly #listener: MasterListener
  #socket: Socket | undefined

  constructor(listener: MasterListener) {
    this.#listener = listener
  }

  connect(host: string, port: number): void {
    this.close()
    const socket = connect({ host, port, noDelay: true })
    this.#socket = socket
    let reason = 'Connection reset by peer'
    socket.on('connect', () => {
      if (this.#socket === socket) this.#listener.connected()
    })
    socket.on('data', (chunk: Buffer) => {
      if (this.#socket === socket) this.#listener.data(chunk)
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      reason = error.code === 'ECONNREFUSED' ? 'Connection refused' : error.message
    })
    socket.on('close', () => {
      if (this.#socket !== socket) return
      this.#socket = undefined
      this.#listener.closed(reason)
    })
  }

  send(bytes: Bytes): void {
    this.#socket?.write(bytes, 'latin1')
  }

  close(): void {
    const socket = this.#socket
    this.#socket = undefined
    socket?.destroy()
  }
}
