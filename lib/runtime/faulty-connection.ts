/**
 * A client's connection while something is wrong between clients and this node: what either side says or does to it, its
 * end included, arrives late or not before the healing. Invariant: in each direction everything arrives in order.
 */
import type { Socket } from 'node:net'
import type { Bytes } from '../base/bytes.ts'
import type { SocketWriter } from './socket-writer.ts'
import type { Wire } from './wire.ts'

/** A socket behind two wires. */
export class FaultyConnection implements SocketWriter {
  readonly #socket: Socket
  readonly #writer: SocketWriter
  readonly #toClient: Wire
  readonly #fromClient: Wire
  #waitingBytes = 0

  constructor(
    socket: Socket,
    writer: SocketWriter,
    wires: { readonly toClient: Wire; readonly fromClient: Wire },
  ) {
    this.#socket = socket
    this.#writer = writer
    this.#toClient = wires.toClient
    this.#fromClient = wires.fromClient
  }

  get waitingBytes(): number {
    return this.#waitingBytes + this.#writer.waitingBytes
  }

  /** Calls `take` when what the client said or did has come through. */
  receive(take: () => void): void {
    this.#fromClient.pass(take)
  }

  write(text: Bytes): void {
    this.#waitingBytes += text.length
    this.#toClient.pass(() => {
      this.#waitingBytes -= text.length
      this.#writer.write(text)
    })
  }

  destroy(): void {
    this.#toClient.pass(() => this.#socket.destroy())
  }

  destroySoon(): void {
    this.#toClient.pass(() => this.#socket.destroySoon())
  }

  /** The faults may have changed. */
  look(): void {
    this.#fromClient.look()
    this.#toClient.look()
  }

  /** Forgets what has not come through. */
  abandon(): void {
    this.#fromClient.clear()
    this.#toClient.clear()
  }
}
