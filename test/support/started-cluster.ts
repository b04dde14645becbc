/**
 * A real cluster of threads that ends with the test, and what its nodes answer.
 */
import type { Test } from 'tap'
import type { Cluster } from '../../lib/host/handle.ts'
import type { StartOptions } from '../../lib/host/options.ts'
import { startCluster } from '../../lib/host/start-cluster.ts'
import { RespClient, type RespValue } from './resp-client.ts'

/** A cluster that ends with the test. */
export async function startForTest(t: Test, options?: StartOptions): Promise<Cluster> {
  const cluster = await startCluster(options)
  t.teardown(() => cluster.stop())
  return cluster
}

/** What a node answers. */
export async function ask(
  node: { readonly host: string; readonly port: number },
  ...argv: string[]
): Promise<RespValue> {
  const client = await RespClient.connect(node.port, node.host)
  try {
    return (await client.command(...argv)).value
  } finally {
    await client.close()
  }
}

/** Whether nobody listens there. */
export async function refuses(node: {
  readonly host: string
  readonly port: number
}): Promise<boolean> {
  return RespClient.connect(node.port, node.host).then(
    (client) => client.close().then(() => false),
    (error) => error.code === 'ECONNREFUSED',
  )
}
