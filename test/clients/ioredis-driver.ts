/**
 * The suite's words in those of ioredis, for every major version and fork that has its interface.
 */
import type { Buffer } from 'node:buffer'
import { once } from 'node:events'
import type { Cluster } from 'ioredis'
import type { ClientDriver, ClusterClient, ConnectOptions, Words } from './driver.ts'

/** The class `Cluster` of ioredis or one like it. */
type ClusterClass = new (
  nodes: { host: string; port: number }[],
  // Each version declares options of its own; the ones used here are in all of them.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  options: any,
) => unknown

/** Makes a driver of a `Cluster` class. `options` are those of ioredis beyond what the suite sets. */
export function ioredisDriver(
  library: ClusterClass,
  {
    name,
    protocol,
    ...options
  }: { name: string; protocol: 2 | 3; redisOptions?: object; enableAutoPipelining?: boolean },
): ClientDriver {
  return {
    name,
    protocol,
    refusesSlots: options.enableAutoPipelining ?? false,
    async connect({ nodes, replicaReads = false }: ConnectOptions): Promise<ClusterClient> {
      const addresses = nodes.map(({ host, port }) => ({ host, port }))
      const cluster = new library(addresses, {
        ...options,
        scaleReads: replicaReads ? 'slave' : 'master',
        // A cluster that cannot be reached fails the test instead of being tried for ever.
        clusterRetryStrategy: () => null,
      }) as Cluster
      await once(cluster, 'ready')
      return new IoredisClient(cluster)
    },
  }
}

class IoredisClient implements ClusterClient {
  readonly #cluster: Cluster

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  set(key: string, value: string): Promise<unknown> {
    return this.#cluster.set(key, value)
  }

  get(key: string): Promise<string | null> {
    return this.#cluster.get(key)
  }

  setBytes(key: Buffer, value: Buffer): Promise<unknown> {
    return this.#cluster.set(key, value)
  }

  getBytes(key: Buffer): Promise<Buffer | null> {
    return this.#cluster.getBuffer(key)
  }

  hashSet(key: string, fields: Readonly<Record<string, string>>): Promise<unknown> {
    return this.#cluster.hset(key, fields)
  }

  hashGetAll(key: string): Promise<Record<string, string>> {
    return this.#cluster.hgetall(key)
  }

  command(...[name, ...args]: Words): Promise<unknown> {
    return this.#cluster.call(name, ...args)
  }

  async pipeline(commands: readonly Words[]): Promise<readonly unknown[]> {
    return outcomes(await this.#cluster.pipeline(commandsOf(commands)).exec())
  }

  async transaction(commands: readonly Words[]): Promise<readonly unknown[]> {
    return outcomes(await this.#cluster.multi(commandsOf(commands)).exec())
  }

  async scan(pattern: string): Promise<string[]> {
    const found: string[] = []
    for (const master of this.#cluster.nodes('master')) {
      for await (const keys of master.scanStream({ match: pattern, count: 50 })) found.push(...keys)
    }
    return found
  }

  async close(): Promise<void> {
    const ended = once(this.#cluster, 'end')
    this.#cluster.disconnect()
    await ended
  }
}

function commandsOf(commands: readonly Words[]): string[][] {
  return commands.map(([name, ...args]) => [name.toLowerCase(), ...args])
}

function outcomes(replies: [error: Error | null, result: unknown][] | null): readonly unknown[] {
  if (replies === null) throw new Error('no replies')
  return replies.map(([error, result]) => error ?? result)
}
