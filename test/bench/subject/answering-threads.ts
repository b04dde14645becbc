/** A process of six threads that look like a cluster of six masters to its clients and answer at once; it says where they listen. */
import { ready } from './answer.ts'
import { startThreads, tellAll } from './threads.ts'

const threads = await startThreads('./answering-thread.js', 6)
const ports = threads.greetings as readonly number[]
// Each is told of all.
await tellAll(
  threads,
  ports.map(() => ports),
)
ready(ports.map((port) => ({ host: '127.0.0.1', port, busPort: 0 })))
