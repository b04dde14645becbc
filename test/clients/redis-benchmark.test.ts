/** The real redis-benchmark, all it measures when it is not told what, against a node that owns all slots. */
import t from 'tap'
import { missingTool, runTool } from '../bench/real-tool.ts'
import { startClusterUnderTest } from '../support/cluster-under-test.ts'

const TESTS = [
  'PING_INLINE',
  'PING_MBULK',
  'SET',
  'GET',
  'INCR',
  'LPUSH',
  'RPUSH',
  'LPOP',
  'RPOP',
  'SADD',
  'HSET',
  'SPOP',
  'ZADD',
  'ZPOPMIN',
  'LPUSH (needed to benchmark LRANGE)',
  'LRANGE_100 (first 100 elements)',
  'LRANGE_300 (first 300 elements)',
  'LRANGE_500 (first 500 elements)',
  'LRANGE_600 (first 600 elements)',
  'MSET (10 keys)',
]

const skip = missingTool() ?? false
if (skip !== false) t.comment(`SKIPPED: ${skip}`)

t.test('redis-benchmark runs through', { skip }, async (t) => {
  const cluster = await startClusterUnderTest({ masters: 1, replicas: 0 })
  t.teardown(() => cluster.stop())
  const port = String(cluster.nodes[0]?.port)
  for (const pipeline of ['1', '16']) {
    const args = ['-p', port, '-n', '1000', '-P', pipeline, '--csv']
    const [, ...lines] = (await runTool('redis-benchmark', args)).trim().split('\n')
    t.same(
      lines.map((line) => /^"([^"]*)"/.exec(line)?.[1]),
      TESTS,
    )
  }
})
