/**
 * A soak: mixed load on a cluster of 3+3 while faults come and go, for minutes. Prints how memory goes once the load has
 * warmed up, and every error that no fault explains; ends with status 1 if there was one. It ends by itself.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Cluster } from 'ioredis'
import { Random } from '../../lib/base/random.ts'
import { startCluster } from '../../lib/host/start-cluster.ts'
import { collectThread } from '../../lib/runtime/parked-heap.ts'
import { strike } from '../support/strike.ts'
import { MixedLoad } from './mixed-load.ts'
import { type Sample, slopeOf } from './trend.ts'

const USAGE = 'npm run soak -- [--minutes 30] [--seed <text>] [--bus channel|tcp]'
const CLIENTS = 8
const SAMPLE_MS = 5000
const MINUTE_MS = 60_000
/** So often all threads collect their garbage, and what is resident then is noted by itself: V8 lets it grow by many MB. */
const COLLECT_MS = MINUTE_MS
/** A fault is there for at most this long, and there is peace in between for as long at most. */
const FAULT_MS_MAX = 2000
const PEACE_MS_MAX = 6000
/** Clients wait, retry and look for the nodes anew; so long after a fault they may still fail by it. */
const AFTERMATH_MS = 5000
/** This share of the run is not counted: code is compiled, keys fill up. */
const WARM_UP_SHARE = 0.3

const { minutes, seed, bus } = optionsOf(process.argv.slice(2))
const random = new Random(seed)
const endMs = performance.now() + minutes * MINUTE_MS
console.log(`seed ${seed}, ${minutes} minutes, bus ${bus}`)

const cluster = await startCluster({ masters: 3, replicas: 1, bus })
const clients = Array.from({ length: CLIENTS }, () => clientOf())
const explained = new Map<string, number>()
const unexplained: string[] = []
/** Until when errors have an explanation, by `performance.now()`. */
let troubleUntilMs = 0
const load = new MixedLoad(clients, random, (what, error) => {
  if (performance.now() < troubleUntilMs) {
    const kind = error.message.replace(/MOVED .*/, 'MOVED')
    explained.set(kind, (explained.get(kind) ?? 0) + 1)
  } else {
    unexplained.push(`${what}: ${error.message}`)
  }
})
const resident: Sample[] = []
/** Right after a collection. */
const retained: Sample[] = []
const sampling = setInterval(() => resident.push(residentNow()), SAMPLE_MS)
let collectAtMs = performance.now() + COLLECT_MS

let strikes = 0
while (performance.now() < endMs) {
  await sleep(random.below(PEACE_MS_MAX))
  troubleUntilMs = Number.POSITIVE_INFINITY
  const { fault } = await strike(cluster, random)
  strikes++
  await sleep(random.below(FAULT_MS_MAX))
  await fault.heal()
  await cluster.until(({ ok }) => ok && cluster.masters.length === 3)
  troubleUntilMs = performance.now() + AFTERMATH_MS
  if (performance.now() < collectAtMs) continue
  await collect()
  retained.push(residentNow())
  collectAtMs += COLLECT_MS
}
clearInterval(sampling)
await load.stop()
for (const client of clients) client.disconnect()
await cluster.stop()

console.log(`${load.done} operations, ${strikes} faults`)
console.log(`resident after warm-up: ${trendOf(resident)}`)
console.log(`right after collections: ${trendOf(retained)}`)
console.log(`minute by minute: ${retained.map(({ figure }) => figure.toFixed(0)).join(' ')}`)
for (const [message, count] of explained) console.log(`by a fault, ${count} times: ${message}`)
console.log(`${unexplained.length} errors that no fault explains`)
for (const text of unexplained) console.log(text)
process.exitCode = unexplained.length === 0 ? 0 : 1

function residentNow(): Sample {
  return { at: performance.now() / MINUTE_MS, figure: process.memoryUsage.rss() / 2 ** 20 }
}

/** All nodes that run and this thread give back what they can. */
async function collect(): Promise<void> {
  const nodes = clients[0]?.nodes('all') ?? []
  await Promise.allSettled(nodes.map((node) => node.call('MEMORY', 'PURGE')))
  collectThread()
}

/** What came of a figure once the load had warmed up. */
function trendOf(samples: readonly Sample[]): string {
  const counted = samples.slice(Math.floor(samples.length * WARM_UP_SHARE))
  if (counted.length < 2) return 'too short to tell'
  const figures = counted.map(({ figure }) => figure)
  const range = `${Math.min(...figures).toFixed(0)} to ${Math.max(...figures).toFixed(0)} MB`
  return `${slopeOf(counted).toFixed(2)} MB per minute, ${range}`
}

function clientOf(): Cluster {
  const nodes = cluster.nodes.map(({ host, port }) => ({ host, port }))
  const client = new Cluster(nodes, {
    clusterRetryStrategy: () => 100,
    redisOptions: { commandTimeout: 10_000 },
  })
  // What is wrong is told by the commands.
  client.on('error', () => {})
  return client
}

function optionsOf(args: readonly string[]): {
  minutes: number
  seed: string
  bus: 'channel' | 'tcp'
} {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        minutes: { type: 'string', default: '30' },
        seed: { type: 'string', default: String(Date.now()) },
        bus: { type: 'string', default: 'channel' },
      },
    })
    const minutes = Number(values.minutes)
    if (!(minutes > 0)) throw new Error('--minutes takes a number above 0')
    if (values.bus !== 'channel' && values.bus !== 'tcp')
      throw new Error('--bus takes channel or tcp')
    return { minutes, seed: values.seed, bus: values.bus }
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`)
    process.exit(2)
  }
}
