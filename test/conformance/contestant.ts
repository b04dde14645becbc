/**
 * The two sides of a comparison: a cluster of real redis-server 7.0 processes and one of ours, of the same shape.
 * OPPONENT=real puts a second real cluster in our place, which shows what a test says about Redis itself.
 */
import { startCluster } from '../../lib/index.ts'
import type { ClusterUnderTest, ClusterUnderTestOptions } from '../support/cluster-under-test.ts'
import { startRealCluster } from '../support/real-cluster.ts'
import { withoutRealRedis70 } from '../support/real-redis.ts'
import { Duel } from './differential.ts'

/** For the `skip` option of a test. */
export const withoutBoth: string | false = withoutRealRedis70

/** Who is told what to undo: a test, or a program. */
export interface Owner {
  teardown(action: () => unknown): unknown
}

/** Starts both clusters. */
export async function startContestants(
  owner: Owner,
  options: ClusterUnderTestOptions,
): Promise<{ readonly real: ClusterUnderTest; readonly ours: ClusterUnderTest }> {
  // A real node knows its address only when told, or from its peers.
  const config = { 'cluster-announce-ip': '127.0.0.1', ...options.config }
  const startReal = () => startRealCluster({ ...options, config })
  const startOurs =
    process.env.OPPONENT === 'real' ? startReal : () => startCluster({ ...options, version: '7.0' })
  const starting: Promise<ClusterUnderTest>[] = [startReal(), startOurs()]
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
