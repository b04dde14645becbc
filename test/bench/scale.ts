/**
 * Many nodes at once: twenty clusters of 3 + 3, and one of 50 + 50, each beside as many threads that only listen, and as many
 * that load the code of a node as well; those of the large cluster also say hello to each other.
 */
import type { ColdStart } from './cold-start.ts'
import type { Plan } from './plan.ts'
import { interleave, medianOf } from './sample.ts'
import { SubjectProcess } from './subject-process.ts'
import type { Row } from './table.ts'

const SCALES = [
  { what: '20 clusters of 3+3 at once, until ready', clusters: 20, masters: 3, mesh: false },
  { what: 'cold start 50+50, until ready', clusters: 1, masters: 50, mesh: true },
] as const

const ready = ({ readyMs }: ColdStart) => readyMs

/** Measures starts of many nodes. */
export async function* benchScale({ quick }: Plan): AsyncGenerator<Row> {
  for (const { what, clusters, masters, mesh } of SCALES) {
    const nodes = clusters * masters * 2
    const { ours, threads, loaded } = await interleave<'ours' | 'threads' | 'loaded', ColdStart>(
      {
        ours: () => SubjectProcess.result('cold-cluster', [`${clusters}`, `${masters}`]),
        threads: () => SubjectProcess.result('bare-threads', [`${nodes}`]),
        loaded: () =>
          SubjectProcess.result('bare-threads', [`${nodes}`, 'load', ...(mesh ? ['mesh'] : [])]),
      },
      quick ? 1 : 3,
    )
    const bare = {
      unit: 'ms',
      other: { name: `${nodes} bare threads listening`, figure: medianOf(threads, ready) },
    } as const
    yield { what, ...bare, ours: medianOf(ours, ready), target: { of: 'ratio', atMost: 1.3 } }
    const linked = mesh ? ', listen and exchange a PING' : ' and listen'
    yield {
      what: `its floor: ${nodes} threads load a node${linked}`,
      ...bare,
      ours: medianOf(loaded, ready),
    }
  }
}
