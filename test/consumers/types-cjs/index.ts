import {
  type Cluster,
  ClusterError,
  type ClusterErrorCode,
  type ClusterNode,
  type StartOptions,
  startCluster,
} from 'redis-memory-cluster'
import setup from 'redis-memory-cluster/jest'
import teardown from 'redis-memory-cluster/jest-teardown'

const options: StartOptions = { masters: 1, replicas: 1, port: undefined, log: 'nothing' }

async function main(): Promise<void> {
  await using cluster: Cluster = await startCluster(options)
  const master: ClusterNode = cluster.masterFor(Buffer.from('key'))
  const [range] = master.slots
  await cluster.until((state) => state.ok && state.masters.includes(master), { timeout: 1000 })
  if (range?.end !== 16383) throw new Error('the master has all slots')
  try {
    await startCluster({ masters: 0 })
  } catch (error) {
    const code: ClusterErrorCode | undefined =
      error instanceof ClusterError ? error.code : undefined
    if (code !== 'ERR_BAD_OPTION') throw error
  }
  const modules: string = [typeof setup, typeof teardown].join()
  if (modules !== 'function,function') throw new Error(modules)
  // @ts-expect-error: there is no such option
  const wrong: StartOptions = { engine: 'none' }
  console.log(`ok ${Object.keys(wrong)}`)
}

void main()
