/**
 * The variables that tell a test suite in another process where the cluster is.
 */
import type { Cluster } from './handle.ts'

/** Environment variables that name a cluster. */
export interface ClusterEnvironment {
  /** `127.0.0.1:7000,127.0.0.1:7001`: every node. */
  readonly REDIS_CLUSTER_NODES: string
  /** Only if there is one. */
  readonly REDIS_CLUSTER_PASSWORD?: string
}

/** The variables for a cluster. */
export function environmentOf(cluster: Pick<Cluster, 'urls'>): ClusterEnvironment {
  const urls = cluster.urls.map((url) => new URL(url))
  const password = decodeURIComponent(urls[0]?.password ?? '')
  return {
    REDIS_CLUSTER_NODES: urls.map(({ host }) => host).join(','),
    ...(password === '' ? {} : { REDIS_CLUSTER_PASSWORD: password }),
  }
}
