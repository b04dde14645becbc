/**
 * The cluster a test runs against: the embedded one, or with UNDER_TEST=real one of redis-server processes, so that a
 * test can be shown to be right about Redis. Both have their nodes in one order: the masters by their slots, then a
 * replica for each master, then the next round.
 */
import { startCluster } from '../../lib/index.ts'
import { startRealCluster } from './real-cluster.ts'
import { startRealRedis, withoutRealRedis70 } from './real-redis.ts'

/** Which kind of cluster tests run against. */
export const underTest: 'embedded' | 'real' =
  process.env.UNDER_TEST === 'real' ? 'real' : 'embedded'

/** For the `skip` option of a test: a reason when the cluster asked for cannot be started here. */
export const withoutCluster: string | false = underTest === 'real' ? withoutRealRedis70 : false

/** What a test may ask for; a subset of startCluster's options. */
export interface ClusterUnderTestOptions {
  readonly masters?: number
  readonly replicas?: number
  /** False leaves the nodes blank. */
  readonly form?: boolean
  /** Real nodes gossip over TCP whatever is asked for. */
  readonly bus?: 'channel' | 'tcp'
  /** Directives of redis.conf. */
  readonly config?: Readonly<Record<string, string>>
}

/** A node's addresses. */
export interface NodeUnderTest {
  readonly host: string
  readonly port: number
  readonly busPort: number
}

/** A running cluster, whoever runs it. */
export interface ClusterUnderTest {
  readonly nodes: readonly NodeUnderTest[]
  stop(): Promise<void>
}

/** Starts the kind of cluster the environment asks for, ready for clients. */
export async function startClusterUnderTest(
  options: ClusterUnderTestOptions = {},
): Promise<ClusterUnderTest> {
  if (underTest === 'real') return startRealCluster(options)
  return startCluster(options)
}

/** Starts one server without a cluster, of the same kind. */
export async function startServerUnderTest(): Promise<ClusterUnderTest> {
  if (underTest === 'embedded') return startCluster({ config: { 'cluster-enabled': 'no' } })
  const { port, stop } = await startRealRedis()
  return { nodes: [{ host: '127.0.0.1', port, busPort: 0 }], stop }
}
