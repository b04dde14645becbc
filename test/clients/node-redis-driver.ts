/**
 * The suite's words in those of node-redis (the package `redis`), for every major version that has its interface.
 */
import { Buffer } from 'node:buffer'
import type { createCluster, MultiErrorReply, RESP_TYPES } from 'redis'
import type { ClientDriver, ClusterClient, ConnectOptions, Words } from './driver.ts'

/** What is used of the package; the older version is typed as the newer one. */
export interface NodeRedis {
  readonly createCluster: typeof createCluster
  readonly MultiErrorReply: typeof MultiErrorReply
  readonly RESP_TYPES: typeof RESP_TYPES
}

type Client = ReturnType<typeof createCluster>

/** Makes a driver of one version of the package. */
export function nodeRedisDriver(
  library: NodeRedis,
  { name, protocol }: { name: string; protocol: 2 | 3 },
): ClientDriver {
  return {
    name,
    protocol,
    async connect({ nodes, replicaReads = false }: ConnectOptions): Promise<ClusterClient> {
      const client = library.createCluster({
        rootNodes: nodes.map(({ host, port }) => ({ url: `redis://${host}:${port}` })),
        RESP: protocol,
        useReplicas: replicaReads,
        // A lost connection fails the test instead of being tried for ever.
        defaults: { socket: { reconnectStrategy: false } },
      })
      const errors: unknown[] = []
      client.on('error', (error) => errors.push(error))
      await client.connect()
      return new NodeRedisClient(client as unknown as Client, library, errors)
    },
  }
}

class NodeRedisClient implements ClusterClient {
  readonly #client: Client
  readonly #library: NodeRedis
  readonly #errors: readonly unknown[]

  constructor(client: Client, library: NodeRedis, errors: readonly unknown[]) {
    this.#client = client
    this.#library = library
    this.#errors = errors
  }

  set(key: string, value: string): Promise<unknown> {
    return this.#client.set(key, value)
  }

  get(key: string): Promise<string | null> {
    return this.#client.get(key)
  }

  setBytes(key: Buffer, value: Buffer): Promise<unknown> {
    return this.#client.set(key, value)
  }

  getBytes(key: Buffer): Promise<Buffer | null> {
    const { BLOB_STRING } = this.#library.RESP_TYPES
    return this.#client.withTypeMapping({ [BLOB_STRING]: Buffer }).get(key)
  }

  hashSet(key: string, fields: Readonly<Record<string, string>>): Promise<unknown> {
    return this.#client.hSet(key, fields)
  }

  async hashGetAll(key: string): Promise<Record<string, string>> {
    return { ...(await this.#client.hGetAll(key)) }
  }

  command(...words: Words): Promise<unknown> {
    return this.#client.sendCommand(words[1], false, [...words])
  }

  async pipeline(commands: readonly Words[]): Promise<readonly unknown[]> {
    return this.#outcomes(this.#queued(commands).execAsPipeline())
  }

  async transaction(commands: readonly Words[]): Promise<readonly unknown[]> {
    return this.#outcomes(this.#queued(commands).exec())
  }

  async scan(pattern: string): Promise<string[]> {
    const found: string[] = []
    for (const master of this.#client.masters) {
      const node = await this.#client.nodeClient(master)
      for await (const keys of node.scanIterator({ MATCH: pattern, COUNT: 50 })) found.push(...keys)
    }
    return found
  }

  async close(): Promise<void> {
    await this.#client.close()
    if (this.#errors.length > 0) throw this.#errors[0]
  }

  #queued(commands: readonly Words[]) {
    const queue = this.#client.multi()
    for (const words of commands) queue.addCommand(words[1], false, [...words])
    return queue
  }

  /** Errors of single commands come as one error that holds all replies. */
  async #outcomes(replies: Promise<unknown>): Promise<readonly unknown[]> {
    try {
      return (await replies) as unknown[]
    } catch (error) {
      if (error instanceof this.#library.MultiErrorReply) return error.replies
      throw error
    }
  }
}
