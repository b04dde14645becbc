/**
 * A server of ours as a process of its own, `redis-memory-cluster node`: started, killed and started again as a
 * redis-server is, so that a test can take one for the other.
 */
import { fileURLToPath } from 'node:url'
import { type RealRedis, type RealRedisOptions, startRealRedis } from './real-redis.ts'

const CLI = fileURLToPath(new URL('../../lib/cli.js', import.meta.url))

/** Starts one and waits until it is ready. Throws with its log when it does not get there. */
export function startNodeProcess(options: RealRedisOptions = {}): Promise<RealRedis> {
  return startRealRedis({ ...options, command: [process.execPath, CLI, 'node'] })
}
