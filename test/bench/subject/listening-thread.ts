/** A thread that listens on a free port and says so, and wakes up as often as a server does by itself (`hz 10`). */
import { createServer } from 'node:net'
import { parentPort } from 'node:worker_threads'

createServer().listen(0, '127.0.0.1', () => parentPort?.postMessage('listening'))
setInterval(() => {}, 100)
