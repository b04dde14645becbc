/** One server without a cluster, by ordinary clients: sixteen databases, replicas that follow, and what it refuses. */
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import t, { type Test } from 'tap'
import type { Cluster, ClusterNode } from '../../lib/host/handle.ts'
import { ask, refuses, startForTest } from '../support/started-cluster.ts'
import { waitFor } from '../support/wait.ts'

const config = { 'cluster-enabled': 'no' } as const

function alone(t: Test, replicas = 0): Promise<Cluster> {
  return startForTest(t, { replicas, config })
}

t.test('ioredis in all databases', async (t) => {
  const cluster = await alone(t)
  t.equal(cluster.nodes.length, 1)
  t.match(cluster.nodes[0], { role: 'master', slots: [], clusterOk: true })
  const client = new Redis((cluster.nodes[0] as ClusterNode).port)
  t.teardown(() => client.disconnect())
  for (let db = 0; db < 16; db++) {
    t.equal(await client.select(db), 'OK')
    await client.set('db', db)
  }
  await t.rejects(client.select(16), { message: 'ERR DB index is out of range' })
  await client.select(3)
  t.equal(await client.get('db'), '3')
  t.equal(await client.move('db', 4), 0, 'it is there already')
  await client.set('key', 'value')
  t.equal(await client.move('key', 4), 1)
  t.equal(await client.copy('db', 'copied', 'DB', 5), 1)
  await client.select(5)
  t.equal(await client.get('copied'), '3')
  const [fromDb0, fromDb4] = await Promise.all([
    ask(cluster.masterFor('anything'), 'GET', 'db'),
    client.select(4).then(() => client.mget('db', 'key')),
  ])
  t.equal(fromDb0, '0')
  t.same(fromDb4, ['4', 'value'])
  t.equal(await client.flushall(), 'OK')
  t.equal(await client.dbsize(), 0)
})

t.test('node-redis, with several keys of any slots in one command', async (t) => {
  const cluster = await alone(t)
  const client = createClient({ url: cluster.urls[0] as string, database: 7 })
  await client.connect()
  t.teardown(() => client.quit())
  await client.mSet({ a: '1', b: '2', c: '3' })
  t.same(await client.mGet(['a', 'b', 'c']), ['1', '2', '3'])
  t.equal(await client.move('a', 8), 1)
  await client.select(8)
  t.same(await client.keys('*'), ['a'])
  t.match(await client.info('server'), 'redis_mode:standalone')
})

t.test('replicas follow, through kill, restart and a cut', async (t) => {
  const cluster = await alone(t, 2)
  const [master, replica, other] = cluster.nodes as [ClusterNode, ClusterNode, ClusterNode]
  t.same(cluster.replicas, [replica, other])
  t.equal(replica.master, master)
  const client = new Redis(master.port)
  t.teardown(() => client.disconnect())
  await client.select(9)
  await client.set('key', 'value')
  t.equal(await client.wait(2, 10_000), 2)
  const reader = new Redis(replica.port, { db: 9 })
  t.teardown(() => reader.disconnect())
  t.equal(await reader.get('key'), 'value')
  await t.rejects(reader.set('key', 'x'), { message: /^READONLY/ })

  await cluster.kill(replica)
  t.ok(await refuses(replica))
  await cluster.restart(replica)
  t.ok(replica.inSync)
  t.equal(replica.master, master)
  await waitFor(
    'the data again',
    () => reader.get('key'),
    (value) => value === 'value',
  )

  const split = await cluster.partition([master], [other])
  await client.set('key', 'later')
  await split.heal()
  await cluster.until(({ replicas }) => replicas.every(({ inSync }) => inSync))
  await cluster.pause(other)
  await cluster.resume(other)
  t.equal(await client.wait(2, 10_000), 2)
  t.ok(cluster.replicas.includes(other))
})

t.test('FAILOVER hands over to a replica, and no write is lost', async (t) => {
  const cluster = await alone(t, 2)
  const [master, replica] = cluster.nodes as [ClusterNode, ClusterNode]
  const client = new Redis(master.port)
  const heir = new Redis(replica.port)
  t.teardown(() => {
    client.disconnect()
    heir.disconnect()
  })
  await client.set('key', 'before')
  t.equal(await client.call('FAILOVER', 'TO', replica.host, String(replica.port)), 'OK')
  t.match(await client.info('replication'), 'master_failover_state:waiting-for-sync')
  t.equal(await client.get('key'), 'before', 'reads go on')
  await t.rejects(client.set('key', 'late'), { message: /^READONLY/ }, 'waits for the new master')
  const info = await client.info('replication')
  t.match(info, 'master_failover_state:no-failover')
  t.match(info, `master_port:${replica.port}`)
  await waitFor(
    'the new master to be one',
    () => heir.role(),
    ([role]) => role === 'master',
  )
  await heir.set('key', 'after')
  await waitFor(
    'the old master to follow',
    () => client.get('key'),
    (value) => value === 'after',
  )
  t.match(await heir.info('stats'), /sync_full:0\r\nsync_partial_ok:1\r/)
})

t.test('a password holds for clients and replicas', async (t) => {
  const cluster = await startForTest(t, { replicas: 1, config, password: 'secret' })
  const client = createClient({ url: cluster.urls[1] as string })
  await client.connect()
  t.teardown(() => client.quit())
  t.equal((await client.sendCommand(['ROLE']))?.[0 as never], 'slave')
})

t.test('what only a cluster can do is refused', async (t) => {
  const cluster = await alone(t, 1)
  const [master, replica] = cluster.nodes as [ClusterNode, ClusterNode]
  const code = 'ERR_CLUSTER_DISABLED'
  await t.rejects(cluster.failover(replica), { code, message: /^`failover` needs a cluster/ })
  await t.rejects(cluster.migrateSlots({ slots: 0, to: master }), { code })
  await t.rejects(cluster.beginMigration({ slot: 0, to: master }), { code })
  await t.rejects(cluster.addNode(), { code })
  await t.rejects(cluster.removeNode(replica), { code })
  await t.rejects(cluster.rebalance(), { code })
  t.match(await ask(master, 'CLUSTER', 'INFO'), {
    message: 'ERR This instance has cluster support disabled',
  })
  await cluster.stop()
  await t.rejects(cluster.addNode(), { code: 'ERR_STOPPED' })
})
