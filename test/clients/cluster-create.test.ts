/** Six blank nodes become a cluster by the real `redis-cli --cluster create`; `check` and `info` agree with it. */
import t from 'tap'
import { type CliCluster, cliTest, say, summaryOf } from '../support/cli-test.ts'
import { redisCli, redisCliOutput } from '../support/redis-cli.ts'
import { waitFor } from '../support/wait.ts'

const RANGES = ['0-5460', '5461-10922', '10923-16383']
const SIZES = [5461, 5462, 5461]

const blank = { masters: 3, replicas: 1, form: false, buses: 'both' } as const
cliTest(t, 'redis-cli --cluster create', blank, async (t, { nodes, addresses }: CliCluster) => {
  const [entry, ...others] = addresses

  const created = await redisCliOutput(
    ['--cluster', 'create', ...addresses, '--cluster-replicas', '1', '--cluster-yes'],
    { timeoutMs: 40_000 },
  )
  t.comment(created)
  const lines = created.split('\n')
  t.same(lines.slice(0, 4), [
    '>>> Performing hash slots allocation on 6 nodes...',
    'Master[0] -> Slots 0 - 5460',
    'Master[1] -> Slots 5461 - 10922',
    'Master[2] -> Slots 10923 - 16383',
  ])
  for (const line of [
    '>>> Nodes configuration updated',
    '>>> Assign a different config epoch to each node',
    '>>> Sending CLUSTER MEET messages to join the cluster',
    'Waiting for the cluster to join',
    '[OK] All nodes agree about slots configuration.',
    '>>> Check for open slots...',
    '>>> Check slots coverage...',
  ]) {
    t.ok(lines.includes(line), line)
  }
  t.equal(lines.at(-1), '[OK] All 16384 slots covered.')
  t.notOk(lines.some((line) => /ERR|WARNING: (?!.*same host)/.test(line)))

  // create is done when redis-cli's entry node agrees; what the others say follows by gossip.
  for (const node of nodes) {
    await waitFor(
      `node ${node.port} to see three replicas and say ok`,
      async () => [await say(node, 'CLUSTER', 'NODES'), await say(node, 'CLUSTER', 'INFO')],
      ([text = '', info = '']) =>
        [...text.matchAll(/[ ,]slave [0-9a-f]{40} /g)].length === 3 &&
        info.includes('cluster_state:ok') &&
        info.includes('cluster_size:3'),
    )
  }
  const seen = (await say(nodes[0], 'CLUSTER', 'NODES')).trim().split('\n')
  const masters = RANGES.map((range) => seen.find((line) => line.endsWith(` ${range}`)) ?? '')
  t.same(
    masters.map((line) => line.split(' ')[1]?.split('@')[0]),
    addresses.slice(0, 3),
    'the first three are the masters, in the order given',
  )
  t.same(
    masters.map((line) => line.split(' ')[6]),
    ['1', '2', '3'],
    'with the epochs given to them',
  )
  const replicas = seen.filter((line) => line.includes('slave'))
  t.same(
    replicas.map((line) => line.split(' ')[3]).sort(),
    masters.map((line) => line.split(' ')[0]).sort(),
    'one replica for each',
  )

  const check = await redisCliOutput(['--cluster', 'check', entry])
  t.same(summaryOf(check), SIZES.map((size) => `0 keys | ${size} slots | 1 slaves.`).sort())
  for (const range of RANGES) t.ok(check.includes(`slots:[${range}] `), range)
  t.equal([...check.matchAll(/^S: /gm)].length, 3)
  t.equal([...check.matchAll(/1 additional replica\(s\)/g)].length, 3)
  t.match(check, '[OK] All nodes agree about slots configuration.')
  t.ok(check.endsWith('[OK] All 16384 slots covered.'))

  for (let i = 0; i < 30; i++) {
    t.equal((await redisCli(['-c', '-p', String(nodes[0].port), 'SET', `key:${i}`, 'x'])).status, 0)
  }
  for (const address of [entry, others.at(-1) as string]) {
    const info = await redisCliOutput(['--cluster', 'info', address])
    const keys = summaryOf(info).map((line) => Number(line.split(' ')[0]))
    t.equal(
      keys.reduce((sum, count) => sum + count, 0),
      30,
    )
    t.match(info, '[OK] 30 keys in 3 masters.')
    t.same(
      summaryOf(info)
        .map((line) => line.replace(/^\d+ keys/, ''))
        .sort(),
      SIZES.map((size) => ` | ${size} slots | 1 slaves.`).sort(),
    )
  }

  const called = await redisCliOutput(['--cluster', 'call', entry, 'PING'])
  t.equal([...called.matchAll(/: PONG$/gm)].length, 6, '--cluster call reaches every node')

  const again = await redisCli(['--cluster', 'create', ...addresses, '--cluster-yes'])
  t.not(again.status, 0, 'nodes in a cluster cannot be made one again')
  t.match(again.output + again.errors, /is not empty\. Either the node already knows other nodes/)
})
