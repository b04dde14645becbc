/**
 * Sends bytes as they are and writes down everything that comes back until the server has closed the connection or has
 * said a last word; for streams that break the protocol, where there is no telling what a reply is.
 */
import { connect } from 'node:net'
import type { Bytes } from '../../lib/base/bytes.ts'

/** What came back. */
export interface Exchange {
  readonly received: Bytes
  /** Whether the server ended the connection; `silent`: it did nothing for too long. */
  readonly end: 'closed' | 'open' | 'silent'
}

const PATIENCE_MS = 5000
const TRIES_MAX = 5

interface ExchangeOptions {
  readonly lastWord?: Bytes
  readonly hangUp?: boolean
}

/**
 * Sends chunks on a new connection, each in a packet of its own if the system likes, until `lastWord` has come back at
 * the end of what was received, or the connection has ended. With `hangUp` the client's half of it ends after the last.
 * A chunk that meets a closed connection may end it for the client before it has read what the server said last: then
 * all is said again.
 */
export async function exchange(
  port: number,
  chunks: readonly Bytes[],
  options: ExchangeOptions = {},
): Promise<Exchange> {
  let found = await exchangeOnce(port, chunks, options)
  for (
    let tries = 1;
    found.end === 'reset' && found.received === '' && tries < TRIES_MAX;
    tries++
  ) {
    found = await exchangeOnce(port, chunks, options)
  }
  return { ...found, end: found.end === 'reset' ? 'closed' : found.end }
}

function exchangeOnce(
  port: number,
  chunks: readonly Bytes[],
  { lastWord, hangUp = false }: ExchangeOptions,
): Promise<{ readonly received: Bytes; readonly end: Exchange['end'] | 'reset' }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let received: Bytes = ''
    const finish = (end: Exchange['end'] | 'reset') => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ received, end })
    }
    const timer = setTimeout(() => finish('silent'), PATIENCE_MS)
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1')
      if (lastWord !== undefined && received.endsWith(lastWord)) finish('open')
    })
    socket.on('end', () => finish('closed'))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // A server that closes with bytes unread resets.
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') finish('reset')
      else reject(error)
    })
    socket.on('connect', () => {
      const send = (index: number): void => {
        const chunk = chunks[index]
        if (socket.destroyed) return
        if (chunk === undefined) {
          if (hangUp) socket.end()
          return
        }
        socket.write(chunk, 'latin1', () => setImmediate(send, index + 1))
      }
      send(0)
    })
  })
}
