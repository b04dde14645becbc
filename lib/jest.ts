/**
 * Jest's `globalSetup`: one cluster for the whole run, named in REDIS_CLUSTER_NODES for every test worker.
 * Invariant: a run has one cluster, however many projects name this module; nothing is written to the disk.
 */
import { environmentOf } from './host/environment.ts'
import { ClusterError, type StartOptions, startCluster } from './index.ts'

/** What this module reads of a project's configuration. */
interface ProjectConfig {
  readonly globals?: { readonly redisMemoryCluster?: StartOptions }
}

/** The teardown finds what to do here: Jest loads the two modules independently of each other. */
const endKey = Symbol.for('redis-memory-cluster.jest')

/**
 * Starts the cluster, with the options in `globals.redisMemoryCluster` of Jest's configuration. Does nothing if
 * REDIS_CLUSTER_NODES names one already.
 */
export default async function setup(
  _globalConfig?: unknown,
  projectConfig?: ProjectConfig,
): Promise<void> {
  if (process.env.REDIS_CLUSTER_NODES) return
  const cluster = await startCluster(projectConfig?.globals?.redisMemoryCluster).catch(explain)
  const environment = environmentOf(cluster)
  Object.assign(process.env, environment)
  const end = async () => {
    for (const name of Object.keys(environment)) delete process.env[name]
    await cluster.stop()
  }
  Object.assign(globalThis, { [endKey]: end })
}

function explain(error: unknown): never {
  if (!(error instanceof ClusterError) || error.code !== 'ERR_BAD_OPTION') throw error
  const message = `globals.redisMemoryCluster in Jest's configuration: ${error.message}`
  throw new ClusterError(error.code, message, { cause: error })
}
