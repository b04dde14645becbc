/** Listening sockets as promises: up or the reason why not, and down for good. */
import type { Server } from 'node:net'

/** Binds a server; rejects with Node's error (`EADDRINUSE`, ...). `host` empty means all addresses. */
export function listen(server: Server, host: string, port: number, backlog = 511): Promise<void> {
  return new Promise((resolve, reject) => {
    const refused = (error: Error): void => reject(error)
    server.once('error', refused)
    server.listen({ port, backlog, ...(host === '' ? {} : { host }) }, () => {
      server.off('error', refused)
      resolve()
    })
  })
}

/** Stops listening; resolves when the port is free. Connections must be destroyed by their owner. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (server.listening) server.close(() => resolve())
    else resolve()
  })
}
