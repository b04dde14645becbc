/** The floor of a warm start: six threads that are there listen and greet each other, again and again; the first time does not count. */
import { performance } from 'node:perf_hooks'
import type { WarmStart } from '../warm-start.ts'
import { cpuMicroseconds, ready } from './answer.ts'
import { channelsBetween, startThreads, tellAll } from './threads.ts'

const THREADS = 6
const repetitions = Number(process.argv[2])
const threads = await startThreads('./waiting-thread.js', THREADS)
const found: WarmStart[] = []
for (let i = 0; i <= repetitions; i++) {
  const cpuAtStart = cpuMicroseconds()
  const startAt = performance.now()
  await tellAll(threads, channelsBetween(THREADS), (ports) => ports)
  const readyAt = performance.now()
  const cpuMs = (cpuMicroseconds() - cpuAtStart) / 1000
  await tellAll(threads, Array(THREADS).fill([]))
  if (i > 0) found.push({ readyMs: readyAt - startAt, cpuMs, stopMs: performance.now() - readyAt })
}
ready(found)
