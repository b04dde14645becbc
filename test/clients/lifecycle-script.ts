/**
 * A program that starts, uses and stops clusters one after the other, then has nothing more to do. It prints what it
 * measured after each as one line of JSON: memory after garbage collection, and what keeps it alive.
 */
import { setFlagsFromString } from 'node:v8'
import { startCluster } from '../../lib/index.ts'
import { RespClient } from '../support/resp-client.ts'

const rounds = Number(process.argv[2])
/** The rounds whose memory is compared. */
const thorough = [5, rounds]
const bus = process.argv[3] === 'tcp' ? 'tcp' : 'channel'
const gc = globalThis.gc as () => void

/** What is known after a cluster. */
export interface Measure {
  readonly heapBytes: number
  readonly externalBytes: number
  readonly residentBytes: number
  readonly resources: readonly string[]
}

async function measure(): Promise<Measure> {
  // What closes, closes in the turns to come.
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve))
  gc()
  const { heapUsed, external, rss } = process.memoryUsage()
  return {
    heapBytes: heapUsed,
    externalBytes: external,
    residentBytes: rss,
    resources: process.getActiveResourcesInfo().sort(),
  }
}

async function once(): Promise<void> {
  await using cluster = await startCluster({ masters: 3, replicas: 1, bus })
  for (const [index, { host, port }] of cluster.masters.entries()) {
    const client = await RespClient.connect(port, host)
    for (const key of ['{10}', '{test}', '{hu}']) await client.command('SET', key, 'x'.repeat(1000))
    if (index > 0) await client.close()
    // One client is still there when the cluster stops.
  }
}

// The streams are opened when first used; they are nobody's leak.
process.stdout.write('')
process.stderr.write('')
const measures = [await measure()]
for (let round = 1; round <= rounds; round++) {
  // Before these the threads collect all garbage whenever they collect some: only what is held is left.
  setFlagsFromString(
    thorough.some((at) => round > at - 2 && round <= at) ? '--gc-global' : '--no-gc-global',
  )
  await once()
  measures.push(await measure())
}
process.stdout.write(`${JSON.stringify(measures)}\n`)
