/** What six nodes cost that nobody talks to, beside six threads that do nothing ten times a second (the floor). */
import { setTimeout as delay } from 'node:timers/promises'
import type { Plan } from './plan.ts'
import { interleave, median } from './sample.ts'
import { SubjectProcess } from './subject-process.ts'
import type { Row } from './table.ts'

/** Until then hot code is compiled and what a start leaves is collected. */
const SETTLE_MS = 20_000
const QUICK_SETTLE_MS = 3000
const MEASURE_MS = 10_000

/** Measures idle CPU time. */
export async function* benchIdle({ quick }: Plan): AsyncGenerator<Row> {
  const settleMs = quick ? QUICK_SETTLE_MS : SETTLE_MS
  const { cluster, threads } = await interleave<'cluster' | 'threads', number>(
    {
      cluster: () => shareOfCore('cold-cluster', settleMs),
      threads: () => shareOfCore('bare-threads', settleMs),
    },
    quick ? 1 : 3,
  )
  yield {
    what: 'idle 3+3, of a core',
    unit: '%',
    ours: median(cluster),
    other: { name: '6 bare threads waking', figure: median(threads) },
    target: { of: 'ours', atMost: 1 },
  }
}

async function shareOfCore(subject: string, settleMs: number): Promise<number> {
  const process = await SubjectProcess.start(subject)
  try {
    await delay(settleMs)
    const before = await process.ask<number>('cpu')
    await delay(MEASURE_MS)
    return ((await process.ask<number>('cpu')) - before) / 10 / MEASURE_MS
  } finally {
    await process.end()
  }
}
