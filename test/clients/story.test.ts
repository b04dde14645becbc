/** The whole story of the documents, told by clients: form, write, lose a master, write at the winner, see the old one return. */
import t, { type Test } from 'tap'
import type { Cluster, ClusterNode } from '../../lib/host/handle.ts'
import { redisCliOutput, withoutRedisCli } from '../support/redis-cli.ts'
import { startForTest } from '../support/started-cluster.ts'
import { waitFor } from '../support/wait.ts'
import { type Store, stores } from './store.ts'

/** A key of the master that dies, for a client of its own. */
const keyOf = (name: string): string => `key:{10}:${name}`

async function connectAll(t: Test, cluster: Cluster): Promise<[name: string, client: Store][]> {
  return Promise.all(
    Object.entries(stores).map(async ([name, connect]): Promise<[string, Store]> => {
      const client = await connect(cluster)
      t.teardown(() => client.close())
      return [name, client]
    }),
  )
}

/** What the promoted replica logs, in this order. */
function steps(epoch: number): RegExp[] {
  return [
    /^Connection with master lost\.$/,
    /^Caching the disconnected master state\.$/,
    /^FAIL message received from [0-9a-f]{40} about [0-9a-f]{40}$|^Marking node [0-9a-f]{40} as failing/,
    /^Cluster state changed: fail$/,
    /^Start of election delayed for \d+ milliseconds \(rank #0, offset \d+\)\.$/,
    new RegExp(`^Starting a failover election for epoch ${epoch}\\.$`),
    /^Failover election won: I'm the new master\.$/,
    new RegExp(`^configEpoch set to ${epoch} after successful failover$`),
    /^Discarding previously cached master state\.$/,
    /^Setting secondary replication ID to [0-9a-f]{40}, valid up to offset: \d+\. New replication ID is /,
    /^Cluster state changed: ok$/,
  ]
}

for (const failureDetection of ['instant', 'timeout'] as const) {
  t.test(`the story, ${failureDetection}`, { skip: withoutRedisCli }, async (t) => {
    const cluster = await startForTest(t, { failureDetection, nodeTimeout: 1000 })
    const [master, other] = cluster.masters as [ClusterNode, ClusterNode]
    const [replica] = cluster.replicasOf(master) as [ClusterNode]
    const cli = (node: ClusterNode, ...argv: string[]) =>
      redisCliOutput(['-c', '-p', String(node.port), ...argv])
    t.match(await cli(other, 'set', 'key:{10}:111', 'value:{10}:111'), 'OK')
    t.equal(await cli(master, 'wait', '1', '5000'), '(integer) 1')

    const clients = await connectAll(t, cluster)
    for (const [name, client] of clients) t.equal(await client.set(keyOf(name), 'before'), 'OK')
    t.equal(await cli(master, 'wait', '1', '5000'), '(integer) 1')

    await cluster.kill(master)
    await cluster.until(({ ok }) => ok && replica.role === 'master', { timeout: 20_000 })
    t.match(await cli(other, 'get', 'key:{10}:111'), '"value:{10}:111"')
    t.match(await cli(other, 'set', 'key:{10}:112', 'after'), 'OK')
    for (const [name, client] of clients) {
      // What node-redis had queued for the dead master it gives up, and then asks who is there.
      const read = () => client.get(keyOf(name))
      await waitFor(`${name} to find the winner`, read, (value) => value === 'before')
      t.equal(await client.set(keyOf(name), 'after'), 'OK', `${name} writes there`)
    }
    let at = -1
    const texts = replica.log.map(({ text }) => text)
    for (const step of steps(replica.configEpoch)) {
      const next = texts.findIndex((text, i) => i > at && step.test(text))
      t.ok(next > at, `${step}`)
      at = Math.max(at, next)
    }

    await cluster.restart(master)
    await waitFor(
      'the old master to follow the new one',
      () => cli(other, 'cluster', 'nodes'),
      (nodes) => new RegExp(`${master.id} .* slave ${replica.id} .* connected`).test(nodes),
    )
    t.match(master, { role: 'replica', master: replica, inSync: true })
    for (const [name, client] of clients) t.equal(await client.get(keyOf(name)), 'after', name)
    for (const [name, client] of await connectAll(t, cluster)) {
      t.equal(await client.get(keyOf(name)), 'after', `${name} anew`)
    }
    t.equal(await cli(replica, 'wait', '1', '5000'), '(integer) 1')
    t.match(
      await redisCliOutput(['-p', String(master.port)], {
        typed: ['readonly', 'get key:{10}:112'],
      }),
      /OK\n"after"/,
    )
    const said = master.log.map(({ text }) => text)
    const back = said.lastIndexOf('Ready to accept connections')
    for (const line of [
      `Connecting to MASTER 127.0.0.1:${replica.port}`,
      'MASTER <-> REPLICA sync: Finished with success',
    ]) {
      t.ok(said.lastIndexOf(line) > said.indexOf('Ready to accept connections'), line)
    }
    t.ok(back > 0)
  })
}
