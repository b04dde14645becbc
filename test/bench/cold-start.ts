/**
 * Cold start: a fresh process starts 3 + 3 nodes until they are ready, beside a fresh process whose six threads only
 * listen (the floor of one thread per node), one whose threads load the code of a node before (the floor of this code), and
 * six real servers formed by redis-cli.
 */
import { performance } from 'node:perf_hooks'
import type { Plan } from './plan.ts'
import { startRealCluster, stopAll } from './real-cluster.ts'
import { missingTool } from './real-tool.ts'
import { interleave, median, medianOf } from './sample.ts'
import { SubjectProcess } from './subject-process.ts'
import type { Row } from './table.ts'

/** What a process found of its own start. */
export interface ColdStart {
  readonly importMs: number
  /** From the first call to ready. */
  readonly readyMs: number
  /** CPU time spent in `readyMs`. */
  readonly cpuMs: number
}

/** Measures cold starts. */
export async function* benchColdStart({ quick }: Plan): AsyncGenerator<Row> {
  const { cluster, threads, loaded } = await interleave<
    'cluster' | 'threads' | 'loaded',
    ColdStart
  >(
    {
      cluster: () => SubjectProcess.result('cold-cluster'),
      threads: () => SubjectProcess.result('bare-threads'),
      loaded: () => SubjectProcess.result('bare-threads', ['6', 'load']),
    },
    quick ? 7 : 21,
  )
  const ready = (start: ColdStart) => start.readyMs
  const cpu = (start: ColdStart) => start.cpuMs
  yield {
    what: 'import of the package',
    unit: 'ms',
    ours: medianOf(cluster, (start) => start.importMs),
    target: { of: 'ours', atMost: 15 },
  }
  const bare = { name: '6 bare threads listening', figure: medianOf(threads, ready) }
  const row = {
    what: 'cold start 3+3, until ready',
    unit: 'ms',
    ours: medianOf(cluster, ready),
  } as const
  yield {
    ...row,
    other: bare,
    target: { of: 'ratio', atMost: 1.6 },
  }
  yield {
    what: 'its floor: 6 threads load a node and listen',
    unit: 'ms',
    ours: medianOf(loaded, ready),
    other: bare,
  }
  yield {
    what: 'cold start 3+3, CPU time',
    unit: 'ms',
    ours: medianOf(cluster, cpu),
    other: { ...bare, figure: medianOf(threads, cpu) },
  }
  const reason = missingTool()
  if (reason !== undefined) {
    yield { what: row.what, reason }
    return
  }
  const real: number[] = []
  for (let i = 0; i < (quick ? 1 : 3); i++) real.push(await realStart())
  yield {
    ...row,
    other: { name: '6 redis-server, redis-cli', figure: median(real) },
    // Fifteen times as fast.
    target: { of: 'ratio', atMost: 0.067 },
  }
}

async function realStart(): Promise<number> {
  const startAt = performance.now()
  const servers = await startRealCluster()
  const tookMs = performance.now() - startAt
  await stopAll(servers)
  return tookMs
}
