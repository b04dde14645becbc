/**
 * A thread that waits. Given channels to others it listens on a free port, greets them, and says when all have answered;
 * at the next message it closes all that, says so, and waits again.
 */
import { createServer, type Server } from 'node:net'
import { type MessagePort, parentPort } from 'node:worker_threads'
import { meet } from './greeting.ts'

let stop: (() => void) | undefined

parentPort?.on('message', (peers: readonly MessagePort[]) => {
  if (stop !== undefined) {
    stop()
    return
  }
  const server = createServer()
  stop = () => close(server, peers)
  server.listen(0, '127.0.0.1', () => meet(peers, () => parentPort?.postMessage('met')))
})
parentPort?.postMessage('waiting')

function close(server: Server, peers: readonly MessagePort[]): void {
  stop = undefined
  for (const peer of peers) peer.close()
  server.close(() => parentPort?.postMessage('closed'))
}
