/** Listening sockets as promises: up or the reason why not, and down for good. */
import type { ListenOptions, Server } from 'node:net'

/** As many connections may wait to be accepted (tcp-backlog). */
const BACKLOG = 511

/** Binds a server; rejects with Node's error (`EADDRINUSE`, ...). `host` empty means all addresses. */
export function listen(server: Server, host: string, port: number): Promise<void> {
  return listenAt(server, { port, ...(host === '' ? {} : { host }) })
}

/** Binds a server to whatever Node can bind it to; rejects with Node's error. */
export function listenAt(server: Server, place: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const refused = (error: Error): void => reject(error)
    server.once('error', refused)
    server.listen({ backlog: BACKLOG, ...place }, () => {
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
