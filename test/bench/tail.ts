/**
 * The slowest of a node's answers while it has something else to do: the latency that 999 of 1000 calls of 50 clients do
 * not exceed while keys expire, are evicted, are copied to a new replica or are walked over, beside that of the same node
 * at rest. Invariant: what disturbs begins before the calls and has not ended when they are over, or is renewed.
 */
import { RespClient } from '../support/resp-client.ts'
import { CLIENTS } from './load.ts'
import type { Plan } from './plan.ts'
import { missingTool, runTool } from './real-tool.ts'
import { median } from './sample.ts'
import { SubjectProcess } from './subject-process.ts'
import type { Row } from './table.ts'

const KEYS = 200_000
const REQUESTS = 100_000
const QUICK_REQUESTS = 30_000
const LEVEL = 99.9
const RATIO_MAX = 5
const SCAN_COUNT = 1000
/** Keys that are to expire live so long: until they are all written, and a little longer. */
const LIFE_MS = 1500
const SET = ['SET', 'key:__rand_int__', 'value']
const GET = ['GET', 'key:__rand_int__']

type Subject = SubjectProcess<number>

/** Something a node does beside answering. */
interface Disturbance {
  readonly name: string
  /** What clients send meanwhile; GET unless given. */
  readonly load?: readonly string[]
  /** Begins it; what is returned ends it, and waits for its end. */
  begin(port: number, subject: Subject): Promise<() => Promise<unknown>>
}

const DISTURBANCES: readonly Disturbance[] = [
  {
    name: 'keys expire',
    begin: async (port) => {
      await fill(port, [...SET, 'PX', String(LIFE_MS)])
      return async () => {}
    },
  },
  {
    name: 'keys are evicted',
    // Each of them is new.
    load: ['SET', 'new:__rand_int__', 'value'],
    begin: async (port) => {
      const client = await RespClient.connect(port)
      const info = String((await client.command('INFO', 'memory')).value)
      const used = /^used_memory:(\d+)/m.exec(info)?.[1] ?? ''
      await client.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru', 'maxmemory', used)
      return async () => {
        await client.command('CONFIG', 'SET', 'maxmemory', '0')
        await client.close()
      }
    },
  },
  {
    name: 'a replica takes a copy',
    begin: async (_port, subject) => {
      const replicating = subject.ask('replicate')
      return async () => {
        await replicating
        await subject.ask('forget')
      }
    },
  },
  { name: 'keys are scanned', begin: scanOverAndOver },
]

/** Measures the slowest answers. */
export async function* benchTail({ quick }: Plan): AsyncGenerator<Row> {
  const reason = missingTool()
  if (reason !== undefined) {
    yield { what: 'p99.9', reason }
    return
  }
  const requests = quick ? QUICK_REQUESTS : REQUESTS
  const subject = await SubjectProcess.start<number>('tail-node')
  const port = subject.ready
  try {
    await fill(port, SET)
    await p999(port, GET, requests)
    for (const { name, load = GET, begin } of DISTURBANCES) {
      const idle: number[] = []
      const busy: number[] = []
      for (let i = 0; i < (quick ? 1 : 5); i++) {
        idle.push(await p999(port, load, requests))
        const end = await begin(port, subject)
        busy.push(await p999(port, load, requests))
        await end()
        await fill(port, SET)
      }
      yield {
        what: `p99.9 of ${CLIENTS} clients while ${name}`,
        unit: 'ms',
        ours: median(busy),
        other: { name: 'at rest', figure: median(idle) },
        target: { of: 'ratio', atMost: RATIO_MAX },
      }
    }
  } finally {
    await subject.end()
  }
}

async function scanOverAndOver(port: number): Promise<() => Promise<unknown>> {
  const client = await RespClient.connect(port)
  let isOver = false
  const scan = async (): Promise<void> => {
    for (let cursor = '0'; !isOver; ) {
      const { value } = await client.command('SCAN', cursor, 'COUNT', String(SCAN_COUNT))
      cursor = Array.isArray(value) ? String(value[0]) : '0'
    }
    await client.close()
  }
  const scanning = scan()
  return () => {
    isOver = true
    return scanning
  }
}

async function fill(port: number, command: readonly string[]): Promise<void> {
  const load = ['-p', port, '-r', KEYS, '-n', KEYS, '-P', 64, '-q', '--csv']
  await runTool('redis-benchmark', [...load.map(String), ...command])
}

/** The latency that 999 of 1000 calls do not exceed, milliseconds: redis-benchmark's line for 99.902 % or what is next. */
async function p999(port: number, command: readonly string[], requests: number): Promise<number> {
  const load = ['-p', port, '-c', CLIENTS, '-r', KEYS, '-n', requests]
  const text = await runTool('redis-benchmark', [...load.map(String), ...command])
  for (const [, level, found] of text.matchAll(/^([\d.]+)% <= ([\d.]+) milliseconds \(c/gm)) {
    if (Number(level) >= LEVEL) return Number(found)
  }
  throw new Error('redis-benchmark tells no distribution')
}
