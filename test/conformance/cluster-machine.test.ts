/** Our cluster machine as a member of a cluster of real redis-servers: each side takes the other for one of its own. */
import t from 'tap'
import { BusNode } from '../cluster/bus-node.ts'
import { startRealCluster } from '../support/real-cluster.ts'
import { type RealRedis, withoutRealRedis70 } from '../support/real-redis.ts'
import { waitFor } from '../support/wait.ts'

const NODE_TIMEOUT_MS = 1000

/** What nodes should say alike: lines without times and without who says it. */
function comparable(text: string): string {
  const lines = text.trim().split('\n')
  return lines
    .map((line) => {
      const words = line.trim().split(' ')
      words[2] = words[2]?.replace('myself,', '') ?? ''
      return [...words.slice(0, 4), ...words.slice(6)].join(' ')
    })
    .sort()
    .join('\n')
}

t.test('a mixed cluster', { skip: withoutRealRedis70 }, async (t) => {
  const real = await startRealCluster({
    masters: 3,
    replicas: 0,
    config: { 'cluster-node-timeout': `${NODE_TIMEOUT_MS}` },
  })
  t.teardown(() => real.stop())
  const [first, second, third] = real.servers as [RealRedis, RealRedis, RealRedis]
  const ours = [await BusNode.start(NODE_TIMEOUT_MS), await BusNode.start(NODE_TIMEOUT_MS)]
  t.teardown(() => Promise.all(ours.map((node) => node.stop())))
  const [heir, master] = ours as [BusNode, BusNode]
  const nodesOf = async (server: RealRedis) =>
    String((await server.command('CLUSTER', 'NODES')).value)
  const living = new Set(real.servers)
  const agreement = (what: string) =>
    waitFor(
      what,
      async () => {
        const texts = await Promise.all([...living].map(nodesOf))
        return [...texts, ...ours.map(({ machine }) => machine.describeNodes())].map(comparable)
      },
      (texts) =>
        new Set(texts).size === 1 && !/fail|handshake|disconnected/.test(texts[0] ?? 'fail'),
    )

  await t.test('MEET makes them one cluster with one CLUSTER NODES', async (t) => {
    for (const node of ours) {
      const [{ port = 0 } = {}] = real.nodes
      node.tell((machine) => machine.meet({ ip: '127.0.0.1', port, busPort: port + 10_000 }))
    }
    const [text] = await agreement('five nodes that agree')
    t.equal(text?.split('\n').length, 5)
  })

  await t.test('REPLICATE and a slot taken by SETSLOT are believed', async (t) => {
    const id = String((await first.command('CLUSTER', 'MYID')).value)
    heir.tell((machine) => machine.replicate(id))
    const secondId = String((await second.command('CLUSTER', 'MYID')).value)
    master.tell((machine) => machine.setSlotImporting(6000, secondId))
    await second.command('CLUSTER', 'SETSLOT', '6000', 'MIGRATING', master.id)
    master.tell((machine) => machine.setSlotNode(6000, master.id))
    t.equal((await second.command('CLUSTER', 'SETSLOT', '6000', 'NODE', master.id)).raw, '+OK\r\n')
    const [text] = await agreement('roles and slots that agree')
    t.match(text, new RegExp(`${heir.id} \\S+ slave ${id} `))
    t.match(text, new RegExp(`${master.id} \\S+ master - \\d+ connected 6000`))
  })

  await t.test('real masters elect our replica when its real master dies', async (t) => {
    living.delete(first)
    await first.stop()
    await waitFor(
      'our replica to be master for all',
      async () => [
        ...(await Promise.all([...living].map(nodesOf))),
        ...ours.map(({ machine }) => machine.describeNodes()),
      ],
      (texts) =>
        texts.every((text) =>
          new RegExp(`${heir.id} \\S+ (myself,)?master - .* 0-5460$`, 'm').test(text),
        ),
    )
    t.ok(heir.logs.includes("Failover election won: I'm the new master."))
    t.ok(master.logs.some((line) => line.startsWith(`Failover auth granted to ${heir.id} `)))
    t.equal(heir.machine.state, 'ok')
  })

  await t.test('our replica takes over from a real master that lives, in good order', async (t) => {
    const id = String((await third.command('CLUSTER', 'MYID')).value)
    const replica = await BusNode.start(NODE_TIMEOUT_MS)
    t.teardown(() => replica.stop())
    const busPort = replica.machine.myself.busPort
    heir.tell((machine) => machine.meet({ ip: '127.0.0.1', port: busPort - 10_000, busPort }))
    await waitFor(
      'it to know all',
      () => replica.machine.record().linksOut,
      (count) => count >= 4,
    )
    replica.tell((machine) => machine.replicate(id))
    await waitFor(
      'its master to know it',
      () => nodesOf(third),
      (text) => text.includes(`slave ${id}`),
    )
    replica.tell((machine) => machine.failover('graceful'))
    await waitFor(
      'the roles to be swapped',
      () => nodesOf(third),
      (text) => text.includes(`myself,slave ${replica.id}`),
    )
    t.equal(replica.machine.role, 'master')
    t.ok(replica.logs.includes('Received replication offset for paused master manual failover: 0'))
  })
})
