/** A thread that listens on a free port and says so. */
import { createServer } from 'node:net'
import { parentPort } from 'node:worker_threads'

createServer().listen(0, '127.0.0.1', () => parentPort?.postMessage('listening'))
