/**
 * The floor of a cold start, of memory and of idleness: a process that starts threads, six or as many as its argument says,
 * each of which does nothing but listen and wake up ten times a second. It tells its memory and CPU time when asked.
 */
import { performance } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import type { ColdStart } from '../cold-start.ts'
import { cpuMicroseconds, ready } from './answer.ts'

const startAt = performance.now()
const cpuAtStart = cpuMicroseconds()
const threads = Array.from({ length: Number(process.argv[2] ?? 6) }, () => {
  const worker = new Worker(new URL('./listening-thread.js', import.meta.url), { execArgv: [] })
  return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
})
await Promise.all(threads)
const found: ColdStart = {
  importMs: 0,
  readyMs: performance.now() - startAt,
  cpuMs: (cpuMicroseconds() - cpuAtStart) / 1000,
}
ready(found, { rss: () => process.memoryUsage.rss(), cpu: cpuMicroseconds })
