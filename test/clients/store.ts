/**
 * Two cluster clients as most people use them, with the little that a test of levers needs of them. What a client does not
 * get over by itself it tells with an error; nobody listens to the errors it mentions besides.
 */
import { Cluster as IoredisCluster } from 'ioredis'
import { createCluster } from 'redis'
import type { Cluster } from '../../lib/host/handle.ts'

/** A connected client. */
export interface Store {
  set(key: string, value: string): Promise<unknown>
  get(key: string): Promise<string | null>
  close(): Promise<unknown> | unknown
}

async function ioredis(cluster: Cluster): Promise<Store> {
  const client = new IoredisCluster([...cluster.addresses], { slotsRefreshTimeout: 5000 })
  client.on('error', () => {})
  return {
    set: (key, value) => client.set(key, value),
    get: (key) => client.get(key),
    close: () => client.disconnect(),
  }
}

async function nodeRedis(cluster: Cluster): Promise<Store> {
  const client = createCluster({ rootNodes: cluster.urls.map((url) => ({ url })) })
  client.on('error', () => {})
  await client.connect()
  return {
    set: (key, value) => client.set(key, value),
    get: (key) => client.get(key) as Promise<string | null>,
    close: () => client.destroy(),
  }
}

/** Ways to connect, by the name of the client. */
export const stores = { ioredis, nodeRedis } as const
