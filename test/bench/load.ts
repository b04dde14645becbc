/**
 * Load on one node, made by redis-benchmark: 50 clients, random keys of a fixed range. Every key of a command lies in one
 * slot, so that any cluster node that owns all slots serves it.
 */
import { runTool } from './real-tool.ts'

/** A command to send over and over. */
export interface Workload {
  readonly name: string
  /** What redis-benchmark is told. */
  readonly args: readonly string[]
  /** How much longer it takes than a GET, roughly: so much fewer are sent. */
  readonly weight: number
  /** How many random keys or members it meets; {@link KEY_RANGE} when absent. */
  readonly range?: number
  /** One of a series that shows how a command grows: measured by long runs only, and with one pipeline. */
  readonly isSeries?: true
}

/** How much of it. */
export interface Load {
  readonly requests: number
  /** Commands a client sends at once. */
  readonly pipeline: number
}

/** Clients that send at the same time. */
export const CLIENTS = 50

const KEY_RANGE = 100_000
const pairs = Array.from({ length: 10 }, () => ['{bench}:__rand_int__', 'xxx']).flat()

/** Sizes of sorted sets: what takes logarithmic time hardly grows from one to the next. */
const SIZES = [1000, 10_000, 100_000]

const sortedSets: readonly Workload[] = SIZES.flatMap((range) => {
  const key = `{bench}:sorted:${range}`
  const forms = {
    ZADD: ['ZADD', key, '__rand_int__', 'm:__rand_int__'],
    ZRANK: ['ZRANK', key, 'm:__rand_int__'],
    ZRANGE: ['ZRANGE', key, '__rand_int__', 'inf', 'BYSCORE', 'LIMIT', '0', '10'],
  }
  return Object.entries(forms).map(([command, args]) => ({
    name: `${command} of ${range}`,
    args,
    weight: 3,
    range,
    isSeries: true as const,
  }))
})

/** The measured commands. */
export const WORKLOADS: readonly Workload[] = [
  { name: 'SET', args: ['-t', 'set'], weight: 1 },
  { name: 'GET', args: ['-t', 'get'], weight: 1 },
  { name: 'INCR', args: ['-t', 'incr'], weight: 1 },
  { name: 'MSET (10)', args: ['MSET', ...pairs], weight: 4 },
  { name: 'HSET', args: ['-t', 'hset'], weight: 1 },
  { name: 'PING inline', args: ['-t', 'ping_inline'], weight: 1 },
  { name: 'PING', args: ['-t', 'ping_mbulk'], weight: 1 },
  ...sortedSets,
]

/** Sends commands until all are answered. Throws when one is answered by an error. */
export async function sendLoad(port: number, workload: Workload, load: Load): Promise<void> {
  const { requests, pipeline } = load
  const general = ['-p', port, '-c', CLIENTS, '-r', workload.range ?? KEY_RANGE, '-q', '--csv']
  const size = ['-n', requests, '-P', pipeline]
  await runTool('redis-benchmark', [...general, ...size, ...workload.args].map(String))
}
