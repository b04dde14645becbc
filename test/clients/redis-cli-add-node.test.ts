/** `redis-cli --cluster add-node` and `del-node`: a cluster of three grows to six and shrinks. */
import t from 'tap'
import { type CliCluster, cliTest, infoOf, nodesOf, say } from '../support/cli-test.ts'
import { COVERED, clusterVerb, fill, idOf, slotCounts } from '../support/cluster-layout.ts'
import type { NodeUnderTest } from '../support/cluster-under-test.ts'
import { census, contentOf } from '../support/key-census.ts'
import { redisCli, redisCliOutput } from '../support/redis-cli.ts'
import { waitFor } from '../support/wait.ts'

// redis-cli itself sleeps for most of it.
t.setTimeout(300_000)

const config = { 'enable-debug-command': 'yes' }

const blank = { masters: 6, replicas: 0, form: false, buses: 'both', config } as const
cliTest(t, 'add-node and del-node', blank, async (t, { nodes, addresses }: CliCluster) => {
  const [entry, , , master, replica, follower] = addresses as unknown as string[]
  const founders = nodes.slice(0, 3)
  await redisCliOutput(['--cluster', 'create', ...addresses.slice(0, 3), '--cluster-yes'])
  await waitFor(
    'the founders to say ok',
    () => Promise.all(founders.map(infoOf)),
    (infos) => infos.every((info) => info.get('cluster_state') === 'ok'),
  )
  const before = await fill(founders)
  const library = "#!lua name=l\nredis.register_function('f', function() return 'copied' end)"
  t.equal(await say(founders[0] as NodeUnderTest, 'FUNCTION', 'LOAD', library), '"l"')

  const added = await clusterVerb('add-node', `${master}`, `${entry}`)
  t.ok(added.endsWith('[OK] New node added correctly.'), added)
  t.equal(await say(nodes[3] as NodeUnderTest, 'FCALL', 'f', '0'), '"copied"')
  await waitFor(
    'all to know the new node',
    () => Promise.all(nodes.slice(0, 4).map(nodesOf)),
    (views) => views.every((lines) => lines.length === 4 && lines.every(isConnected)),
  )
  await waitFor(
    'the new node to say ok',
    () => infoOf(nodes[3] as NodeUnderTest),
    (info) => info.get('cluster_state') === 'ok',
  )
  const newMaster = await idOf(nodes[3] as NodeUnderTest)
  await clusterVerb(
    'rebalance',
    `${entry}`,
    '--cluster-use-empty-masters',
    ...['--cluster-weight', `${newMaster}=0.1`],
  )
  const counts = await slotCounts(nodes[0], nodes.slice(0, 4))
  t.ok(Math.abs((counts[3] ?? 0) - Math.round((16_384 * 0.1) / 3.1)) <= 3, `${counts} slots`)
  t.same(contentOf(await census(nodes.slice(0, 4))), before)

  const options = ['--cluster-slave', '--cluster-master-id', newMaster]
  t.ok(
    (await clusterVerb('add-node', `${replica}`, `${entry}`, ...options)).includes('[OK] New node'),
  )
  const fourth = await waitFor(
    'the replica to be in sync',
    () => say(nodes[4] as NodeUnderTest, 'INFO', 'replication'),
    (text) => text.includes('master_link_status:up'),
  )
  t.match(fourth, `master_port:${(nodes[3] as NodeUnderTest).port}`)
  t.ok(
    (await clusterVerb('add-node', `${follower}`, `${entry}`, '--cluster-slave')).includes('[OK]'),
  )
  await waitFor(
    'the other replica to be in sync',
    () => say(nodes[5] as NodeUnderTest, 'INFO', 'replication'),
    (text) => text.includes('role:slave') && text.includes('master_link_status:up'),
  )
  await waitFor(
    'all to know all',
    () => Promise.all(nodes.map(nodesOf)),
    (views) =>
      views.every(
        (lines) =>
          lines.length === 6 && lines.filter(({ flags }) => flags.includes('slave')).length === 2,
      ),
  )

  const refused = await redisCli(['--cluster', 'del-node', `${entry}`, newMaster])
  t.not(refused.status, 0)
  t.match(refused.output + refused.errors, /is not empty! Reshard data away and try again/)
  await clusterVerb('rebalance', `${entry}`, '--cluster-weight', `${newMaster}=0`)
  t.same(contentOf(await census(nodes)), before)
  const gone = await idOf(nodes[4] as NodeUnderTest)
  await clusterVerb('del-node', `${entry}`, gone)
  await waitFor(
    'all to have forgotten it',
    () => Promise.all([0, 1, 2, 3, 5].map((index) => nodesOf(nodes[index] as NodeUnderTest))),
    (views) => views.every((lines) => !lines.some(({ id }) => id === gone)),
  )
  t.equal((await nodesOf(nodes[4] as NodeUnderTest)).length, 1, 'it knows nobody')
  const lines = await waitFor(
    'the master that gave its slots away to have followed',
    () => nodesOf(nodes[0]),
    (seen) => seen.length === 5,
  )
  t.equal(lines.find(({ id }) => id === newMaster)?.slots.length, 0)
  t.match(await clusterVerb('check', `${entry}`), COVERED)
})

function isConnected({
  link,
  flags,
}: {
  readonly link: string
  readonly flags: readonly string[]
}) {
  return link === 'connected' && !flags.includes('handshake')
}
