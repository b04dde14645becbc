/**
 * The two sides of a comparison: a cluster of real redis-server 7.0 processes and one of ours, of the same shape.
 * OPPONENT=real puts a second real cluster in our place, which shows what a test says about Redis itself.
 */
import { assert } from '../../lib/base/assert.ts'
import { startCluster } from '../../lib/index.ts'
import type {
  ClusterUnderTest,
  ClusterUnderTestOptions,
  NodeUnderTest,
} from '../support/cluster-under-test.ts'
import { startRealCluster } from '../support/real-cluster.ts'
import { withoutRealRedis70 } from '../support/real-redis.ts'
import { Duel } from './differential.ts'

/** For the `skip` option of a test. */
export const withoutBoth: string | false = withoutRealRedis70

/** Who is told what to undo: a test, or a program. */
export interface Owner {
  teardown(action: () => unknown): unknown
}

/** Who is beside the real cluster: nodes of ours, or blank nodes by turns of ours and real. */
export type Opponent = 'ours' | 'mixed'

/** Starts both clusters. */
export async function startContestants(
  owner: Owner,
  options: ClusterUnderTestOptions,
  opponent: Opponent = 'ours',
): Promise<{ readonly real: ClusterUnderTest; readonly ours: ClusterUnderTest }> {
  // A real node knows its address only when told, or from its peers.
  const config = { 'cluster-announce-ip': '127.0.0.1', ...options.config }
  const startReal = () => startRealCluster({ ...options, config })
  const startOther = {
    ours: () => startCluster({ ...options, version: '7.0' }),
    mixed: () => startMixed({ ...options, config }),
    real: startReal,
  }[process.env.OPPONENT === 'real' ? 'real' : opponent]
  const starting: Promise<ClusterUnderTest>[] = [startReal(), startOther()]
  owner.teardown(async () => {
    for (const one of await Promise.allSettled(starting)) {
      if (one.status === 'fulfilled') await one.value.stop()
    }
  })
  const [real, ours] = (await Promise.all(starting)) as [ClusterUnderTest, ClusterUnderTest]
  return { real, ours }
}

/** Starts both clusters and brings them together. */
export async function startBoth(owner: Owner, options: ClusterUnderTestOptions): Promise<Duel> {
  const { real, ours } = await startContestants(owner, options)
  return Duel.between(real, ours)
}

/** Blank nodes, half of them ours and half of them real, by turns. */
async function startMixed(options: ClusterUnderTestOptions): Promise<ClusterUnderTest> {
  assert(options.form === false && options.masters !== undefined, 'only blank nodes can be mixed')
  const half = { ...options, masters: options.masters / 2 }
  const [ours, real] = await Promise.all([
    startCluster({ ...half, version: '7.0', bus: 'tcp', failureDetection: 'timeout' }),
    startRealCluster(half),
  ])
  return {
    nodes: ours.nodes.flatMap((node, i) => [node, real.nodes[i] as NodeUnderTest]),
    stop: async () => void (await Promise.all([ours.stop(), real.stop()])),
  }
}
