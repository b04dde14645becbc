/** A process that starts and stops clusters of 3 + 3, one after the other; the first one, which is cold, does not count. */
import { performance } from 'node:perf_hooks'
import { startCluster } from '../../../lib/index.ts'
import type { WarmStart } from '../warm-start.ts'
import { cpuMicroseconds, ready } from './answer.ts'

const repetitions = Number(process.argv[2])
const found: WarmStart[] = []
for (let i = 0; i <= repetitions; i++) {
  const cpuAtStart = cpuMicroseconds()
  const startAt = performance.now()
  const cluster = await startCluster({ masters: 3, replicas: 1 })
  const readyAt = performance.now()
  const cpuMs = (cpuMicroseconds() - cpuAtStart) / 1000
  await cluster.stop()
  const stoppedAt = performance.now()
  if (i > 0) found.push({ readyMs: readyAt - startAt, cpuMs, stopMs: stoppedAt - readyAt })
}
ready(found)
