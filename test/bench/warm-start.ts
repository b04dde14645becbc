/**
 * Warm start and stop: the second and later clusters of 3 + 3 in one process, whose threads are there already, beside
 * threads that only listen and greet each other.
 */
import type { Plan } from './plan.ts'
import { interleave, medianOf } from './sample.ts'
import { SubjectProcess } from './subject-process.ts'
import type { Row } from './table.ts'

/** What a process found of one of its clusters. */
export interface WarmStart {
  readonly readyMs: number
  /** CPU time spent in `readyMs`. */
  readonly cpuMs: number
  readonly stopMs: number
}

/** Measures warm starts and stops. */
export async function* benchWarmStart({ quick }: Plan): AsyncGenerator<Row> {
  const times = quick ? '10' : '30'
  // One process is faster than another by a quarter and more, by what V8 compiles and collects in it and when.
  const { clusters, threads } = await interleave<'clusters' | 'threads', WarmStart[]>(
    {
      clusters: () => SubjectProcess.result('warm-cluster', [times]),
      threads: () => SubjectProcess.result('warm-threads', [times]),
    },
    quick ? 1 : 5,
  )
  const [found, floor] = [clusters.flat(), threads.flat()]
  const beside = (figureOf: (start: WarmStart) => number) => ({
    ours: medianOf(found, figureOf),
    other: { name: '6 threads listening and greeting', figure: medianOf(floor, figureOf) },
  })
  const ready = (start: WarmStart) => start.readyMs
  yield {
    what: 'warm start 3+3, until ready',
    unit: 'ms',
    ...beside(ready),
    target: { of: 'ours', atMost: 15 },
  }
  yield {
    what: 'warm start 3+3, CPU time',
    unit: 'ms',
    ours: medianOf(found, (start) => start.cpuMs),
  }
  yield {
    what: 'stop 3+3',
    unit: 'ms',
    ours: medianOf(found, (start) => start.stopMs),
    target: { of: 'ours', atMost: 10 },
  }
}
