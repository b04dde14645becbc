/**
 * How the commands of sorted sets grow with the set: CPU time per command at sizes ten times one another, and what comes
 * on top from one to the next. What takes logarithmic time hardly grows; the figure of a redis-server beside it shows
 * what of that is memory further away.
 */
import { Random } from '../../lib/base/random.ts'
import { RespClient } from '../support/resp-client.ts'
import { Contest, type Cost } from './contest.ts'
import type { Workload } from './load.ts'
import type { Plan } from './plan.ts'
import { missingTool } from './real-tool.ts'
import type { Row } from './table.ts'

const SIZES = [1000, 10_000, 100_000, 1_000_000]
const QUICK_SIZES = SIZES.slice(0, 3)
const REQUESTS = 120_000
const QUICK_REQUESTS = 40_000
/** Their own time shows best where commands come many at once. */
const PIPELINE = 64
/** Members that are added at once while a set is made. */
const BATCH = 1000
const RATIO_MAX = 1.5
/** Ten times the members are a third to two thirds more steps, some of them to memory further away; a walk would be 10. */
const GROWTH_MAX = 3

/** Any member and any score is as likely as another; a random rank cannot be sent. */
const FORMS: Readonly<Record<string, (key: string, size: number) => readonly string[]>> = {
  ZADD: (key) => ['ZADD', key, '__rand_int__', 'm:__rand_int__'],
  ZRANK: (key) => ['ZRANK', key, 'm:__rand_int__'],
  'ZRANGE by rank': (key, size) => ['ZRANGE', key, `${size * 0.7}`, `${size * 0.7 + 9}`],
  'ZRANGE by score': (key) => [
    'ZRANGE',
    key,
    '__rand_int__',
    '+inf',
    'BYSCORE',
    'LIMIT',
    '0',
    '10',
  ],
}

/** Measures how commands of sorted sets grow. */
export async function* benchSortedSet(plan: Plan): AsyncGenerator<Row> {
  const reason = missingTool()
  if (reason !== undefined) {
    yield { what: 'growth of sorted sets', reason }
    return
  }
  const sizes = plan.quick ? QUICK_SIZES : SIZES
  const contest = await Contest.start(plan)
  try {
    for (const size of sizes) await contest.each((port) => fill(port, size))
    for (const [name, form] of Object.entries(FORMS)) {
      const workloads = sizes.map((size) => workloadOf(form, name, size))
      for (const workload of workloads) await contest.warmUp(workload)
      const requests = plan.quick ? QUICK_REQUESTS : REQUESTS
      let before: Cost | undefined
      for (const [i, workload] of workloads.entries()) {
        const cost = await contest.measure(workload, { requests, pipeline: PIPELINE })
        yield costRow(workload, cost)
        const growth = `growth of ${name} from ${sizes[i - 1]} to ${sizes[i]}`
        if (before !== undefined) yield growthRow(growth, before, cost)
        before = cost
      }
    }
  } finally {
    await contest.end()
  }
}

function workloadOf(form: (typeof FORMS)[string], name: string, size: number): Workload {
  const key = keyOf(size)
  return { name: `${name} of ${size}`, args: form(key, size), weight: 2, range: size }
}

function costRow({ name }: Workload, { ours, theirs }: Cost): Row {
  return {
    what: `CPU per ${name}, pipeline ${PIPELINE}`,
    unit: 'us',
    ours,
    other: { name: 'redis-server', figure: theirs },
    target: { of: 'ratio', atMost: RATIO_MAX },
  }
}

/** How many times more a command costs than it did in a set of a tenth of the members. */
function growthRow(what: string, before: Cost, after: Cost): Row {
  return {
    what,
    unit: 'x',
    ours: after.ours / before.ours,
    other: { name: 'redis-server', figure: after.theirs / before.theirs },
    target: { of: 'ours', atMost: GROWTH_MAX },
  }
}

function keyOf(size: number): string {
  return `{bench}:sorted:${size}`
}

/** Makes a set of so many members whose scores come in no order. */
async function fill(port: number, size: number): Promise<void> {
  const client = await RespClient.connect(port)
  const numbers = new Random(size).shuffle(Array.from({ length: size }, (_, i) => i))
  for (let at = 0; at < size; at += BATCH) {
    const pairs = numbers
      .slice(at, at + BATCH)
      .flatMap((number, i) => [String(number), `m:${String(at + i).padStart(12, '0')}`])
    await client.command('ZADD', keyOf(size), ...pairs)
  }
  await client.close()
}
