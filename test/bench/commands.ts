/**
 * CPU time per command of one node under redis-benchmark, beside a redis-server that owns all slots as well. What is
 * compared is the CPU time of the whole process, so threads that work beside a node's own count against it.
 */
import { CLIENTS, type Load, sendLoad, WORKLOADS, type Workload } from './load.ts'
import type { Plan } from './plan.ts'
import { cpuMicrosecondsOf, startRealNode } from './real-cluster.ts'
import { missingTool } from './real-tool.ts'
import { interleave, median } from './sample.ts'
import { SubjectProcess } from './subject-process.ts'
import type { Row } from './table.ts'

interface Server {
  readonly port: number
  cpuMicroseconds(): Promise<number>
}

/** Commands for about half a second of CPU time, by pipeline. */
const REQUESTS: ReadonlyMap<number, number> = new Map([
  [1, 120_000],
  [16, 480_000],
  [64, 800_000],
])
/** A quick run leaves out the pipeline in the middle, and sends this share to the others. */
const QUICK_SHARE = 0.3
const MIDDLE = 16
/** The pipeline of commands that are measured at several sizes: their own time shows best. */
const SERIES_PIPELINE = 64
/** Sent before anything is measured: both hold the keys, and hot code is compiled. */
const WARM_UP: Load = { requests: 100_000, pipeline: 16 }

/** Measures every workload at every pipeline. */
export async function* benchCommands(plan: Plan): AsyncGenerator<Row> {
  const reason = missingTool()
  if (reason !== undefined) {
    yield { what: 'CPU per command', reason }
    return
  }
  const subject = await SubjectProcess.start<number>(plan.direct ? 'direct-node' : 'threaded-node')
  const real = await startRealNode()
  const ours: Server = { port: subject.ready, cpuMicroseconds: () => subject.ask<number>('cpu') }
  const theirs: Server = { port: real.port, cpuMicroseconds: () => cpuMicrosecondsOf(real) }
  try {
    const rows = rowsOf(plan)
    for (const workload of WORKLOADS) {
      if (workload.isSeries && !rows.some((row) => row.workload.range === workload.range)) continue
      for (const { port } of [ours, theirs]) await sendLoad(port, workload, WARM_UP)
    }
    for (const row of rows) yield await compare(row, { ours, theirs, plan })
  } finally {
    await Promise.all([subject.end(), real.stop()])
  }
}

interface MeasuredRow {
  readonly what: string
  readonly workload: Workload
  readonly pipeline: number
}

function rowsOf(plan: Plan): MeasuredRow[] {
  return WORKLOADS.flatMap((workload) =>
    [...REQUESTS.keys()].map((pipeline) => ({
      what: `CPU per ${workload.name}, pipeline ${pipeline}`,
      workload,
      pipeline,
    })),
  ).filter(({ what, workload, pipeline }) => {
    if (workload.isSeries && pipeline !== SERIES_PIPELINE) return false
    if (plan.row !== '') return what.includes(plan.row)
    return !plan.quick || (pipeline !== MIDDLE && !workload.isSeries)
  })
}

async function compare(
  { what, workload, pipeline }: MeasuredRow,
  context: { readonly ours: Server; readonly theirs: Server; readonly plan: Plan },
): Promise<Row> {
  const { ours, theirs, plan } = context
  const share = plan.quick ? QUICK_SHARE : 1
  const requests = Math.round(((REQUESTS.get(pipeline) ?? 0) * share) / workload.weight)
  const load: Load = { requests, pipeline }
  try {
    for (const { port } of [ours, theirs]) await sendLoad(port, workload, load)
    const samples = await interleave(
      {
        ours: () => cpuPerCommand(ours, workload, load),
        theirs: () => cpuPerCommand(theirs, workload, load),
      },
      plan.quick ? 3 : 5,
    )
    return {
      what,
      unit: 'us',
      ours: median(samples.ours),
      other: { name: 'redis-server', figure: median(samples.theirs) },
      target: { of: 'ratio', atMost: 1.5 },
    }
  } catch (error) {
    return { what, reason: `failed: ${(error as Error).message}` }
  }
}

/** Microseconds a command takes, what it takes to connect the clients left out. */
async function cpuPerCommand(server: Server, workload: Workload, load: Load): Promise<number> {
  const begin = await server.cpuMicroseconds()
  await sendLoad(server.port, workload, { requests: CLIENTS, pipeline: 1 })
  const connected = await server.cpuMicroseconds()
  await sendLoad(server.port, workload, load)
  const end = await server.cpuMicroseconds()
  return (end - connected - (connected - begin)) / (load.requests - CLIENTS)
}
