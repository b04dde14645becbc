/** The sections and fields of INFO, against a real redis-server 7.0. */
import t from 'tap'
import { describeInfo } from '../../lib/node/info/info.ts'
import { nodeFacts } from '../support/node-facts.ts'
import { NodeHarness } from '../support/node-harness.ts'
import { startRealRedis, withoutRealRedis70 } from '../support/real-redis.ts'

if (withoutRealRedis70) t.comment(`SKIPPED: ${withoutRealRedis70}`)

/** Titles and names of fields in their order; commands and errors differ from run to run. */
function shape(text: string): string[] {
  return text
    .split('\r\n')
    .map((line) => (line.startsWith('#') ? line : line.replace(/:.*/, '')))
    .filter((line) => !/^(cmdstat|errorstat|latency_percentiles)_/.test(line))
}

for (const cluster of [false, true]) {
  const mode = cluster ? 'cluster' : 'standalone'
  t.test(`the same fields in the same order, ${mode}`, { skip: withoutRealRedis70 }, async (t) => {
    const real = await startRealRedis({ cluster })
    t.teardown(() => real.stop())
    const theirReplication = String((await real.command('INFO', 'replication')).value)
    const facts = nodeFacts({
      clusterEnabled: cluster,
      replication: () => theirReplication.split('\r\n').slice(1, -1),
      keyspace: () => [],
    })
    for (const names of [
      [],
      ['default'],
      ['all'],
      ['everything'],
      ['server'],
      ['keyspace', 'CPU', 'cluster'],
      ['modules'],
      ['module_list'],
      ['default', 'commandstats', 'latencystats'],
      ['nosuch'],
      ['sentinel'],
    ]) {
      const theirs = String((await real.command('INFO', ...names)).value)
      const ours = describeInfo(
        facts,
        names.map((name) => name.toLowerCase()),
      )
      t.same(shape(ours), shape(theirs), names.join(' '))
    }
    const mine = /redis_mode:(\w+)/.exec(describeInfo(facts, ['server']))?.[1]
    t.equal(mine, /redis_mode:(\w+)/.exec(String((await real.command('INFO')).value))?.[1])
  })
}

t.test('a database with keys', { skip: withoutRealRedis70 }, async (t) => {
  const real = await startRealRedis({ args: ['--enable-debug-command', 'yes'] })
  t.teardown(() => real.stop())
  // The average is known from the first round of active expiry on.
  await real.command('DEBUG', 'SET-ACTIVE-EXPIRE', '0')
  await real.command('MSET', 'a', '1', 'b', '2')
  await real.command('SET', 'c', '3', 'EX', '1000')
  const { raw } = await real.command('INFO', 'keyspace')
  const facts = nodeFacts({
    keyspace: () => [{ index: 0, keys: 3, expiring: 1, averageTtlMs: 0 }],
  })
  const text = describeInfo(facts, ['keyspace'])
  t.equal(`$${text.length}\r\n${text}\r\n`, raw)
})

t.test('a whole node has all the fields', { skip: withoutRealRedis70 }, async (t) => {
  for (const cluster of [false, true]) {
    const real = await startRealRedis({ cluster })
    t.teardown(() => real.stop())
    const node = new NodeHarness({ config: { 'cluster-enabled': cluster ? 'yes' : 'no' } })
    const session = node.connect()
    t.same(
      shape(node.run(session, 'INFO', 'all')).slice(1),
      shape((await real.command('INFO', 'all')).raw).slice(1),
      `cluster: ${cluster}`,
    )
  }
})
