/**
 * The front door: checks the options, then loads the rest. What runs threads and packs messages costs 30 ms to import;
 * who only imports the package, or gives bad options, does not pay for it.
 */
import type { Cluster } from './handle.ts'
import { resolveOptions, type StartOptions } from './options.ts'

/**
 * Starts a Redis Cluster in this process, one worker thread for each node, and resolves when it is ready.
 * Throws a ClusterError when it cannot; then nothing of it is left.
 */
export async function startCluster(options?: StartOptions): Promise<Cluster> {
  const resolved = resolveOptions(options)
  const [{ RunningCluster }, { nodeThreads }] = await Promise.all([
    import('./cluster.ts'),
    import('./pool.ts'),
  ])
  return RunningCluster.start(resolved, nodeThreads)
}
