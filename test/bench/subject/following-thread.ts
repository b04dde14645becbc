/** A thread that reads what one that answers passes on, and does nothing with it: the floor of a replica in a thread. */
import { createServer } from 'node:net'
import { parentPort } from 'node:worker_threads'

const server = createServer((socket) => {
  socket.on('data', () => {})
  socket.on('error', () => {})
})

server.listen(0, '127.0.0.1', () =>
  parentPort?.postMessage((server.address() as { port: number }).port),
)
