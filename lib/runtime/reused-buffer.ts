/**
 * Reads a server's connection into one buffer that all connections of the thread share. Node offers this (`onread`)
 * to client sockets only, so the accepted handle is moved into a new Socket; where that cannot be done, ordinary
 * 'data' events take its place. Worth a fifth of the CPU of a small command; that bytes then pass the Socket by, which hears
 * of errors and the end alone, a twentieth.
 */
import { Buffer } from 'node:buffer'
import { Socket } from 'node:net'
import { type StreamBinding, streamBinding } from './stream-binding.ts'

/** Takes the first `length` bytes of a buffer that is reused as soon as it returns. */
export type ReadCallback = (buffer: Buffer, length: number) => void

/** The part of a libuv stream that Node does not declare. */
interface StreamHandle {
  /** Called with each read, an error or the end included; the binding tells which. */
  onread?: (this: StreamHandle, chunk: unknown) => unknown
  readStop(): number
  readStart(): number
}

/** What net keeps on a socket that a server accepted, and does not declare. */
interface AcceptedSocket extends Socket {
  _handle: StreamHandle | null
  _server: unknown
  server: unknown
}

/** All connections of the thread read into it. */
export const reusedBuffer: Buffer = Buffer.allocUnsafeSlow(64 * 1024)

/** The socket to use instead of `accepted`, reading into the shared buffer. The server must accept with `pauseOnConnect`. */
export function readIntoSharedBuffer(accepted: Socket, onRead: ReadCallback): Socket {
  const from = accepted as AcceptedSocket
  const handle = from._handle
  if (handle === null || handle === undefined) {
    accepted.on('data', (chunk: Buffer) => onRead(chunk, chunk.length))
    accepted.resume()
    return accepted
  }
  const options = {
    handle,
    onread: {
      buffer: reusedBuffer,
      callback: (length: number, buffer: Buffer) => {
        onRead(buffer, length)
        return true
      },
    },
  }
  const socket = new Socket(options as ConstructorParameters<typeof Socket>[0]) as AcceptedSocket
  // The server counts its connections through these.
  socket._server = from._server
  socket.server = from.server
  from._server = null
  from._handle = null
  if (streamBinding !== undefined) passBy(handle, streamBinding, onRead)
  socket.resume()
  return socket
}

/** Lets what comes wait, past the Socket, which thinks that it reads; ends the reads that libuv would do in one go. */
export function stopReading(socket: Socket): void {
  ;(socket as AcceptedSocket)._handle?.readStop()
}

/** Reads again what {@link stopReading} let wait. */
export function startReading(socket: Socket): void {
  ;(socket as AcceptedSocket)._handle?.readStart()
}

/** Hands what was read over without the Socket. */
function passBy(
  handle: StreamHandle,
  { streamBaseState, kReadBytesOrError }: StreamBinding,
  onRead: ReadCallback,
): void {
  const { onread } = handle
  if (onread === undefined) return
  handle.onread = function (chunk) {
    const length = streamBaseState[kReadBytesOrError] as number
    return length > 0 ? onRead(reusedBuffer, length) : onread.call(this, chunk)
  }
}
