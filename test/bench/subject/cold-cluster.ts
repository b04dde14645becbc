/** A process that imports the package and starts a cluster of 3 + 3; then it idles and tells its memory when asked. */
import { performance } from 'node:perf_hooks'
import type { ColdStart } from '../cold-start.ts'
import { cpuMicroseconds, ready } from './answer.ts'

const importAt = performance.now()
const { startCluster } = await import('../../../lib/index.ts')
const startAt = performance.now()
const cpuAtStart = cpuMicroseconds()
await startCluster({ masters: 3, replicas: 1 })
const found: ColdStart = {
  importMs: startAt - importAt,
  readyMs: performance.now() - startAt,
  cpuMs: (cpuMicroseconds() - cpuAtStart) / 1000,
}
ready(found, { rss: () => process.memoryUsage.rss() })
