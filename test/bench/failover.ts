/**
 * Failover: from the end of a master to the first write that its promoted replica accepts. With instant failure
 * detection by itself, with timeouts beside a cluster of real servers with the same cluster-node-timeout.
 */
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { type Cluster, type ClusterNode, type StartOptions, startCluster } from '../../lib/index.ts'
import type { RealRedis } from '../support/real-redis.ts'
import { RespClient } from '../support/resp-client.ts'
import type { Plan } from './plan.ts'
import { startRealCluster, stopAll } from './real-cluster.ts'
import { missingTool } from './real-tool.ts'
import { interleave, median } from './sample.ts'
import type { Row } from './table.ts'

/** A key of slot 247, which the first master serves. */
const KEY = 'key:{10}:111'
/** One of slot 11441, which another serves. */
const OTHER_KEY = 'key:{test}:111'

/** Measures failovers. */
export async function* benchFailover({ quick }: Plan): AsyncGenerator<Row> {
  const count = quick ? 7 : 20
  const one = await instantFailovers({}, [KEY], count)
  yield {
    what: 'failover, instant: kill to first write',
    unit: 'ms',
    ours: median(one.map(([tookMs = 0]) => tookMs)),
    target: { of: 'ours', atMost: 50 },
  }
  const two = await instantFailovers({ masters: 5 }, [KEY, OTHER_KEY], count)
  for (const [i, which] of ['one', 'both'].entries()) {
    yield {
      what: `failover, instant: 2 of 5 masters at once, ${which} served`,
      unit: 'ms',
      ours: median(two.map((tookMs) => tookMs[i] as number)),
    }
  }
  const reason = missingTool()
  // They take half a minute for a few samples, which tell little.
  for (const nodeTimeout of quick ? [] : [500, 1000, 5000]) {
    const what = `failover, node timeout ${nodeTimeout} ms`
    if (reason !== undefined) {
      yield { what, reason }
      continue
    }
    const found = await interleave<'ours' | 'real', number>(
      { ours: () => ourFailover(nodeTimeout), real: () => realFailover(nodeTimeout) },
      // Half a second of each is drawn at random (the delay of the election).
      nodeTimeout > 1000 ? 3 : 9,
    )
    yield {
      what,
      unit: 'ms',
      ours: median(found.ours),
      other: { name: '6 redis-server', figure: median(found.real) },
      target: { of: 'ratio', atMost: 1 },
    }
  }
}

/**
 * Again and again in one cluster, all healed before the next kills: the masters of the keys die in one turn; when the
 * replica of each accepts a write, the fastest first.
 */
async function instantFailovers(
  options: StartOptions,
  keys: readonly string[],
  count: number,
): Promise<number[][]> {
  await using cluster = await startCluster(options)
  const figures: number[][] = []
  while (figures.length < count) {
    const { tookMs, heal } = await killMastersOf(cluster, keys)
    figures.push(tookMs)
    await heal()
  }
  return figures
}

async function ourFailover(nodeTimeout: number): Promise<number> {
  await using cluster = await startCluster({ failureDetection: 'timeout', nodeTimeout })
  const [tookMs = 0] = (await killMastersOf(cluster, [KEY])).tookMs
  return tookMs
}

async function killMastersOf(
  cluster: Cluster,
  keys: readonly string[],
): Promise<{ readonly tookMs: number[]; readonly heal: () => Promise<void> }> {
  const masters = keys.map((key) => cluster.masterFor(key))
  const clients = await Promise.all(masters.map((master) => clientOfReplica(cluster, master)))
  const begunMs = performance.now()
  const killing = masters.map((master) => cluster.kill(master))
  const tookMs = await Promise.all(
    clients.map(async (client, i) => {
      await untilWritten(client, keys[i] as string)
      return performance.now() - begunMs
    }),
  )
  const crashes = await Promise.all(killing)
  for (const client of clients) await client.close()
  const heal = async () => {
    for (const crash of crashes) await crash.heal()
  }
  return { tookMs: tookMs.sort((one, other) => one - other), heal }
}

async function clientOfReplica(cluster: Cluster, master: ClusterNode): Promise<RespClient> {
  const [replica] = cluster.replicasOf(master)
  if (replica === undefined) throw new Error('the master has no replica')
  return RespClient.connect(replica.port)
}

async function realFailover(nodeTimeout: number): Promise<number> {
  const servers = await startRealCluster(['--cluster-node-timeout', `${nodeTimeout}`])
  try {
    const [master, replica] = await pairOf(servers)
    const client = await replica.connect()
    const begunMs = performance.now()
    process.kill(master.pid, 'SIGKILL')
    await untilWritten(client, KEY)
    const tookMs = performance.now() - begunMs
    await client.close()
    return tookMs
  } finally {
    await stopAll(servers)
  }
}

/** The master of the key's slot and a replica of it that is in sync. */
async function pairOf(servers: readonly RealRedis[]): Promise<[RealRedis, RealRedis]> {
  for (;;) {
    for (const replica of servers) {
      const { value } = await replica.command('ROLE')
      if (!Array.isArray(value) || value[0] !== 'slave' || value[3] !== 'connected') continue
      const master = servers.find(({ port }) => port === value[2])
      const owns = await master?.command('EXISTS', KEY)
      if (master !== undefined && owns?.value === 0) return [master, replica]
    }
    await delay(10)
  }
}

/** Writes until it is accepted. */
async function untilWritten(client: RespClient, key: string): Promise<void> {
  while ((await client.command('SET', key, 'value')).value !== 'OK') await delay(1)
}
