/** A process of six threads that look like a cluster of six masters to its clients and answer at once; it says where they listen. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { ready } from './answer.ts'

const workers = Array.from(
  { length: 6 },
  () => new Worker(new URL('./answering-thread.js', import.meta.url), { execArgv: [] }),
)
const ports = await Promise.all(
  workers.map(async (worker) => (await once(worker, 'message'))[0] as number),
)
const told = workers.map((worker) => once(worker, 'message'))
for (const worker of workers) worker.postMessage(ports)
await Promise.all(told)
ready(ports.map((port) => ({ host: '127.0.0.1', port, busPort: 0 })))
