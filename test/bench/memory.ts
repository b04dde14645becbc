/**
 * Resident memory per idle node: a process with 3 + 3 nodes less one that only imports the package, beside a thread that
 * only listens, one that has the code of a node and a channel to each other besides (the floor), and a redis-server.
 */
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

type Contestant = 'cluster' | 'threads' | 'loaded' | 'bare'

/** Measures resident memory. */
export async function* benchMemory({ quick }: Plan): AsyncGenerator<Row> {
  const { cluster, threads, loaded, bare } = await interleave<Contestant, number>(
    {
      cluster: () => residentBytes('cold-cluster'),
      threads: () => residentBytes('bare-threads'),
      loaded: () => residentBytes('bare-threads', [`${NODES}`, 'load', 'mesh']),
      bare: () => residentBytes('imported'),
    },
    quick ? 2 : 5,
  )
  const perNode = (bytes: readonly number[]) => (median(bytes) - median(bare)) / NODES / MEGABYTE
  const row = {
    what: 'resident memory per idle node',
    unit: 'MB',
    ours: perNode(cluster),
    target: { of: 'ours', atMost: 12 },
  } as const
  const other = { name: 'bare thread listening', figure: perNode(threads) }
  yield { ...row, other }
  yield {
    what: 'its floor: threads load a node, listen and exchange a PING',
    unit: row.unit,
    ours: perNode(loaded),
    other,
  }
  const reason = missingTool()
  if (reason !== undefined) {
    yield { what: row.what, reason }
    return
  }
  const server = await startRealNode()
  try {
    await delay(SETTLE_MS)
    const figure = (await residentBytesOf(server)) / MEGABYTE
    yield { ...row, other: { name: 'redis-server', figure } }
  } finally {
    await server.stop()
  }
}

async function residentBytes(subject: string, args: readonly string[] = []): Promise<number> {
  const process = await SubjectProcess.start(subject, args)
  try {
    await delay(SETTLE_MS)
    return await process.ask<number>('rss')
  } finally {
    await process.end()
  }
}
