/**
 * Ports that nobody listens at, in a row, for what has to know them beforehand. They lie below those that the system gives
 * to outgoing connections, bus ports included: between the look and the use none is taken by chance.
 */
import { createServer, type Server } from 'node:net'

const FIRST = 10_500
const LAST = 22_700
/** Tests that run side by side begin at different places. */
const SPREAD = 9000
const BUS_OFFSET = 10_000

/** Listens at a port of the loopback address; rejects when it is taken. */
export async function listenAt(port: number): Promise<Server> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return server
}

/** The first of so many free ports in a row, their bus ports free as well. */
export async function freePorts(count: number): Promise<number> {
  for (let first = FIRST + ((process.pid * 31) % SPREAD); first + count < LAST; first += count) {
    const ports = Array.from({ length: count }, (_, i) => first + i)
    const wanted = ports.flatMap((port) => [port, port + BUS_OFFSET])
    const servers = await Promise.allSettled(wanted.map(listenAt))
    for (const result of servers) if (result.status === 'fulfilled') result.value.close()
    if (servers.every(({ status }) => status === 'fulfilled')) return first
  }
  throw new Error('no free ports')
}
