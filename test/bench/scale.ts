/** Many nodes at once: twenty clusters of 3 + 3, and one of 50 + 50, each beside as many threads that only listen. */
import type { ColdStart } from './cold-start.ts'
import type { Plan } from './plan.ts'
import { interleave, medianOf } from './sample.ts'
import { SubjectProcess } from './subject-process.ts'
import type { Row } from './table.ts'

const SCALES = [
  { what: '20 clusters of 3+3 at once, until ready', clusters: 20, masters: 3 },
  { what: 'cold start 50+50, until ready', clusters: 1, masters: 50 },
] as const

/** Measures starts of many nodes. */
export async function* benchScale({ quick }: Plan): AsyncGenerator<Row> {
  for (const { what, clusters, masters } of SCALES) {
    const nodes = clusters * masters * 2
    const { ours, threads } = await interleave<'ours' | 'threads', ColdStart>(
      {
        ours: () => SubjectProcess.result('cold-cluster', [`${clusters}`, `${masters}`]),
        threads: () => SubjectProcess.result('bare-threads', [`${nodes}`]),
      },
      quick ? 1 : 3,
    )
    yield {
      what,
      unit: 'ms',
      ours: medianOf(ours, ({ readyMs }) => readyMs),
      other: {
        name: `${nodes} bare threads listening`,
        figure: medianOf(threads, ({ readyMs }) => readyMs),
      },
      target: { of: 'ratio', atMost: 1.3 },
    }
  }
}
