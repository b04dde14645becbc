/**
 * A cluster of real redis-server processes, formed with the commands `redis-cli --cluster create` sends. Invariant: when
 * it is handed out every node knows all others, agrees on all slots and says ok, and every replica is in sync and listed
 * by CLUSTER SLOTS.
 */
import type { Bytes } from '../../lib/base/bytes.ts'
import type {
  ClusterUnderTest,
  ClusterUnderTestOptions,
  NodeUnderTest,
} from './cluster-under-test.ts'
import { type RealRedis, startRealRedis } from './real-redis.ts'
import { RespError, type RespValue } from './resp-client.ts'
import { waitFor } from './wait.ts'

const SLOTS = 16_384
const BUS_OFFSET = 10_000

const DIRECTIVES: Readonly<Record<string, string>> = {
  'cluster-node-timeout': '2000',
  // A replica is listed by CLUSTER SLOTS once its master's ping has moved its offset.
  'repl-ping-replica-period': '1',
  'repl-diskless-sync-delay': '0',
}

/** A cluster of processes. */
export interface RealCluster extends ClusterUnderTest {
  readonly servers: readonly RealRedis[]
}

/** Starts as many servers as asked for, three masters with a replica each unless told, and makes them a cluster. */
export async function startRealCluster(
  options: ClusterUnderTestOptions = {},
): Promise<RealCluster> {
  const { masters = 3, replicas = 1, form = true, config = {} } = options
  const args = Object.entries({ ...DIRECTIVES, ...config }).flatMap(([name, value]) => [
    `--${name}`,
    value,
  ])
  const servers = await Promise.all(
    Array.from({ length: masters * (1 + replicas) }, () => startRealRedis({ cluster: true, args })),
  )
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()))
  }
  try {
    if (form) await formCluster(servers, masters)
  } catch (error) {
    await stop()
    throw error
  }
  const nodes: NodeUnderTest[] = servers.map(({ port }) => ({
    host: '127.0.0.1',
    port,
    busPort: port + BUS_OFFSET,
  }))
  return { servers, nodes, stop }
}

async function formCluster(servers: readonly RealRedis[], masters: number): Promise<void> {
  const ids: Bytes[] = []
  for (const server of servers) ids.push(String(await say(server, 'CLUSTER', 'MYID')))
  for (const [index, server] of servers.entries()) {
    if (index < masters) {
      const [first, last] = slotsOf(index, masters)
      await say(server, 'CLUSTER', 'ADDSLOTSRANGE', String(first), String(last))
    }
    await say(server, 'CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1))
  }
  const [first, ...others] = servers
  for (const server of others) {
    await say(server, 'CLUSTER', 'MEET', '127.0.0.1', String(first?.port))
  }
  for (const [index, server] of servers.entries()) {
    await waitFor(
      `node ${index} to know ${servers.length} nodes`,
      async () => String(await say(server, 'CLUSTER', 'NODES')),
      (text) => text.trim().split('\n').length === servers.length && !text.includes('handshake'),
    )
  }
  for (const [index, server] of servers.entries()) {
    if (index >= masters) {
      await say(server, 'CLUSTER', 'REPLICATE', ids[index % masters] as Bytes)
    }
  }
  for (const [index, server] of servers.entries()) {
    await waitFor(
      `node ${index} to see all slots with their replicas and say ok`,
      async () => ({
        info: String(await say(server, 'CLUSTER', 'INFO')),
        slots: (await say(server, 'CLUSTER', 'SLOTS')) as RespValue[][],
      }),
      ({ info, slots }) =>
        info.includes('cluster_state:ok') &&
        slots.length === masters &&
        slots.every((range) => range.length === 2 + servers.length / masters),
    )
  }
}

/** The slots of one of several masters: first and last. */
export function slotsOf(index: number, masters: number): [first: number, last: number] {
  const share = SLOTS / masters
  return [Math.round(index * share - 1) + 1, Math.round((index + 1) * share - 1)]
}

async function say(server: RealRedis, ...argv: readonly Bytes[]): Promise<RespValue> {
  const { value } = await server.command(...argv)
  if (value instanceof RespError) throw new Error(`${argv.slice(0, 3).join(' ')}: ${value.message}`)
  return value
}
