/** CPU time per command of one node under redis-benchmark, beside a redis-server. */
import { Contest } from './contest.ts'
import { WORKLOADS, type Workload } from './load.ts'
import type { Plan } from './plan.ts'
import { missingTool } from './real-tool.ts'
import type { Row } from './table.ts'

/** Commands for about a quarter of a second of CPU time, by pipeline. */
const REQUESTS: ReadonlyMap<number, number> = new Map([
  [1, 60_000],
  [16, 240_000],
  [64, 400_000],
])
/** Fewer take no longer than what happens beside them. */
const REQUESTS_MIN = 10_000
/** The same where few clients take turns that are long. */
const REQUESTS_MIN_PER_CLIENT = 10
/** A quick run leaves out the pipeline in the middle and what is rarely slow, and sends this share to the others. */
const QUICK_SHARE = 0.6
const MIDDLE = 16
const QUICK = ['SET', 'GET', 'INCR', 'MSET (10 keys)', 'HSET', 'PING_INLINE', 'PING_MBULK']

/** What clients send most may cost so much of what it costs a redis-server, by pipeline; anything else {@link OTHER_RATIO}. */
const HOT_RATIOS: ReadonlyMap<number, number> = new Map([
  [1, 1.2],
  [16, 1.15],
  [64, 1],
])
const HOT = ['SET', 'GET', 'INCR', 'MSET (10 keys)', 'PING_INLINE', 'PING_MBULK']
const OTHER_RATIO = 1.5
/** Scripts run in WebAssembly. */
const SCRIPT_RATIOS: ReadonlyMap<string, number> = new Map([
  ['EVALSHA', 2],
  ['EVAL (100 calls)', 5],
  ['EVAL (100000 calls)', 5],
])
/** Writes what GET reads. */
const WRITER = 'SET'

/** Measures every workload at every pipeline. */
export async function* benchCommands(plan: Plan): AsyncGenerator<Row> {
  const reason = missingTool()
  if (reason !== undefined) {
    yield { what: 'CPU per command', reason }
    return
  }
  const contest = await Contest.start(plan, { hasFloor: !plan.quick })
  try {
    const rows = rowsOf(plan)
    for (const workload of WORKLOADS) {
      const isNeeded = workload.name === WRITER || rows.some((row) => row.workload === workload)
      if (isNeeded) await contest.warmUp(workload, { hasFloor: HOT.includes(workload.name) })
    }
    for (const row of rows) yield* compare(contest, row, plan)
  } finally {
    await contest.end()
  }
}

/** A command at a pipeline. */
export interface MeasuredRow {
  readonly what: string
  readonly workload: Workload
  readonly pipeline: number
}

/** The rows a plan asks for. */
export function rowsOf(plan: Plan): MeasuredRow[] {
  return WORKLOADS.flatMap((workload) =>
    pipelinesOf(workload).map((pipeline) => ({
      what: `CPU per ${workload.name}, pipeline ${pipeline}`,
      workload,
      pipeline,
    })),
  ).filter(({ what, workload, pipeline }) => {
    if (plan.row !== '') return what.includes(plan.row)
    return !plan.quick || (pipeline !== MIDDLE && QUICK.includes(workload.name))
  })
}

function pipelinesOf({ pipeline }: Workload): number[] {
  return pipeline === undefined ? [...REQUESTS.keys()] : [pipeline]
}

/** How many commands of a row show what one costs. */
export function requestsOf({ weight, clients }: Workload, pipeline: number, share = 1): number {
  const min = clients === undefined ? REQUESTS_MIN : REQUESTS_MIN_PER_CLIENT * clients
  return Math.max(min, Math.round(((REQUESTS.get(pipeline) ?? 0) * share) / weight))
}

/** The row, and where clients ask most, that of the least a thread can do. */
async function* compare(
  contest: Contest,
  { what, workload, pipeline }: MeasuredRow,
  plan: Plan,
): AsyncGenerator<Row> {
  const requests = requestsOf(workload, pipeline, plan.quick ? QUICK_SHARE : 1)
  const hot = HOT.includes(workload.name) ? HOT_RATIOS.get(pipeline) : undefined
  const hasFloor = hot !== undefined && !plan.quick
  try {
    const { ours, theirs, floor } = await contest.measure(
      workload,
      { requests, pipeline },
      { hasFloor },
    )
    const other = { name: 'redis-server', figure: theirs }
    const atMost = hot ?? SCRIPT_RATIOS.get(workload.name) ?? OTHER_RATIO
    yield { what, unit: 'us', ours, other, target: { of: 'ratio', atMost } }
    if (hasFloor) {
      yield { what: 'its floor: a thread with a Map and no more', unit: 'us', ours: floor, other }
    }
  } catch (error) {
    yield { what, reason: `failed: ${(error as Error).message}` }
  }
}
