/**
 * Six blank nodes become a cluster of three masters and three replicas by commands typed into redis-cli: MEET, ADDSLOTS,
 * REPLICATE, and what CLUSTER NODES and CLUSTER INFO say in between.
 */
import t from 'tap'
import {
  type CliCluster,
  cliTest,
  infoOf,
  type NodeLine,
  nodesOf,
  say,
} from '../support/cli-test.ts'
import { redisCliOutput } from '../support/redis-cli.ts'
import { waitFor } from '../support/wait.ts'

/** First and last slot of each master, as the classic walk-through splits them. */
const SPLIT: [first: number, last: number][] = [
  [0, 5461],
  [5462, 10922],
  [10923, 16383],
]

const blank = { masters: 3, replicas: 1, form: false, buses: 'both' } as const
cliTest(t, 'by hand', blank, async (t, { nodes }: CliCluster) => {
  const [first, ...others] = nodes
  const masters = nodes.slice(0, 3)
  const replicas = nodes.slice(3)

  const alone = await Promise.all(nodes.map(nodesOf))
  for (const [index, lines] of alone.entries()) {
    t.same(
      lines.map(({ flags, master, slots, link }) => ({ flags, master, slots, link })),
      [{ flags: ['myself', 'master'], master: '-', slots: [], link: 'connected' }],
      `node ${index} knows nobody`,
    )
  }
  const ids = alone.map(([line]) => line?.id ?? '')
  t.equal(new Set(ids).size, 6, 'six identities')

  for (const { host, port } of others) {
    t.equal(await say(first, 'CLUSTER', 'MEET', host, String(port)), 'OK')
  }
  for (const node of nodes) {
    // A node learns its own address from a peer.
    const lines = await waitFor(
      `node ${node.port} to be linked with six masters at known addresses`,
      () => nodesOf(node),
      (lines) => lines.length === 6 && lines.every(isLinkedMaster),
    )
    t.same(lines.map(({ id }) => id).sort(), [...ids].sort())
    t.same(
      lines.map(({ address }) => address).sort(),
      nodes.map(({ host, port, busPort }) => `${host}:${port}@${busPort}`).sort(),
    )
    t.same(
      lines.flatMap(({ slots }) => slots),
      [],
    )
    // A fresh node counts itself until it looks at the cluster for the first time.
    const info = await waitFor(
      `node ${node.port} to see a cluster of no master`,
      () => infoOf(node),
      (info) => info.get('cluster_size') === '0',
    )
    t.equal(info.get('cluster_state'), 'fail')
    t.equal(info.get('cluster_known_nodes'), '6')
    t.equal(info.get('cluster_slots_assigned'), '0')
  }
  const met = await infoOf(first)
  t.equal(met.get('cluster_stats_messages_meet_sent'), '5', 'one MEET for each of the others')
  t.match(
    await say(first, 'SET', 'key:{10}:111', 'x'),
    /^\(error\) CLUSTERDOWN Hash slot not served/,
  )

  for (const [index, node] of masters.entries()) {
    const [from, to] = SPLIT[index] as [number, number]
    const slots = Array.from({ length: to - from + 1 }, (_, i) => String(from + i))
    t.equal(await say(node, 'CLUSTER', 'ADDSLOTS', ...slots), 'OK', `${slots.length} slots`)
  }
  for (const node of nodes) {
    const info = await waitFor(
      `node ${node.port} to say ok with three masters`,
      () => infoOf(node),
      (info) => info.get('cluster_state') === 'ok' && info.get('cluster_size') === '3',
    )
    t.equal(info.get('cluster_slots_assigned'), '16384')
    t.equal(info.get('cluster_slots_ok'), '16384')
    t.equal(info.get('cluster_slots_pfail'), '0')
    t.equal(info.get('cluster_slots_fail'), '0')
  }
  const epochs = await waitFor(
    'the masters to have different epochs',
    async () => (await nodesOf(first)).filter(({ slots }) => slots.length > 0).map((l) => l.epoch),
    (epochs) => new Set(epochs).size === 3,
  )
  t.ok(epochs.every((epoch) => epoch <= Number(met.get('cluster_current_epoch')) + 6))

  for (const [index, node] of replicas.entries()) {
    t.equal(await say(node, 'CLUSTER', 'REPLICATE', ids[index] as string), 'OK')
  }
  const expected = nodes.map((_, index) =>
    index < 3
      ? { role: 'master', master: '-', slots: [`${SPLIT[index]?.[0]}-${SPLIT[index]?.[1]}`] }
      : { role: 'slave', master: ids[index - 3], slots: [] },
  )
  for (const node of nodes) {
    const lines = await waitFor(
      `node ${node.port} to see three masters and their replicas`,
      () => nodesOf(node),
      (lines) => lines.filter(({ flags }) => flags.includes('slave')).length === 3,
    )
    t.same(
      ids.map((id) => lines.find((line) => line.id === id)).map(shapeOf),
      expected,
      `seen from ${node.port}`,
    )
    t.equal(lines.filter(({ flags }) => flags.includes('myself')).length, 1)
  }

  for (const [index, node] of replicas.entries()) {
    await waitFor(
      `replica ${node.port} to be in sync`,
      () => say(node, 'INFO', 'replication'),
      (text) =>
        text.includes('master_link_status:up') &&
        text.includes(`master_port:${masters[index]?.port}`),
    )
  }
  for (const key of ['key:{10}:111', 'key:{test}:111', 'key:{hu}:111']) {
    const typed = [`set ${key} value`, `get ${key}`]
    const session = await redisCliOutput(['-c', '-p', String(first.port)], { typed })
    t.same(session.split('\n').slice(-2), ['OK', '"value"'])
  }
  for (const node of replicas) {
    await waitFor(
      `replica ${node.port} to hold its key`,
      () => say(node, 'DBSIZE'),
      (size) => size === '(integer) 1',
    )
  }
})

function isLinkedMaster({ flags, link, master, address }: NodeLine): boolean {
  const roles = flags.filter((flag) => flag !== 'myself')
  return (
    roles.length === 1 &&
    roles[0] === 'master' &&
    link === 'connected' &&
    master === '-' &&
    address[0] !== ':'
  )
}

function shapeOf(line: NodeLine | undefined): unknown {
  const role = line?.flags.find((flag) => flag !== 'myself')
  return { role, master: line?.master, slots: line?.slots }
}
