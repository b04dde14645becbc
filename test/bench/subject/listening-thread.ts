/**
 * A thread that listens on a free port and says so, and wakes up as often as a server does by itself (`hz 10`). Given
 * channels to others, it greets them, and says when all have answered.
 */
import { createServer } from 'node:net'
import { type MessagePort, parentPort } from 'node:worker_threads'
import { meet } from './greeting.ts'

createServer().listen(0, '127.0.0.1', () => parentPort?.postMessage('listening'))
setInterval(() => {}, 100)
parentPort?.once('message', (peers: readonly MessagePort[]) =>
  meet(peers, () => parentPort?.postMessage('met')),
)
