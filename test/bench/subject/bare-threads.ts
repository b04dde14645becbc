/**
 * The floor of a cold start, of memory and of idleness: a process that starts threads, six or as many as its first argument
 * says, each of which does nothing but listen and wake up ten times a second. It tells its memory and CPU time when asked.
 * Further arguments are what the threads do besides: `load` the code of a node, `mesh`: say hello to each other.
 */
import { performance } from 'node:perf_hooks'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { ColdStart } from '../cold-start.ts'
import { cpuMicroseconds, ready } from './answer.ts'
import { startThreads, tellAll } from './threads.ts'

const startAt = performance.now()
const cpuAtStart = cpuMicroseconds()
const [count = '6', ...extras] = process.argv.slice(2)
const module = extras.includes('load') ? './loading-thread.js' : './listening-thread.js'
const threads = await startThreads(module, Number(count))
if (extras.includes('mesh')) await mesh()
const found: ColdStart = {
  importMs: 0,
  readyMs: performance.now() - startAt,
  cpuMs: (cpuMicroseconds() - cpuAtStart) / 1000,
}
ready(found, { rss: () => process.memoryUsage.rss(), cpu: cpuMicroseconds })

/** Gives every two threads a channel; each is done when all others have answered it. */
async function mesh(): Promise<void> {
  const ends: MessagePort[][] = threads.workers.map(() => [])
  for (const [one, ports] of ends.entries()) {
    for (const others of ends.slice(one + 1)) {
      const { port1, port2 } = new MessageChannel()
      ports.push(port1)
      others.push(port2)
    }
  }
  await tellAll(threads, ends, (ports) => ports)
}
