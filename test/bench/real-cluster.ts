/** Real servers with cluster mode on: six formed by `redis-cli --cluster create`, or one that owns all slots. */
import { setTimeout as delay } from 'node:timers/promises'
import { type RealRedis, startRealRedis } from '../support/real-redis.ts'
import { runTool } from './real-tool.ts'

const ARGS = ['--appendonly', 'no']
const POLL_MS = 10
const PATIENCE_MS = 60_000

/** Starts six servers, with more arguments if need be, and makes them a cluster; resolves when all see it as ok, not waiting for replicas to be in sync. */
export async function startRealCluster(args: readonly string[] = []): Promise<RealRedis[]> {
  const servers = await Promise.all(
    Array.from({ length: 6 }, () => startRealRedis({ cluster: true, args: [...ARGS, ...args] })),
  )
  try {
    const addresses = servers.map(({ port }) => `127.0.0.1:${port}`)
    const options = ['--cluster-replicas', '1', '--cluster-yes']
    await runTool('redis-cli', ['--cluster', 'create', ...addresses, ...options])
    await Promise.all(servers.map(untilReady))
    return servers
  } catch (error) {
    await stopAll(servers)
    throw error
  }
}

/** Starts one server that owns all slots. */
export async function startRealNode(): Promise<RealRedis> {
  const server = await startRealRedis({ cluster: true, args: ARGS })
  try {
    await server.command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
    await untilReady(server)
    return server
  } catch (error) {
    await server.stop()
    throw error
  }
}

/** Stops servers. */
export async function stopAll(servers: readonly RealRedis[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()))
}

/** CPU time of a server so far, microseconds. */
export async function cpuMicrosecondsOf(server: RealRedis): Promise<number> {
  const info = await infoOf(server, 'cpu')
  const seconds = (name: string) => Number(new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1])
  return Math.round((seconds('used_cpu_sys') + seconds('used_cpu_user')) * 1e6)
}

/** Resident memory of a server, bytes. */
export async function residentBytesOf(server: RealRedis): Promise<number> {
  return Number(/^used_memory_rss:(\d+)/m.exec(await infoOf(server, 'memory'))?.[1])
}

/** Memory a server has allocated, bytes. */
export async function usedBytesOf(server: RealRedis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await infoOf(server, 'memory'))?.[1])
}

async function untilReady(server: RealRedis): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const { value } = await server.command('CLUSTER', 'INFO')
    if (typeof value === 'string' && value.includes('cluster_state:ok')) return
    if (Date.now() > deadline)
      throw new Error(`redis-server ${server.port} did not become ready: ${value}`)
    await delay(POLL_MS)
  }
}

async function infoOf(server: RealRedis, section: string): Promise<string> {
  const { value } = await server.command('INFO', section)
  return typeof value === 'string' ? value : ''
}
