/** Resident memory per idle node: a process with 3 + 3 nodes less one that only imports the package, beside a redis-server. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Plan } from './plan.ts'
import { residentBytesOf, startRealNode } from './real-cluster.ts'
import { missingTool } from './real-tool.ts'
import { interleave, median } from './sample.ts'
import { SubjectProcess } from './subject-process.ts'
import type { Row } from './table.ts'

const NODES = 6
const MEGABYTE = 1 << 20
/** Time to come to rest before memory is read. */
const SETTLE_MS = 1500

/** Measures resident memory. */
export async function benchMemory({ quick }: Plan): Promise<Row[]> {
  const { cluster, bare } = await interleave<'cluster' | 'bare', number>(
    { cluster: () => residentBytes('cold-cluster'), bare: () => residentBytes('imported') },
    quick ? 2 : 5,
  )
  const ours = (median(cluster) - median(bare)) / NODES / MEGABYTE
  const what = 'resident memory per idle node'
  const row = { what, unit: 'MB', ours, target: { of: 'ours', atMost: 12 } } as const
  if (missingTool() !== undefined) return [row]
  const server = await startRealNode()
  try {
    await delay(SETTLE_MS)
    const figure = (await residentBytesOf(server)) / MEGABYTE
    return [{ ...row, other: { name: 'redis-server', figure } }]
  } finally {
    await server.stop()
  }
}

async function residentBytes(subject: string): Promise<number> {
  const process = await SubjectProcess.start(subject)
  try {
    await delay(SETTLE_MS)
    return await process.ask<number>('rss')
  } finally {
    await process.end()
  }
}
