/**
 * Failover: from the end of a master to the first write that its promoted replica accepts. With instant failure
 * detection by itself, with timeouts beside a cluster of real servers with the same cluster-node-timeout.
 */
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { type Cluster, startCluster } from '../../lib/index.ts'
import type { RealRedis } from '../support/real-redis.ts'
import { RespClient } from '../support/resp-client.ts'
import type { Plan } from './plan.ts'
import { startRealCluster, stopAll } from './real-cluster.ts'
import { missingTool } from './real-tool.ts'
import { interleave, median } from './sample.ts'
import type { Row } from './table.ts'

/** A key of slot 247, which the first master serves. */
const KEY = 'key:{10}:111'

/** Measures failovers. */
export async function* benchFailover({ quick }: Plan): AsyncGenerator<Row> {
  yield {
    what: 'failover, instant: kill to first write',
    unit: 'ms',
    ours: median(await instantFailovers(quick ? 7 : 20)),
    target: { of: 'ours', atMost: 50 },
  }
  const reason = missingTool()
  for (const nodeTimeout of quick ? [500] : [500, 1000, 5000]) {
    const what = `failover, node timeout ${nodeTimeout} ms`
    if (reason !== undefined) {
      yield { what, reason }
      continue
    }
    const found = await interleave<'ours' | 'real', number>(
      { ours: () => ourFailover(nodeTimeout), real: () => realFailover(nodeTimeout) },
      quick || nodeTimeout > 1000 ? 3 : 5,
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

/** Again and again in one cluster, each master healed before the next is killed. */
async function instantFailovers(count: number): Promise<number[]> {
  await using cluster = await startCluster()
  const figures: number[] = []
  while (figures.length < count) {
    const { tookMs, heal } = await killFirstMaster(cluster)
    figures.push(tookMs)
    await heal()
  }
  return figures
}

async function ourFailover(nodeTimeout: number): Promise<number> {
  await using cluster = await startCluster({ failureDetection: 'timeout', nodeTimeout })
  return (await killFirstMaster(cluster)).tookMs
}

async function killFirstMaster(
  cluster: Cluster,
): Promise<{ readonly tookMs: number; readonly heal: () => Promise<void> }> {
  const master = cluster.masterFor(KEY)
  const [replica] = cluster.replicasOf(master)
  if (replica === undefined) throw new Error('the master has no replica')
  const client = await RespClient.connect(replica.port)
  const begunMs = performance.now()
  const killing = cluster.kill(master)
  await untilWritten(client)
  const tookMs = performance.now() - begunMs
  const crash = await killing
  await client.close()
  return { tookMs, heal: () => crash.heal() }
}

async function realFailover(nodeTimeout: number): Promise<number> {
  const servers = await startRealCluster(['--cluster-node-timeout', `${nodeTimeout}`])
  try {
    const [master, replica] = await pairOf(servers)
    const client = await replica.connect()
    const begunMs = performance.now()
    process.kill(master.pid, 'SIGKILL')
    await untilWritten(client)
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
async function untilWritten(client: RespClient): Promise<void> {
  while ((await client.command('SET', KEY, 'value')).value !== 'OK') await delay(1)
}
