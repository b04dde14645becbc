/**
 * What a cluster costs its clients in time: ioredis and node-redis send GET and SET to one of 3 + 3 of ours and to six real
 * servers in turns, one call after the other and a hundred at once, and to three threads that answer at once while three more
 * get each SET, the floor of masters and replicas in threads. Invariant: the client and its options are the same.
 */
import { performance } from 'node:perf_hooks'
import { Cluster } from 'ioredis'
import * as nodeRedis from 'redis'
import { Random } from '../../lib/base/random.ts'
import type { ClientDriver, ClusterClient } from '../clients/driver.ts'
import { ioredisDriver } from '../clients/ioredis-driver.ts'
import { nodeRedisDriver } from '../clients/node-redis-driver.ts'
import type { NodeUnderTest } from '../support/cluster-under-test.ts'
import type { Plan } from './plan.ts'
import { startRealCluster, stopAll } from './real-cluster.ts'
import { missingTool } from './real-tool.ts'
import { interleave, medianOf } from './sample.ts'
import { SubjectProcess } from './subject-process.ts'
import type { Row } from './table.ts'

const DRIVERS: readonly ClientDriver[] = [
  ioredisDriver(Cluster, { name: 'ioredis', protocol: 2 }),
  nodeRedisDriver(nodeRedis, { name: 'node-redis', protocol: 3 }),
]
/** Calls on their way at once, and how many are measured. */
const LOADS = [
  { inFlight: 1, calls: 4000 },
  { inFlight: 100, calls: 20_000 },
]
const QUICK_SHARE = 0.25
/**
 * Before a load is measured it is sent so many times over: hot code is compiled, at the clients and at each node. One call at a
 * time is turns of one command, which a hundred at once leave cold: in the first three runs V8 still compiles fifty functions
 * each, and one call in a hundred takes five times as long.
 */
const WARM_UP_RUNS = 5
const REPETITIONS = 5
const QUICK_REPETITIONS = 3
const KEYS = 10_000
const HOST = '127.0.0.1'
const BUS_OFFSET = 10_000
const THROUGHPUT_MIN = 1
const LATENCY_MAX = 1.2
const REAL = '6 redis-server'
const FLOOR = '3 + 3 threads that answer and read along'

interface ClientLoad {
  readonly inFlight: number
  readonly calls: number
}

/** What one run of calls took: on average from one answer to the next, and 99 of 100 calls at most; microseconds. */
interface Pace {
  readonly perCall: number
  readonly p99: number
}

/** Measures the clients. */
export async function* benchClients({ quick }: Plan): AsyncGenerator<Row> {
  const reason = missingTool()
  if (reason !== undefined) {
    yield { what: 'clients', reason }
    return
  }
  const subject = await SubjectProcess.start<NodeUnderTest[]>('client-cluster')
  const threads = await SubjectProcess.start<NodeUnderTest[]>('answering-threads')
  const servers = await startRealCluster()
  try {
    const real = servers.map(({ port }) => ({ host: HOST, port, busPort: port + BUS_OFFSET }))
    for (const driver of DRIVERS) {
      const clients = {
        ours: await driver.connect({ nodes: subject.ready }),
        theirs: await driver.connect({ nodes: real }),
        floor: await driver.connect({ nodes: threads.ready }),
      }
      for (const { inFlight, calls } of LOADS) {
        const load = { inFlight, calls: quick ? calls * QUICK_SHARE : calls }
        for (const client of Object.values(clients)) {
          await send(client, { inFlight, calls: load.calls * WARM_UP_RUNS })
        }
        yield* compare(`${driver.name}, ${inFlight} in flight`, clients, {
          load,
          repetitions: quick ? QUICK_REPETITIONS : REPETITIONS,
        })
      }
      await Promise.all(Object.values(clients).map((client) => client.close()))
    }
  } finally {
    await Promise.all([subject.end(), threads.end(), stopAll(servers)])
  }
}

async function* compare(
  what: string,
  { ours, theirs, floor }: Readonly<Record<'ours' | 'theirs' | 'floor', ClusterClient>>,
  { load, repetitions }: { readonly load: ClientLoad; readonly repetitions: number },
): AsyncGenerator<Row> {
  const found = await interleave(
    {
      ours: () => send(ours, load),
      theirs: () => send(theirs, load),
      floor: () => send(floor, load),
    },
    repetitions,
  )
  const figures: readonly [string, (pace: Pace) => number, number][] = [
    ['a call', ({ perCall }) => perCall, 1 / THROUGHPUT_MIN],
    ['p99', ({ p99 }) => p99, LATENCY_MAX],
  ]
  for (const [name, figure, atMost] of figures) {
    const row = {
      what: `${what}: ${name}`,
      unit: 'us',
      ours: medianOf(found.ours, figure),
    } as const
    yield {
      ...row,
      other: { name: REAL, figure: medianOf(found.theirs, figure) },
      target: { of: 'ratio', atMost },
    }
    yield { ...row, other: { name: FLOOR, figure: medianOf(found.floor, figure) } }
  }
}

/** Sends GET and SET in turns on random keys. */
async function send(client: ClusterClient, { inFlight, calls }: ClientLoad): Promise<Pace> {
  const random = new Random('clients')
  const tookMs: number[] = []
  let left = calls
  const callOn = async (): Promise<void> => {
    while (left > 0) {
      const isWrite = left-- % 2 === 0
      const key = `key:${random.below(KEYS)}`
      const begunMs = performance.now()
      await (isWrite ? client.set(key, 'value') : client.get(key))
      tookMs.push(performance.now() - begunMs)
    }
  }
  const begunMs = performance.now()
  await Promise.all(Array.from({ length: inFlight }, callOn))
  const perCall = ((performance.now() - begunMs) * 1000) / calls
  tookMs.sort((one, other) => one - other)
  return { perCall, p99: (tookMs[Math.floor(calls * 0.99)] as number) * 1000 }
}
