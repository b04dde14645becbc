/**
 * The floor of a cold start, of memory and of idleness: a process that starts threads, six or as many as its first argument
 * says, each of which does nothing but listen and wake up ten times a second. It tells its memory and CPU time when asked.
 * Further arguments are what the threads do besides: `load` the code of a node, `mesh`: say hello to each other.
 */
import { performance } from 'node:perf_hooks'
import type { ColdStart } from '../cold-start.ts'
import { cpuMicroseconds, ready } from './answer.ts'
import { channelsBetween, startThreads, tellAll } from './threads.ts'

const startAt = performance.now()
const cpuAtStart = cpuMicroseconds()
const [count = '6', ...extras] = process.argv.slice(2)
const module = extras.includes('load') ? './loading-thread.js' : './listening-thread.js'
const threads = await startThreads(module, Number(count))
if (extras.includes('mesh')) {
  await tellAll(threads, channelsBetween(threads.workers.length), (ports) => ports)
}
const found: ColdStart = {
  importMs: 0,
  readyMs: performance.now() - startAt,
  cpuMs: (cpuMicroseconds() - cpuAtStart) / 1000,
}
ready(found, { rss: () => process.memoryUsage.rss(), cpu: cpuMicroseconds })
