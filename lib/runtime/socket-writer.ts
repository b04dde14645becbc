/**
 * Writes to a connection past the stream machinery: what a turn has to say is handed to the kernel at once, and only what
 * that does not take waits, in libuv. The queues, callbacks and later ticks of a Socket's own write are an eighth of the
 * CPU of a small command. Where Node does not let us have its binding, the Socket writes.
 * Invariant: bytes leave in the order of the calls; nobody else writes to the socket.
 */
import type { Socket } from 'node:net'
import type { Bytes } from '../base/bytes.ts'
import { type StreamBinding, streamBinding, type WriteRequest } from './stream-binding.ts'

/** The part of a libuv stream that Node does not declare. */
interface StreamHandle {
  /** Bytes that wait for the kernel. */
  readonly writeQueueSize: number
  /** Returns an error number, 0 for none. The request is untouched unless the write goes on in the background. */
  writeLatin1String(request: WriteRequest, text: Bytes): number
}

/** The way out of one socket. */
export interface SocketWriter {
  /** Bytes written that the kernel has not taken. */
  readonly waitingBytes: number
  write(text: Bytes): void
}

/** The quickest writer there is for a socket. */
export function writerOf(socket: Socket): SocketWriter {
  const { _handle: handle } = socket as unknown as { readonly _handle?: StreamHandle | null }
  return streamBinding === undefined || typeof handle?.writeLatin1String !== 'function'
    ? new StreamWriter(socket)
    : new DirectWriter(socket, handle, streamBinding)
}

class DirectWriter implements SocketWriter {
  readonly #socket: Socket
  readonly #handle: StreamHandle
  readonly #binding: StreamBinding
  #request: WriteRequest
  /** Writes that go on in the background. */
  #unfinished = 0

  constructor(socket: Socket, handle: StreamHandle, binding: StreamBinding) {
    this.#socket = socket
    this.#handle = handle
    this.#binding = binding
    this.#request = new binding.WriteWrap()
  }

  get waitingBytes(): number {
    return this.#unfinished === 0 || this.#socket.destroyed ? 0 : this.#handle.writeQueueSize
  }

  write(text: Bytes): void {
    if (this.#socket.destroyed) return
    const { streamBaseState, kLastWriteWasAsync } = this.#binding
    if (this.#handle.writeLatin1String(this.#request, text) !== 0) this.#socket.destroy()
    else if (streamBaseState[kLastWriteWasAsync] !== 0) this.#goOnInBackground()
  }

  #goOnInBackground(): void {
    this.#unfinished++
    this.#request.oncomplete = (status) => {
      this.#unfinished--
      if (status < 0) this.#socket.destroy()
    }
    this.#request = new this.#binding.WriteWrap()
  }
}

class StreamWriter implements SocketWriter {
  readonly #socket: Socket

  constructor(socket: Socket) {
    this.#socket = socket
  }

  get waitingBytes(): number {
    return this.#socket.writableLength
  }

  write(text: Bytes): void {
    this.#socket.write(text, 'latin1')
  }
}
