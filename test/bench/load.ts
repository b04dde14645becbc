/**
 * Load on one node, made by redis-benchmark: 50 clients, random keys of a fixed range. Every key of a command lies in one
 * slot, so that any cluster node that owns all slots serves it.
 */
import { createHash } from 'node:crypto'
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
  /** Clients that send it at the same time; {@link CLIENTS} when absent. */
  readonly clients?: number
  /** The only pipeline it is measured at; all of them when absent. */
  readonly pipeline?: number
  /** What it runs by its digest, and has to be known before. */
  readonly script?: string
  /** Before each measurement its key is emptied, and filled by another command sent as often. */
  readonly fresh?: { readonly key: string; readonly fill?: readonly string[] }
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
/** Hardly any member comes twice. */
const DISTINCT_RANGE = 1e9
const FILL_PIPELINE = 64

/** A command of redis-benchmark's own set. */
const standard = (name: string): readonly string[] => ['-t', name]

const SCRIPT = "return redis.call('get', KEYS[1])"
const SCRIPT_DIGEST = createHash('sha1').update(SCRIPT).digest('hex')

/** A script of so many calls. */
const repeated = (calls: number) => `for i = 1, ${calls} do ${SCRIPT.slice('return '.length)} end`

const list = { key: 'mylist', fill: standard('lpush') }
const pairs = Array.from({ length: 10 }, () => ['{bench}:__rand_int__', 'xxx']).flat()

const stretches: readonly Workload[] = [100, 300, 500, 600].map((length) => ({
  name: `LRANGE_${length}`,
  args: ['LRANGE', list.key, '0', String(length - 1)],
  weight: length / 12,
  fresh: list,
}))

/** All that redis-benchmark measures when it is not told what; by its names. */
export const WORKLOADS: readonly Workload[] = [
  { name: 'PING_INLINE', args: standard('ping_inline'), weight: 1 },
  { name: 'PING_MBULK', args: standard('ping_mbulk'), weight: 1 },
  { name: 'SET', args: standard('set'), weight: 1 },
  { name: 'GET', args: standard('get'), weight: 1 },
  { name: 'INCR', args: standard('incr'), weight: 1 },
  { name: 'LPUSH', args: standard('lpush'), weight: 1, fresh: { key: list.key } },
  { name: 'RPUSH', args: standard('rpush'), weight: 1, fresh: { key: list.key } },
  { name: 'LPOP', args: standard('lpop'), weight: 1, fresh: list },
  { name: 'RPOP', args: standard('rpop'), weight: 1, fresh: list },
  { name: 'SADD', args: standard('sadd'), weight: 1 },
  { name: 'HSET', args: standard('hset'), weight: 1 },
  {
    name: 'SPOP',
    args: standard('spop'),
    weight: 1,
    range: DISTINCT_RANGE,
    fresh: { key: 'myset', fill: standard('sadd') },
  },
  { name: 'ZADD', args: standard('zadd'), weight: 3 },
  {
    name: 'ZPOPMIN',
    args: standard('zpopmin'),
    weight: 1,
    range: DISTINCT_RANGE,
    fresh: { key: 'myzset', fill: standard('zadd') },
  },
  ...stretches,
  { name: 'MSET (10 keys)', args: ['MSET', ...pairs], weight: 4 },
  {
    name: 'EVALSHA',
    args: ['EVALSHA', SCRIPT_DIGEST, '1', 'key:__rand_int__'],
    weight: 3,
    script: SCRIPT,
  },
  {
    name: 'EVAL (100 calls)',
    args: ['EVAL', repeated(100), '1', 'key:__rand_int__'],
    weight: 50,
  },
  // Longer than a tenth of a second: one at a time shows what a call costs.
  {
    name: 'EVAL (100000 calls)',
    args: ['EVAL', repeated(100_000), '1', 'key:__rand_int__'],
    weight: 50_000,
    clients: 1,
    pipeline: 1,
  },
]

/** Sends commands until all are answered. Throws when one is answered by an error. */
export async function sendLoad(port: number, workload: Workload, load: Load): Promise<void> {
  const { args, range = KEY_RANGE, clients = CLIENTS } = workload
  await send(port, args, { ...load, range, clients })
}

/** Makes the key fresh that a workload uses up or makes grow, for so many commands. */
export async function prepare(port: number, workload: Workload, requests: number): Promise<void> {
  const range = workload.range ?? KEY_RANGE
  if (workload.script !== undefined) {
    await send(port, ['SCRIPT', 'LOAD', workload.script], { requests: 1, pipeline: 1, range })
  }
  if (workload.fresh === undefined) return
  const { key, fill } = workload.fresh
  await send(port, ['DEL', key], { requests: 1, pipeline: 1, range })
  if (fill !== undefined) await send(port, fill, { requests, pipeline: FILL_PIPELINE, range })
}

async function send(
  port: number,
  args: readonly string[],
  {
    requests,
    pipeline,
    range,
    clients = CLIENTS,
  }: Load & { readonly range: number; readonly clients?: number },
): Promise<void> {
  const general = ['-p', port, '-c', Math.min(clients, requests), '-r', range, '-q', '--csv']
  const size = ['-n', requests, '-P', pipeline]
  await runTool('redis-benchmark', [...general, ...size, ...args].map(String))
}
