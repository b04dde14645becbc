/**
 * A process that imports the package and starts clusters at once: one of 3 + 3, or as many, of as many masters with a replica
 * each, as its arguments say. Then it idles and tells its memory and CPU time when asked.
 */
import { performance } from 'node:perf_hooks'
import type { ColdStart } from '../cold-start.ts'
import { cpuMicroseconds, ready } from './answer.ts'

const [clusters = 1, masters = 3] = process.argv.slice(2).map(Number)
const importAt = performance.now()
const { startCluster } = await import('../../../lib/index.ts')
const startAt = performance.now()
const cpuAtStart = cpuMicroseconds()
await Promise.all(Array.from({ length: clusters }, () => startCluster({ masters, replicas: 1 })))
const found: ColdStart = {
  importMs: startAt - importAt,
  readyMs: performance.now() - startAt,
  cpuMs: (cpuMicroseconds() - cpuAtStart) / 1000,
}
ready(found, { rss: () => process.memoryUsage.rss(), cpu: cpuMicroseconds })
