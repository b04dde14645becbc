/**
 * Where the libraries that people run on Redis are tried, unchanged and as their documentation uses them: on a cluster of
 * three masters with a replica each, and on one server without a cluster. Invariant: what a trial opens by the functions
 * below is closed with its test.
 */
import { Cluster, Redis } from 'ioredis'
import { createClient, createCluster } from 'redis'
import type { Test } from 'tap'
import { keySlot } from '../../lib/base/crc16.ts'
import {
  type NodeUnderTest,
  startClusterUnderTest,
  startServerUnderTest,
  underTest,
  withoutCluster,
} from '../support/cluster-under-test.ts'
import { slotsOf } from '../support/real-cluster.ts'
import type { LibraryName } from './library-list.ts'

const MASTERS = 3

/** Where a library is tried. */
export interface Place {
  readonly kind: 'cluster' | 'server'
  /** Those of a cluster begin with its masters. */
  readonly nodes: readonly NodeUnderTest[]
}

/** Options of a connection of ioredis that a library asks for. */
interface IoredisOptions {
  readonly maxRetriesPerRequest?: number | null
  readonly enableAutoPipelining?: boolean
}

/** A client of node-redis, of a cluster or of one server. */
export type NodeRedisClient = ReturnType<typeof createServerClient>

function createServerClient(url: string) {
  return createClient({ url })
}

const starts = {
  cluster: () => startClusterUnderTest({ masters: MASTERS, replicas: 1 }),
  server: startServerUnderTest,
} as const

/** Runs a trial of a library in both places. */
export function tryLibrary(
  t: Test,
  library: LibraryName,
  trial: (t: Test, place: Place) => Promise<void>,
): void {
  if (withoutCluster !== false) t.comment(`SKIPPED: ${withoutCluster}`)
  for (const kind of ['cluster', 'server'] as const) {
    const name = `${library} on the ${underTest} ${kind}`
    t.test(name, { skip: withoutCluster }, async (t) => {
      const servers = await starts[kind]()
      t.teardown(() => servers.stop())
      await trial(t, { kind, nodes: servers.nodes })
    })
  }
}

/** A client of ioredis. */
export function ioredisAt(t: Test, place: Place, options: IoredisOptions = {}): Redis | Cluster {
  const client =
    place.kind === 'cluster'
      ? new Cluster(addresses(place), { redisOptions: options })
      : new Redis({ ...addresses(place)[0], ...options })
  t.teardown(() => client.disconnect())
  return client
}

/** A connected client of node-redis. */
export async function nodeRedisAt(t: Test, place: Place): Promise<NodeRedisClient> {
  const client =
    place.kind === 'cluster'
      ? // It has the commands of the other; nothing else is asked of it.
        (createCluster({
          rootNodes: urls(place).map((url) => ({ url })),
        }) as unknown as NodeRedisClient)
      : createServerClient(urls(place)[0] ?? '')
  await client.connect()
  t.teardown(() => client.close())
  return client
}

/** Hosts and ports, as ioredis takes them. */
export function addresses({ nodes }: Place): { host: string; port: number }[] {
  return nodes.map(({ host, port }) => ({ host, port }))
}

/** Addresses as node-redis takes them. */
export function urls({ nodes }: Place): string[] {
  return nodes.map(({ host, port }) => `redis://${host}:${port}`)
}

/** The node that has a key. */
export function masterOf({ kind, nodes }: Place, key: string): NodeUnderTest {
  const slot = keySlot(key)
  const index =
    kind === 'server'
      ? 0
      : Array.from({ length: MASTERS }, (_, i) => slotsOf(i, MASTERS)).findIndex(
          ([first, last]) => first <= slot && slot <= last,
        )
  return nodes[index] as NodeUnderTest
}
